"""What a person may order a run to do, and what that makes happen: `decide`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias, TypeGuard, TypeVar, assert_never

from bot.engine import deviations
from bot.engine.calendar import Office
from bot.engine.deviations import AnyReason, Kind, Reason
from bot.engine.people import Place, Staff, able, doers, may_start, offered, place, workers
from bot.engine.run import (
    Accepted,
    Approved,
    Assigned,
    Attached,
    Attachment,
    Backdated,
    Blocked,
    ChildWanted,
    Completed,
    Decided,
    Declined,
    Deviated,
    Discarded,
    Entered,
    Event,
    Explained,
    FileKind,
    Finished,
    Hand,
    Hurried,
    Kept,
    Leave,
    LeaveAsked,
    LeaveGiven,
    LeaveRefused,
    Noted,
    Parent,
    Paused,
    Progress,
    Recognised,
    Recorded,
    Rejected,
    Released,
    Resumed,
    Returned,
    Run,
    Seen,
    Signed,
    Skipped,
    Started,
    Stopped,
    Ticked,
    Undone,
    Vouched,
    Waived,
    Wish,
    way_key,
)
from bot.engine.severity import HASTE, Haste
from bot.engine.sop import INITIATOR, Approve, Child, Decide, Do, Earlier, Field, Offset, Sop, Step, Way
from bot.engine.values import Value, Verdict, beyond, check

UNDO_WINDOW = timedelta(seconds=60)
HELD_UP = timedelta(seconds=120)
"""What was sent longer ago was held up on its way to us: no fault of the sender, so its own time counts."""


# Orders. Those with a reason are first given without one; `decide` then asks for it


@dataclass(frozen=True, slots=True)
class Finish:
    """Selesai."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Tick or untick an item of the checklist. It says which value, so that pressing twice is harmless."""

    item: int
    on: bool


@dataclass(frozen=True, slots=True)
class Record:
    """Enter a value; None leaves an optional one out."""

    name: str
    value: Value | None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Attach:
    """Send proof. `seen`: where the same file served before, so that its sender is asked whether it is meant."""

    file: Attachment
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Recognise:
    """The bot sees, once it has the bytes, that proof sent at `step` had served before."""

    file: Attachment
    step: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class Judge:
    """Say whether proof that was recognised is meant. It says which doubt, so that pressing twice is harmless."""

    doubt: int
    keep: bool


@dataclass(frozen=True, slots=True)
class Choose:
    """Take a way out of a decision, counted from 0. Its reason may be in the SOP's own words."""

    way: int
    reason: AnyReason | None = None


@dataclass(frozen=True, slots=True)
class Give:
    """Setujui."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Setujui, once the PIN was given. No button gives it; `nip` is that of whoever signs."""

    nip: str = ""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Tolak, at an approval."""

    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Selesai dengan catatan. A late entry tells when the step was really done."""

    reason: Reason | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Backdate:
    """Ya, saya catat belakangan: the steps that were ended so quickly were done at that time."""

    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Vouch:
    """Tidak, memang cepat."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Lewati."""

    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Waive:
    """Tidak berlaku."""

    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Tidak bisa."""

    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Explain:
    """Add words or a file to what happened at `turn`."""

    turn: int
    text: str = ""
    file: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Jeda."""

    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """Lanjutkan."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Hentikan."""

    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """Urungkan."""


@dataclass(frozen=True, slots=True)
class Launch:
    """Mulai, at a step that is another SOP, where its run was stopped or could not be opened."""


@dataclass(frozen=True, slots=True)
class Accept:
    """Terima."""


@dataclass(frozen=True, slots=True)
class Decline:
    """Bukan saya."""


@dataclass(frozen=True, slots=True)
class Return:
    """Kembalikan."""

    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Assign:
    """Give the step to `person`; whoever takes over the step that somebody else has says why."""

    person: int
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Allow:
    """Izinkan; at a decision the supervisor says which way the run goes on."""

    way: int | None = None


@dataclass(frozen=True, slots=True)
class Deny:
    """Tolak, where leave was asked for."""

    reason: Reason | None = None


Reasoned: TypeAlias = Record | Choose | Refuse | Note | Skip | Waive | Block | Pause | Stop | Return | Assign | Deny
Command: TypeAlias = (
    Finish
    | Tick
    | Attach
    | Recognise
    | Judge
    | Give
    | Sign
    | Explain
    | Backdate
    | Vouch
    | Resume
    | Undo
    | Launch
    | Accept
    | Decline
    | Allow
    | Reasoned
)


