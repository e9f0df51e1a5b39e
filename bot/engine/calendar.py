"""Working time: office hours, days off, and what "3 hari kerja" means."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import islice
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
_NUMBER = r"([0-9]{1,4}(?:,[0-9]{1,2})?)"
_LENGTH = re.compile(rf"(?:{_NUMBER}\s*(?:-|–|s\.?d\.?|sampai)\s*)?{_NUMBER}\s*(?:\([a-z ]+\)\s*)?([a-z ]+)")
_CLOCK_ROUND = re.compile(r"([0-9]{1,3})\s*[x×]\s*24\s*jam")


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as an SOP states it. `text` keeps the words of the file; `amount` is never negative, and whole
    for everything longer than an hour."""

    amount: Decimal
    unit: Unit
    text: str

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read `5 menit`, `5-10 menit` (the larger counts), `1,5 jam`, `5 (lima) hari`, `2x24 jam`, `akhir bulan`.

        Raises ValueError for everything that is no length of time, such as `sesuai jadwal`."""
        plain = " ".join(text.lower().split())
        if plain in _ENDS:
            return cls(Decimal(1), _ENDS[plain], text)
        if round_the_clock := _CLOCK_ROUND.fullmatch(plain):
            return cls(Decimal(round_the_clock[1]) * 24, Unit.CALENDAR_HOURS, text)
        length = _LENGTH.fullmatch(plain)
        if length is None or length[3] not in _UNITS:
            raise ValueError(f"not a duration: {text}")
        amounts = [Decimal(number.replace(",", ".")) for number in (length[1], length[2]) if number]
        unit = _UNITS[length[3]]
        if unit in _WHOLE and any(amount % 1 for amount in amounts):
            raise ValueError(f"{unit} are counted in whole numbers: {text}")
        return cls(max(amounts), unit, text)

    @classmethod
    def is_one(cls, text: str) -> bool:
        """Whether `parse` can read it."""
        try:
            cls.parse(text)
        except ValueError:
            return False
        return True


Slot = tuple[time, time]
Week = tuple[tuple[Slot, ...], ...]
"""The open hours of each weekday, Monday first and in order; a day without slots is off."""

_LONGEST_CLOSURE = 366
"""Days on end without working time after which an office is said to be never open."""


class NeverOpen(ValueError):
    """The office has no working time in sight: its settings are wrong."""


@dataclass(frozen=True, slots=True)
class Office:
    """When an office works. Moments are aware and come back in UTC; a naive one raises ValueError.

    Whatever looks for working time raises NeverOpen where a year has none."""

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
        return _aware(at).astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """The first second of a calendar day."""
        return self._at(day, time())

    def end_of(self, day: date) -> datetime:
        """The last second of a calendar day."""
        return self._at(day, time(23, 59, 59))

    def opening(self, at: datetime) -> datetime:
        """`at` itself inside working hours, else when the office opens next."""
        at = _aware(at)
        return next(max(opens, at) for opens, closes in self._open_from(at) if at < closes)

    def is_open(self, at: datetime) -> bool:
        """Whether that is inside working hours."""
        return self.opening(at) == at

    def due(self, start: datetime, length: Duration) -> datetime:
        """When `length`, begun at `start`, is over.

        Minutes and hours run inside working hours. `n hari` end at closing time of the n-th working day after the
        first. Weeks and months end on the same weekday or date later, moved to the closing of the next working day.
        Calendar hours and days run through. The end of a month or semester is the closing of its last working day."""
        start = _aware(start)
        if not length.amount:
            return start
        match length.unit:
            case Unit.MINUTES | Unit.HOURS:
                return self.add(start, _elapsing(length))
            case Unit.CALENDAR_HOURS | Unit.CALENDAR_DAYS:
                return start + _elapsing(length)
            case Unit.DAYS:
                return self._closing_after(self.day(start), int(length.amount))
            case Unit.WEEKS | Unit.MONTHS:
                return next(self._closings(later(self.day(start), length)))
            case Unit.MONTH_END | Unit.SEMESTER_END:
                closing = next(self._closings(later(self.day(start), length), back=True))
                # begun after the last closing of the period: the next working day is the earliest there is
                return closing if closing > start else self._closing_after(self.day(start), 1)
            case unit:
                assert_never(unit)

    def before(self, end: datetime, length: Duration) -> datetime:
        """The moment that lies `length` before `end`, by the rules of `due` turned round.

        `n hari` before is closing time of the n-th working day before; weeks and months lead to the same weekday or
        date earlier, moved to the closing of the last working day up to it. The end of a month or semester is no
        length and takes nothing off."""
        end = _aware(end)
        if not length.amount:
            return end
        match length.unit:
            case Unit.MINUTES | Unit.HOURS:
                return self._subtract(end, _elapsing(length))
            case Unit.CALENDAR_HOURS | Unit.CALENDAR_DAYS:
                return end - _elapsing(length)
            case Unit.DAYS:
                closings = self._closings(self.day(end) - timedelta(days=1), back=True)
                return next(islice(closings, int(length.amount) - 1, None))
            case Unit.WEEKS:
                return next(self._closings(self.day(end) - timedelta(weeks=int(length.amount)), back=True))
            case Unit.MONTHS:
                return next(self._closings(_months_later(self.day(end), -int(length.amount)), back=True))
            case Unit.MONTH_END | Unit.SEMESTER_END:
                return end
            case unit:
                assert_never(unit)

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The moment at which `working` time has passed since `start`; nothing added changes nothing."""
        start = _aware(start)
        if not working:
            return start
        for opens, closes in self._open_from(start):
            begins = max(opens, start)
            if begins + working <= closes:
                return begins + working
            working -= max(closes - begins, timedelta())
        raise NeverOpen  # not reached: open hours only end by raising it

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two moments, zero where `end` is not after `start`."""
        start, end = _aware(start), _aware(end)
        first, last = self.day(start), self.day(end)
        days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
        shares = (min(closes, end) - max(opens, start) for day in days for opens, closes in self._open(day))
        return sum((share for share in shares if share > timedelta()), timedelta())

    def _subtract(self, end: datetime, working: timedelta) -> datetime:
        for day in self._working_days(self.day(end), back=True):
            for opens, closes in reversed(self._open(day)):
                ends = min(closes, end)
                if ends - working >= opens:
                    return ends - working
                working -= max(ends - opens, timedelta())
        raise NeverOpen  # not reached, as in `add`

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)

    def _open(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        return tuple((self._at(day, opens), self._at(day, closes)) for opens, closes in self.slots(day))

    def _open_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        for day in self._working_days(self.day(start)):
            yield from self._open(day)

    def _working_days(self, first: date, *, back: bool = False) -> Iterator[date]:
        day, closed = first, 0
        while closed < _LONGEST_CLOSURE:
            if self.is_working_day(day):
                closed = 0
                yield day
            else:
                closed += 1
            day += timedelta(days=-1 if back else 1)
        raise NeverOpen(
            f"from {first} on a year goes by without a working day: look at the office's hours and days off"
        )

    def _closings(self, first: date, *, back: bool = False) -> Iterator[datetime]:
        for day in self._working_days(first, back=back):
            yield self._at(day, self.slots(day)[-1][1])

    def _closing_after(self, day: date, count: int) -> datetime:
        return next(islice(self._closings(day + timedelta(days=1)), count - 1, None))


def _aware(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("a moment needs its zone")
    return at.astimezone(UTC)


_ELAPSING = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.CALENDAR_HOURS: timedelta(hours=1),
    Unit.CALENDAR_DAYS: timedelta(days=1),
}


def _elapsing(length: Duration) -> timedelta:
    """A duration that a clock can measure, as the clock does."""
    return _ELAPSING[length.unit] * float(length.amount)


def later(day: date, length: Duration) -> date:
    """The date `length` later by the calendar, as intervals of reviews are counted: a month after 31 January is the
    last of February. Minutes and hours end on the same day."""
    match length.unit:
        case Unit.DAYS | Unit.CALENDAR_DAYS:
            return day + timedelta(days=int(length.amount))
        case Unit.WEEKS:
            return day + timedelta(weeks=int(length.amount))
        case Unit.MONTHS:
            return _months_later(day, int(length.amount))
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


def months_before(day: date, months: int) -> date:
    """The same date so many months earlier, or the last of that month where it is shorter."""
    return _months_later(day, -months)


def _months_later(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
