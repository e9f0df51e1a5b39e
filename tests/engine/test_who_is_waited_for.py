"""At every moment one party is waited for, and it is the right one: the engine is held against a rule that knows only
the SOP, who works here, and what was done."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.engine import commands as c
from bot.engine import people as engine_people
from bot.engine.calendar import Office
from bot.engine.children import carried_up
from bot.engine.commands import ReasonWanted, Refused, Situation, TimeWanted, decide
from bot.engine.deviations import Reason
from bot.engine.people import Place, Staff
from bot.engine.rights import called, may
from bot.engine.run import ChildOpened, ChildWanted, Event, Parent, Progress, Run, Started, begin, replay
from bot.engine.sop import INITIATOR, Approve, Child, Decide, Do, Position, Sop, Step, Team, Way
from bot.engine.sop import Kind as SopKind

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ALWAYS = Office(ZoneInfo("UTC"), (((datetime.min.time(), datetime.max.time().replace(microsecond=0)),),) * 7)
EVERYBODY = range(1, 8)
STARTER = 1
NAMES = ("penulis", "pemeriksa", "pengawas", "kepala")
POSITIONS = (*(Position(name, name.title()) for name in NAMES), Position("kurir", "Kurir", True, "penulis"))


def sop(name: str, *steps: Step) -> Sop:
    return Sop(
        id=name,
        title=f"SOP {name}",
        version="1",
        kind=SopKind.ADMINISTRATIVE,
        unit="Tata Usaha",
        team=Team("penulis", "pengawas", "kepala"),
        positions=POSITIONS,
        digest=name,
        steps=steps,
    )


CHILD = sop("anak", Step(id="isi", number=1, text="Mengisi", does=Do(None)))

# What may happen


@dataclass(frozen=True)
class ChildDone:
    """The child run came to its end."""


@dataclass(frozen=True)
class ChildGivenUp:
    """The child run was stopped."""


Happening = c.Command | ChildDone | ChildGivenUp
GOES_ON: tuple[Happening, ...] = (
    *(c.Allow(), c.Accept(), c.Finish(), c.Choose(0, Reason.INCOMPLETE), c.Give(), ChildDone()),
)
"""One of them fits nearly always, and is what usually comes next."""
OTHERWISE: tuple[Happening, ...] = (
    *(c.Choose(1, Reason.INCOMPLETE), c.Refuse(Reason.INCOMPLETE), c.Return(Reason.INCOMPLETE)),
    *(c.Skip(Reason.NO_TIME), c.Block(Reason.DATA_MISSING), c.Allow(1), c.Deny(Reason.MUST_BE_DONE)),
    *(c.Decline(), c.Launch(), c.Undo(), ChildGivenUp()),
)
HAPPENINGS: tuple[Happening, ...] = (
    *GOES_ON,
    *OTHERWISE * 3,
    *(c.Pause(Reason.WAITING), c.Resume(), c.Stop(Reason.OTHER)),
    *(c.Assign(person, Reason.ON_LEAVE) for person in EVERYBODY[:3]),
)

# SOPs and offices

by = st.sampled_from([(), (INITIATOR,), *((name,) for name in NAMES), ("penulis", "pemeriksa"), ("kurir",)])


@st.composite
def sops(draw: st.DrawFn) -> Sop:
    """Steps of every kind, each leading to the next; refusals and second ways lead back or to the end."""
    ids = [f"s{number}" for number in range(draw(st.integers(2, 6)))]
    return sop("surat", *(_step(draw, place, ids) for place in range(len(ids))))


def _step(draw: st.DrawFn, place: int, ids: list[str]) -> Step:
    following, before = (*ids, None)[place + 1], st.sampled_from(ids[: place + 1])
    made = Step(id=ids[place], number=place + 1, text="Bekerja", does=Do(following), by=draw(by))
    match draw(st.sampled_from("dcxar" if place else "dcxr")):
        case "c":
            return replace(made, critical=True)
        case "x":
            back = Way("Tidak", draw(st.one_of(st.none(), before)), reason=True)
            return replace(made, does=Decide((Way("Ya", following), back)))
        case "a":
            named = made.by or ("kepala",)
            return replace(made, by=named, does=Approve(following, draw(st.one_of(st.none(), before))))
        case "r":
            return replace(made, does=Child("anak", following))
        case _:
            return made


some = st.lists(st.sampled_from(EVERYBODY), max_size=2, unique=True).map(tuple)
staffs = st.builds(Staff, st.fixed_dictionaries(dict.fromkeys(NAMES, some)), some)
scripts = st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 6)), min_size=5, max_size=30)

# The rule


@dataclass(frozen=True)
class Told:
    """What somebody tells who watched the people, and knows nothing of the engine: `worked` is who did which step, in
    order; `left_out` who left out the step right before; `before` how it stood until something ended last."""

    step: str | None
    holder: int | None
    worked: tuple[tuple[str, int], ...] = ()
    left_out: int | None = None
    declined: frozenset[int] = frozenset()
    asks_leave: bool = False
    by_child: bool = False
    before: "Told | None" = None


@dataclass(frozen=True)
class Rule:
    """Who is to be waited for."""

    sop: Sop
    staff: Staff

    def party(self, told: Told) -> frozenset[int] | str:
        """Nobody where it is over, the child run, the supervisor whose leave is asked for, whoever has the step, those
        to whom it is offered, else whoever may give it to somebody."""
        if told.step is None:
            return frozenset()
        if told.by_child:
            return "the child run"
        if told.asks_leave:
            return next(self.above(told.holder), self.only(told.holder))
        if told.holder is not None:
            return frozenset({told.holder})
        return (self.able(told, told.step) - told.declined) or self.givers(told)

    def order(self, told: Told, one: int) -> c.Command:
        """What is waited for from each of them: that they say what becomes of it, take it, or do it."""
        if told.asks_leave:
            return c.Allow()
        if told.holder is not None:
            return c.Finish()
        assert told.step is not None
        return c.Accept() if self.able(told, told.step) - told.declined else c.Assign(one)

    def above(self, holder: int | None) -> Iterator[frozenset[int]]:
        """Supervisor and manager of the SOP, but whoever has the step; the admins after them."""
        for people in (self.held("pengawas"), self.held("kepala"), frozenset(self.staff.admins)):
            if people - {holder}:
                yield people - {holder}

    def only(self, holder: int | None) -> frozenset[int]:
        """Whoever has the step gives leave where nobody else is there."""
        assert holder is not None
        return frozenset({holder})

    def givers(self, told: Told) -> frozenset[int]:
        """The supervisor, else the manager, and the admins, but who just said that it is not theirs; where all did so,
        they all the same."""
        watching = [people for people in (self.held("pengawas"), self.held("kepala")) if people]
        admins = frozenset(self.staff.admins)
        willing = [people - told.declined for people in watching if people - told.declined]
        first = next(iter(willing), frozenset[int]()) | (admins - told.declined)
        return first or next(iter(watching), frozenset[int]()) | admins

    def held(self, position: str) -> frozenset[int]:
        """Whoever holds a position; what is done outside is recorded by whoever holds the one named for it."""
        return frozenset(self.staff.holders["penulis" if position == "kurir" else position])

    def able(self, told: Told, step_id: str) -> frozenset[int]:
        """Whoever may do a step. Nobody approves own work; where that bars all, those above do, at last the admins."""
        step = self.sop.step(step_id)
        people = frozenset[int]().union(
            *(frozenset({STARTER}) if name == INITIATOR else self.held(name) for name in step.by)
        )
        if not isinstance(step.does, Approve):
            return people
        barred = self.workers(told, step.does.reject)
        watching = self.held("pengawas") | self.held("kepala")
        return (people - barred) or (watching - barred) or (frozenset(self.staff.admins) - barred)

    def workers(self, told: Told, since: str | None) -> frozenset[int]:
        """Who did the steps as they stand now, from the one on that a refusal would go back to; and whoever left out
        the one right before."""
        latest = self.latest(told)
        first = latest[since][0] if since is not None and since in latest else -1
        left_out = frozenset[int]() if told.left_out is None else frozenset({told.left_out})
        return frozenset(person for place, person in latest.values() if place >= first) | left_out

    def latest(self, told: Told) -> Mapping[str, tuple[int, int]]:
        """When each step was done last, and by whom."""
        return {step: (place, person) for place, (step, person) in enumerate(told.worked)}

    # What becomes of it

    def began(self) -> Told:
        first = self.sop.steps[0]
        return Told(first.id, STARTER, by_child=isinstance(first.does, Child))

    def after(self, told: Told, me: int, what: Happening) -> Told:
        """How it stands once that has happened."""
        assert told.step is not None or isinstance(what, c.Undo)
        match what, self.sop.step(told.step) if told.step else None:
            case c.Undo(), _:
                assert told.before is not None
                return told.before
            case c.Stop(), _:
                return self.ended(told, replace(told, step=None))
            case ((c.Pause() | c.Resume()), _):
                return told
            case c.Accept(), Step() as step:
                return replace(self.given(told, step, me), before=None)
            case c.Assign(person=person), Step() as step:
                return told if person == told.holder else replace(self.given(told, step, person), before=None)
            case c.Decline(), _:
                return replace(told, declined=told.declined | {me})
            case c.Launch(), _:
                return replace(told, by_child=True, asks_leave=False)
            case ChildGivenUp(), _:
                return self.ended(told, replace(told, by_child=False))
            case c.Deny(), _:
                return replace(told, asks_leave=False)
            case c.Block(), _:
                return replace(told, asks_leave=True)
            case c.Skip(), Step(critical=True):
                return replace(told, asks_leave=True)
            case c.Return(), _:
                _, back, whose = max((at, name, one) for name, (at, one) in self.latest(told).items() if one != me)
                return self.ended(told, self.entered(told, back, whose))
            case ((c.Skip() | c.Allow()), Step() as step):
                assert told.holder is not None
                left = replace(told, left_out=told.holder)
                return self.ended(told, self.goes(left, self.leads(step, what)))
            case _, Step() as step:
                assert told.holder is not None
                done = replace(told, worked=(*told.worked, (step.id, told.holder)), left_out=None)
                return self.ended(told, self.goes(done, self.leads(step, what)))
        raise AssertionError(what)

    def leads(self, step: Step, what: Happening) -> str | None:
        match step.does, what:
            case Decide(ways=ways), (c.Choose(way=int(way)) | c.Allow(way=int(way))):
                return ways[way].next
            case Approve(reject=back), c.Refuse():
                return back
            case ((Do(next=then) | Approve(next=then) | Child(next=then)), _):
                return then
        raise AssertionError(what)

    def ended(self, before: Told, after: Told) -> Told:
        return replace(after, before=replace(before, before=None))

    def given(self, told: Told, step: Step, person: int) -> Told:
        """Whoever gets a step that is another SOP opens it at once."""
        opens = told.holder is None and isinstance(step.does, Child)
        return replace(told, holder=person, by_child=told.by_child or opens)

    def entered(self, told: Told, target: str, person: int | None) -> Told:
        fresh = Told(target, None, told.worked, told.left_out)
        return fresh if person is None else self.given(fresh, self.sop.step(target), person)

    def goes(self, told: Told, target: str | None) -> Told:
        """Back to whoever did it before, else it stays with whoever may do it too, else it is offered; where nobody is
        there for it, or it is nobody's, it stays."""
        me = told.holder
        if target is None:
            return replace(told, step=None)
        may_do, before = self.able(told, target), self.latest(told).get(target, (0, None))[1]
        stays = before if before in may_do else me if me in may_do or not may_do else None
        return self.entered(replace(told, holder=None), target, stays)


