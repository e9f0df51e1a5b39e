"""Working time: office hours, days off, and what "3 hari kerja" means."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Unit(StrEnum):
    """What a duration is counted in; the rules stand at `Office.due`."""

    MINUTES = "minutes"  # inside office hours
    HOURS = "hours"  # inside office hours
    DAYS = "days"  # working days: until the closing of the n-th one after
    WEEKS = "weeks"  # the same weekday later, moved to the closing of a working day
    MONTHS = "months"  # the same date later, moved likewise
    CALENDAR_HOURS = "calendar hours"  # run through nights and days off
    CALENDAR_DAYS = "calendar days"
    MONTH_END = "month end"
    SEMESTER_END = "semester end"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as an SOP states it. `text` keeps the words of the file; `amount` is never negative."""

    amount: Decimal
    unit: Unit
    text: str
