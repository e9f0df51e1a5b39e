"""A claim that the procedure itself is wrong. It never counts against whoever makes it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.engine.run import Attachment, FreeText


class Fault(StrEnum):
    """What is said to be wrong with an SOP."""

    TYPO = "typo"
    ORDER = "order"
    STEP_MISSING = "step_missing"
    STEP_NEEDLESS = "step_needless"
    WRONG_PERFORMER = "wrong_performer"
    UNREAL_TIME = "unreal_time"
    RULE_CHANGED = "rule_changed"
    OTHER = "other"


class Standing(StrEnum):
    """What became of a report."""

    OPEN = "open"
    ACCEPTED = "accepted"
    IN_REVISION = "in_revision"
    REJECTED = "rejected"
    PUBLISHED = "published"


ANSWERS = (Standing.ACCEPTED, Standing.REJECTED, Standing.IN_REVISION)
"""What an author may answer, in the order of the buttons."""

PENDING = (Standing.OPEN, Standing.ACCEPTED, Standing.IN_REVISION)
"""Of these something is still to come; whoever notices the same may join them."""

FOR_REVISION = (Standing.ACCEPTED, Standing.IN_REVISION)
"""These belong to the next version of their SOP."""


class Remark(StrEnum):
    """What words are that were added to a report."""

    SAID = "said"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class Reported:
    """Somebody said that an SOP is wrong. `number` is what they were told."""

    number: int
    fault: Fault
    step: str | None


@dataclass(frozen=True, slots=True)
class ReportExplained:
    """Words or a file were added to a report."""

    number: int
    text: FreeText
    file: Attachment | None = None


@dataclass(frozen=True, slots=True)
class ReportReworded:
    """The reporter proposed how the SOP should read."""

    number: int
    text: FreeText


@dataclass(frozen=True, slots=True)
class ReportMerged:
    """A report says the same as another, which from now on stands for both."""

    number: int
    into: int


@dataclass(frozen=True, slots=True)
class ReportAnswered:
    """An author answered a report, and with it all that were merged into it."""

    number: int
    before: Standing
    after: Standing
    text: FreeText


@dataclass(frozen=True, slots=True)
class ReportPublished:
    """A version came out that takes a report in."""

    number: int
    version: str


@dataclass(frozen=True, slots=True)
class ReportReminded:
    """Those responsible were reminded of a report without an answer, for the n-th time."""

    number: int
    reminder: int
