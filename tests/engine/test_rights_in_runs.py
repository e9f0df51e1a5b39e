"""Who may order what in a run: every command there is, by everyone, in every standing of a run."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import get_args

import pytest

from bot.engine import commands as c
from bot.engine import deviations
from bot.engine.people import Away, Staff
from bot.engine.rights import may
from bot.engine.run import Attachment, ChildOpened, FileKind, Released, Run, Seen, Started, begin, evolve, replay
from tests.engine.test_hands import (
    ADMIN,
    AT,
    CHECKER,
    CLERK,
    DEPUTY,
    EVERYBODY,
    HEAD,
    OTHER_CHECKER,
    SOP,
    STAFF,
    STRANGER,
    TO_APPROVE,
    TO_CHECK,
    walk,
)

FILE = Attachment(FileKind.PHOTO, "x")
SEEN = Seen(2, "tulis", AT)
HOLDER, OFFERED, SUPERVISOR, STARTER, WORKER, UNDOER = "holder", "offered", "supervisor", "starter", "worker", "undoer"
AN_ADMIN, OPENER = "admin", "opener"
STEERS = {HOLDER, OPENER, STARTER, SUPERVISOR}
TAKES_PART = {HOLDER, OPENER, STARTER, WORKER}

TABLE: dict[c.Command, set[str]] = {
    c.Finish(): {HOLDER},
    c.Tick(0, True): {HOLDER},
    c.Record("x", "y"): {HOLDER},
    c.Attach(FILE): {HOLDER},
    c.Recognise(FILE, "tulis", SEEN): {HOLDER},
    c.Judge(1, True): {HOLDER},
    c.Choose(0): {HOLDER},
    c.Give(): {HOLDER},
    c.Sign(): {HOLDER},
    c.Refuse(): {HOLDER},
    c.Note(): {HOLDER},
    c.Skip(): {HOLDER},
    c.Waive(): {HOLDER},
    c.Block(): {HOLDER},
    c.Launch(): {HOLDER},
    c.Accept(): {OFFERED},
    c.Decline(): {OFFERED},
    c.Return(): {HOLDER, OFFERED},
    c.Allow(): {SUPERVISOR},
    c.Deny(): {SUPERVISOR},
    c.Assign(STRANGER): {SUPERVISOR, AN_ADMIN},
    c.Pause(): STEERS,
    c.Resume(): STEERS,
    c.Stop(): STEERS,
    c.Undo(): {UNDOER},
    c.Explain(1): TAKES_PART,
    c.Backdate(): TAKES_PART,
    c.Vouch(): TAKES_PART,
}
"""What each may; whatever is not written here, nobody may."""


@dataclass(frozen=True)
class Standing:
    """How a run stands, and who is what in it."""

    run: Callable[[], Run]
    holder: frozenset[int] = frozenset()
    offered: frozenset[int] = frozenset()
    supervisor: frozenset[int] = frozenset({HEAD, DEPUTY})
    worker: frozenset[int] = frozenset({CLERK})
    undoer: frozenset[int] = frozenset()
    starter: frozenset[int] = frozenset({CLERK})
    admin: frozenset[int] = frozenset({ADMIN})
    opener: frozenset[int] = frozenset()
    """Who opened the child run that is waited for."""
    staff: Staff = STAFF


def some(*people: int) -> frozenset[int]:
    return frozenset(people)


NOBODY_CHECKS = replace(STAFF, holders={**STAFF.holders, "pemeriksa": ()})
ON_LEAVE = replace(
    STAFF, holders={**STAFF.holders, "pemeriksa": (OTHER_CHECKER,)}, away={CHECKER: Away(AT.date(), STRANGER)}
)
HELD = (*TO_CHECK, (CHECKER, c.Accept()))
STANDINGS = {
    "held": Standing(lambda: walk(*HELD), holder=some(CHECKER)),
    "offered": Standing(lambda: walk(*TO_CHECK), offered=some(CHECKER, OTHER_CHECKER), undoer=some(CLERK)),
    "leave asked": Standing(lambda: walk(*HELD, (CHECKER, c.Skip(deviations.SKIP[0]))), holder=some(CHECKER)),
    "paused": Standing(
        lambda: walk(*HELD, (CHECKER, c.Pause(deviations.PAUSE[0]))),
        holder=some(CHECKER),
        undoer=some(CHECKER, CLERK, HEAD, DEPUTY),  # whoever may let it go on
    ),
    "left by whoever had it": Standing(
        lambda: evolve(walk(*HELD), Released("periksa", CHECKER), AT), offered=some(CHECKER, OTHER_CHECKER)
    ),
    "stopped": Standing(
        lambda: walk(*HELD, (CLERK, c.Stop(deviations.STOP[0]))), holder=some(CHECKER), undoer=some(CHECKER)
    ),
    "approval offered": Standing(
        lambda: walk(*TO_APPROVE), offered=some(HEAD), worker=some(CLERK, CHECKER), undoer=some(CHECKER)
    ),
    "approval held": Standing(
        lambda: walk(*TO_APPROVE, (HEAD, c.Accept())),
        holder=some(HEAD),
        supervisor=some(DEPUTY),  # nobody watches over their own step
        worker=some(CLERK, CHECKER),
    ),
    "leave asked at an approval": Standing(
        lambda: walk(*TO_APPROVE, (HEAD, c.Accept()), (HEAD, c.Block(deviations.CANNOT[0]))),
        holder=some(HEAD),
        supervisor=some(DEPUTY),
        worker=some(CLERK, CHECKER),
    ),
    "vacant": Standing(
        lambda: walk(*TO_CHECK, staff=NOBODY_CHECKS), holder=some(CLERK), undoer=some(CLERK), staff=NOBODY_CHECKS
    ),
    "declined by all": Standing(
        lambda: walk(*TO_CHECK, (CHECKER, c.Decline()), (OTHER_CHECKER, c.Decline())), undoer=some(CLERK)
    ),
    "left for a leave to a stand-in": Standing(
        lambda: evolve(walk(*HELD), Released("periksa", CHECKER, away=True), AT), offered=some(STRANGER), staff=ON_LEAVE
    ),
    "waiting for a child": Standing(lambda: evolve(walk(*HELD), ChildOpened("periksa", 2), AT), opener=some(CHECKER)),
}


def test_every_command_that_there_is_is_in_the_table() -> None:
    assert {type(command) for command in TABLE} == set(get_args(c.Command))
    assert len(STANDINGS) * len(TABLE) * len(EVERYBODY) > 1500


@pytest.mark.parametrize("name", STANDINGS)
def test_nobody_orders_what_is_not_theirs(name: str) -> None:
    standing = STANDINGS[name]
    run = standing.run()
    for command, parties in TABLE.items():
        for me in EVERYBODY:
            mine = any(me in getattr(standing, party) for party in parties)
            assert may(me, command, SOP, run, standing.staff) is mine, f"{me}: {command}"


def test_a_rehearsal_is_its_one_players_who_plays_all_and_gives_it_to_nobody() -> None:
    started, *rest = c.rehearse(SOP, CLERK)
    assert isinstance(started, Started)
    run = replay(begin(1, started, AT), [(event, AT) for event in rest])
    for command in TABLE:
        allowed = {me for me in EVERYBODY if may(me, command, SOP, run, STAFF)}
        assert allowed == (set() if isinstance(command, c.Assign) else {CLERK}), command


def test_what_there_is_no_rule_for_is_for_the_holder_alone_and_for_nobody_where_there_is_none() -> None:
    class New:
        """A command that somebody adds and gives no rule."""

    for name, standing in STANDINGS.items():
        run = standing.run()
        allowed = {me for me in EVERYBODY if may(me, New(), SOP, run, standing.staff)}  # type: ignore[arg-type]
        assert allowed == standing.holder, name
