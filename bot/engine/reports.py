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
