"""Working time: office hours, days off, and what "3 hari kerja" means."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo


class Unit(StrEnum):
    """What a duration is counted in; the rules stand at `Office.due`."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    CALENDAR_HOURS = "calendar hours"
    CALENDAR_DAYS = "calendar days"
    MONTH_END = "month end"
    SEMESTER_END = "semester end"


_UNITS = {
    "menit": Unit.MINUTES,
    "jam": Unit.HOURS,
    "hari": Unit.DAYS,
    "hari kerja": Unit.DAYS,
    "minggu": Unit.WEEKS,
    "bulan": Unit.MONTHS,
    "jam kalender": Unit.CALENDAR_HOURS,
    "hari kalender": Unit.CALENDAR_DAYS,
}
_ENDS = {"akhir bulan": Unit.MONTH_END, "akhir semester": Unit.SEMESTER_END}
_WHOLE = {Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.CALENDAR_DAYS}
_NUMBER = r"(\d{1,4}(?:,\d{1,2})?)"
_LENGTH = re.compile(rf"(?:{_NUMBER}\s*(?:-|–|s\.?d\.?|sampai)\s*)?{_NUMBER}\s*(?:\([a-z ]+\)\s*)?([a-z ]+)")
_CLOCK_ROUND = re.compile(r"(\d{1,3})\s*[x×]\s*24\s*jam")


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as an SOP states it. `text` keeps the words of the file; `amount` is never negative."""

    amount: Decimal
    unit: Unit
    text: str

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read `5 menit`, `5-10 menit` (the larger counts), `1,5 jam`, `5 (lima) hari`, `2x24 jam`, `akhir bulan`.

        Raises ValueError for everything that is no length of time, such as `sesuai jadwal`."""
        plain = " ".join(text.lower().split())
        if plain in _ENDS:
            return cls(Decimal(0), _ENDS[plain], text)
        if round_the_clock := _CLOCK_ROUND.fullmatch(plain):
            return cls(Decimal(round_the_clock[1]) * 24, Unit.CALENDAR_HOURS, text)
        length = _LENGTH.fullmatch(plain)
        if length is None or length[3] not in _UNITS:
            raise ValueError(f"not a duration: {text}")
        amounts = [Decimal(number.replace(",", ".")) for number in (length[1], length[2]) if number]
        unit = _UNITS[length[3]]
        if unit in _WHOLE and any(amount % 1 for amount in amounts):
            raise ValueError(f"only whole {unit}: {text}")
        return cls(max(amounts), unit, text)


Slot = tuple[time, time]
Week = tuple[tuple[Slot, ...], ...]
"""The open hours of each weekday, Monday first; a day without slots is off."""

_HORIZON = 800
"""Days that are looked through before an office is said to be never open."""


class NeverOpen(ValueError):
    """The office has no working time in sight: its settings are wrong."""


