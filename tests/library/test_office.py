"""The office's own file: what it sets, what counts where it is silent, and where exactly it is wrong."""

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.calendar import Duration
from bot.engine.sop import ReviewRule, TrialRule
from bot.engine.units import Unit
from bot.engine.values import FIRST_YEAR, LAST_YEAR
from bot.library.office import DaysOff, OfficeSettings, read_office
from bot.library.problems import Problem
from bot.views.words import Words

WITA = ZoneInfo("Asia/Makassar")
SHIPPED = Path(__file__).parents[2] / "data" / "office.yaml"

HOLIDAYS_2026 = [
    *("01-01", "01-16", "02-16", "02-17", "03-18", "03-19", "03-20", "03-21", "03-22", "03-23", "03-24", "04-03"),
    *("04-05", "05-01", "05-14", "05-15", "05-27", "05-28", "05-31", "06-01", "06-16", "08-17", "08-25", "12-24"),
    "12-25",
]


def read(text: str) -> OfficeSettings:
    settings, problems = read_office(text.encode(), "office.yaml", WITA)
    assert not problems
    assert settings is not None
    return settings


def problems(source: bytes) -> list[Problem]:
    settings, wrong = read_office(source, "office.yaml", WITA)
    assert settings is None
    return wrong


# What counts


@pytest.mark.parametrize("day", [date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)])
@pytest.mark.parametrize("length", ["9999 bulan", "9999 hari", "9999 jam", "akhir bulan"])
def test_every_term_from_any_day_that_can_be_typed_ends_within_the_calendar(day: date, length: str) -> None:
    office = read("").office

    assert office.before(office.end_of(day), Duration.parse(length)) <= office.end_of(day)
    assert office.due(office.end_of(day), Duration.parse(length)) >= office.end_of(day)


def test_without_a_file_the_hours_of_the_ministry_count() -> None:
    settings, wrong = read_office(None, "office.yaml", WITA)
    assert wrong == []
    assert settings is not None
    assert settings.office.zone is WITA
    assert settings.office.slots(date(2026, 11, 24)) == ((time(7, 30), time(12)), (time(13), time(16)))
    assert settings.office.slots(date(2026, 11, 27)) == ((time(7, 30), time(11, 30)), (time(13), time(16, 30)))
    assert settings.office.slots(date(2026, 2, 27)) == ((time(8), time(11, 30)), (time(12, 30), time(15, 30)))
    assert settings.office.slots(date(2026, 11, 28)) == ()
    assert list(settings.units) == []
    assert settings.messages_a_day == 5


@pytest.mark.parametrize("text", ["", "# nothing\n", "hours:\nunits:\n", "{}"])
def test_a_silent_file_changes_nothing(text: str) -> None:
    assert read_office(text.encode(), "office.yaml", WITA) == read_office(None, "office.yaml", WITA)


def test_the_shipped_file_says_what_counts_anyway_and_names_the_units() -> None:
    shipped, plain = read(SHIPPED.read_text("utf-8")), read("")
    assert shipped.office == plain.office
    assert shipped.messages_a_day == plain.messages_a_day
    assert shipped.departures == plain.departures
    assert shipped.patience == plain.patience
    assert shipped.reviews == plain.reviews
    assert Unit("subbag-tu", "Subbagian Tata Usaha", "kantor") in shipped.units


def test_what_is_said_of_waiting_counts_and_the_rest_is_as_usual() -> None:
    written = read("waiting: {remind: 90 menit, leave: '1,5 jam'}").patience

    assert written == replace(read("").patience, remind=timedelta(minutes=90), leave=timedelta(minutes=90))


def test_an_office_sets_when_sops_are_reviewed_and_an_sop_what_it_says_itself() -> None:
    usual = read("").reviews
    text = "review: {trial: {from: 2 minggu, until: 45 hari, runs: 3}, evaluate: 24 bulan, remind: [3, 10, 3]}"
    sop = ReviewRule(TrialRule(Duration.parse("1 bulan"), Duration.parse("3 bulan"), performers=4), remind=())

    office = read(text).reviews

    assert (office.opens.text, office.due.text, office.runs, office.performers) == ("2 minggu", "45 hari", 3, 2)
    assert (office.evaluate.text, office.monitor, office.revise) == ("24 bulan", usual.monitor, usual.revise)
    assert (office.remind, usual.remind) == ((10, 3), (14, 7, 1))
    counted = office.but(sop)
    assert (counted.opens.text, counted.due.text, counted.runs, counted.performers) == ("1 bulan", "3 bulan", 3, 4)
    assert (counted.evaluate.text, counted.remind) == ("24 bulan", ())


