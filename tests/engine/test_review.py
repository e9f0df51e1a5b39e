"""When reviews come and when they are spoken of: whatever happens, as a plain reference counts it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine import review as r
from bot.engine.calendar import Duration, Office, later
from bot.engine.people import Staff
from bot.engine.review import Judging, Lacks, Moment, Review, ReviewKind, Seat, Verdict
from bot.engine.sop import Status
from tests.views.given import OFFICE, Maker

START, REMIND = date(2026, 11, 24), r.USUAL.remind
DAYS = st.integers(0, 900).map(lambda days: START + timedelta(days=days))
MONTHS = st.integers(1, 18).map(lambda months: Duration.parse(f"{months} bulan"))


def names(review: Review, start: date, until: date) -> list[str]:
    end = OFFICE.end_of(until)
    return [
        moment.name for moment, at in takewhile(lambda one: one[1] <= end, r.moments(review, start, OFFICE, REMIND))
    ]


def plainly(review: Review, start: date, until: date) -> set[tuple[str, date]]:
    """The same, day by day: what is spoken of on which day, before days off are looked at."""
    found = set()
    for number in range((until - start).days + 1):
        day = start + timedelta(days=number)
        if review.put_off == 0 and day == review.opens - timedelta(days=7):
            found.add(("opens-7", day))
        if review.put_off == 0 and day == review.opens:
            found.add(("opens", day))
        for before in (14, 7, 1, 0):
            if day == review.due - timedelta(days=before) and (review.put_off or day >= review.opens):
                found.add((f"due-{before}" if before else "due", day))
        if day > review.due and (day - review.due).days % 7 == 0:
            found.add((f"late-{(day - review.due).days // 7}", day))
    return found


def opening(office: Office, day: date) -> datetime:
    """When the office opens on that day or after it, looked for hour by hour."""
    while not office.slots(day):
        day += timedelta(days=1)
    return datetime.combine(day, office.slots(day)[0][0], tzinfo=office.zone).astimezone(UTC)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Review, date]:
    """A review and the day from which on it is spoken of, after any number of times that it was put off."""
    opens = draw(DAYS)
    kind, due = draw(st.sampled_from(ReviewKind)), opens + timedelta(days=draw(st.integers(0, 120)))
    review, start = Review(kind, opens, due), draw(DAYS)
    for today in sorted(draw(st.lists(DAYS, max_size=2))):
        review, start = r.put_off(review, today), today + timedelta(days=1)
    return review, start


@given(histories(), st.integers(0, 200))
def test_a_plan_is_what_a_plain_reference_counts(history: tuple[Review, date], days: int) -> None:
    review, start = history
    until = max(start, review.due) + timedelta(days=days)

    planned = dict(takewhile(lambda one: one[1] <= opening(OFFICE, until), r.moments(review, start, OFFICE, REMIND)))

    wanted = {Moment(name): opening(OFFICE, day) for name, day in plainly(review, start, until)}
    assert {moment: at for moment, at in planned.items() if moment in wanted} == wanted
    assert all(at == opening(OFFICE, until) for moment, at in planned.items() if moment not in wanted)


@given(histories(), st.lists(st.integers(-40, 90), max_size=12))
def test_a_clock_that_jumps_repeats_nothing_and_loses_nothing(history: tuple[Review, date], jumps: list[int]) -> None:
    review, start = history
    waiting, fired, told = list(r.until_late(review, start, OFFICE, REMIND)), [], []
    now, farthest = OFFICE.start_of(start), OFFICE.start_of(start)

    for jump in (*jumps, 40):
        now += timedelta(days=jump)
        farthest = max(now, farthest)
        due = sorted((one for one in waiting if one[1] <= now), key=lambda one: one[1])
        if due:
            result = r.fire(tuple(moment for moment, _ in due), review, now, OFFICE)
            waiting = [one for one in waiting if one[1] > now] + ([result.next] if result.next else [])
            fired += [moment.name for moment, _ in (*due, *result.passed)]
            told.append(result.told.name)

    wanted = [
        moment.name for moment, _ in takewhile(lambda one: one[1] <= farthest, r.moments(review, start, OFFICE, REMIND))
    ]
    assert sorted(fired) == sorted(wanted)
    assert len(told) == len(set(told))
    assert told == [name for name in wanted if name in told]


def test_a_usual_trial_is_spoken_of_before_its_window_and_up_to_its_deadline_and_then_weekly() -> None:
    review = Review(ReviewKind.TRIAL, date(2026, 12, 24), date(2027, 1, 24))

    assert names(review, START, date(2027, 2, 9)) == [
        *("opens-7", "opens", "due-14", "due-7", "due-1", "due", "late-1", "late-2")
    ]


def test_no_moment_lies_at_night_on_a_weekend_or_a_holiday() -> None:
    review = Review(ReviewKind.TRIAL, date(2026, 12, 24), date(2027, 1, 24))  # a day of joint leave, and a Sunday

    found = r.until_late(review, START, OFFICE, REMIND)

    assert all(OFFICE.opening(at) == at for _, at in found)
    assert dict(found)[r.OPENS] == datetime(2026, 12, 27, 23, 30, tzinfo=UTC)  # Monday 07.30 WITA
    assert dict(found)[r.DUE] == datetime(2027, 1, 24, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("owed", "opens", "due", "names"),
    [
        (True, "12-08", "01-05", ["due-14", "due-7", "due-1", "due", "late-1"]),  # what it is by the new dates
        (False, "12-08", "01-05", ["due-7", "due-1", "due", "late-1"]),  # told before, and not again
        (True, "11-27", "12-11", ["late-2"]),  # the next is planned as that one fires
        (False, "11-27", "12-11", ["late-3"]),
        (True, "01-26", "02-26", ["opens-7", "opens", "due-14", "due-7", "due-1", "due", "late-1"]),  # nothing yet
    ],
)
def test_of_other_dates_comes_what_is_still_to_come_and_the_latest_where_something_was_owed(
    owed: bool, opens: str, due: str, names: list[str]
) -> None:
    year = {"11": 2026, "12": 2026, "01": 2027, "02": 2027}
    first, last = (date(year[one[:2]], int(one[:2]), int(one[3:])) for one in (opens, due))
    review = Review(ReviewKind.TRIAL, first, last)
    tomorrow = OFFICE.start_of(date(2026, 12, 29))

    found = r.set_anew(review, START, OFFICE, REMIND, tomorrow, owed=owed)

    assert [moment.name for moment, _ in found] == names


@given(histories(), st.sampled_from(["Asia/Jayapura", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]))
def test_where_clocks_change_the_office_still_opens_at_its_hour_and_each_moment_comes_once(
    history: tuple[Review, date], zone: str
) -> None:
    review, start = history
    office = replace(OFFICE, zone=ZoneInfo(zone))
    until = office.end_of(max(start, review.due) + timedelta(days=370))

    planned = [*takewhile(lambda one: one[1] <= until, r.moments(review, start, office, REMIND))]

    assert len(planned) == len({moment for moment, _ in planned})
    for _, at in planned:
        there = at.astimezone(office.zone)
        assert there.time() == office.slots(there.date())[0][0]


@given(DAYS, DAYS, MONTHS, MONTHS)
def test_one_month_holds_one_evaluation_and_no_monitoring_beside_it(
    evaluated: date, looked_at: date, part: Duration, whole: Duration
) -> None:
    planned = r.regular_reviews(replace(r.USUAL, monitor=part, evaluate=whole), evaluated, looked_at)

    dues = {one.kind: one.due for one in planned}
    assert dues[ReviewKind.EVALUATION] == later(evaluated, whole)
    monitored = later(looked_at, part)
    beside = (monitored.year, monitored.month) == (dues[ReviewKind.EVALUATION].year, dues[ReviewKind.EVALUATION].month)
    assert dues.get(ReviewKind.MONITORING) == (None if beside else monitored)
    assert all(one.opens <= one.due for one in planned)


def test_a_review_is_put_off_twice_at_most_and_by_two_weeks_from_the_later_day() -> None:
    review = Review(ReviewKind.TRIAL, date(2026, 12, 24), date(2027, 1, 24))

    early = r.put_off(review, date(2027, 1, 2))
    late = r.put_off(early, date(2027, 3, 1))

    assert (early.due, late.due) == (date(2027, 2, 7), date(2027, 3, 15))
    assert [Verdict.POSTPONE in r.verdicts(one, Status.TRIAL) for one in (review, early, late)] == [True, True, False]


SEATED = {Seat.AUTHOR: (1,), Seat.SUPERVISOR: (2,), Seat.MANAGER: (3,), Seat.ADMIN: (4,)}


@pytest.mark.parametrize(
    ("empty", "moment", "people"),
    [
        ((), "due-7", {1: set(), 2: set()}),
        ((), "late-1", {1: set(), 2: set(), 3: set()}),
        ((Seat.AUTHOR,), "due", {2: {Seat.AUTHOR}}),
        ((Seat.AUTHOR, Seat.SUPERVISOR), "due", {3: {Seat.AUTHOR, Seat.SUPERVISOR}}),
        ((Seat.AUTHOR, Seat.SUPERVISOR, Seat.MANAGER), "opens", {4: {Seat.AUTHOR, Seat.SUPERVISOR}}),
        (tuple(Seat), "due", {}),
    ],
)
def test_whoever_is_next_in_line_takes_an_empty_seat(
    empty: tuple[Seat, ...], moment: str, people: dict[int, set[Seat]]
) -> None:
    seated = SEATED | dict.fromkeys(empty, ())

    assert r.reminded(seated, Moment(moment)) == people


@pytest.mark.parametrize(
    ("empty", "days_late", "people"),
    [((), 0, (2,)), ((), 1, (2, 3)), ((Seat.SUPERVISOR,), 0, (3,)), ((Seat.SUPERVISOR, Seat.MANAGER), 0, (4,))],
)
def test_the_supervisor_decides_and_the_manager_once_it_is_late(
    empty: tuple[Seat, ...], days_late: int, people: tuple[int, ...]
) -> None:
    due = date(2027, 1, 24)

    assert r.deciding(SEATED | dict.fromkeys(empty, ()), due, due + timedelta(days=days_late)) == people


def test_the_seats_are_those_of_the_team() -> None:
    sop = Maker(Random(1)).sop()

    found = r.seats(sop, Staff({"p0": (1,), "p1": (2,), "p2": (3,)}, (4,)))

    assert found == SEATED


def test_a_decision_asks_for_what_it_lacks_and_only_an_evaluation_for_seven_answers() -> None:
    keep, badly = Judging(1, 1, Verdict.KEEP), Judging(1, 1, Verdict.BADLY)
    answered = Judging(1, 1, Verdict.KEEP, (True,) * 7)

    assert r.lacks(ReviewKind.EVALUATION, keep) is Lacks.ANSWER
    assert r.lacks(ReviewKind.EVALUATION, answered) is Lacks.GROUND
    assert r.lacks(ReviewKind.EVALUATION, Judging(1, 1, Verdict.KEEP, (True,) * 7, r.Ground.FITS)) is None
    assert r.lacks(ReviewKind.EVALUATION, Judging(1, 1, Verdict.POSTPONE)) is Lacks.GROUND
    assert r.lacks(ReviewKind.TRIAL, Judging(1, 1, Verdict.IN_FORCE)) is Lacks.GROUND
    assert r.lacks(ReviewKind.MONITORING, badly) is Lacks.GROUND
    assert r.lacks(ReviewKind.MONITORING, Judging(1, 1, Verdict.BADLY, ground=r.Ground.TIMES)) is Lacks.ACTION
