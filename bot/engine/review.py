"""When an SOP is to be looked at again, and when those responsible are reminded of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from bot.engine.calendar import Duration, Office, later
from bot.engine.sop import Sop, Status, TrialRule

USUAL_TRIAL = TrialRule(Duration.parse("1 bulan"), Duration.parse("2 bulan"))
"""One to two months, as the office's guidance has it; an SOP may say otherwise."""


class ReviewKind(StrEnum):
    """The three kinds of review; an SOP on trial has the first."""

    TRIAL = "trial"


class Moment(StrEnum):
    """A moment of a review at which those responsible are reminded."""

    OPENS = "opens"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Review:
    """A review that is to come: its window opens, and it is due."""

    kind: ReviewKind
    opens: date
    due: date


@dataclass(frozen=True, slots=True)
class VersionLoaded:
    """A version of an SOP was seen for the first time, with the status its file gave it or as a draft."""

    status: Status
    digest: str


@dataclass(frozen=True, slots=True)
class TrialStarted:
    """A version went on trial; its review opens and is due on these days."""

    start: date
    opens: date
    due: date


@dataclass(frozen=True, slots=True)
class Reminded:
    """Those responsible were reminded of a review."""

    review: int
    moment: Moment


def trial_review(sop: Sop, start: date) -> Review:
    """The review of a trial that began on `start`."""
    rule = sop.review.trial or USUAL_TRIAL
    return Review(ReviewKind.TRIAL, later(start, rule.opens), later(start, rule.due))


def moments(review: Review, start: date, office: Office) -> tuple[tuple[Moment, datetime], ...]:
    """When to remind of a review: when the office opens on its days, or on the next working day. What lies before
    `start` is dropped."""
    days = ((Moment.OPENS, review.opens), (Moment.DUE, review.due))
    return tuple((moment, _morning(day, office)) for moment, day in days if day >= start)


def _morning(day: date, office: Office) -> datetime:
    return office.opening(datetime.combine(day, time(), tzinfo=office.zone))


def worth_sending(overdue: Sequence[Moment]) -> Moment:
    """Of several moments that are due at once, as after a downtime, the only one still worth a message."""
    return max(overdue, key=list(Moment).index)


def late(due: date, today: date) -> int:
    """By how many days a review is late; 0 where it is not."""
    return max(0, (today - due).days)