# The engine


@dataclass
class Engine:
    """A run and the child that it waits for, moved as the services move them."""

    sop: Sop
    staff: Staff
    run: Run
    child: Run | None = None

    @classmethod
    def begun(cls, sop: Sop, staff: Staff) -> "Engine":
        started, *rest = c.start(sop, STARTER, staff)
        assert isinstance(started, Started)
        engine = cls(sop, staff, begin(1, started, AT))
        engine._move(rest)
        return engine

    def situation(self, me: int) -> Situation:
        below = (self.child,) if self.child else ()
        return Situation(self.sop, self.run, me, self.staff, ALWAYS, AT, below=below)

    def says(self) -> frozenset[int] | str:
        """Who is waited for."""
        if self.run.child is not None and not self.run.over:
            return "the child run"
        return frozenset(called(self.sop, self.run, self.staff))

    def tried(self, what: Happening, whose: int) -> int | None:
        """Let one of those do it who may. Who that was, None where nobody may or it does not fit."""
        match what:
            case ChildDone():
                return self._child(c.Finish())
            case ChildGivenUp():
                return self._child(c.Stop(Reason.OTHER))
            case c.Undo() if self.run.progress is Progress.PAUSED:
                return None
            case command:
                able = [one for one in EVERYBODY if may(one, command, self.sop, self.run, self.staff)]
        if not able:
            return None
        me = able[whose % len(able)]
        try:
            self._move(decide(self.situation(me), self.run.visit, command))
        except (Refused, ReasonWanted, TimeWanted):
            return None
        return me

    def _child(self, command: c.Command) -> int | None:
        if self.child is None or self.run.child is None or self.run.progress is not Progress.ACTIVE:
            return None
        me = self.run.child.opener
        now = Situation(CHILD, self.child, me, self.staff, ALWAYS, AT, above=self.situation(me))
        over = replay(self.child, [(event, AT) for event in decide(now, self.child.visit, command)])
        before, self.child = self.child, over
        self._move(carried_up(before, over, self.situation(me)))
        return me

    def _move(self, events: list[Event]) -> None:
        self.run = replay(self.run, [(event, AT) for event in events])
        for event in events:
            if isinstance(event, ChildWanted):
                self._open(event.step)

    def _open(self, step: str) -> None:
        assert self.run.holder is not None
        started, *rest = c.start_child(CHILD, self.run.holder, self.staff, None, Parent(1, step))
        assert isinstance(started, Started)
        self.child = replay(begin(2, started, AT), [(event, AT) for event in rest])
        self.run = replay(self.run, [(ChildOpened(step, 2), AT)])


