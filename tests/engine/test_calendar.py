"""Working time, held against a calendar worked out by hand and against the laws that it must keep."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.calendar import Duration, NeverOpen, Office, Slot, Unit, later

WITA = ZoneInfo("Asia/Makassar")


def hours(*slots: str) -> tuple[Slot, ...]:
    return tuple((time.fromisoformat(slot[:5]), time.fromisoformat(slot[6:])) for slot in slots)


USUAL = (*[hours("07:30-12:00", "13:00-16:00")] * 4, hours("07:30-11:30", "13:00-16:30"), (), ())
FASTING = (*[hours("08:00-12:00", "12:30-15:00")] * 4, hours("08:00-11:30", "12:30-15:30"), (), ())
DAYS_OFF = frozenset(
    date.fromisoformat(f"2026-{day}")
    for day in (
        *("01-01", "01-16", "02-16", "02-17", "03-18", "03-19", "03-20", "03-21", "03-22", "03-23", "03-24", "04-03"),
        *("04-05", "05-01", "05-14", "05-15", "05-27", "05-28", "05-31", "06-01", "06-16", "08-17", "08-25", "12-24"),
        "12-25",
    )
)
BERAU = Office(WITA, USUAL, FASTING, ((date(2026, 2, 19), date(2026, 3, 20)),), DAYS_OFF.__contains__)


def wita(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


def minutes(amount: int) -> Duration:
    return Duration.parse(f"{amount} menit")


START = datetime(2026, 1, 1, tzinfo=UTC)
seconds = st.integers(0, 365 * 24 * 3600)
moments = st.builds(
    lambda ahead, zone: (START + timedelta(seconds=ahead)).astimezone(zone), seconds, st.sampled_from([UTC, WITA])
)
amounts = st.integers(0, 3000)
lengths = st.builds(
    lambda amount, unit: Duration(Decimal(amount), unit, ""), st.integers(0, 40), st.sampled_from([*Unit])
)

# What a text says of a length of time


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("5 menit", "5", Unit.MINUTES),
        ("5-10 menit", "10", Unit.MINUTES),
        ("10 - 5 Menit", "10", Unit.MINUTES),
        ("1 – 2 hari", "2", Unit.DAYS),
        ("3 s.d 6 bulan", "6", Unit.MONTHS),
        ("3 s.d. 6 bulan", "6", Unit.MONTHS),
        ("5 sampai 10 menit", "10", Unit.MINUTES),
        ("5 (lima) hari", "5", Unit.DAYS),
        ("  1  HARI  kerja ", "1", Unit.DAYS),
        ("2 Minggu", "2", Unit.WEEKS),
        ("1,5 jam", "1.5", Unit.HOURS),
        ("2x24 jam", "48", Unit.CALENDAR_HOURS),
        ("2×24 jam", "48", Unit.CALENDAR_HOURS),
        ("1 X 24 Jam", "24", Unit.CALENDAR_HOURS),
        ("36 jam kalender", "36", Unit.CALENDAR_HOURS),
        ("3 hari kalender", "3", Unit.CALENDAR_DAYS),
        ("Akhir bulan", "1", Unit.MONTH_END),
        ("akhir  semester", "1", Unit.SEMESTER_END),
    ],
)
def test_a_length_of_time_is_read_as_the_sop_writes_it(text: str, amount: str, unit: Unit) -> None:
    assert Duration.parse(text) == Duration(Decimal(amount), unit, text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "menit", "5", "5 detik", "lima menit", "-5 menit", "1,5 hari", "0,5 bulan", "12345 menit"),
        *("10 menit/orang", "30 Menit per alat baru", "1,5 bulan sebelum", "120 Menit / 3 Hari", "H-14 s.d H-7"),
        *("Sesuai jadwal", "Seharian", "Otomatis", "5 menit\x00", "٣ menit"),
    ],
)
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a duration|whole numbers"):
        Duration.parse(text)


@given(st.text() | st.text(alphabet="0123456789 ,.-–x×()menitjamharibulankerja", max_size=20))
def test_whatever_is_written_reading_it_fails_with_no_other_error(text: str) -> None:
    try:
        length = Duration.parse(text)
    except ValueError:
        return
    assert length.amount >= 0
    assert length.text == text


# When a length of time is over


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2026-08-14 15:00", "240 menit", "2026-08-18 10:00"),
        ("2026-08-24 11:50", "30 menit", "2026-08-24 13:20"),
        ("2026-08-21 11:00", "60 menit", "2026-08-21 13:30"),
        ("2026-08-24 16:45", "10 menit", "2026-08-26 07:40"),
        ("2026-02-27 11:00", "60 menit", "2026-02-27 13:00"),
        ("2026-03-17 14:30", "60 menit", "2026-03-25 08:00"),
        ("2026-12-23 15:30", "120 menit", "2026-12-28 09:00"),
        ("2026-11-24 07:00", "15 menit", "2026-11-24 07:45"),
        ("2026-03-17 14:00", "1 hari", "2026-03-25 16:00"),
        ("2026-03-17 14:00", "3 hari", "2026-03-27 16:30"),
        ("2026-05-13 10:00", "1 hari", "2026-05-18 16:00"),
        ("2026-05-26 09:00", "3 hari", "2026-06-03 16:00"),
        ("2026-11-24 10:00", "10 hari", "2026-12-08 16:00"),
        ("2026-11-24 10:00", "1,5 jam", "2026-11-24 11:30"),
        ("2026-11-24 11:30", "30 menit", "2026-11-24 12:00"),
        ("2026-11-21 10:00", "1 hari", "2026-11-23 16:00"),
        ("2026-11-24 10:00", "1 minggu", "2026-12-01 16:00"),
        ("2026-11-24 10:00", "1 bulan", "2026-12-28 16:00"),
        ("2026-01-31 10:00", "1 bulan", "2026-03-02 15:00"),
        ("2026-11-27 16:00", "2x24 jam", "2026-11-29 16:00"),
        ("2026-11-27 16:00", "3 hari kalender", "2026-11-30 16:00"),
        ("2026-10-12 10:00", "akhir bulan", "2026-10-30 16:30"),
        ("2026-10-30 17:00", "akhir bulan", "2026-11-02 16:00"),
        ("2026-02-12 10:00", "akhir semester", "2026-06-30 16:00"),
        ("2026-07-01 10:00", "akhir semester", "2026-12-31 16:00"),
    ],
)
def test_what_is_begun_then_is_due_then(start: str, length: str, due: str) -> None:
    assert BERAU.due(wita(start), Duration.parse(length)) == wita(due)


@pytest.mark.parametrize(
    ("end", "length", "before"),
    [
        ("2026-08-18 10:00", "240 menit", "2026-08-14 15:00"),
        ("2026-11-22 23:59:59", "1 jam", "2026-11-20 15:30"),
        ("2026-11-24 13:30", "30 menit", "2026-11-24 13:00"),
        ("2026-11-26 23:59:59", "2 hari", "2026-11-24 16:00"),
        ("2026-11-22 23:59:59", "1 hari", "2026-11-20 16:30"),
        ("2026-11-26 23:59:59", "2 hari kalender", "2026-11-24 23:59:59"),
        ("2026-11-26 12:00", "1x24 jam", "2026-11-25 12:00"),
        ("2026-08-31 23:59:59", "2 minggu", "2026-08-14 16:30"),
        ("2026-03-31 23:59:59", "1 bulan", "2026-02-27 15:30"),
        ("2026-11-26 12:00", "akhir bulan", "2026-11-26 12:00"),
    ],
)
def test_what_must_be_over_so_long_before_is_due_then(end: str, length: str, before: str) -> None:
    assert BERAU.before(wita(end), Duration.parse(length)) == wita(before)


@given(moments, moments, lengths)
def test_what_begins_later_is_never_due_earlier(one: datetime, other: datetime, length: Duration) -> None:
    first, second = sorted((one, other))
    assert BERAU.due(first, length) <= BERAU.due(second, length)


@given(moments, lengths, st.integers(0, 40))
def test_what_takes_longer_is_never_due_earlier(start: datetime, length: Duration, amount: int) -> None:
    shorter, longer = sorted((Decimal(amount), length.amount))
    first = BERAU.due(start, Duration(shorter, length.unit, ""))
    assert start <= first <= BERAU.due(start, Duration(longer, length.unit, ""))


@given(moments, st.sampled_from([*Unit]))
def test_nothing_added_changes_nothing(start: datetime, unit: Unit) -> None:
    nothing = Duration(Decimal(0), unit, "")
    assert BERAU.due(start, nothing) == BERAU.before(start, nothing) == start


@given(moments, amounts, amounts)
def test_minutes_add_up(start: datetime, one: int, other: int) -> None:
    assert BERAU.due(BERAU.due(start, minutes(one)), minutes(other)) == BERAU.due(start, minutes(one + other))


@given(moments, amounts)
def test_as_much_is_worked_as_was_added_or_taken_off(at: datetime, amount: int) -> None:
    length = minutes(amount)
    assert BERAU.worked(at, BERAU.due(at, length)) == timedelta(minutes=amount)
    assert BERAU.worked(BERAU.before(at, length), at) == timedelta(minutes=amount)


@given(moments, st.integers(1, 3000))
def test_minutes_end_inside_working_hours(start: datetime, amount: int) -> None:
    due = BERAU.due(start, minutes(amount)).astimezone(WITA)
    assert any(opens < due.time() <= closes for opens, closes in BERAU.slots(due.date()))


@given(moments, moments, moments)
def test_work_until_noon_and_work_after_it_make_the_whole(one: datetime, two: datetime, three: datetime) -> None:
    first, noon, last = sorted((one, two, three))
    assert BERAU.worked(first, noon) + BERAU.worked(noon, last) == BERAU.worked(first, last)


@given(moments, moments)
def test_nothing_is_worked_backwards(one: datetime, other: datetime) -> None:
    first, last = sorted((one, other))
    assert BERAU.worked(last, first) == timedelta()


@given(moments)
def test_the_next_opening_is_the_first_moment_at_which_work_can_go_on(at: datetime) -> None:
    opening = BERAU.opening(at)
    assert opening >= at
    assert BERAU.worked(at, opening) == timedelta()
    assert BERAU.worked(opening, opening + timedelta(minutes=1)) > timedelta()


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2026-11-24 07:29", "2026-11-24 07:30"),
        ("2026-11-24 07:30", "2026-11-24 07:30"),
        ("2026-11-24 11:59:59", "2026-11-24 11:59:59"),
        ("2026-11-24 12:00", "2026-11-24 13:00"),
        ("2026-11-27 16:30", "2026-11-30 07:30"),
    ],
)
def test_the_office_is_open_from_the_first_moment_of_its_hours_and_shut_at_the_last(at: str, opening: str) -> None:
    assert BERAU.opening(wita(at)) == wita(opening)


@given(moments, lengths)
def test_moments_come_back_in_utc(at: datetime, length: Duration) -> None:
    for moment in (BERAU.due(at, length), BERAU.before(at, length), BERAU.opening(at), BERAU.end_of(at.date())):
        assert moment.tzinfo is UTC


# The office


@pytest.mark.parametrize(
    ("day", "works"),
    [("2026-11-24", True), ("2026-11-22", False), ("2026-08-17", False), ("2026-03-17", True)],
)
def test_weekends_and_days_off_are_no_working_days(day: str, works: bool) -> None:
    assert BERAU.is_working_day(date.fromisoformat(day)) is works


def test_ramadan_has_its_own_hours_from_its_first_to_its_last_day() -> None:
    office = Office(WITA, USUAL, FASTING, ((date(2026, 2, 19), date(2026, 3, 17)),))
    assert office.slots(date(2026, 2, 18)) == USUAL[2]
    assert office.slots(date(2026, 2, 19)) == FASTING[3]
    assert office.slots(date(2026, 3, 17)) == FASTING[1]
    assert office.slots(date(2026, 3, 18)) == USUAL[2]


def test_the_year_2026_has_240_working_days() -> None:
    days = (date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(365))
    assert sum(map(BERAU.is_working_day, days)) == 240


def test_the_day_is_that_of_the_office_and_ends_there() -> None:
    assert BERAU.day(datetime(2026, 11, 24, 16, 30, tzinfo=UTC)) == date(2026, 11, 25)
    assert BERAU.end_of(date(2026, 11, 24)) == wita("2026-11-24 23:59:59")


def test_working_time_is_what_the_clock_measures_where_summer_time_begins() -> None:
    night = Office(ZoneInfo("Europe/Berlin"), (hours("00:00-23:59"),) * 7)
    start = datetime(2026, 3, 29, 1, 30, tzinfo=night.zone)
    assert night.due(start, minutes(60)) == datetime(2026, 3, 29, 3, 30, tzinfo=night.zone)


def test_a_moment_without_zone_is_refused_everywhere() -> None:
    aware = wita("2026-11-24 10:00")
    naive = aware.replace(tzinfo=None)
    asks: tuple[Callable[[], object], ...] = (
        lambda: BERAU.day(naive),
        lambda: BERAU.opening(naive),
        lambda: BERAU.due(naive, minutes(0)),
        lambda: BERAU.before(naive, minutes(0)),
        lambda: BERAU.add(naive, timedelta()),
        lambda: BERAU.worked(naive, aware),
        lambda: BERAU.worked(aware, naive),
    )
    for ask in asks:
        with pytest.raises(ValueError, match="zone"):
            ask()


@pytest.mark.parametrize("length", ["5 menit", "1 hari", "1 minggu", "akhir bulan"])
def test_an_office_that_never_opens_is_said_to_be_wrong_instead_of_waited_for(length: str) -> None:
    shut = Office(WITA, USUAL, day_off=lambda day: True)
    at = wita("2026-11-24 10:00")
    with pytest.raises(NeverOpen, match="working day"):
        shut.due(at, Duration.parse(length))
    with pytest.raises(NeverOpen, match="working day"):
        shut.opening(at)


def test_nothing_is_worked_in_an_office_that_never_opens() -> None:
    shut = Office(WITA, USUAL, day_off=lambda day: True)
    assert shut.worked(wita("2024-11-24 10:00"), wita("2026-11-24 10:00")) == timedelta()


@pytest.mark.parametrize("text", ["9999 menit", "9999 jam", "9999 hari", "9999 minggu", "9999 bulan", "999x24 jam"])
def test_the_longest_that_can_be_written_still_has_an_end(text: str) -> None:
    at = wita("2026-11-24 10:00")
    assert BERAU.due(at, Duration.parse(text)) > at
    assert BERAU.before(at, Duration.parse(text)) < at


# Intervals between reviews


@pytest.mark.parametrize(
    ("day", "length", "result"),
    [
        ("2026-01-31", "1 bulan", "2026-02-28"),
        ("2028-01-31", "1 bulan", "2028-02-29"),
        ("2026-11-24", "2 bulan", "2027-01-24"),
        ("2026-08-31", "6 bulan", "2027-02-28"),
        ("2028-02-29", "12 bulan", "2029-02-28"),
        ("2026-11-24", "2 minggu", "2026-12-08"),
        ("2026-11-24", "30 hari", "2026-12-24"),
        ("2026-11-24", "30 hari kalender", "2026-12-24"),
        ("2026-11-24", "2x24 jam", "2026-11-26"),
        ("2026-11-24", "3 jam", "2026-11-24"),
        ("2026-02-24", "akhir bulan", "2026-02-28"),
        ("2026-06-30", "akhir semester", "2026-06-30"),
        ("2026-07-01", "akhir semester", "2026-12-31"),
    ],
)
def test_an_interval_is_counted_by_the_calendar(day: str, length: str, result: str) -> None:
    assert later(date.fromisoformat(day), Duration.parse(length)) == date.fromisoformat(result)
