"""Conformity, held against a plain search over every way to explain a run, on small SOPs and runs made by chance."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import combinations
from zoneinfo import ZoneInfo

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from bot.engine import commands as c
from bot.engine.calendar import Office
from bot.engine.commands import ReasonWanted, Refused, Situation, TimeWanted, decide
from bot.engine.conformity import How, Visit, conformity, unexplained
from bot.engine.deviations import Kind, Reason
from bot.engine.people import Staff
from bot.engine.rights import may
from bot.engine.run import (
    Approved,
    Decided,
    Deviated,
    Event,
    Finished,
    LeaveGiven,
    Noted,
    Progress,
    Rejected,
    Run,
    Skipped,
    Started,
    Undone,
    Waived,
    begin,
    replay,
)
from bot.engine.sop import Approve, Decide, Do, Does, Position, Sop, Step, Team, Way
from bot.engine.sop import Kind as SopKind

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ALWAYS = Office(ZoneInfo("UTC"), (((datetime.min.time(), datetime.max.time().replace(microsecond=0)),),) * 7)
FIRST, SECOND, HEAD = 1, 2, 3
STAFF = Staff({"satu": (FIRST,), "dua": (SECOND,), "kepala": (HEAD,)})


@st.composite
def sops(draw: st.DrawFn) -> Sop:
    """Two to five steps of two people, with decisions, loops that are used up, approvals and critical steps."""
    count = draw(st.integers(2, 5))
    names = [f"s{number}" for number in range(count)]
    steps = []
    for number, name in enumerate(names):
        on = names[number + 1] if number + 1 < count else None
        anywhere = st.sampled_from([*names, None])
        does: Does = Do(on)
        match draw(st.sampled_from(["do", "do", "decide", "approve"])):
            case "decide":
                most = draw(st.sampled_from([None, 1, 2]))
                back = Way("Lain", draw(anywhere), max=most, then=draw(anywhere) if most else None)
                does = Decide((Way("Terus", on), back))
            case "approve":
                does = Approve(on, draw(st.sampled_from(names[: number + 1])))
        by = draw(st.sampled_from(["satu", "dua"]))
        steps.append(Step(id=name, number=number + 1, text=name, does=does, by=(by,), critical=draw(st.booleans())))
    sop = Sop(
        id="x",
        title="X",
        version="1",
        kind=SopKind.ADMINISTRATIVE,
        unit="U",
        team=Team("satu", "kepala", "kepala"),
        positions=(Position("satu", "A"), Position("dua", "B"), Position("kepala", "C")),
        digest="x",
        steps=tuple(steps),
    )
    first = replace(sop.steps[0], by=("satu",))
    return replace(sop, steps=(first, *sop.steps[1:]))


commands: st.SearchStrategy[c.Command] = st.one_of(
    *[st.just(c.Finish())] * 4,
    st.builds(c.Choose, st.integers(0, 1)),
    *[st.just(c.Give())] * 2,
    st.just(c.Refuse(Reason.INCOMPLETE)),
    st.builds(c.Note, st.sampled_from([Reason.EXTRA_WORK, Reason.OTHER])),
    st.just(c.Skip(Reason.NO_TIME)),
    st.just(c.Waive(Reason.NOT_NEEDED)),
    st.just(c.Block(Reason.TOOL_MISSING)),
    st.builds(c.Allow, st.sampled_from([None, 0, 1])),
    *[st.just(c.Return(Reason.INCOMPLETE))] * 2,
    st.just(c.Undo()),
)


@dataclass
class Told:
    """A run as its events tell it, undone ones left out."""

    run: Run
    events: list[tuple[int, Event]]


def walk(sop: Sop, script: Sequence[c.Command]) -> Told:
    """Let whoever may give each command; whatever does not fit is left out. Then straight on to the end."""
    started, *entered = c.start(sop, FIRST, STAFF)
    assert isinstance(started, Started)
    told = Told(begin(1, started, AT), [])
    _add(told, entered)
    for command in script:
        if not told.run.over:
            _order(sop, told, command)
    for _ in range(12):
        for command in () if told.run.over else (c.Finish(), c.Choose(0), c.Give(), c.Allow(0), c.Allow()):
            _order(sop, told, command)
    return told


def _order(sop: Sop, told: Told, command: c.Command) -> None:
    for me in (FIRST, SECOND, HEAD):
        for one in (c.Accept(), command):
            with suppress(Refused, ReasonWanted, TimeWanted):
                if not told.run.over and may(me, one, sop, told.run, STAFF):
                    _add(told, decide(Situation(sop, told.run, me, STAFF, ALWAYS, AT), told.run.visit, one))


def _add(told: Told, events: Sequence[Event]) -> None:
    for event_ in events:
        if isinstance(event_, Undone):
            told.events = [(turn, one) for turn, one in told.events if turn < event_.since]
        told.events.append((told.run.turn + 1, event_))
        told.run = replay(told.run, [(event_, AT)])


# The plain search


def moves(sop: Sop, events: Sequence[tuple[int, Event]]) -> Iterator[tuple[str, str | None, int, int]]:
    """Each visit that ended, read from the events and the SOP alone: its step, where the SOP leads from there, the work
    done in it, and what it was short of."""
    taken: dict[tuple[str, int], int] = {}
    for _, one in events:
        match one:
            case Finished(step=step) | Noted(step=step):
                yield step, _next(sop, step, taken), 1, 0
            case Decided(step=step, way=way):
                yield step, _next(sop, step, taken, way), 1, 0
            case Approved(step=step):
                yield step, _next(sop, step, taken), 1, 0
            case Rejected(step=step):
                does = sop.step(step).does
                assert isinstance(does, Approve)
                yield step, does.reject, 1, 0
            case Skipped(step=step) | Waived(step=step, again=False):
                yield step, _next(sop, step, taken), 0, 1
            case LeaveGiven(step=step, way=way):
                yield step, _next(sop, step, taken, way), 0, 1
            case Waived(step=step):
                yield step, _next(sop, step, taken), 0, 0


def _next(sop: Sop, step: str, taken: dict[tuple[str, int], int], way: int | None = None) -> str | None:
    does = sop.step(step).does
    if not isinstance(does, Decide) or way is None:
        assert not isinstance(does, Decide)
        return does.next
    before = taken.get((step, way), 0)
    taken[step, way] = before + 1
    chosen = does.ways[way]
    return chosen.then if chosen.max is not None and before >= chosen.max else chosen.next


def cheapest(sop: Sop, visits: Sequence[tuple[str, str | None, int, int]]) -> int:
    """The least work that has to be left out so that the rest is an allowed way, found by trying everything."""
    everything = range(len(visits))
    costs = []
    for kept in (some for size in range(len(visits) + 1) for some in combinations(everything, size)):
        chosen = [visits[place] for place in kept]
        steps = [step for step, *_ in chosen]
        leads = [target for _, target, *_ in chosen]
        if [sop.first.id, *leads] == [*steps, None]:
            costs.append(sum(visits[place][2] for place in everything if place not in kept))
    return min(costs)


@given(sops(), st.lists(commands, max_size=12))
@settings(max_examples=400)
def test_conformity_is_what_a_search_over_all_ways_to_explain_the_run_finds(sop: Sop, script: list[c.Command]) -> None:
    told = walk(sop, script)
    assume(told.run.progress is Progress.DONE)
    visits = [*moves(sop, told.events)]
    assume(len(visits) <= 12)

    worked, short = sum(one[2] for one in visits), sum(one[3] for one in visits)
    added = sum(isinstance(one, Deviated) and one.kind is Kind.EXTRA_WORK for _, one in told.events)
    cost = short + added + cheapest(sop, visits)
    expected = max(Fraction(0), 1 - Fraction(cost, worked + sop.shortest))

    run = told.run
    found = conformity(performed=run.performed, skipped=run.skipped, extra=run.extra, shortest=sop.shortest)
    assert abs(Fraction(found) - expected) < Fraction(1, 10**9)
    event(f"unexplained: {min(cost - short - added, 3)}")


# By hand


def trail(text: str) -> list[Visit]:
    """`a b! c- d~ e<`: done is plain, `-` skipped, `~` again, `<` left."""
    marks = {"-": How.SKIPPED, "~": How.AGAIN, "<": How.LEFT}
    return [Visit(word.rstrip("-~<"), marks.get(word[-1], How.DONE)) for word in text.split()]


def test_a_loop_is_normal_work_and_a_return_is_what_had_to_be_done_again() -> None:
    assert unexplained(trail("a b a b a b c")) == 0
    assert unexplained(trail("a b c< b c d")) == 1
    assert unexplained(trail("a b c d< b c d")) == 2


def test_what_was_not_done_the_first_time_is_not_done_again() -> None:
    assert unexplained(trail("a b- c< a- b c")) == 0
    assert unexplained(trail("a b c< b~ c")) == 0
