"""What keeps coming back in runs is proposed for the next version, by rules that a reader can check by hand."""

from datetime import timedelta
from decimal import Decimal

from bot.engine.calendar import Duration
from bot.engine.deviations import Kind
from bot.engine.drafting import LimitMoved, StepTimed, edit_of
from bot.engine.figures import StepTimes
from bot.engine.proposals import Cause, Departure, Proposal, Remedy, Seen, proposals
from bot.engine.sop import Approve, Do, Field, Number, Range, Sop, Step, Team
from bot.engine.sop import Kind as Sort

TEMPERATURE = Field("suhu", "Suhu", Number("°C", Range(Decimal(20), Decimal(60)), Range(Decimal(0), Decimal(70))))


def sop(**more: object) -> Sop:
    """Two plain steps, the second as wanted, and an approval."""
    second = Step(id="b", number=2, text="B", does=Do("c"), within=Duration.parse("10 menit"), **more)  # type: ignore[arg-type]
    return Sop(
        id="uji",
        title="SOP Uji",
        version="1",
        kind=Sort.TECHNICAL,
        unit="Bengkel",
        team=Team("staf", "staf", "staf"),
        positions=(),
        steps=(
            Step(id="a", number=1, text="A", does=Do("b")),
            second,
            Step(id="c", number=3, text="C", does=Approve(None)),
        ),
        digest="",
    )


def departed(kind: Kind, *runs: int, step: str = "b", detail: str = "") -> list[Departure]:
    return [Departure(run, run % 3, step, kind, detail) for run in runs]


def found(departures: list[Departure], done: int = 12, minutes: int = 0, entered: tuple[int, ...] = ()) -> Seen:
    times = StepTimes("b", ((minutes * 60, done),), standard=timedelta(minutes=10))
    return Seen(done, departures, {"b": times} if minutes else {}, {"suhu": [Decimal(one) for one in entered]})


def test_a_step_that_a_third_left_out_may_be_left_out_or_goes_or_people_are_trained() -> None:
    seen = found([*departed(Kind.SKIPPED, 1, 2, 3, 4, 4, 5, 6), *departed(Kind.NOT_APPLICABLE, 7)])

    [one] = proposals(sop(), seen)

    assert (one.cause, one.times, one.of, one.runs) == (Cause.LEFT_OUT, 7, 12, (7, 6, 5, 4, 3, 2, 1))
    assert one.people == 3
    assert one.remedies == (Remedy.OPTIONAL, Remedy.REMOVE, Remedy.TRAIN)
    assert proposals(sop(), found(departed(Kind.SKIPPED, 1, 2, 3))) == ()
    assert proposals(sop(), found(departed(Kind.SKIPPED, 1, 2, 3, 4), done=4)) == ()
    assert proposals(sop(optional=True), seen) == ()


def test_a_critical_step_and_an_approval_are_never_proposed_to_go() -> None:
    for procedure, step in ((sop(critical=True), "b"), (sop(), "c")):
        [one] = proposals(procedure, found(departed(Kind.SKIPPED, *range(6), step=step)))
        assert one.remedies == (Remedy.BY_HAND, Remedy.TRAIN)


def test_a_step_that_is_often_late_gets_the_time_that_nine_of_ten_would_keep() -> None:
    [one] = proposals(sop(), found(departed(Kind.OVER_TIME, *range(6)), minutes=33))

    assert (one.cause, one.within) == (Cause.LATE, "35 menit")
    assert edit_of(one, Remedy.TIME) == StepTimed("b", "35 menit")
    [waits] = proposals(sop(), found(departed(Kind.OVER_TIME, *range(6)), minutes=4))
    assert waits.remedies == (Remedy.BY_HAND, Remedy.TRAIN)  # it is not the work that takes longer


def test_what_is_often_done_before_the_step_above_it_moves_up_but_the_first() -> None:
    assert [one.remedies[0] for one in proposals(sop(), found(departed(Kind.ORDER, *range(6))))] == [Remedy.RAISE]
    assert proposals(sop(), found(departed(Kind.ORDER, *range(6), step="a"))) == ()


def test_a_range_moves_out_to_where_nine_of_ten_lie_but_not_beyond_what_is_allowed() -> None:
    often = departed(Kind.OUT_OF_RANGE, *range(6), detail="Suhu")
    procedure = sop(record=(TEMPERATURE,))

    [one] = proposals(procedure, found(often, entered=(30, 40, 50, 61, 62, 63, 64, 65, 66, 69)))
    assert edit_of(one, Remedy.LIMIT) == LimitMoved("b", "suhu", "20", "66")
    [at_most] = proposals(procedure, found(often, entered=(10, 10, 90, 90, 90, 90, 90)))
    assert (at_most.low, at_most.high) == ("10", "70")
    [unknown] = proposals(procedure, found(often, entered=(90,)))
    assert unknown.remedies == (Remedy.BY_HAND, Remedy.TRAIN)


def test_what_is_taken_by_hand_or_concerns_no_step_changes_nothing_by_itself() -> None:
    assert edit_of(Proposal(Cause.REPORT, "b", (Remedy.BY_HAND,)), Remedy.BY_HAND) is None
    assert edit_of(Proposal(Cause.REPORT, None, (Remedy.WORDING,)), Remedy.WORDING) is None
