"""Every kind of deviation is made by the bot itself, at once, in the step where it shows."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.engine import commands as c
from bot.engine.calendar import Duration, Office
from bot.engine.commands import Situation, decide
from bot.engine.deviations import Kind, Reason
from bot.engine.people import Staff
from bot.engine.run import Attachment, Deviated, FileKind, Seen, Started, begin, replay
from bot.engine.sop import Do, Evidence, Field, Number, Position, Range, Sop, Step, Team
from bot.engine.sop import Kind as SopKind

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ALWAYS = Office(ZoneInfo("UTC"), (((datetime.min.time(), datetime.max.time().replace(microsecond=0)),),) * 7)
CLERK, CHECKER, HEAD = 1, 2, 3
STAFF = Staff({"petugas": (CLERK,), "pemeriksa": (CHECKER,), "kepala": (HEAD,)})
SOP = Sop(
    id="x",
    title="X",
    version="1",
    kind=SopKind.ADMINISTRATIVE,
    unit="U",
    team=Team("petugas", "kepala", "kepala"),
    positions=(Position("petugas", "A"), Position("pemeriksa", "B"), Position("kepala", "C")),
    digest="x",
    steps=(
        Step(
            id="catat",
            number=1,
            text="Mencatat",
            does=Do("foto"),
            by=("petugas",),
            within=Duration.parse("1 jam"),
            at_least=Duration.parse("5 menit"),
            record=(Field("suhu", "Suhu", Number("°C", expect=Range(Decimal(20), Decimal(80))), required=False),),
        ),
        Step(id="foto", number=2, text="Memotret", does=Do("periksa"), by=("petugas",), evidence=Evidence(photos=1)),
        Step(id="periksa", number=3, text="Memeriksa", does=Do(None), by=("pemeriksa",), critical=True),
    ),
)
PHOTO = Attachment(FileKind.PHOTO, "p")
Order = tuple[int, c.Command, int]
"""Who orders what, how many minutes after the order before."""

FIRST: Order = (CLERK, c.Finish(), 10)
SECOND: tuple[Order, ...] = ((CLERK, c.Attach(PHOTO), 1), (CLERK, c.Finish(), 1))


def noted(reason: Reason, done_at: datetime | None = None) -> c.Note:
    return c.Note(reason, done_at)


ORDERS: dict[Kind, Sequence[Order]] = {
    Kind.SKIPPED: [(CLERK, c.Skip(Reason.NO_TIME), 10)],
    Kind.NOT_APPLICABLE: [(CLERK, c.Waive(Reason.NOT_NEEDED), 10)],
    Kind.CANNOT: [(CLERK, c.Block(Reason.TOOL_MISSING), 10)],
    Kind.DONE_WITH_NOTE: [(CLERK, noted(Reason.OTHER), 10)],
    Kind.EXTRA_WORK: [(CLERK, noted(Reason.EXTRA_WORK), 10)],
    Kind.REQUIREMENT_MISSING: [(CLERK, noted(Reason.REQUIREMENT_MISSING), 10)],
    Kind.NO_OUTPUT: [(CLERK, noted(Reason.NO_OUTPUT), 10)],
    Kind.LATE_ENTRY: [(CLERK, noted(Reason.LATE_ENTRY, AT + timedelta(minutes=6)), 10)],
    Kind.ORDER: [FIRST, (CLERK, c.Attach(PHOTO), 1), (CLERK, noted(Reason.LATE_ENTRY, AT + timedelta(minutes=1)), 1)],
    Kind.OVER_TIME: [(CLERK, c.Finish(), 61)],
    Kind.UNDER_TIME: [(CLERK, c.Finish(), 4)],
    Kind.OUT_OF_RANGE: [(CLERK, c.Record("suhu", Decimal(95), Reason.MEASURED_TWICE), 1)],
    Kind.EVIDENCE_MISSING: [FIRST, (CLERK, noted(Reason.OTHER), 1)],
    Kind.EVIDENCE_REUSED: [FIRST, (CLERK, c.Attach(PHOTO, Seen(9, "foto", AT)), 1), (CLERK, c.Judge(6, True), 1)],
    Kind.RETURNED: [FIRST, *SECOND, (CHECKER, c.Return(Reason.INCOMPLETE), 1)],
    Kind.WRONG_PERFORMER: [FIRST, *SECOND, (CHECKER, c.Accept(), 1), (HEAD, c.Assign(HEAD, Reason.ON_LEAVE), 1)],
    Kind.STOPPED: [(CLERK, c.Stop(Reason.WRONG_SOP), 1)],
}


def test_every_kind_that_there_is_is_tried_here() -> None:
    assert set(ORDERS) == set(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_a_departure_is_written_down_by_the_very_order_that_makes_it(kind: Kind) -> None:
    made = walk(ORDERS[kind])

    assert kind in made[-1]
    assert not [one for before in made[:-1] for one in before]


def walk(orders: Sequence[Order]) -> list[list[Kind]]:
    """The kinds that each of the orders made."""
    started, *entered = c.start(SOP, CLERK, STAFF)
    assert isinstance(started, Started)
    run, at, made = replay(begin(1, started, AT), [(one, AT) for one in entered]), AT, []
    for me, command, minutes in orders:
        at += timedelta(minutes=minutes)
        events = decide(Situation(SOP, run, me, STAFF, ALWAYS, at), run.visit, command)
        run = replay(run, [(one, at) for one in events])
        made.append([one.kind for one in events if isinstance(one, Deviated)])
    return made