def test_holidays_and_joint_leave_of_2026_are_those_of_the_decree() -> None:
    year = (date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(365))
    off = [day for day in year if DaysOff()(day)]
    assert off == [date.fromisoformat(f"2026-{day}") for day in HOLIDAYS_2026]


def test_an_office_has_its_own_days_off_and_works_on_some_holidays() -> None:
    office = read("days_off: [2026-11-24]\nworking_days: [2026-12-24]").office
    assert not office.is_working_day(date(2026, 11, 24))
    assert office.is_working_day(date(2026, 11, 25))
    assert office.is_working_day(date(2026, 12, 24))
    assert not office.is_working_day(date(2026, 12, 25))


def test_an_office_has_its_own_hours() -> None:
    office = read("hours:\n  saturday: [8.00-12.00, '13:00 – 14:30']\n").office
    assert office.slots(date(2026, 11, 28)) == ((time(8), time(12)), (time(13), time(14, 30)))
    assert not office.is_working_day(date(2026, 11, 24))


def test_an_office_has_its_own_ramadan() -> None:
    office = read("ramadan: [{from: 2026-11-24, until: 2026-11-25}]\nramadan_hours: {tuesday: [09.00-10.00]}").office
    assert office.slots(date(2026, 11, 24)) == ((time(9), time(10)),)
    assert not office.is_working_day(date(2026, 11, 25))
    assert office.slots(date(2026, 2, 27)) == ((time(7, 30), time(11, 30)), (time(13), time(16, 30)))


def test_units_stand_below_one_another() -> None:
    text = "units:\n  - {id: tu, title: Tata Usaha, parent: kantor}\n  - {id: kantor, title: 'Kantor, Berau'}\n"
    assert list(read(text).units) == [Unit("tu", "Tata Usaha", "kantor"), Unit("kantor", "Kantor, Berau")]


def test_the_cap_of_messages_can_be_set() -> None:
    assert read("messages_a_day: 12").messages_a_day == 12