Script = list[tuple[Happening, int]]


def held_against_the_rule(sop: Sop, staff: Staff, script: Script) -> None:
    """Whatever happens, the engine waits for whom the rule names, and they alone can do what it waits for."""
    try:
        engine = Engine.begun(sop, staff)
    except Refused:  # it is not theirs to start
        return
    rule = Rule(sop, staff)
    told = rule.began()
    for chosen, whose in script:
        for what in (chosen, *GOES_ON):
            if (me := engine.tried(what, whose)) is not None:
                told = rule.after(told, me, what)
                break
        party = rule.party(told)
        assert engine.says() == party, told
        if isinstance(party, frozenset):
            assert all(may(one, rule.order(told, one), sop, engine.run, staff) for one in party), told


@settings(max_examples=500)
@given(sops(), staffs, scripts)
def test_exactly_those_are_waited_for_whom_sop_and_facts_name(sop: Sop, staff: Staff, script: Script) -> None:
    held_against_the_rule(sop, staff, script)


def offers_anew(sop: Sop, run: Run, step: Step, me: int, staff: Staff) -> Place:
    found = engine_people.able(sop, run, step, staff)
    return Place(None, found) if found else Place(me, vacant=True)


def forgets_who_declined(sop: Sop, run: Run, staff: Staff) -> tuple[int, ...]:
    return engine_people.offered(sop, replace(run, declined=()), staff)