@dataclass(frozen=True, slots=True)
class Office:
    """When an office works. Moments are aware and come back in UTC; a naive one raises ValueError."""

    zone: ZoneInfo
    week: Week
    fasting_week: Week = ()
    fasting: tuple[tuple[date, date], ...] = ()  # first and last day of Ramadan, year by year
    day_off: Callable[[date], bool] = lambda day: False

    def slots(self, day: date) -> tuple[Slot, ...]:
        """The open hours of `day`, empty on a day off."""
        if self.day_off(day):
            return ()
        fasting = self.fasting_week and any(first <= day <= last for first, last in self.fasting)
        return (self.fasting_week if fasting else self.week)[day.weekday()]

    def is_working_day(self, day: date) -> bool:
        """True where the office opens on `day`."""
        return bool(self.slots(day))

    def day(self, at: datetime) -> date:
        """The date at the office."""
        return self._there(at).date()

    def end_of(self, day: date) -> datetime:
        """The last moment of a calendar day."""
        return self._utc(datetime.combine(day, time(23, 59, 59)))

    def opening(self, at: datetime) -> datetime:
        """`at` itself inside working hours, else when the office opens next."""
        for start, end in self._open_from(at):
            if at < end:
                return max(start, at.astimezone(UTC))
        raise NeverOpen

    def due(self, start: datetime, length: Duration) -> datetime:
        """When `length`, begun at `start`, is over.

        Minutes and hours run inside working hours. `n hari` end at closing time of the n-th working day after the
        first. Weeks and months end on the same weekday or date later, moved to the closing of the next working day.
        Calendar hours and days run through. The end of a month or semester is the closing of its last working day."""
        amount, first = length.amount, self.day(start)
        match length.unit:
            case Unit.MINUTES:
                return self.add(start, timedelta(minutes=float(amount)))
            case Unit.HOURS:
                return self.add(start, timedelta(hours=float(amount)))
            case Unit.DAYS:
                return self._nth_closing(start, int(amount))
            case Unit.WEEKS | Unit.MONTHS:
                return self._closing_from(later(first, length))
            case Unit.CALENDAR_HOURS:
                return start.astimezone(UTC) + timedelta(hours=float(amount))
            case Unit.CALENDAR_DAYS:
                return start.astimezone(UTC) + timedelta(days=int(amount))
            case Unit.MONTH_END | Unit.SEMESTER_END:
                return self._last_closing(first, later(first, length), start)
            case unit:
                assert_never(unit)

    def before(self, end: datetime, length: Duration) -> datetime:
        """The latest moment from which `length` still fits before `end`; whole days end at the closing of theirs."""
        match length.unit:
            case Unit.MINUTES | Unit.HOURS:
                return self._subtract(end, self.worked_length(length))
            case Unit.DAYS:
                return self._nth_closing_before(self.day(end), int(length.amount))
            case Unit.CALENDAR_HOURS:
                return end.astimezone(UTC) - timedelta(hours=float(length.amount))
            case _:
                days = {Unit.WEEKS: 7, Unit.MONTHS: 30}.get(length.unit, 1)
                return end.astimezone(UTC) - timedelta(days=days * int(length.amount))

    @staticmethod
    def worked_length(length: Duration) -> timedelta:
        """Minutes or hours as working time."""
        return timedelta(minutes=float(length.amount * (60 if length.unit is Unit.HOURS else 1)))

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The moment at which `working` time has passed since `start`; nothing added changes nothing."""
        if working <= timedelta():
            return start.astimezone(UTC)
        for opens, closes in self._open_from(start):
            begins = max(opens, start)
            if closes <= begins:
                continue
            if begins + working <= closes:
                return (begins + working).astimezone(UTC)
            working -= closes - begins
        raise NeverOpen

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two moments, zero where `end` is not after `start`."""
        total = timedelta()
        if end <= start:
            return total
        for opens, closes in self._open_from(start, days=(end - start).days + 2):
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, start), timedelta())
        return total

    def _there(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return at.astimezone(self.zone)

    def _utc(self, there: datetime) -> datetime:
        return there.replace(tzinfo=self.zone).astimezone(UTC)

    def _open_from(self, start: datetime, days: int = _HORIZON) -> Iterator[tuple[datetime, datetime]]:
        first = self.day(start)
        for ahead in range(days + 1):
            day = first + timedelta(days=ahead)
            for opens, closes in self.slots(day):
                yield self._utc(datetime.combine(day, opens)), self._utc(datetime.combine(day, closes))

    def _closing(self, day: date) -> datetime | None:
        slots = self.slots(day)
        return self._utc(datetime.combine(day, slots[-1][1])) if slots else None

    def _closings(self, first: date, step: int) -> Iterator[datetime]:
        for ahead in range(_HORIZON):
            closing = self._closing(first + timedelta(days=ahead * step))
            if closing is not None:
                yield closing
        raise NeverOpen

    def _closing_from(self, day: date) -> datetime:
        return next(self._closings(day, 1))

    def _nth_closing(self, start: datetime, count: int) -> datetime:
        if count == 0:
            return start.astimezone(UTC)
        closings = self._closings(self.day(start) + timedelta(days=1), 1)
        return [next(closings) for _ in range(count)][-1]

    def _nth_closing_before(self, day: date, count: int) -> datetime:
        closings = self._closings(day - timedelta(days=1) if count else day, -1)
        return [next(closings) for _ in range(max(count, 1))][-1]

    def _last_closing(self, first: date, last: date, start: datetime) -> datetime:
        closing = next(self._closings(last, -1))
        # begun after the last closing of the period: the next working day is the earliest there is
        return closing if closing > start and self.day(closing) >= first else self._nth_closing(start, 1)

    def _subtract(self, end: datetime, working: timedelta) -> datetime:
        day = self.day(end)
        for back in range(_HORIZON):
            for opens, closes in reversed(self.slots(day - timedelta(days=back))):
                begins = self._utc(datetime.combine(day - timedelta(days=back), opens))
                until = min(self._utc(datetime.combine(day - timedelta(days=back), closes)), end)
                if until - begins >= working:
                    return (until - working).astimezone(UTC)
                working -= max(until - begins, timedelta())
        raise NeverOpen


def later(day: date, length: Duration) -> date:
    """The date `length` later by the calendar, as intervals of reviews are counted: a month after 31 January is the
    last of February. Minutes and hours end on the same day."""
    match length.unit:
        case Unit.DAYS | Unit.CALENDAR_DAYS:
            return day + timedelta(days=int(length.amount))
        case Unit.WEEKS:
            return day + timedelta(weeks=int(length.amount))
        case Unit.MONTHS:
            return _month_later(day, int(length.amount))
        case Unit.CALENDAR_HOURS:
            return day + timedelta(hours=int(length.amount))
        case Unit.MONTH_END:
            return day.replace(day=monthrange(day.year, day.month)[1])
        case Unit.SEMESTER_END:
            return date(day.year, 6, 30) if day.month <= 6 else date(day.year, 12, 31)
        case Unit.MINUTES | Unit.HOURS:
            return day
        case unit:
            assert_never(unit)


def _month_later(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
