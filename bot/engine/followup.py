"""What is done about a deviation: somebody answers for it, by a day, with proof; then the next runs are watched."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.engine.deviations import Kind, Severity
from bot.engine.review import URGENT
from bot.engine.run import Attachment, FileKind, FreeText


class FollowState(StrEnum):
    """How a follow-up stands."""

    NEW = "new"
    """Nobody was told yet: for a minute the step can still be undone."""
    OPEN = "open"
    DONE = "done"
    """Its owner says that it is done, and somebody else has to look at it."""
    WATCHED = "watched"
    """It is closed, and the next runs show whether it comes back."""
    SETTLED = "settled"
    VOID = "void"
    """The step was undone."""


class FollowMove(StrEnum):
    """What can be done with a follow-up. A move that wants words or a choice is asked for first."""

    TAKE = "take"
    PLAN = "plan"
    DUE = "due"
    GIVE = "give"
    PROVE = "prove"
    AGREE = "agree"
    BACK = "back"
    REOPEN = "reopen"
    GRADE = "grade"
    """Change how severe the deviation is."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is done about deviations of one kind at one step in one unit; it weighs as much as the gravest of them.
    `turn` goes up with every move, but not with what the clock brings: a reminder makes no words stale."""

    id: int
    deviation: int
    sop: str
    step: str
    kind: Kind
    unit: str | None
    severity: Severity
    state: FollowState
    turn: int
    owner: int | None = None
    due: date | None = None
    plan: str = ""
    proof: str = ""
    proof_file: FileKind | None = None
    done_by: int | None = None
    closed_at: datetime | None = None

    @property
    def closed(self) -> bool:
        """Whether nobody has to do anything about it any more."""
        return self.state in (FollowState.WATCHED, FollowState.SETTLED)


@dataclass(frozen=True, slots=True)
class Following:
    """What is asked on a deviation's card; `severity` was chosen and waits for its reason."""

    deviation: int
    move: FollowMove
    turn: int
    severity: Severity | None = None


def moves(it: FollowUp | None, me: int, *, judges: bool) -> frozenset[FollowMove]:
    """What `me` may do with a deviation and its follow-up; `judges`: they watch over the unit.

    Whoever says that it is done does not close what is grave: somebody else does."""
    grade = {FollowMove.GRADE} if judges else set()
    if it is None:
        return frozenset(grade | ({FollowMove.TAKE} if judges else set()))
    found: set[FollowMove] = set()
    match it.state:
        case FollowState.OPEN if me == it.owner:
            found = {FollowMove.PROVE, FollowMove.PLAN, FollowMove.DUE} | ({FollowMove.GIVE} if judges else set())
        case FollowState.OPEN if judges:
            found = {FollowMove.TAKE, FollowMove.GIVE}
        case FollowState.DONE if judges and me != it.done_by:
            found = {FollowMove.AGREE, FollowMove.BACK}
        case FollowState.WATCHED | FollowState.SETTLED if judges:
            found = {FollowMove.REOPEN}
        case _:
            pass
    return frozenset(found | grade)


def urgency(it: FollowUp) -> int:
    """How much it matters on the list of the day that it is overdue: what is grave is worth a sound."""
    return URGENT if it.severity is Severity.GRAVE else URGENT - 1


def may_weigh(me: int, concerned: Collection[int | None], before: Severity, after: Severity) -> bool:
    """Whether `me` may say how much a deviation weighs. Those whom it concerns, as they made it or answer for it, may
    make it heavier alone: else one person could close what is grave."""
    return me not in concerned or after.weight >= before.weight


# What is journalled. Each names the follow-up


@dataclass(frozen=True, slots=True)
class FollowUpOpened:
    """A deviation is followed up; `again`: it came back after it had been closed."""

    number: int
    deviation: int
    severity: Severity
    due: date
    again: bool = False


@dataclass(frozen=True, slots=True)
class FollowUpWeighed:
    """It weighs as much as the gravest of its deviations, which `deviation` is, and is due then."""

    number: int
    deviation: int
    before: Severity
    severity: Severity
    due: date | None


@dataclass(frozen=True, slots=True)
class FollowUpGiven:
    """Somebody answers for it, in place of whoever did before."""

    number: int
    before: int | None
    owner: int


@dataclass(frozen=True, slots=True)
class FollowUpPlanned:
    """What is to be done about it. `before` is in entries of old: what was to be done before stands in its own entry,
    so that whoever wrote it can have it erased."""

    number: int
    plan: FreeText
    before: FreeText = ""


@dataclass(frozen=True, slots=True)
class FollowUpMoved:
    """It is to be done by another day."""

    number: int
    before: date | None
    due: date


@dataclass(frozen=True, slots=True)
class FollowUpDone:
    """Its owner says that it is done, and how that shows."""

    number: int
    proof: FreeText
    file: Attachment | None = None


@dataclass(frozen=True, slots=True)
class FollowUpClosed:
    """It is closed; `alone`: by whoever did it, since nobody else watches over the unit, or it is not grave."""

    number: int
    alone: bool


@dataclass(frozen=True, slots=True)
class FollowUpReopened:
    """Somebody is not content with it."""

    number: int
    words: FreeText


@dataclass(frozen=True, slots=True)
class FollowUpSettled:
    """It did not come back in so many runs."""

    number: int
    runs: int


@dataclass(frozen=True, slots=True)
class SeverityChanged:
    """A deviation weighs more or less than the rules say."""

    deviation: int
    before: Severity
    after: Severity
    reason: FreeText
