"""The life of a version by its reviews: when one opens and is due, who is reminded of it when, and what is decided."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain, count, dropwhile, takewhile
from typing import TypeAlias, assert_never

from bot.engine.calendar import Duration, Office, later, months_before
from bot.engine.people import Staff
from bot.engine.run import FreeText
from bot.engine.sop import ReviewRule, Sop, Status

PUT_OFF = timedelta(days=14)
"""By how much a review is put off, from when it was due or from today where that is later."""
MOST_PUT_OFF = 2
"""How often one review may be put off."""
QUESTIONS = 7
"""Questions that an evaluation answers with yes or no: Tabel 8 of PermenPAN-RB 35/2012."""


class ReviewKind(StrEnum):
    """What is looked at: a trial, how an SOP in force is kept to, what it is worth; or that its revision is made."""

    TRIAL = "trial"
    MONITORING = "monitoring"
    EVALUATION = "evaluation"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Review:
    """A review that is to come: its window opens, and it is due. `round` goes up whenever the dates are set anew."""

    kind: ReviewKind
    opens: date
    due: date
    round: int = 1
    put_off: int = 0


# When


@dataclass(frozen=True, slots=True)
class Intervals:
    """When reviews come, and what a trial wants to have seen by then: as the office has it, or as it counts for an SOP.

    A trial `opens` and is `due` so long after it began. `remind` are the days ahead of a deadline on which it is spoken
    of."""

    opens: Duration
    due: Duration
    runs: int
    performers: int
    monitor: Duration
    evaluate: Duration
    revise: Duration
    remind: tuple[int, ...]

    def but(self, rule: ReviewRule) -> "Intervals":
        """The same, but for what an SOP says itself."""
        trial = rule.trial
        return Intervals(
            opens=trial.opens if trial else self.opens,
            due=trial.due if trial else self.due,
            runs=trial.runs if trial and trial.runs is not None else self.runs,
            performers=trial.performers if trial and trial.performers is not None else self.performers,
            monitor=rule.monitor or self.monitor,
            evaluate=rule.evaluate or self.evaluate,
            revise=rule.revise or self.revise,
            remind=self.remind if rule.remind is None else rule.remind,
        )


USUAL = Intervals(
    opens=Duration.parse("1 bulan"),
    due=Duration.parse("2 bulan"),
    runs=5,
    performers=2,
    monitor=Duration.parse("6 bulan"),
    evaluate=Duration.parse("12 bulan"),
    revise=Duration.parse("30 hari"),
    remind=(14, 7, 1),
)
"""What counts where neither the SOP nor the office says otherwise."""


def trial_review(count: Intervals, start: date) -> Review:
    """The review of a trial that began on `start`."""
    return Review(ReviewKind.TRIAL, later(start, count.opens), later(start, count.due))


def _regular(kind: ReviewKind, due: date, since: date) -> Review:
    return Review(kind, max(since, months_before(due, 1)), due)


def revision(count: Intervals, since: date) -> Review:
    """That the revision is made which was decided on at `since`."""
    return Review(ReviewKind.REVISION, since, later(since, count.revise))


def regular_reviews(count: Intervals, evaluated: date, looked_at: date) -> tuple[Review, ...]:
    """What an SOP in force has before it. `evaluated`: its last evaluation, else when it came into force; `looked_at`:
    its last decision of any kind. In the month of an evaluation no monitoring is held beside it."""
    whole = _regular(ReviewKind.EVALUATION, later(evaluated, count.evaluate), evaluated)
    part = _regular(ReviewKind.MONITORING, later(looked_at, count.monitor), looked_at)
    same = (whole.due.year, whole.due.month) == (part.due.year, part.due.month)
    return (whole,) if same else (part, whole)


def put_off(review: Review, today: date) -> Review:
    """The review after it was put off once more: a new round, due two weeks later."""
    return replace(review, due=max(review.due, today) + PUT_OFF, round=review.round + 1, put_off=review.put_off + 1)


def waits_from(review: Review) -> date:
    """From which day on a review is among what waits for whoever decides: once its window opens; where it was put off,
    a week before it is due."""
    return review.due - timedelta(days=7) if review.put_off else review.opens


def late(due: date, today: date) -> int:
    """By how many days a review is late; 0 where it is not."""
    return max(0, (today - due).days)


# Reminders


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of a review at which those responsible are reminded: so many days before (or after) a date of it."""

    name: str

    @property
    def week(self) -> int:
        """How many weeks late it is, 0 where it is not."""
        return int(self.name.removeprefix("late-")) if self.name.startswith("late-") else 0

    @property
    def ahead(self) -> int:
        """How many days ahead of the deadline it is, 0 where it is not."""
        return int(self.name.removeprefix("due-")) if self.name.startswith("due-") else 0


SOON, OPENS, DUE = Moment("opens-7"), Moment("opens"), Moment("due")
URGENT = 5
"""From this urgency on a list is worth a sound of its own."""


