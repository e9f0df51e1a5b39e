"""What was sent while nobody heard it counts from when it was sent, and the record says both moments."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.engine import commands as c
from bot.engine.calendar import Duration, Office
from bot.engine.commands import Situation, decide
from bot.engine.deviations import Reason
from bot.engine.people import Staff
from bot.engine.run import Approved, Decided, Deviated, Finished, Rejected, Run, Started, begin, evolve
from bot.engine.sop import Approve, Decide, Do, Sop, Step, Team, Way
from bot.engine.sop import Kind as SopKind
from bot.storage import codec

ALWAYS = Office(ZoneInfo("UTC"), (((time.min, time.max),),) * 7)
AT = datetime(2026, 11, 24, 1, tzinfo=UTC)
NOW = AT + timedelta(hours=3)
SENT = AT + timedelta(minutes=10)

DO = Step(id="ukur", number=1, text="Mengukur", does=Do(None), within=Duration.parse("30 menit"))
DECIDE = replace(DO, does=Decide((Way("Baik", None), Way("Ulangi", "ukur"))))
APPROVE = replace(DO, does=Approve(None, reject="ukur"))


def started(step: Step) -> tuple[Sop, Run]:
    sop = Sop(
        id="ukur",
        title="SOP Pengukuran",
        version="1",
        kind=SopKind.TECHNICAL,
        unit="Bengkel",
        team=Team("teknisi", "teknisi", "teknisi"),
        positions=(),
        steps=(step,),
        digest="",
    )
    return sop, evolve(begin(1, Started(sop.id, "", 7), AT), c.start(sop, 7, Staff())[1], AT)


def now(sop: Sop, run: Run, sent_at: datetime) -> Situation:
    return Situation(sop, run, 7, Staff(), ALWAYS, NOW, sent_at)


@pytest.mark.parametrize(
    ("step", "command", "ending"),
    [
        (DO, c.Finish(), Finished),
        (DECIDE, c.Choose(0), Decided),
        (APPROVE, c.Give(), Approved),
        (APPROVE, c.Refuse(Reason.OTHER), Rejected),
    ],
)
def test_a_word_that_was_held_up_counts_from_when_it_was_sent(
    step: Step, command: c.Command, ending: type[Finished | Decided | Approved | Rejected]
) -> None:
    sop, run = started(step)

    events = decide(now(sop, run, SENT), run.visit, command)

    first = codec.load(codec.dump(events[0]))
    assert isinstance(first, ending)
    assert first.done_at == SENT
    assert not any(isinstance(event, Deviated) for event in events)  # three hours, but within its half hour
    after = evolve(run, first, NOW)
    assert after.done["ukur"] == SENT
    assert after.ended_at == NOW  # undo counts from here


def test_a_word_that_came_at_once_has_no_time_of_its_own() -> None:
    sop, run = started(DO)

    assert decide(now(sop, run, NOW - timedelta(seconds=90)), run.visit, c.Finish())[0] == Finished("ukur")


def test_a_word_counts_at_the_earliest_from_when_its_step_was_entered() -> None:
    sop, run = started(DO)

    [first, *_] = decide(now(sop, run, AT - timedelta(minutes=1)), run.visit, c.Finish())

    assert first == Finished("ukur", AT)


def test_a_word_from_the_future_counts_now() -> None:
    sop, run = started(DO)

    assert decide(now(sop, run, NOW + timedelta(hours=1)), run.visit, c.Finish())[0] == Finished("ukur")
