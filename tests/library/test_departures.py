"""What an office says of deviations: its own rules count, and whatever is wrong with them is found where it stands."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.engine.deviations import Kind, Severity
from bot.engine.run import Deviated
from bot.engine.severity import Departures, Rule
from bot.engine.sop import Do, Number, Range, Step
from bot.engine.values import beyond
from bot.library.office import read_office

WITA = ZoneInfo("Asia/Makassar")
PLAIN = Step(id="a", number=1, text="a", does=Do(None))
CRITICAL = Step(id="a", number=1, text="a", does=Do(None), critical=True)


def read(text: str) -> Departures:
    settings, problems = read_office(text.encode(), "office.yaml", WITA)
    assert settings is not None, problems
    return settings.departures


@pytest.mark.parametrize(
    ("departed", "step", "severity"),
    [
        (Deviated(Kind.SKIPPED, "a"), PLAIN, "ringan"),
        (Deviated(Kind.SKIPPED, "a"), CRITICAL, "sedang"),
        (Deviated(Kind.CANNOT, "a"), CRITICAL, "berat"),
        (Deviated(Kind.OVER_TIME, "a", late=timedelta(hours=8)), PLAIN, "ringan"),
        (Deviated(Kind.OVER_TIME, "a", late=timedelta(hours=9)), PLAIN, "sedang"),
        (Deviated(Kind.OVER_TIME, "a", late=timedelta(hours=99)), PLAIN, "berat"),
        (Deviated(Kind.OUT_OF_RANGE, "a", beyond=None), PLAIN, "ringan"),
        (Deviated(Kind.OUT_OF_RANGE, "a", beyond=Decimal(21)), PLAIN, "sedang"),
        (Deviated(Kind.LATE_ENTRY, "a"), CRITICAL, "ringan"),
    ],
)
def test_of_several_rules_the_heaviest_counts_and_without_one_it_is_light(
    departed: Deviated, step: Step, severity: str
) -> None:
    assert Departures().severity(departed, step) == severity


def test_an_office_sets_its_own_rules() -> None:
    text = "severities:\n  - {kind: over_time, severity: berat, later_than: 1,5 jam}\n"
    text = text.replace("1,5 jam", '"1,5 jam"') + "follow_up: {since: berat, watched: 3}\nrecurrence_days: 30\n"
    departures = read(text + "haste: {steps: 4, seconds: 20}\n")

    assert departures.rules == (Rule(Kind.OVER_TIME, Severity.GRAVE, later_than=timedelta(minutes=90)),)
    assert (departures.follow_up.since, departures.follow_up.watched, departures.again) == (Severity.GRAVE, 3, 30)
    assert (departures.haste.steps, departures.haste.within) == (4, timedelta(seconds=20))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("severities:\n  - {kind: skiped, severity: sedang}", "kind"),
        ("severities:\n  - {kind: skipped, severity: parah}", "severity"),
        ("severities:\n  - {kind: over_time, severity: berat, later_than: 3 hari}", "later_than"),
        ("severities:\n  - {kind: skipped, severity: berat, later_than: 3 jam}", "later_than"),
        ("severities:\n  - {kind: skipped, severity: berat, beyond: 3}", "beyond"),
        ("follow_up: {since: sedang, due: kapan-kapan}", "due"),
        ("haste: {steps: 0}", "steps"),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(text: str, key: str) -> None:
    _, problems = read_office(text.encode(), "office.yaml", WITA)

    lines = text.splitlines()
    assert [(one.line, one.column) for one in problems] == [(len(lines), lines[-1].index(key) + 1)]


def test_how_far_a_number_lies_outside_is_told_in_percent_of_the_nearest_end() -> None:
    asks = Number("°C", expect=Range(Decimal(20), Decimal(80)))

    assert beyond(asks, Decimal(95), {}) == 19
    assert beyond(asks, Decimal(10), {}) == 50
    assert beyond(Number(expect=Range(Decimal(0), None)), Decimal(-5), {}) is None