class Why(StrEnum):
    """Why a command was refused."""

    STALE = "stale"
    OVER = "over"
    PAUSED = "paused"
    NOT_PAUSED = "not paused"
    UNFIT = "unfit"
    MISSING = "missing"
    TOO_EARLY = "too early"
    FORBIDDEN_VALUE = "forbidden value"
    NOTHING_TO_UNDO = "nothing to undo"
    UNDO_OVER = "undo over"
    SAME_FILE = "same file"
    WRONG_KIND = "wrong kind"
    FUTURE = "future"
    BEFORE_START = "before start"
    NOT_YOURS = "not yours"
    NO_CHILD = "no child"
    WAITS_FOR_CHILD = "waits for child"
    CHILD_BEGUN = "child begun"
    PARENT_RESTS = "parent rests"
    PARENT_WENT_ON = "parent went on"
    EARLY_WORDS = "early words"
    MISREAD = "misread"
    FORWARDED = "forwarded"
    TAKEN = "taken"
    NOT_ACCEPTED = "not accepted"
    NOBODY_BEFORE = "nobody before"
    NO_WISH = "no wish"
    OWN_WORK = "own work"
    NOT_APPROVER = "not approver"
    NOT_YOUR_START = "not your start"
    MUST_BE_APPROVED = "must be approved"
    NO_PIN = "no pin"
    WEAK_PIN = "weak pin"
    WRONG_PIN = "wrong pin"
    PIN_LOCKED = "pin locked"


class Refused(Exception):
    """The command does not fit the run as it is; nothing has changed. `facts` are for the sentence told."""

    def __init__(self, why: Why, **facts: object) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts


class ReasonWanted(Exception):
    """The command fits, but needs one of these reasons."""

    def __init__(self, reasons: tuple[AnyReason, ...]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


class SignatureWanted(Exception):
    """The approval fits, but is to be signed."""


class TimeWanted(Exception):
    """A late entry needs the moment at which the step was really done."""


def start(sop: Sop, starter: int, staff: Staff, unit: str | None = None, after: int | None = None) -> list[Event]:
    """What the start of a run makes happen, which may continue the run `after`. Whoever starts an SOP has its first
    step.

    Raises Refused where the first step is somebody else's."""
    if not may_start(starter, sop, staff):
        raise Refused(Why.NOT_YOUR_START)
    vacant = bool(sop.first.by) and not doers(sop, sop.first, starter, staff)
    entered = Entered(sop.first.id, 1, holder=starter, vacant=vacant)
    return [Started(sop.id, sop.digest, starter, unit, after=after), entered, *_wanted(sop.first, starter)]


def rehearse(sop: Sop, starter: int, unit: str | None = None, parent: Parent | None = None) -> list[Event]:
    """What the start of a rehearsal makes happen, whosever its first step would be."""
    started = Started(sop.id, sop.digest, starter, unit, parent, rehearsal=True)
    return [started, Entered(sop.first.id, 1, holder=starter), *_wanted(sop.first, starter)]


def start_child(sop: Sop, opener: int, staff: Staff, unit: str | None, parent: Parent) -> list[Event]:
    """What the opening of a child run makes happen. Unlike a run of one's own it may begin with somebody else."""
    may = doers(sop, sop.first, opener, staff)
    holder = opener if opener in may or not may else None
    entered = Entered(sop.first.id, 1, holder=holder, vacant=bool(sop.first.by) and not may)
    return [Started(sop.id, sop.digest, opener, unit, parent), entered, *_wanted(sop.first, holder)]


@dataclass(frozen=True, slots=True)
class Situation:
    """What a command is decided in: the SOP, how its run stands, who orders, who works here, the office, the moment;
    the run that waits for this one, and those that it waits for, one below the other."""

    sop: Sop
    run: Run
    me: int
    staff: Staff
    office: Office
    at: datetime
    sent_at: datetime | None = None
    haste: Haste = HASTE
    above: "Situation | None" = None
    below: tuple[Run, ...] = ()

    @property
    def own_time(self) -> datetime | None:
        """When the command was given, where it came to us only long after."""
        return max(self.sent_at, self.run.entered_at) if was_held_up(self.sent_at, self.at) else None

    @property
    def step(self) -> Step:
        """The present step."""
        assert self.run.step is not None
        return self.sop.step(self.run.step)


def decide(now: Situation, visit: int, command: Command) -> list[Event]:
    """What `command`, given at the run's `visit`-th visit by somebody who may give it, makes happen.

    Raises Refused, ReasonWanted, TimeWanted or SignatureWanted, all but the first only where nothing else stands in
    the way."""
    run = now.run
    if isinstance(command, Explain):
        return [Explained(command.turn, command.text, command.file)]
    if isinstance(command, Recognise):
        return _recognise(run, command)
    if isinstance(command, Backdate | Vouch):
        return _about_hurry(now, command)
    if visit != run.visit:
        raise Refused(Why.STALE)
    if isinstance(command, Undo):
        return undo(now)
    if run.over or run.step is None:
        raise Refused(Why.OVER)
    match command, run.progress:
        case Stop(reason=reason), _:
            return [Stopped(run.step, _reason(reason, deviations.STOP)), Deviated(Kind.STOPPED, run.step, reason)]
        case Resume(), Progress.PAUSED:
            _require_awake(now.above)
            return [resumed(run, now.at, now.office)]
        case Resume(), _:
            raise Refused(Why.NOT_PAUSED)
        case _, Progress.PAUSED:
            raise Refused(Why.PAUSED)
        case Pause(reason=reason), _:
            return [Paused(_reason(reason, deviations.PAUSE))]
        case _ if run.child is not None:
            raise Refused(Why.WAITS_FOR_CHILD)
        case ((Accept() | Decline() | Return() | Assign() | Allow() | Deny()), _):
            return _among_people(now, command)
    return _at_step(now, command)


def was_held_up(sent_at: datetime | None, at: datetime) -> TypeGuard[datetime]:
    """True where what was sent came to us only long after."""
    return sent_at is not None and at - sent_at > HELD_UP


def _among_people(now: Situation, command: Accept | Decline | Return | Assign | Allow | Deny) -> list[Event]:
    run, step = now.run, now.step
    match command:
        case Accept() | Decline() if run.holder is not None:
            raise Refused(Why.TAKEN, by=run.holder)
        case Accept():
            return [Accepted(step.id, now.me), *_wanted(step, now.me)]
        case Decline():
            return [Declined(step.id, now.me)]
        case Return(reason=reason):
            return _return(now, reason)
        case Assign(person=person) if person == run.holder:
            return []
        case Assign(person=person, reason=reason):
            return _assign(now, person, reason)
        case Allow(way=way):
            return _allow(now, way)
        case Deny(reason=reason):
            wish = _wish(run)
            return [LeaveRefused(step.id, wish.leave, _reason(reason, deviations.REFUSE_LEAVE))]
        case _:
            assert_never(command)


def _assign(now: Situation, person: int, reason: Reason | None) -> list[Event]:
    """To somebody whose step it is nobody needs to say why; an approval goes to nobody else while there are any."""
    run, step = now.run, now.step
    may, asked = able(now.sop, run, step, now.staff), offered(now.sop, run, now.staff)
    if isinstance(step.does, Approve):
        if person in workers(run, step.does):
            raise Refused(Why.OWN_WORK)
        if may and person not in may:
            raise Refused(Why.NOT_APPROVER)
    if person != now.me and person not in (*may, *asked):
        raise Refused(Why.UNFIT)
    opened = _wanted(step, person) if run.holder is None else ()
    if run.vacant or (run.holder is None and (not asked or person in (*may, *asked))):
        return [Assigned(step.id, person, reason), *opened]
    chosen = _reason(reason, deviations.TAKE_OVER)
    return [Assigned(step.id, person, chosen), Deviated(Kind.WRONG_PERFORMER, step.id, chosen), *opened]


def _return(now: Situation, reason: Reason | None) -> list[Event]:
    """Back to the last step of whoever worked before whoever returns it."""
    run, step = now.run, now.step
    earlier = [(hand.visit, name) for name, hand in run.hands.items() if hand.person != now.me]
    if not earlier:
        raise Refused(Why.NOBODY_BEFORE)
    _, target = max(earlier)
    chosen = _reason(reason, deviations.SEND_BACK)
    entered = _entered(now, target, Place(run.hands[target].person))
    return [Returned(step.id, target, chosen), Deviated(Kind.RETURNED, step.id, chosen), *entered]


def _allow(now: Situation, way: int | None) -> list[Event]:
    run, step = now.run, now.step
    wish, alone = _wish(run), now.me == run.holder and not run.rehearsal
    match step.does, wish.leave:
        case Do(next=then), (Leave.SKIP | Leave.WAIVE):
            kind = Kind.SKIPPED if wish.leave is Leave.SKIP else Kind.NOT_APPLICABLE
            given = LeaveGiven(step.id, wish.leave, alone=alone)
            return [given, Deviated(kind, step.id, wish.reason), *enter(now, then)]
        case ((Do(next=then) | Child(next=then)), Leave.GO_ON):
            # that it cannot be done was written down when the performer said so
            return [LeaveGiven(step.id, wish.leave, alone=alone), *enter(now, then)]
        case Decide(ways=ways), Leave.GO_ON if way is not None and way < len(ways):
            given = LeaveGiven(step.id, wish.leave, way, alone)
            return [given, *enter(now, way_leads(run, step, way, now.at, now.office))]
        case Approve(), _:
            raise Refused(Why.MUST_BE_APPROVED)
        case _:
            raise Refused(Why.UNFIT)


def _wish(run: Run) -> Wish:
    if run.wish is None:
        raise Refused(Why.NO_WISH)
    return run.wish


def _at_step(now: Situation, command: Command) -> list[Event]:
    run, step, office, sent_at = now.run, now.step, now.office, now.own_time
    done = sent_at or now.at
    if run.holder is None:
        raise Refused(Why.NOT_ACCEPTED)
    match command, step.does:
        case Tick(item=item, on=on), _ if item < len(step.check):
            return [] if (item in run.ticks) == on else [Ticked(item, on)]
        case Record(), _:
            return _record(run, step, command)
        case Attach(), _:
            return _attach(run, step, command)
        case Judge(), _:
            return _judge(run, step, command)
        case Block(reason=reason), _:
            return [Blocked(step.id, _reason(reason, deviations.CANNOT)), Deviated(Kind.CANNOT, step.id, reason)]
        case Finish(), Do(next=then):
            _require_ready(run, step, done, office)
            ended = [Finished(step.id, sent_at), *timing(run, step, done, office), *_hurried(now)]
            return [*ended, *enter(now, then)]
        case Note(), Do(next=then):
            return [*_note(run, step, command, now.at, office), *enter(now, then)]
        case Skip(reason=reason), Do(next=then) if step.optional:
            return [Waived(step.id, _reason(reason, deviations.SKIP), again=True), *enter(now, then)]
        case Skip(reason=reason), Do(next=then):
            chosen = _reason(reason, deviations.SKIP)
            if step.critical:
                return [LeaveAsked(step.id, Leave.SKIP, chosen)]
            return [Skipped(step.id, chosen), Deviated(Kind.SKIPPED, step.id, chosen), *enter(now, then)]
        case Waive(reason=reason), Do(next=then):
            chosen = _reason(reason, deviations.NOT_APPLICABLE)
            if step.critical:
                return [LeaveAsked(step.id, Leave.WAIVE, chosen)]
            return [*_waive(run, step, chosen), *enter(now, then)]
        case Choose(way=number, reason=reason), Decide(ways=ways) if number < len(ways):
            _require_ready(run, step, done, office)
            way = ways[number]
            said = _reason(reason, reasons_of(way)) if way.reason else None
            taken = Decided(step.id, number, way.label, said, sent_at)
            leads = way_leads(run, step, number, done, office)
            return [taken, *timing(run, step, done, office), *enter(now, leads)]
        case Give(), Approve(sign=True) if not run.rehearsal:
            _require_ready(run, step, done, office)
            raise SignatureWanted
        case ((Give() | Sign()), Approve(next=then)):
            _require_ready(run, step, done, office)
            given = Approved(step.id, alone=_alone(now), done_at=sent_at)
            return [given, *_signed(now, command), *timing(run, step, done, office), *enter(now, then)]
        case Refuse(reason=reason), Approve(reject=str(back)):
            chosen = _reason(reason, deviations.SEND_BACK)
            refused = Rejected(step.id, chosen, alone=_alone(now), done_at=sent_at)
            return [refused, *timing(run, step, done, office), *enter(now, back)]
        case Launch(), Child():
            _require_ready(run, step, now.at, office)
            return [ChildWanted(step.id)]
        case _:
            raise Refused(Why.UNFIT)


def _alone(now: Situation) -> bool:
    """Whether the work that is approved is one's own, as nobody else is there."""
    run, approval = now.run, now.step.does
    own = isinstance(approval, Approve) and not run.rehearsal and now.me in workers(run, approval)
    return run.vacant or own


def _signed(now: Situation, command: Command) -> Iterator[Event]:
    match command:
        case Sign(nip=nip):
            held = (name for name in now.step.by if now.me in now.staff.holding(name))
            yield Signed(now.step.id, now.step.text, next(held, None), nip)


R = TypeVar("R", bound=AnyReason)


def _reason(given: AnyReason | None, wanted: tuple[R, ...]) -> R:
    for reason in wanted:
        if reason == given:
            return reason
    raise ReasonWanted(wanted)


def enter(now: Situation, target: str | None) -> list[Event]:
    """The end, or the next step with whoever gets it."""
    if target is None:
        return [Completed()]
    run = now.run
    if run.doer is not None and run.step is not None:
        # whoever has just ended this step counts among those who worked on the run; who ended the one before does as
        # the hands tell
        run = replace(run, hands={**run.hands, run.step: Hand(run.doer, run.visit)}, before=None)
    step = now.sop.step(target)
    goes = place(now.sop, run, step, run.doer or now.me, now.staff.meeting(now.me))
    return _entered(now, target, goes)


def _entered(now: Situation, target: str, goes: Place) -> list[Event]:
    """A step is entered; where it goes to somebody who is away, it leaves them at once."""
    entered = Entered(target, now.run.visit + 1, holder=goes.holder, vacant=goes.vacant)
    if goes.holder is None or goes.holder not in now.staff.meeting(now.me).away:
        return [entered, *_wanted(now.sop.step(target), goes.holder)]
    return [entered, Released(target, goes.holder, away=True)]


def _wanted(step: Step, holder: int | None) -> list[Event]:
    """Whoever gets a step that is another SOP opens it at once, unless it waits for a date."""
    opens = isinstance(step.does, Child) and holder is not None and step.not_before is None
    return [ChildWanted(step.id)] if opens else []


def resumed(run: Run, at: datetime, office: Office) -> Event:
    return Resumed(office.worked(run.paused_at or at, at))


def undo(now: Situation) -> list[Event]:
    """What takes back what ended a step or the run last, or the pause. Raises Refused."""
    run = now.run
    if run.progress is Progress.PAUSED:
        return _undo_pause(now)
    if run.before is None or run.ended_at is None or run.before.step is None:
        raise Refused(Why.NOTHING_TO_UNDO)
    if now.at - run.ended_at > UNDO_WINDOW:
        raise Refused(Why.UNDO_OVER)
    if run.child != run.before.child and not all(is_untouched(child) for child in now.below):
        raise Refused(Why.CHILD_BEGUN)
    if run.over and now.above is not None:
        back_to_child(now.above, run.id)
    return undone(run)


def undone(run: Run) -> list[Event]:
    """Back to what was just before."""
    assert run.before is not None and run.before.step is not None
    return [Undone(run.before.step, run.before.turn + 1), Entered(run.before.step, run.visit + 1, kept=True)]


def is_untouched(child: Run) -> bool:
    """True where nothing has happened in a child run but its opening, and that of its own child."""
    return child.turn == (2 if child.child is None else 4)


def back_to_child(parent: Situation, child: int) -> list[Event]:
    """What lets a parent wait again for the child run whose end is taken back. Raises Refused where what followed from
    that end can be taken back no more."""
    before = parent.run.before
    stands = parent.run.progress in (Progress.ACTIVE, Progress.DONE)
    if not stands or before is None or before.child is None or before.child.run != child:
        raise Refused(Why.PARENT_WENT_ON)
    return undo(parent)


def release(run: Run, staff: Staff, office: Office) -> list[Event]:
    """What happens to a run of which whoever has it cannot be had any more, or is away; what they took up on a later
    day of their leave they do themselves, and so what they took up again. Where leave was asked for, that is answered
    first: it is the supervisors who are waited for. A rehearsal waits for whose it is."""
    if run.rehearsal or run.over or run.step is None or run.wish is not None or run.holder is None:
        return []
    if run.holder in staff.out:
        return [Released(run.step, run.holder)]
    away = staff.away.get(run.holder)
    if away is None or run.released == run.holder or office.day(run.work_began) > away.since:
        return []
    return [Released(run.step, run.holder, away=True)]


def _require_awake(parent: Situation | None) -> None:
    if parent is not None and parent.run.progress is Progress.PAUSED:
        raise Refused(Why.PARENT_RESTS)


def _undo_pause(now: Situation) -> list[Event]:
    if now.run.paused_at is None or now.at - now.run.paused_at > UNDO_WINDOW:
        raise Refused(Why.PAUSED)
    _require_awake(now.above)
    return [resumed(now.run, now.at, now.office)]


# What a step asks


def missing(step: Step, run: Run) -> tuple[str, ...]:
    """What Selesai still waits for, as labels of fields and items, `photo`, `file` and `location` for proof; in a
    rehearsal nothing."""
    return () if run.rehearsal else (*_missing_answers(step, run), *missing_evidence(step, run))


def _missing_answers(step: Step, run: Run) -> Iterator[str]:
    yield from (field.label for field in step.record if field.required and field.name not in run.values)
    yield from (text for number, text in enumerate(step.check) if number not in run.ticks)


def missing_evidence(step: Step, run: Run) -> Iterator[str]:
    """Of what `missing` tells, the proof."""
    if run.count(FileKind.PHOTO) < step.evidence.photos:
        yield FileKind.PHOTO
    if run.count(FileKind.FILE) < step.evidence.files:
        yield FileKind.FILE
    if step.evidence.location and not run.count(FileKind.LOCATION):
        yield FileKind.LOCATION


def next_field(step: Step, run: Run) -> Field | None:
    """The first field still to be filled; optional ones come after the required ones."""
    still = [field for field in step.record if field.name not in run.values]
    return min(still, key=lambda field: not field.required, default=None)


def field_named(step: Step, name: str) -> Field | None:
    """The step's field of that name."""
    return next((field for field in step.record if field.name == name), None)


def _require_ready(run: Run, step: Step, at: datetime, office: Office) -> None:
    opens = opens_at(run, step, office)
    if opens is not None and at < opens:
        raise Refused(Why.TOO_EARLY, opens=opens)
    wanting = missing(step, run)
    if wanting:
        raise Refused(Why.MISSING, missing=wanting)


def _record(run: Run, step: Step, command: Record) -> list[Event]:
    field = field_named(step, command.name)
    if field is None or (command.value is None and field.required):
        raise Refused(Why.UNFIT)
    if field.name in run.values and run.values[field.name] == command.value:
        return []
    recorded = Recorded(field.name, command.value)
    if command.value is None:
        return [recorded]
    match check(field.asks, command.value, run.known):
        case Verdict.INSIDE:
            return [recorded]
        case Verdict.UNEXPECTED:
            reason = _reason(command.reason, deviations.OUT_OF_RANGE)
            outside = beyond(field.asks, command.value, run.known)
            return [recorded, Deviated(Kind.OUT_OF_RANGE, step.id, reason, field.label, beyond=outside)]
        case Verdict.FORBIDDEN:
            raise Refused(Why.FORBIDDEN_VALUE, field=field, known=run.known)
        case verdict:
            assert_never(verdict)


def takes(step: Step, run: Run, kind: FileKind) -> bool:
    """Whether a file of that kind can be proof of the step now: what it wants, and more pictures and documents once it
    has all it wants."""
    match kind:
        case FileKind.PHOTO | FileKind.FILE:
            wanted = step.evidence.photos if kind is FileKind.PHOTO else step.evidence.files
            return wanted > 0 or not any(missing_evidence(step, run))
        case FileKind.LOCATION:
            return step.evidence.location
        case FileKind.VOICE:
            return False


def _attach(run: Run, step: Step, command: Attach) -> list[Event]:
    known = (*run.files, *(doubt.file for doubt in run.doubts))
    if any(file.unique == command.file.unique for file in known):
        raise Refused(Why.SAME_FILE)
    if not takes(step, run, command.file.kind):
        raise Refused(Why.WRONG_KIND, sent=command.file.kind, wanted=tuple(missing_evidence(step, run)))
    recognised = [Recognised(command.file, command.seen)] if command.seen else []
    return [Attached(command.file), *recognised]


def _recognise(run: Run, command: Recognise) -> list[Event]:
    if command.file in run.files:
        return [Recognised(command.file, command.seen)]
    if any(doubt.file == command.file for doubt in run.doubts):
        return []
    # its step ended before the bytes were here: it was kept
    return [Deviated(Kind.EVIDENCE_REUSED, command.step, detail=command.file.kind)]


def _judge(run: Run, step: Step, command: Judge) -> list[Event]:
    file = next((doubt.file for doubt in run.doubts if doubt.turn == command.doubt), None)
    if file is None:
        return []
    if not command.keep:
        return [Discarded(file)]
    return [Kept(file), Deviated(Kind.EVIDENCE_REUSED, step.id, detail=file.kind)]


def _waive(run: Run, step: Step, reason: Reason) -> list[Event]:
    if step.id in run.done or step.optional:
        return [Waived(step.id, reason, again=True)]
    return [Waived(step.id, reason, again=False), Deviated(Kind.NOT_APPLICABLE, step.id, reason)]


def _note(run: Run, step: Step, command: Note, at: datetime, office: Office) -> list[Event]:
    wanting = missing(step, run)
    if step.critical and wanting:
        raise Refused(Why.MISSING, missing=wanting)
    reason = _reason(command.reason, deviations.NOTE)
    done_at = _done_at(run, command.done_at, at) if reason is Reason.LATE_ENTRY else None
    proof = tuple(missing_evidence(step, run))
    events: list[Event] = [Noted(step.id, reason, tuple(name for name in wanting if name not in proof), done_at)]
    times = deviations.both_times(done_at, at) if done_at is not None else ""
    events.append(Deviated(deviations.kind_of_note(reason), step.id, reason, times))
    if proof:
        events.append(Deviated(Kind.EVIDENCE_MISSING, step.id, detail=", ".join(proof)))
    if done_at is not None and any(done_at < other for name, other in run.done.items() if name != step.id):
        events.append(Deviated(Kind.ORDER, step.id, reason))
    return [*events, *timing(run, step, done_at or at, office)]


def _done_at(run: Run, told: datetime | None, at: datetime) -> datetime:
    done_at = _past(told, at)
    if done_at < run.started_at.replace(second=0, microsecond=0):
        raise Refused(Why.BEFORE_START, started=run.started_at)
    return done_at


def _past(told: datetime | None, at: datetime) -> datetime:
    if told is None:
        raise TimeWanted
    if told > at:
        raise Refused(Why.FUTURE)
    return told


def _hurried(now: Situation) -> list[Event]:
    """That the step which ends now is the last of many which one person ended in a short time. Asked once a run."""
    run = now.run
    if run.hurry is not None or now.own_time is not None or run.rehearsal:
        return []
    mine = {name: at for name, at in run.done.items() if name in run.hands and run.hands[name].person == now.me}
    lately = {name: at for name, at in mine.items() if name != run.step and now.at - at <= now.haste.within}
    if len(lately) + 1 < now.haste.steps:
        return []
    return [Hurried((*lately, now.step.id), now.at - min(lately.values(), default=now.at))]


def _about_hurry(now: Situation, command: Backdate | Vouch) -> list[Event]:
    """What was done before the run began may be told too: no step's time is changed by it."""
    hurry = now.run.hurry
    if hurry is None or hurry.answered:
        raise Refused(Why.STALE)
    match command:
        case Vouch():
            return [Vouched(hurry.steps, hurry.span)]
        case Backdate(done_at=done_at):
            past = _past(done_at, now.at)
            told, times = Backdated(hurry.steps, past), deviations.both_times(past, now.at)
            return [told, Deviated(Kind.LATE_ENTRY, hurry.steps[-1], Reason.LATE_ENTRY, times)]


# Where a decision leads


def reasons_of(way: Way) -> tuple[AnyReason, ...]:
    """What can be given as the reason for taking `way`: the SOP's own words where it has any, and always another."""
    return (*way.reasons, Reason.OTHER) if way.reasons else deviations.SEND_BACK


def way_leads(run: Run, step: Step, number: int, at: datetime, office: Office) -> str | None:
    """Where the `number`-th way of a decision leads now, None being the end: `then` after `max` times or after the day
    `until`, else `next`."""
    assert isinstance(step.does, Decide)
    way = step.does.ways[number]
    used_up = way.max is not None and run.taken.get(way_key(step.id, number), 0) >= way.max
    return way.then if used_up or _after_last_day(way, run, at, office) else way.next


def _after_last_day(way: Way, run: Run, at: datetime, office: Office) -> bool:
    match way.until:
        case date() as last:
            return office.day(at) > last
        case Earlier(name=name):
            last_day = _moment(run.known, run.done, name, office.end_of)
            return last_day is not None and office.day(at) > office.day(last_day)
        case None:
            return False


# Time


def opens_at(run: Run, step: Step, office: Office) -> datetime | None:
    """Before when the step must not be finished, where it waits for something; a date opens it in its first second."""
    return None if step.not_before is None or run.rehearsal else _offset(run, step.not_before, office, office.start_of)


def begin_by(run: Run, step: Step, office: Office) -> datetime | None:
    """When the step must be begun, where its deadline says so."""
    return deadline_at(run, step, office) if step.deadline is not None and step.deadline.starts else None


def due_at(run: Run, step: Step, office: Office) -> datetime | None:
    """When the step must be done: the earlier of its standard time (pauses moved on) and its deadline."""
    ends = [standard_end(run, step, office)]
    if step.deadline is not None and not step.deadline.starts:
        ends.append(deadline_at(run, step, office))
    return min((end for end in ends if end is not None), default=None)


def standard_end(run: Run, step: Step, office: Office) -> datetime | None:
    """When the standard time of the step is over, pauses moved on; None where it has none or is not begun."""
    begins = begun_from(run, step, office)
    if step.within is None or begins is None:
        return None
    end = office.due(begins, step.within)
    return office.add(end, run.paused_for) if run.paused_for else end


def begun_from(run: Run, step: Step, office: Office) -> datetime | None:
    """Since when the step is worked on: not while it waits for its date, nor before it is begun where it may wait."""
    since = max(run.work_began, opens_at(run, step, office) or run.work_began)
    if step.deadline is None or not step.deadline.starts:
        return since
    return None if run.begun_at is None else max(since, run.begun_at)


def deadline_at(run: Run, step: Step, office: Office) -> datetime | None:
    """The latest moment that the step's deadline sets, for its end or for its beginning."""
    return None if step.deadline is None else _offset(run, step.deadline.at, office, office.end_of)


def _offset(run: Run, offset: Offset, office: Office, of_day: Callable[[date], datetime]) -> datetime | None:
    anchor = _moment(run.known, run.done, offset.anchor, of_day)
    if anchor is None or offset.duration is None:
        return anchor
    return office.before(anchor, offset.duration) if offset.before else office.due(anchor, offset.duration)


def _moment(
    known: Mapping[str, Value], done: Mapping[str, datetime], name: str, of_day: Callable[[date], datetime]
) -> datetime | None:
    match known.get(name):
        case date() as day:
            return of_day(day)
        case _:
            return done.get(name)


def timing(run: Run, step: Step, at: datetime, office: Office) -> Iterator[Event]:
    begun = min(run.begun_at or at, at)  # what is recorded afterwards was begun before it was recorded
    begin, due = begin_by(run, step, office), due_at(replace(run, begun_at=begun), step, office)
    if begin is not None and begun > begin:
        yield Deviated(Kind.OVER_TIME, step.id, detail=deviations.BEGUN_LATE, late=office.worked(begin, begun))
    if due is not None and at > due:
        yield Deviated(Kind.OVER_TIME, step.id, late=office.worked(due, at))
    elif step.at_least is not None:
        worked = office.worked(run.work_began, at) - run.paused_for
        least = office.worked(run.work_began, office.due(run.work_began, step.at_least))
        if worked < least:
            yield Deviated(Kind.UNDER_TIME, step.id, late=least - worked)


def needs_hand(sop: Sop, run: Run, step: Step) -> tuple[str, ...]:
    """The titles of the positions that the step belongs to; empty where whoever started does it."""
    titles = (sop.position(name) for name in step.by if name != INITIATOR)
    return tuple(position.title for position in titles if position is not None)


def with_reason(command: Reasoned, reason: AnyReason) -> Reasoned:
    """The same command, with its reason."""
    match command:
        case Choose():
            return replace(command, reason=reason)
        case _:
            return replace(command, reason=Reason(reason))