# What is wrong


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("hour: {}", 1, 1, "`hour` does not belong here. Did you mean hours?"),
        ("days_off: []\ndays_off: []", 2, 1, "`days_off` is given twice"),
        ("- hours", 1, 1, "`key: value`"),
        ("hours: 8-12", 1, 1, "`hours` wants keys and values"),
        ("hours: {}", 1, 1, "at least one day"),
        ("hours:\n  senin: [07.30-12.00]", 2, 3, "`senin` does not belong here. Possible here: monday, tuesday"),
        ("hours:\n  monday: 07.30-12.00", 2, 3, "`monday` wants a list"),
        ("hours:\n  monday: [07.30-12.00, pagi]", 2, 25, "'pagi' are no hours"),
        ("hours:\n  monday: [07.30-24.00]", 2, 12, "'07.30-24.00' are no hours"),
        ("hours:\n  monday: [12.00-07.30]", 2, 12, "close after it opens"),
        ("hours:\n  monday: [07.30-12.00, 11.00-16.00]", 2, 3, "overlapping"),
        ("hours:\n  monday: [[07.30-12.00]]", 2, 12, "`monday` wants one text"),
        ("ramadan: [{from: 2026-02-19}]", 1, 11, "`until` is missing"),
        ("ramadan: [{from: 2026-03-20, until: 2026-02-19}]", 1, 30, "before the first"),
        ("days_off: [2026-02-30]", 1, 12, "'2026-02-30' is no date"),
        ("days_off: [24/11/2026]", 1, 12, "no date"),
        ("working_days: 2026-12-24", 1, 1, "`working_days` wants a list"),
        ("units: [{id: TU, title: Tata Usaha}]", 1, 10, "'TU' is no id"),
        ("units: [{id: tu}]", 1, 9, "`title` is missing"),
        ("units:\n- {id: tu, title: A}\n- {id: tu, title: B}", 3, 4, "'tu' is given twice"),
        ("units:\n- {id: kantor, title: A}\n- {id: b, title: B, parent: kantr}", 3, 21, "Did you mean kantor?"),
        ("units:\n- {id: a, title: A, parent: b}\n- {id: b, title: B, parent: b}", 3, 21, "above itself"),
        ("messages_a_day: 0", 1, 1, "not '0'"),
        ("messages_a_day: lima", 1, 1, "wants a whole number"),
        ("messages_a_day: 012", 1, 1, "not '012'"),
        ("days_off: &holidays []", 1, 11, "anchors are refused"),
        ("days_off: []\nworking_days: *holidays", 2, 15, "anchors are refused"),
        ("messages_a_day: !!int 5", 1, 17, "tags are refused"),
        ("days_off: " + "[" * 30 + "]" * 30, 1, 30, "too deep"),
        ("days_off: [2026-11-24", 1, 11, "not closed"),
        ("messages_a_day: 5\n---\nmessages_a_day: 6", 2, 1, "second document"),
        ("days_off: []\nmessages_a_day: \x07", 2, 17, "(U+0007)"),
        ("waiting: 8 jam", 1, 1, "`waiting` wants keys and values"),
        ("waiting:\n  reminder: 8 jam", 2, 3, "`reminder` does not belong here. Did you mean remind?"),
        ("waiting:\n  leave: 2 hari kerja", 2, 3, "Write minutes or hours here"),
        ("waiting:\n  remind: 0 jam", 2, 3, "'0 jam' is no length of time"),
        ("waiting:\n  remind: segera", 2, 3, "'segera' is no length of time"),
        ("waiting:\n  remind: 4 jam\n  escalate: 240 menit", 3, 3, "reminded before the next in line is told"),
        ("waiting: {remind: 20 jam}", 1, 11, "reminded before the next in line is told"),
        ("waiting:\n  warn: 101", 2, 3, "at most 100, not '101'"),
        ("review: {monitors: 6 bulan}", 1, 10, "`monitors` does not belong here. Did you mean monitor?"),
        ("review:\n  monitor: 6 jam", 2, 3, "'6 jam' is no interval"),
        ("review:\n  trial: {from: 1 bulan}", 2, 3, "`until` is missing"),
        ("review:\n  trial: {from: 2 bulan, until: 1 bulan}", 2, 26, "The trial ends before it can be decided"),
        ("review:\n  trial: {from: 1 bulan, until: 2 bulan, runs: 0}", 2, 42, "not '0'"),
        ("review:\n  remind: [7, satu]", 2, 15, "wants a whole number"),
        ("#" + "x" * 256 * 1024, 1, 1, "larger than 256 kB"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, line: int, column: int, says: str) -> None:
    (problem,) = problems(text.encode())
    told = problem.line_of_text(Words("en", WITA))
    assert told.startswith(f"office.yaml:{line}:{column}: ")
    assert says in told


def test_a_file_in_another_encoding_is_refused_with_its_place() -> None:
    (problem,) = problems("# jam kerja\n# caf\u00e9".encode("latin-1"))
    assert problem.line_of_text(Words("en", WITA)).startswith("office.yaml:2:6: This character is not UTF-8")


def test_units_that_stand_above_one_another_are_each_told() -> None:
    circle = b"units:\n- {id: a, title: A, parent: b}\n- {id: b, title: B, parent: a}"
    assert [(one.line, one.message) for one in problems(circle)] == [
        (2, "This unit stands above itself."),
        (3, "This unit stands above itself."),
    ]


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert [problem.line for problem in problems(b"hours: x\ndays_off: x\nmessages_a_day: x\n")] == [1, 2, 3]


shipped = SHIPPED.read_bytes()


@given(st.binary() | st.text().map(str.encode), st.integers(0, len(shipped)), st.integers(0, 20))
def test_whatever_the_bytes_there_are_settings_or_problems(patch: bytes, at: int, gone: int) -> None:
    for source in (patch, shipped[:at] + patch + shipped[at + gone :]):
        settings, wrong = read_office(source, "office.yaml", WITA)
        assert (settings is None) == bool(wrong)