def urgency(moment: Moment) -> int:
    """How much a moment matters; more is sent first."""
    if moment in (SOON, OPENS):
        return (SOON, OPENS).index(moment)
    return max(2, URGENT - 1 - moment.ahead // 7) if moment.ahead else URGENT + moment.week


def moments(review: Review, start: date, office: Office, remind: Sequence[int]) -> Iterator[tuple[Moment, datetime]]:
    """When to remind of a review, in order and without end, since every week that it is late is one: when the office
    opens on that day, or on the next working day. What lies before `start` is dropped, and so is what counts back from
    the deadline to before the window. What was put off does not speak of the window again."""
    window = {SOON: review.opens - timedelta(days=7), OPENS: review.opens} if not review.put_off else {}
    ahead = {Moment(f"due-{days}"): review.due - timedelta(days=days) for days in sorted(remind, reverse=True)}
    ahead[DUE] = review.due
    first = start if review.put_off else max(start, review.opens)
    days = [(day, moment) for moment, day in window.items() if day >= start]
    days += [(day, moment) for moment, day in ahead.items() if day >= first]
    for day, moment in sorted(days, key=lambda one: one[0]):
        yield moment, _morning(day, office)
    for week in count(1):
        day = review.due + timedelta(weeks=week)
        if day >= start:
            yield Moment(f"late-{week}"), _morning(day, office)


def _morning(day: date, office: Office) -> datetime:
    return office.opening(office.start_of(day))


def until_late(
    review: Review, start: date, office: Office, remind: Sequence[int]
) -> tuple[tuple[Moment, datetime], ...]:
    """The moments that are planned at once: up to the first week that the review is late. The next is planned as that
    one fires."""
    return _up_to_late(moments(review, start, office, remind))


def _up_to_late(some: Iterable[tuple[Moment, datetime]]) -> tuple[tuple[Moment, datetime], ...]:
    planned = []
    for one in some:
        planned.append(one)
        if one[0].week:
            break
    return tuple(planned)


def set_anew(
    review: Review, start: date, office: Office, remind: Sequence[int], tomorrow: datetime, *, owed: bool
) -> tuple[tuple[Moment, datetime], ...]:
    """The moments that are planned at once of a review that has other dates than before: what comes from `tomorrow` on.
    Where something is `owed`, which was due and was not told, the latest that came by then is told instead."""
    passed = [*takewhile(lambda one: one[1] < tomorrow, moments(review, start, office, remind))]
    coming = dropwhile(lambda one: one[1] < tomorrow, moments(review, start, office, remind))
    return _up_to_late(chain(passed[-1:] if owed else (), coming))


@dataclass(frozen=True, slots=True)
class Fired:
    """What a reminder that fires does: `told` is the moment that is spoken of, `passed` those weeks of lateness that
    went by with it, `next` what is planned after it, where anything is."""

    told: Moment
    passed: tuple[tuple[Moment, datetime], ...] = ()
    next: tuple[Moment, datetime] | None = None


def fire(claimed: tuple[Moment, ...], review: Review, now: datetime, office: Office) -> Fired:
    """Of several moments that are due at once, as after a downtime, only the latest is spoken of. They are in order."""
    last = claimed[-1]
    if not last.week:
        return Fired(last)
    after = dropwhile(lambda one: one[0].week <= last.week, moments(review, review.due, office, ()))
    passed, upcoming = [], next(after)
    while upcoming[1] <= now:
        passed.append(upcoming)
        upcoming = next(after)
    return Fired(passed[-1][0] if passed else last, tuple(passed), upcoming)


# Who


class Seat(StrEnum):
    """Who is responsible for an SOP, in the order in which one takes the other's place."""

    AUTHOR = "author"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    ADMIN = "admin"


def seats(sop: Sop, staff: Staff) -> Mapping[Seat, tuple[int, ...]]:
    """Who sits where today."""
    team = {Seat.AUTHOR: sop.team.author, Seat.SUPERVISOR: sop.team.supervisor, Seat.MANAGER: sop.team.manager}
    return {seat: staff.holding(position) for seat, position in team.items()} | {Seat.ADMIN: staff.admins}


def next_in_line(seated: Mapping[Seat, tuple[int, ...]], seat: Seat) -> tuple[int, ...]:
    """Those who sit there, else those who are next in line."""
    line = dropwhile(lambda one: one is not seat, Seat)
    return next((seated[one] for one in line if seated.get(one)), ())


def reminded(seated: Mapping[Seat, tuple[int, ...]], moment: Moment) -> Mapping[int, frozenset[Seat]]:
    """Who is reminded, each with the empty seats whose place they take: author and supervisor, and once it is late the
    manager too."""
    asked = [Seat.AUTHOR, Seat.SUPERVISOR, *([Seat.MANAGER] if moment.week else [])]
    found: dict[int, frozenset[Seat]] = {}
    for seat in asked:
        missing = frozenset[Seat]() if seated.get(seat) else frozenset({seat})
        for person in next_in_line(seated, seat):
            found[person] = found.get(person, frozenset()) | missing
    return found


def deciding(seated: Mapping[Seat, tuple[int, ...]], due: date, today: date) -> tuple[int, ...]:
    """Who may decide: the supervisor, else who is next in line; once it is late the manager as well."""
    first = next_in_line(seated, Seat.SUPERVISOR)
    also = next_in_line(seated, Seat.MANAGER) if today > due else ()
    return tuple(dict.fromkeys((*first, *also)))


# The decision


class Verdict(StrEnum):
    """What is decided of a review."""

    IN_FORCE = "in force"
    WELL = "well"
    BADLY = "badly"
    KEEP = "keep"
    REVISE = "revise"
    WITHDRAW = "withdraw"
    POSTPONE = "postpone"


def verdicts(review: Review, status: Status) -> tuple[Verdict, ...]:
    """What can be decided of a review of a version that stands so; the last is to put it off, which may be done twice.

    A revision ends with the new version; until then it may be found that none is needed."""
    later_on = (Verdict.POSTPONE,) if review.put_off < MOST_PUT_OFF else ()
    match review.kind:
        case ReviewKind.TRIAL:
            return (Verdict.IN_FORCE, Verdict.REVISE, Verdict.WITHDRAW, *later_on)
        case ReviewKind.MONITORING:
            return (Verdict.WELL, Verdict.BADLY, Verdict.REVISE, *later_on)
        case ReviewKind.EVALUATION:
            return (Verdict.KEEP, Verdict.REVISE, Verdict.WITHDRAW, *later_on)
        case ReviewKind.REVISION:
            as_it_is = Verdict.IN_FORCE if status is Status.TRIAL else Verdict.KEEP
            return (as_it_is, Verdict.WITHDRAW, *later_on)
        case kind:
            assert_never(kind)


class Ground(StrEnum):
    """Why it is decided so, as chosen from a short list; words may stand instead."""

    FITS = "fits"
    SMALL_GAPS = "small_gaps"
    STEPS = "steps"
    TIMES = "times"
    RULES = "rules"
    CHANGED = "changed"
    UNUSED = "unused"
    REPLACED = "replaced"
    NO_MEETING = "no_meeting"
    DATA_AWAITED = "data_awaited"
    DECIDER_AWAY = "decider_away"
    OWN = "own"


_GOOD = (Ground.FITS, Ground.SMALL_GAPS)
_CHANGE = (Ground.STEPS, Ground.TIMES, Ground.RULES, Ground.CHANGED)
GROUNDS: Mapping[Verdict, tuple[Ground, ...]] = {
    Verdict.IN_FORCE: _GOOD,
    Verdict.WELL: _GOOD,
    Verdict.KEEP: _GOOD,
    Verdict.BADLY: _CHANGE,
    Verdict.REVISE: _CHANGE,
    Verdict.WITHDRAW: (Ground.UNUSED, Ground.REPLACED, Ground.RULES),
    Verdict.POSTPONE: (Ground.NO_MEETING, Ground.DATA_AWAITED, Ground.DECIDER_AWAY),
}
"""The reasons that are offered for each."""


class Lacks(StrEnum):
    """What a decision still lacks."""

    ANSWER = "answer"
    GROUND = "ground"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Judging:
    """A decision as it is being made: the answers so far, the reason, and what is to be done about it."""

    review: int
    round: int
    verdict: Verdict
    answers: tuple[bool, ...] = ()
    ground: Ground | None = None
    words: str = ""
    action: str = ""


def lacks(kind: ReviewKind, judging: Judging) -> Lacks | None:
    """What has to be asked next, None where the decision is complete."""
    evaluates = kind is ReviewKind.EVALUATION and judging.verdict is not Verdict.POSTPONE
    if evaluates and len(judging.answers) < QUESTIONS:
        return Lacks.ANSWER
    if judging.ground is None:
        return Lacks.GROUND
    if judging.verdict is Verdict.BADLY and not judging.action:
        return Lacks.ACTION
    return None


@dataclass(frozen=True, slots=True)
class Remarking:
    """What one wants to have considered in a review."""

    review: int


ReviewQuestion: TypeAlias = Judging | Remarking


# Events


@dataclass(frozen=True, slots=True)
class VersionLoaded:
    """A version of an SOP was seen for the first time, with the status its file gave it or as a draft."""

    status: Status
    digest: str


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """A version came into force, or was withdrawn, or gave way to another."""

    status: Status


@dataclass(frozen=True, slots=True)
class TrialStarted:
    """A version went on trial; its review opens and is due on these days."""

    start: date
    opens: date
    due: date


@dataclass(frozen=True, slots=True)
class ReviewPlanned:
    """A review was planned, or its dates were set anew."""

    review: int
    kind: ReviewKind
    opens: date
    due: date


@dataclass(frozen=True, slots=True)
class Reminded:
    """Those responsible were reminded of a review."""

    review: int
    moment: Moment


@dataclass(frozen=True, slots=True)
class Remarked:
    """Somebody of an SOP's team added their word to a review."""

    review: int
    text: FreeText


@dataclass(frozen=True, slots=True)
class Decided:
    """A review was decided, or put off: why, and, of an evaluation, what the seven questions were answered."""

    review: int
    verdict: Verdict
    ground: Ground
    text: FreeText = ""
    action: FreeText = ""
    answers: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Hushed:
    """Somebody wants no reminders until then; None: they want them again."""

    until: datetime | None
