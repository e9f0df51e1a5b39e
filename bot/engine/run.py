"""One run of a procedure: what is so, what has happened, and how the one follows from the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never

from bot.engine.conformity import How, Visit, unexplained
from bot.engine.deviations import AnyReason, Kind, Reason, Severity
from bot.engine.values import Value

ERASABLE = "erasable"
"""Marks what a person wrote in their own words: the journal keeps a digest of it beside the erasable text."""

FreeText: TypeAlias = Annotated[str, ERASABLE]
FreeValue: TypeAlias = Annotated[Value, ERASABLE]


class Progress(StrEnum):
    """How a run stands."""

    ACTIVE = "active"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


class FileKind(StrEnum):
    """What a person can send beside words."""

    PHOTO = "photo"
    FILE = "file"
    VOICE = "voice"
    LOCATION = "location"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as the record names it. `unique` is equal for equal files, whoever sends them."""

    kind: FileKind
    unique: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Where and when a file served as proof before."""

    run: int
    step: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Doubt:
    """A file that was seen before. It counts once its sender says that it is meant; `turn` tells doubts apart."""

    turn: int
    file: Attachment
    seen: Seen


class Leave(StrEnum):
    """What a performer wants the supervisor's leave for: to leave a critical step out, or to go on past a step that
    cannot be done."""

    SKIP = "skip"
    WAIVE = "waive"
    GO_ON = "go_on"


@dataclass(frozen=True, slots=True)
class Wish:
    """A leave that was asked for, and is not answered yet."""

    leave: Leave
    reason: Reason
    since: datetime


class Late(StrEnum):
    """What took, or is about to take, longer than it should."""

    SOON = "soon"  # the step, before its standard time is over
    STEP = "step"
    PHASE = "phase"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class Lateness:
    """Of what somebody was told; of a phase, which."""

    late: Late
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Nudged:
    """How many were told that the run waits, the first being whoever it waits for; and from when on the next one's time
    counts."""

    told: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Hurry:
    """So many steps were ended within so short a time; it is asked about once, whatever is answered."""

    steps: tuple[str, ...]
    span: timedelta
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Hand:
    """Who ended a step last, and at which visit."""

    person: int
    visit: int


@dataclass(frozen=True, slots=True)
class Parent:
    """The run, and its step, that waits for a child run."""

    run: int
    step: str


@dataclass(frozen=True, slots=True)
class ChildRun:
    """The run of another SOP that a step waits for, and who opened it."""

    run: int
    opener: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything that the next command needs to know. `turn` counts the events so far; `visit` counts the steps entered
    and never goes down; what is asked, ticked, recorded and attached belongs to the present visit."""

    id: int
    sop: str
    digest: str
    starter: int
    unit: str | None = None
    parent: Parent | None = None
    rehearsal: bool = False
    after: int | None = None  # the run, of the SOP that its own continues, at whose end it was started
    started_at: datetime
    progress: Progress = Progress.ACTIVE
    turn: int = 0
    step: str | None = None
    visit: int = 0
    holder: int | None = None  # whose step it is; None while it is offered, or a child run is waited for
    child: ChildRun | None = None
    declined: tuple[int, ...] = ()  # to whom it was offered and who said that it is not theirs
    vacant: bool = False  # nobody holds the step's position, so it stayed with whoever did the step before
    released: int | None = None  # who had the step until they could not be had any more
    wish: Wish | None = None
    entered_at: datetime
    accepted_at: datetime | None = None  # since when the step is worked on, where it was handed over
    begun_at: datetime | None = None  # when the present visit was first acted on
    ticks: tuple[int, ...] = ()
    values: Mapping[str, Value | None] = field(default_factory=dict)  # None: left out on purpose
    files: tuple[Attachment, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    earlier: Mapping[str, Value] = field(default_factory=dict)  # the last value of each record, of ended visits
    done: Mapping[str, datetime] = field(default_factory=dict)  # the last completion of each step
    hands: Mapping[str, Hand] = field(default_factory=dict)  # who completed each step last
    visits: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[str, int] = field(default_factory=dict)  # how often each way of a decision, see `way_key`
    paused_at: datetime | None = None
    paused_for: timedelta = timedelta()  # working time of the pauses in this visit
    hurry: Hurry | None = None
    nudged: Nudged | None = None  # that it waits as it waits now
    late: tuple[Lateness, ...] = ()  # what was told of the step belongs to the present visit
    performed: int = 0
    skipped: int = 0
    extra: int = 0  # of a run that is not done only the extra work; what a return made anew is counted at the end
    trail: tuple[Visit, ...] = ()  # the visits so far, until the run is done
    deviations: int = 0
    before: "Run | None" = None  # as it was just before what last ended a step or the run; undo goes back there
    ended_at: datetime | None = None  # when that was

    @property
    def over(self) -> bool:
        """True where nothing can happen any more but an undo."""
        return self.progress in (Progress.DONE, Progress.STOPPED)

    @property
    def taken_back(self) -> bool:
        """True where what opened this run was undone: it was given up, and not by anyone who had it."""
        return self.progress is Progress.STOPPED and self.before is None

    @property
    def doer(self) -> int | None:
        """Whose the present step is: who has it, or who opened the child run that it waits for."""
        return self.child.opener if self.child else self.holder

    @property
    def undoer(self) -> int | None:
        """Who may take back what ended last. The end of a child run is taken back in the child."""
        if self.before is None:
            return None
        return self.before.doer if self.progress is Progress.STOPPED else self.before.holder

    @property
    def known(self) -> Mapping[str, Value]:
        """Every recorded value, this visit's first."""
        return {**self.earlier, **{name: value for name, value in self.values.items() if value is not None}}

    def ended_by(self, turn: int) -> str | None:
        """The step that what happened at `turn` ended last, None where it ended none."""
        return self.before.step if self.before is not None and self.before.turn + 1 == turn else None

    @property
    def work_began(self) -> datetime:
        """Since when the present step is worked on; before that it was only offered."""
        return self.accepted_at or self.entered_at

    def count(self, kind: FileKind) -> int:
        """How many files of that kind the present visit has."""
        return sum(1 for file in self.files if file.kind is kind)


def way_key(step: str, way: int) -> str:
    """The key under which `taken` counts the `way`-th way out of a decision."""
    return f"{step}/{way}"


# What happens in a run. Each event is one row of the journal, which knows when and by whom


@dataclass(frozen=True, slots=True)
class Started:
    """The run began, on this version of the SOP, in the unit of whoever started it, or of its parent. A `rehearsal`
    counts nowhere, and whoever started it does every step. `after` is the run that it continues."""

    sop: str
    digest: str
    starter: int
    unit: str | None = None
    parent: Parent | None = None
    rehearsal: bool = False
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """A step was entered. `kept`: by an undo, so that its answers and its clock stay. `holder` has it; None: it is
    offered to whoever holds its position. `vacant`: nobody does."""

    step: str
    visit: int
    kept: bool = False
    holder: int | None = None
    vacant: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """Whoever was offered the step took it."""

    step: str
    person: int


@dataclass(frozen=True, slots=True)
class Declined:
    """Whoever was offered the step said that it is not theirs."""

    step: str
    person: int


@dataclass(frozen=True, slots=True)
class Returned:
    """The step was sent back to whoever worked before, at their last step."""

    step: str
    to: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Assigned:
    """A supervisor gave the step to somebody, or took it over."""

    step: str
    person: int
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Released:
    """Whoever had the step cannot be had any more, or is `away`, so that it is offered anew."""

    step: str
    person: int
    away: bool = False


@dataclass(frozen=True, slots=True)
class ChildWanted:
    """The step is another SOP, which is to be opened as a run of its own."""

    step: str


@dataclass(frozen=True, slots=True)
class ChildOpened:
    """It is, and the step waits for that run."""

    step: str
    run: int


@dataclass(frozen=True, slots=True)
class ChildEnded:
    """The run that the step waited for is done, with so many deviations."""

    step: str
    run: int
    deviations: int


@dataclass(frozen=True, slots=True)
class ChildStopped:
    """The run that the step waited for was given up; whoever opened it decides how to go on."""

    step: str
    run: int
    deviations: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What opened this run was undone before anything was done in it."""

    step: str


@dataclass(frozen=True, slots=True)
class LeaveAsked:
    """The performer of a critical step asked for leave."""

    step: str
    leave: Leave
    reason: Reason


@dataclass(frozen=True, slots=True)
class LeaveGiven:
    """The supervisor let the run go on without the step; at a decision along its `way`-th way. `alone`: it was whoever
    has the step, as nobody else is there."""

    step: str
    leave: Leave
    way: int | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class LeaveRefused:
    """The supervisor wants the step done."""

    step: str
    leave: Leave
    reason: Reason


@dataclass(frozen=True, slots=True)
class Ticked:
    """An item of the step's checklist was ticked or unticked."""

    item: int
    on: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """A value was entered; an earlier one stays in the journal. None: left out on purpose."""

    name: str
    value: FreeValue | None


@dataclass(frozen=True, slots=True)
class Attached:
    """Proof was sent."""

    file: Attachment


@dataclass(frozen=True, slots=True)
class Recognised:
    """Proof turned out to be a file that had served before."""

    file: Attachment
    seen: Seen


@dataclass(frozen=True, slots=True)
class Kept:
    """Proof that was recognised is meant all the same."""

    file: Attachment


@dataclass(frozen=True, slots=True)
class Discarded:
    """Proof that was recognised was sent by mistake; another takes its place."""

    file: Attachment


@dataclass(frozen=True, slots=True)
class Finished:
    """The step was done as written. `done_at` tells when, where the word came long after it was sent."""

    step: str
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """The step was done, with a note. `missing` names what it should have had, `done_at` when it was really done."""

    step: str
    reason: Reason
    missing: tuple[str, ...] = ()
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision took its `way`-th way. Its reason may be in the SOP's own words."""

    step: str
    way: int
    label: str
    reason: AnyReason | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Approved:
    """An approval was given. `alone`: by whoever ran the step before as well."""

    step: str
    alone: bool
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """An approval was signed with the PIN of whoever gave it: as what they are, and with which meaning."""

    step: str
    meaning: str
    position: str | None
    nip: FreeText


@dataclass(frozen=True, slots=True)
class Rejected:
    """An approval was refused, so that the work goes back."""

    step: str
    reason: Reason
    alone: bool
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """The step was left out."""

    step: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Waived:
    """The step does not apply here. `again`: it was done earlier in this run, or may be left out: no deviation."""

    step: str
    reason: Reason
    again: bool


@dataclass(frozen=True, slots=True)
class Blocked:
    """The step cannot be done as written; the run stays at it."""

    step: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Deviated:
    """The run departed from the SOP. `late` is working time over (or under) the standard, `beyond` the percent by
    which a number lies outside its usual range."""

    kind: Kind
    step: str
    reason: Reason | None = None
    detail: str = ""
    late: timedelta | None = None
    beyond: Decimal | None = None
    severity: Severity = Severity.LIGHT


@dataclass(frozen=True, slots=True)
class Hurried:
    """These steps were ended within so short a time that whoever did is asked about it."""

    steps: tuple[str, ...]
    span: timedelta


@dataclass(frozen=True, slots=True)
class Backdated:
    """They were done earlier, and recorded afterwards."""

    steps: tuple[str, ...]
    done_at: datetime


@dataclass(frozen=True, slots=True)
class Vouched:
    """They really were done as quickly as that: a hint about the SOP, and no deviation."""

    steps: tuple[str, ...]
    span: timedelta


@dataclass(frozen=True, slots=True)
class LongAwaited:
    """The step waited too long: whoever it waits for was reminded (1), or the next ones in line were told (2, 3, …),
    and asked as well where leave is waited for."""

    step: str
    told: int


@dataclass(frozen=True, slots=True)
class TookLong:
    """Those concerned were told that the step is or will soon be late, or that its phase or the run is."""

    step: str
    late: Late
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """Words or a file were added to what happened at `turn`."""

    turn: int
    text: FreeText = ""
    file: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Paused:
    """The run rests."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Resumed:
    """The run goes on; `worked` is the working time of the pause, which does not count."""

    worked: timedelta


@dataclass(frozen=True, slots=True)
class Stopped:
    """The run was given up."""

    step: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Completed:
    """The run came to its end."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What ended `step` was taken back, with every event from turn `since` on."""

    step: str
    since: int


Ending: TypeAlias = Finished | Noted | Decided | Approved | Rejected | Skipped | Waived | LeaveGiven | ChildEnded
Event: TypeAlias = (
    Started
    | Entered
    | Ticked
    | Recorded
    | Attached
    | Recognised
    | Kept
    | Discarded
    | Accepted
    | Declined
    | Returned
    | Assigned
    | Released
    | ChildWanted
    | ChildOpened
    | ChildStopped
    | TakenBack
    | LeaveAsked
    | LeaveRefused
    | Ending
    | Signed
    | Blocked
    | Deviated
    | Hurried
    | Backdated
    | Vouched
    | LongAwaited
    | TookLong
    | Explained
    | Paused
    | Resumed
    | Stopped
    | Completed
    | Undone
)


def begin(run_id: int, event: Started, at: datetime) -> Run:
    """The run as its first event makes it."""
    return Run(
        id=run_id,
        sop=event.sop,
        digest=event.digest,
        starter=event.starter,
        unit=event.unit,
        parent=event.parent,
        rehearsal=event.rehearsal,
        after=event.after,
        started_at=at,
        entered_at=at,
        turn=1,
    )


def evolve(run: Run, event: Event, at: datetime) -> Run:
    """The run after `event`. It already happened, so nothing is checked here."""
    after = replace(run, turn=run.turn + 1)
    match event:
        case Entered(step=step, visit=visit, kept=True):
            return replace(after, step=step, visit=visit)
        case Entered(step=step, visit=visit, holder=holder, vacant=vacant):
            fresh = replace(after, step=step, visit=visit, entered_at=at, begun_at=None)
            fresh = replace(fresh, ticks=(), values={}, files=(), doubts=())
            fresh = replace(
                fresh, holder=holder, vacant=vacant, declined=(), wish=None, accepted_at=None, released=None
            )
            fresh = replace(fresh, nudged=None, late=_lasting(run.late))
            return replace(fresh, paused_for=timedelta(), visits=_counted(run.visits, step))
        case Accepted(person=person):
            # a pause while it was offered was no pause of the work
            return replace(after, holder=person, accepted_at=at, paused_for=timedelta(), before=None, nudged=None)
        case Declined(person=person):
            return replace(after, declined=(*run.declined, person))
        case Returned():
            return replace(_left(run, after, at), trail=_gone(run, How.LEFT))
        case Released(person=person):
            free = replace(after, holder=None, vacant=False, accepted_at=None, released=person)
            # whoever has it next begins anew, and may be late anew
            return replace(free, nudged=Nudged(0, at), late=_lasting(run.late))
        case Assigned(person=person):
            given = replace(after, holder=person, accepted_at=at, paused_for=timedelta())
            # whoever takes it over begins anew, and may be late anew
            late = run.late if run.holder is None else _lasting(run.late)
            # what whoever had it asked leave for is the other's to do now
            return replace(given, vacant=False, wish=None, before=None, nudged=None, late=late)
        case ChildOpened(run=child):
            opened = replace(after, child=ChildRun(child, run.holder or run.starter), holder=None, wish=None)
            return replace(opened, begun_at=run.begun_at or at)
        case ChildEnded(step=step, deviations=count):
            ended = replace(_performed(run, after, step, at, at), child=None)
            return replace(ended, deviations=run.deviations + count)
        case ChildStopped(deviations=count):
            stopped = replace(_left(run, after, at), child=None, holder=run.doer)
            return replace(stopped, deviations=run.deviations + count)
        case LeaveAsked(leave=leave, reason=reason):
            return replace(after, wish=Wish(leave, reason, at), nudged=None)
        case LeaveRefused():
            return replace(after, wish=None, nudged=None)
        case LeaveGiven(step=step, way=int(way)):
            return replace(_skipped(run, after, at), taken=_counted(run.taken, way_key(step, way)))
        case LeaveGiven():
            return _skipped(run, after, at)
        case Ticked(item=item, on=True):
            return replace(_begun(run, after, at), ticks=(*(tick for tick in run.ticks if tick != item), item))
        case Ticked(item=item):
            return replace(_begun(run, after, at), ticks=tuple(tick for tick in run.ticks if tick != item))
        case Recorded(name=name, value=value):
            return replace(_begun(run, after, at), values={**run.values, name: value})
        case Attached(file=file):
            return replace(_begun(run, after, at), files=(*run.files, file))
        case Recognised(file=file, seen=seen):
            doubts = (*run.doubts, Doubt(after.turn, file, seen))
            return replace(after, files=tuple(one for one in run.files if one != file), doubts=doubts)
        case Kept(file=file):
            return replace(after, files=(*run.files, file), doubts=_without(run.doubts, file))
        case Discarded(file=file):
            return replace(after, doubts=_without(run.doubts, file))
        case (
            Finished(step=step, done_at=done_at)
            | Noted(step=step, done_at=done_at)
            | Approved(step=step, done_at=done_at)
            | Rejected(step=step, done_at=done_at)
        ):
            return _performed(run, after, step, at, done_at or at)
        case Decided(step=step, way=way, done_at=done_at):
            decided = _performed(run, after, step, at, done_at or at)
            return replace(decided, taken=_counted(run.taken, way_key(step, way)))
        case Waived(again=True):
            return replace(_left(run, after, at), trail=_gone(run, How.AGAIN))
        case Skipped() | Waived():
            return _skipped(run, after, at)
        case Deviated(kind=Kind.EXTRA_WORK):
            return replace(after, deviations=run.deviations + 1, extra=run.extra + 1)
        case Deviated():
            return replace(after, deviations=run.deviations + 1)
        case Paused():
            return replace(after, progress=Progress.PAUSED, paused_at=at)
        case Resumed(worked=worked):
            # nobody is told right after a pause that something waits
            nudged = Nudged(run.nudged.told if run.nudged else 0, at)
            resumed = replace(after, progress=Progress.ACTIVE, paused_at=None, nudged=nudged)
            return replace(resumed, paused_for=run.paused_for + worked)
        case LongAwaited(told=told):
            return replace(after, nudged=Nudged(told, at))
        case TookLong(late=late, phase=phase):
            return replace(after, late=(*run.late, Lateness(late, phase)))
        case Stopped():
            return replace(_left(run, after, at), progress=Progress.STOPPED)
        case TakenBack():
            return replace(after, progress=Progress.STOPPED, ended_at=at)
        case Completed():
            done = replace(after, progress=Progress.DONE, step=None, holder=None, wish=None)
            return replace(done, extra=run.extra + unexplained(run.trail), trail=())
        case Undone():
            # `before` is a run without a `before`: nothing is undone twice
            return replace(run.before or run, turn=after.turn, visit=run.visit, hurry=run.hurry)
        case Hurried(steps=steps, span=span):
            return replace(after, hurry=Hurry(steps, span))
        case Backdated() | Vouched() if run.hurry is not None:
            return replace(after, hurry=replace(run.hurry, answered=True))
        case Blocked(reason=reason):
            return replace(after, wish=Wish(Leave.GO_ON, reason, at), nudged=None)
        case Explained() | ChildWanted() | Backdated() | Vouched() | Signed():
            return after
        case Started():
            raise ValueError("a run starts once")
        case _:
            assert_never(event)


def replay(run: Run, events: Iterable[tuple[Event, datetime]]) -> Run:
    """The run after all of them."""
    for event, at in events:
        run = evolve(run, event, at)
    return run


def _begun(run: Run, after: Run, at: datetime) -> Run:
    # whoever got the step back without being asked makes the undo end by acting
    handed = run.before is not None and run.before.holder != run.holder
    return replace(after, begun_at=run.begun_at or at, before=None if handed else run.before)


def _performed(run: Run, after: Run, step: str, at: datetime, done_at: datetime) -> Run:
    hands = run.hands if run.doer is None else {**run.hands, step: Hand(run.doer, run.visit)}
    ended = replace(_left(run, after, at), done={**run.done, step: done_at}, hands=hands)
    return replace(ended, performed=run.performed + 1, trail=_gone(run, How.DONE))


def _skipped(run: Run, after: Run, at: datetime) -> Run:
    return replace(_left(run, after, at), skipped=run.skipped + 1, trail=_gone(run, How.SKIPPED))


def _gone(run: Run, how: How) -> tuple[Visit, ...]:
    return run.trail if run.step is None else (*run.trail, Visit(run.step, how))


def _left(run: Run, after: Run, at: datetime) -> Run:
    return replace(after, before=replace(run, before=None), ended_at=at, earlier=run.known)


def _without(doubts: tuple[Doubt, ...], file: Attachment) -> tuple[Doubt, ...]:
    return tuple(doubt for doubt in doubts if doubt.file != file)


def _lasting(late: tuple[Lateness, ...]) -> tuple[Lateness, ...]:
    return tuple(one for one in late if one.late in (Late.PHASE, Late.RUN)) if late else ()


def _counted(counts: Mapping[str, int], key: str) -> Mapping[str, int]:
    return {**counts, key: counts.get(key, 0) + 1}
