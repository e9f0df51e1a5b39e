"""When a step opens, by when it must be begun and done, and what is said of one that was not."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.engine import commands as c
from bot.engine.calendar import Duration, Office
from bot.engine.commands import ReasonWanted, Refused, Situation, Why, begin_by, decide, due_at, opens_at
from bot.engine.deviations import BEGUN_LATE, Kind, Reason
from bot.engine.people import Staff
from bot.engine.run import Decided, Deviated, Run, Started, begin, evolve
from bot.engine.sop import Day, Deadline, Decide, Do, Field, Offset, Sop, Step, Team, Way
from bot.engine.sop import Kind as SopKind

WITA = ZoneInfo("Asia/Makassar")
OFFICE = Office(WITA, (*[((time(8), time(16)),)] * 5, (), ()))
TUESDAY = datetime(2026, 11, 24, 9, tzinfo=WITA)
FRIDAY = date(2026, 11, 27)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=WITA).astimezone(UTC)


def walks(step: Step) -> tuple[Sop, Run]:
    """A run that recorded Friday on Tuesday at nine, and is at `step`."""
    record = Step(id="catat", number=1, text="Mencatat", does=Do(step.id), record=(Field("hari", "Hari", Day()),))
    sop = Sop(
        id="acara",
        title="SOP Acara",
        version="1",
        kind=SopKind.TECHNICAL,
        unit="Tata Usaha",
        team=Team("staf", "staf", "staf"),
        positions=(),
        steps=(record, step),
        digest="",
    )
    run = evolve(begin(1, Started(sop.id, "", 1), TUESDAY), c.start(sop, 1, Staff())[1], TUESDAY)
    for command in (c.Record("hari", FRIDAY), c.Finish()):
        run, _ = order(sop, run, command, TUESDAY)
    return sop, run


def order(sop: Sop, run: Run, command: c.Command, when: datetime) -> tuple[Run, list[Deviated]]:
    events = decide(Situation(sop, run, 1, Staff(), OFFICE, when), run.visit, command)
    for event in events:
        run = evolve(run, event, when)
    return run, [event for event in events if isinstance(event, Deviated)]


STEP = Step(id="laksanakan", number=2, text="Melaksanakan", does=Do(None), check=("Siap",))


def waiting(anchor: str, wait: str | None = None) -> Step:
    return replace(STEP, not_before=Offset(anchor, Duration.parse(wait) if wait else None))


@pytest.mark.parametrize(
    ("step", "opens"),
    [
        (waiting("hari"), at(FRIDAY, 0)),
        (waiting("hari", "2 jam"), at(FRIDAY, 10)),
        (waiting("hari", "1 hari"), at(date(2026, 11, 30), 16)),
        (waiting("hari", "1 hari kalender"), at(date(2026, 11, 28), 0)),
        (waiting("catat"), TUESDAY),
        (waiting("catat", "2 jam"), at(TUESDAY.date(), 11)),
        (waiting("laksanakan"), None),
    ],
)
def test_a_date_opens_a_step_as_it_begins_and_a_step_as_it_ends(step: Step, opens: datetime | None) -> None:
    _, run = walks(step)

    assert opens_at(run, step, OFFICE) == opens


def test_a_step_is_not_done_before_it_opens() -> None:
    sop, run = walks(waiting("hari"))
    run, _ = order(sop, run, c.Tick(0, True), TUESDAY)

    with pytest.raises(Refused) as refused:
        order(sop, run, c.Finish(), at(FRIDAY, 0) - timedelta(seconds=1))
    assert refused.value.why is Why.TOO_EARLY
    assert order(sop, run, c.Finish(), at(FRIDAY, 0))[0].over


def test_a_deadline_counted_from_a_date_counts_from_its_end() -> None:
    step = replace(STEP, deadline=Deadline(Offset("hari")))
    sop, run = walks(step)
    run, _ = order(sop, run, c.Tick(0, True), TUESDAY)

    assert due_at(run, step, OFFICE) == at(FRIDAY, 23, 59) + timedelta(seconds=59)
    assert order(sop, run, c.Finish(), at(FRIDAY, 23))[1] == []


BEGIN_BY_FRIDAY = replace(
    STEP,
    deadline=Deadline(Offset("hari"), starts=True),
    within=Duration.parse("2 hari"),
    check=("Siap", "Rapi"),
)
MONDAY = date(2026, 11, 30)


def test_a_step_that_must_be_begun_by_then_may_end_later() -> None:
    sop, run = walks(BEGIN_BY_FRIDAY)
    assert (begin_by(run, BEGIN_BY_FRIDAY, OFFICE), due_at(run, BEGIN_BY_FRIDAY, OFFICE)) == (
        at(FRIDAY, 23, 59) + timedelta(seconds=59),
        None,
    )

    run, _ = order(sop, run, c.Tick(0, True), at(FRIDAY, 15))
    run, _ = order(sop, run, c.Tick(1, True), at(MONDAY, 9))
    assert due_at(run, BEGIN_BY_FRIDAY, OFFICE) == at(date(2026, 12, 1), 16)
    _, deviations = order(sop, run, c.Finish(), at(date(2026, 12, 1), 15))

    assert deviations == []


def test_a_step_begun_late_is_over_its_time_however_soon_it_is_done() -> None:
    sop, run = walks(BEGIN_BY_FRIDAY)

    run, _ = order(sop, run, c.Tick(0, True), at(MONDAY, 10))
    run, _ = order(sop, run, c.Tick(1, True), at(MONDAY, 10))
    _, deviations = order(sop, run, c.Finish(), at(MONDAY, 11))

    late = Deviated(Kind.OVER_TIME, "laksanakan", detail=BEGUN_LATE, late=timedelta(hours=2))
    assert deviations == [late]


def test_whoever_ends_a_step_has_begun_it() -> None:
    sop, run = walks(replace(BEGIN_BY_FRIDAY, check=()))

    assert order(sop, run, c.Finish(), at(FRIDAY, 23))[1] == []
    assert [one.detail for one in order(sop, run, c.Finish(), at(MONDAY, 9))[1]] == [BEGUN_LATE]


def test_what_is_recorded_afterwards_was_begun_when_it_was_done() -> None:
    sop, run = walks(BEGIN_BY_FRIDAY)
    run, _ = order(sop, run, c.Tick(0, True), at(MONDAY, 9))

    _, deviations = order(sop, run, c.Note(Reason.LATE_ENTRY, at(FRIDAY, 14)), at(MONDAY, 9))

    assert [one.kind for one in deviations] == [Kind.LATE_ENTRY]


def test_a_new_visit_is_begun_anew_and_an_undone_one_goes_on() -> None:
    sop, run = walks(replace(BEGIN_BY_FRIDAY, check=("Siap",)))
    run, _ = order(sop, run, c.Tick(0, True), TUESDAY)
    begun = run.begun_at

    ended, _ = order(sop, run, c.Finish(), TUESDAY)
    again, _ = order(sop, ended, c.Undo(), TUESDAY)

    assert begun == again.begun_at == TUESDAY
    assert walks(BEGIN_BY_FRIDAY)[1].begun_at is None


def test_the_reasons_of_a_way_are_the_sops_own_and_always_another() -> None:
    back = Way("Belum lengkap", "catat", reason=True, reasons=("Ruang keliru", "NUP keliru"))
    sop, run = walks(replace(STEP, does=Decide((Way("Lengkap", None), back)), check=()))

    with pytest.raises(ReasonWanted) as wanted:
        order(sop, run, c.Choose(1), TUESDAY)
    assert wanted.value.reasons == ("Ruang keliru", "NUP keliru", Reason.OTHER)
    with pytest.raises(ReasonWanted):
        order(sop, run, c.Choose(1, Reason.INCOMPLETE), TUESDAY)

    events = decide(Situation(sop, run, 1, Staff(), OFFICE, TUESDAY), run.visit, c.Choose(1, "NUP keliru"))
    assert events[0] == Decided("laksanakan", 1, "Belum lengkap", "NUP keliru")
