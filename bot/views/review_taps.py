"""What the buttons of reviews and reminders send back."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Reviews:
    """A page of the reviews that are to come."""

    page: int


@dataclass(frozen=True, slots=True)
class ShowReview:
    """Open the card of a review."""

    review: int


@dataclass(frozen=True, slots=True)
class RunsBehind:
    """A page of the runs behind the card of a review; `place` 0: all of them, n: those that departed from step n."""

    review: int
    place: int
    page: int


@dataclass(frozen=True, slots=True)
class ReviewPaper:
    """The form that belongs to a review, filled in: as a PDF or a sheet."""

    review: int
    sheet: bool


@dataclass(frozen=True, slots=True)
class SendDates:
    """Send the dates of all reviews as a calendar file."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Add one's word to a review."""

    review: int


@dataclass(frozen=True, slots=True)
class Decide:
    """The n-th of what can be decided of a review, as it stood in that round."""

    review: int
    round: int
    number: int


@dataclass(frozen=True, slots=True)
class AnswerOne:
    """Yes or no to the n-th question of an evaluation."""

    ask: int
    place: int
    yes: bool


@dataclass(frozen=True, slots=True)
class Grounded:
    """The n-th of the reasons that are offered."""

    ask: int
    number: int


@dataclass(frozen=True, slots=True)
class LeaveReview:
    """Back to the card, without deciding anything."""

    ask: int


@dataclass(frozen=True, slots=True)
class Hush:
    """No reminders for so many days; 0: from now on again."""

    days: int


ReviewTap: TypeAlias = (
    Reviews
    | ShowReview
    | RunsBehind
    | ReviewPaper
    | SendDates
    | Remark
    | Decide
    | AnswerOne
    | Grounded
    | LeaveReview
    | Hush
)

CODES: dict[str, type] = {
    "vlist": Reviews,
    "vshow": ShowReview,
    "vruns": RunsBehind,
    "vpaper": ReviewPaper,
    "vdates": SendDates,
    "vword": Remark,
    "vdecide": Decide,
    "vyes": AnswerOne,
    "vwhy": Grounded,
    "vback": LeaveReview,
    "hush": Hush,
}