def asks_the_manager_first(sop: Sop, run: Run, staff: Staff) -> tuple[int, ...]:
    return next(iter(reversed(engine_people.line(sop, run, staff))), ())


def records_what_is_outside_oneself(sop: Sop, name: str, starter: int, staff: Staff) -> tuple[int, ...]:
    return (starter,) if name in (INITIATOR, "kurir") else staff.holding(name)


def lets_own_work_be_approved(run: Run, approval: Approve) -> set[int]:
    return set()


def opens_no_child(step: Step, holder: int | None) -> list[Event]:
    return []


FAULTS: Mapping[str, Callable[..., Any]] = {
    "bot.engine.commands.place": offers_anew,
    "bot.engine.rights.offered": forgets_who_declined,
    "bot.engine.rights.asked": asks_the_manager_first,
    "bot.engine.people._of": records_what_is_outside_oneself,
    "bot.engine.people.workers": lets_own_work_be_approved,
    "bot.engine.commands._wanted": opens_no_child,
}


@pytest.mark.parametrize("where", FAULTS)
def test_a_fault_in_who_is_waited_for_is_found(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(where, FAULTS[where])

    @settings(max_examples=2000, derandomize=True, database=None, phases=[Phase.generate], report_multiple_bugs=False)
    @given(sops(), staffs, scripts)
    def looked_for(sop: Sop, staff: Staff, script: Script) -> None:
        held_against_the_rule(sop, staff, script)

    with pytest.raises(AssertionError):
        looked_for()
