"""When somebody is told that a run waits or takes too long, for any run at any time."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.calendar import Duration, Office
from bot.engine.delays import Patience, look_again, looked_at, next_look
from bot.engine.deviations import Reason
from bot.engine.run import Accepted, Entered, Event, Late, LeaveAsked, Released, Started, TookLong, begin, replay
from bot.engine.run import Leave as Leaves
from bot.engine.sop import Deadline, Do, Kind, Offset, Position, Sop, Step, Team

WORKDAY = ((time(7, 30), time(12)), (time(13), time(16)))
OFFICE = Office(ZoneInfo("Asia/Makassar"), (*[WORKDAY] * 5, (), ()))
MONDAY = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)

LENGTHS = ("1 menit", "10 menit", "1 jam", "5 jam", "1 hari", "3 hari", "1 minggu", "2 bulan")
lengths = st.sampled_from((*LENGTHS, "24 jam kalender", "1 hari kalender", "akhir bulan")).map(Duration.parse)
deadlines = st.builds(
    Deadline,
    st.builds(Offset, st.just("tulis"), st.sampled_from(["1 jam", "2 hari"]).map(Duration.parse)),
    st.booleans(),
)
hours = st.integers(1, 40).map(lambda half: timedelta(minutes=30 * half))
patiences = st.builds(
    lambda remind, more, leave, warn: Patience(remind, remind + more, leave, warn),
    hours,
    hours,
    hours,
    st.integers(1, 100),
)
moments = st.integers(0, 14 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


def sop_of(within: Duration | None, deadline: Deadline | None) -> Sop:
    first = Step(id="tulis", number=1, text="Menulis", does=Do("periksa"), by=("penulis",), phase="A", within=within)
    second = Step(
        id="periksa",
        number=2,
        text="Memeriksa",
        does=Do(None),
        by=("penulis",),
        phase="B",
        within=within,
        deadline=deadline,
        critical=True,
    )
    return Sop(
        id="surat",
        title="SOP Surat",
        version="1",
        kind=Kind.TECHNICAL,
        unit="TU",
        team=Team("penulis", "penulis", "penulis"),
        positions=(Position("penulis", "Penulis"),),
        steps=(first, second),
        digest="0" * 64,
    )


@given(
    st.none() | lengths,
    st.none() | deadlines,
    patiences,
    moments,
    st.sampled_from(["offered", "held", "asks for leave"]),
    st.integers(0, 30 * 24 * 60),
)
def test_nobody_is_told_before_the_run_is_looked_at_and_every_look_leads_to_a_later_one(
    within: Duration | None, deadline: Deadline | None, patience: Patience, began: datetime, stands: str, ahead: int
) -> None:
    sop, started = sop_of(within, deadline), Started("surat", "0" * 64, 1)
    events: list[Event] = [Entered("tulis", 1, holder=1), Entered("periksa", 2, holder=None)]
    if stands != "offered":
        events.append(Accepted("periksa", 1))
    if stands == "asks for leave":
        events.append(LeaveAsked("periksa", Leaves.SKIP, Reason.NO_TIME))
    run = replay(begin(1, started, began), [(event, began) for event in events])
    history = [(started, began), *((event, began) for event in events)]

    first, at = look_again(sop, run, patience, began), began + timedelta(minutes=ahead)
    due = looked_at(sop, run, OFFICE, patience, at, lambda: history)

    assert not due or (first is not None and first <= at)
    after = replay(run, [(event, at) for event in due])
    assert looked_at(sop, after, OFFICE, patience, at, lambda: history) == ()
    again = next_look(sop, after, OFFICE, patience, at, lambda: history)
    assert again is None or again > at


def test_whoever_goes_on_with_a_step_is_told_of_their_own_lateness() -> None:
    sop, started = sop_of(Duration.parse("1 jam"), None), Started("surat", "0" * 64, 1)
    nine = MONDAY + timedelta(hours=9)
    history: list[tuple[Event, datetime]] = [(Entered("tulis", 1, holder=1), nine), (Entered("periksa", 2), nine)]
    history += [(Accepted("periksa", 1), nine), (TookLong("periksa", Late.STEP), nine + timedelta(hours=2))]
    gone = nine + timedelta(days=1)
    history += [(Released("periksa", 1), gone)]
    offered = replay(begin(1, started, nine), history)
    assert offered.accepted_at is None

    run = replay(offered, [(Accepted("periksa", 2), gone)])
    due = looked_at(sop, run, OFFICE, Patience(), gone + timedelta(hours=2), lambda: [(started, nine), *history])
    assert TookLong("periksa", Late.STEP) in due
