"""A run and its children: whatever is ordered in any of them, exactly one is waited for, and all journals tell it."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine import commands as c
from bot.engine.calendar import Duration, Office
from bot.engine.children import carried_down, carried_up
from bot.engine.commands import ReasonWanted, Refused, Situation, TimeWanted, Why, decide
from bot.engine.deviations import Kind, Reason
from bot.engine.people import Staff
from bot.engine.rights import may
from bot.engine.run import (
    ChildOpened,
    ChildWanted,
    Deviated,
    Event,
    Parent,
    Progress,
    Run,
    Started,
    begin,
    evolve,
    replay,
)
from bot.engine.sop import Child, Do, Offset, Position, Sop, Step, Team
from bot.engine.sop import Kind as SopKind
from bot.storage import codec

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ALWAYS = Office(ZoneInfo("UTC"), ((((datetime.min.time()), datetime.max.time().replace(microsecond=0)),),) * 7)
CLERK, COUNTER, HEAD = range(1, 4)
STAFF = Staff({"petugas": (CLERK,), "penghitung": (COUNTER,), "kepala": (HEAD,)})


def sop(name: str, *steps: Step) -> Sop:
    return Sop(
        id=name,
        title=f"SOP {name}",
        version="1",
        kind=SopKind.ADMINISTRATIVE,
        unit="Tata Usaha",
        team=Team("petugas", "kepala", "kepala"),
        positions=(Position("petugas", "A"), Position("penghitung", "B"), Position("kepala", "C")),
        digest=name * 8,
        steps=tuple(replace(step, number=number) for number, step in enumerate(steps, 1)),
    )


def step(name: str, does: Do | Child, *by: str) -> Step:
    return Step(id=name, number=1, text=name, does=does, by=by)


MACRO = sop(
    "induk",
    step("siap", Do("hitung"), "petugas"),
    replace(step("hitung", Child("anak", "lagi")), within=Duration.parse("1 jam")),
    step("lagi", Child("anak", "lapor"), "penghitung"),
    step("lapor", Do(None), "petugas"),
)
CHILD = sop("anak", step("rak", Do("catat"), "penghitung"), step("catat", Do(None), "penghitung"))


@dataclass
class Family:
    """A parent, run 1, and its children, moved together as the services do."""

    at: datetime = AT
    runs: dict[int, Run] = field(default_factory=dict)
    journal: dict[int, list[tuple[Event, datetime]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._begin(1, c.start(MACRO, CLERK, STAFF))

    def _begin(self, number: int, events: list[Event]) -> None:
        started = events[0]
        assert isinstance(started, Started)
        self.runs[number], self.journal[number] = begin(number, started, self.at), [(started, self.at)]
        self._move(number, events[1:])

    def _move(self, number: int, events: list[Event]) -> None:
        for event in events:
            assert codec.load(codec.dump(event)) == event
            self.runs[number] = evolve(self.runs[number], event, self.at)
            self.journal[number].append((event, self.at))

    def situation(self, number: int, me: int) -> Situation:
        run = self.runs[number]
        above = self.situation(1, me) if number > 1 else None
        below = (self.runs[run.child.run],) if run.child else ()
        return Situation(sop_of(run), run, me, STAFF, ALWAYS, self.at, above=above, below=below)

    def order(self, number: int, me: int, command: c.Command) -> bool:
        run = self.runs[number]
        if not may(me, command, sop_of(run), run, STAFF):
            return False
        events = decide(self.situation(number, me), run.visit, command)
        self._carry(number, me, events)
        return True

    def _carry(self, number: int, me: int, events: list[Event]) -> None:
        before = self.runs[number]
        self._move(number, events)
        after = self.runs[number]
        if number > 1:
            up = carried_up(before, after, self.situation(1, me))
            if up:
                self._carry(1, me, up)
            return
        for child in dict.fromkeys(one.run for one in (before.child, after.child) if one):
            self._move(child, carried_down(events, before, after, self.runs[child], ALWAYS, self.at))
        if any(isinstance(event, ChildWanted) for event in events):
            assert after.holder is not None and after.step is not None
            new = max(self.runs) + 1
            self._begin(new, c.start_child(CHILD, after.holder, STAFF, after.unit, Parent(1, after.step)))
            self._move(1, [ChildOpened(after.step, new)])


def sop_of(run: Run) -> Sop:
    return MACRO if run.id == 1 else CHILD


COMMANDS: tuple[c.Command, ...] = (
    *(c.Finish(), c.Launch(), c.Resume(), c.Undo(), c.Accept(), c.Decline(), c.Allow()),
    *(c.Skip(Reason.OTHER), c.Block(Reason.OTHER), c.Pause(Reason.OTHER), c.Stop(Reason.OTHER)),
    *(c.Return(Reason.OTHER), c.Assign(HEAD, Reason.OTHER)),
)


def possible(family: Family) -> list[tuple[int, int, c.Command]]:
    """Everything that somebody may order now in the parent and in its two newest children, and that is not refused."""
    found = []
    for number in sorted({1, max(family.runs), max(1, max(family.runs) - 1)}):
        for me in (CLERK, COUNTER, HEAD):
            for command in COMMANDS:
                run = family.runs[number]
                if may(me, command, sop_of(run), run, STAFF):
                    with suppress(Refused, ReasonWanted, TimeWanted):
                        decide(family.situation(number, me), run.visit, command)
                        found.append((number, me, command))
    return found


scripts = st.lists(st.tuples(st.integers(0, 999), st.integers(0, 40)), min_size=5, max_size=30)


@settings(max_examples=300)
@given(st.integers(0, 3), scripts)
def test_a_run_waits_for_one_child_which_rests_and_ends_with_it(done: int, script: list[tuple[int, int]]) -> None:
    family = opened()
    for command in (c.Accept(), c.Finish(), c.Finish())[:done]:
        family.order(2, COUNTER, command)
    for choice, seconds in script:
        family.at += timedelta(seconds=seconds)
        if not (orders := possible(family)):
            break
        family.order(*orders[choice % len(orders)])
        parent, *children = family.runs.values()
        still = [child.id for child in children if not child.over]
        waits = parent.child is not None and not parent.over
        assert still == ([parent.child.run] if waits and parent.child else [])
        assert not waits or parent.holder is None
        if parent.progress is Progress.PAUSED:
            assert all(family.runs[one].progress is Progress.PAUSED for one in still)
    for number, run in family.runs.items():
        (started, at), *rest = family.journal[number]
        assert isinstance(started, Started)
        assert replay(begin(number, started, at), rest) == run
        assert codec.load(codec.dump(run)) == run


def opened() -> Family:
    family = Family()
    family.order(1, CLERK, c.Finish())
    return family


def counted(family: Family, number: int = 2) -> None:
    if family.runs[number].holder is None:
        family.order(number, COUNTER, c.Accept())
    family.order(number, COUNTER, c.Finish())
    family.order(number, COUNTER, c.Finish())


def test_without_by_whoever_did_the_step_before_opens_the_child_and_others_may_do_it() -> None:
    family = opened()

    assert family.runs[1].doer == CLERK
    assert (family.runs[2].starter, family.runs[2].holder) == (CLERK, None)


def test_with_by_the_child_is_opened_by_whoever_accepts_the_step() -> None:
    family = opened()
    counted(family)
    assert (family.runs[1].step, family.runs[1].holder, family.runs[1].child) == ("lagi", None, None)

    family.order(1, COUNTER, c.Accept())

    assert family.runs[1].child is not None
    assert (family.runs[3].starter, family.runs[3].holder) == (COUNTER, COUNTER)


def test_the_end_of_a_child_is_one_step_and_brings_its_deviations() -> None:
    family = opened()
    family.order(2, COUNTER, c.Accept())
    family.order(2, COUNTER, c.Skip(Reason.NO_TIME))
    family.at += timedelta(hours=2)
    family.order(2, COUNTER, c.Finish())

    parent = family.runs[1]
    assert (parent.performed, parent.skipped, parent.deviations) == (2, 0, 2)
    own = [event.kind for event, _ in family.journal[1] if isinstance(event, Deviated)]
    assert own == [Kind.OVER_TIME]


def test_while_a_child_is_waited_for_nothing_else_moves_the_run() -> None:
    with pytest.raises(Refused) as refused:
        decide(opened().situation(1, CLERK), 2, c.Assign(HEAD, Reason.OTHER))
    assert refused.value.why is Why.WAITS_FOR_CHILD


def test_an_undo_takes_back_the_next_child_with_the_end_of_the_one_before() -> None:
    family = opened()
    counted(family)
    family.order(2, COUNTER, c.Undo())

    assert (family.runs[1].step, family.runs[2].step) == ("hitung", "catat")
    assert family.runs[1].child is not None


def test_the_end_of_a_child_is_taken_back_no_more_once_the_parent_went_on() -> None:
    family = opened()
    counted(family)
    family.order(1, COUNTER, c.Accept())

    with pytest.raises(Refused) as refused:
        family.order(2, COUNTER, c.Undo())
    assert refused.value.why is Why.PARENT_WENT_ON


def test_a_child_that_waits_for_a_date_is_opened_by_hand_once_it_has_come() -> None:
    dated = replace(MACRO.step("hitung"), not_before=Offset("siap", Duration.parse("2 jam")))
    macro = replace(MACRO, steps=(MACRO.first, dated, *MACRO.steps[2:]))
    run = begin(1, Started("induk", "x", CLERK), AT)
    run = replay(run, [(event, AT) for event in c.start(macro, CLERK, STAFF)[1:]])
    run = replay(run, [(one, AT) for one in decide(Situation(macro, run, CLERK, STAFF, ALWAYS, AT), 1, c.Finish())])
    assert (run.step, run.holder) == ("hitung", CLERK)

    with pytest.raises(Refused) as refused:
        decide(Situation(macro, run, CLERK, STAFF, ALWAYS, AT), 2, c.Launch())
    assert refused.value.why is Why.TOO_EARLY
    later = Situation(macro, run, CLERK, STAFF, ALWAYS, AT + timedelta(hours=3))
    assert decide(later, 2, c.Launch()) == [ChildWanted("hitung")]
