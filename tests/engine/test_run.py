"""The law of the engine: whatever is ordered, a run stays inside its procedure and replays from its journal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine import commands as c
from bot.engine import deviations as d
from bot.engine.calendar import Duration, Office
from bot.engine.commands import ReasonWanted, Refused, Situation, TimeWanted, Why, decide, missing
from bot.engine.conformity import conformity
from bot.engine.deviations import Kind, Reason
from bot.engine.people import Staff
from bot.engine.run import (
    Attachment,
    Completed,
    Deviated,
    Entered,
    Event,
    FileKind,
    Leave,
    LeaveAsked,
    Progress,
    Run,
    Seen,
    Started,
    Waived,
    begin,
    evolve,
    replay,
)
from bot.engine.sop import Decide, Do, Evidence, Field, Number, Position, Range, Sop, Step, Team, Way
from bot.engine.sop import Kind as SopKind
from bot.storage import codec

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ALWAYS = Office(ZoneInfo("UTC"), ((((datetime.min.time()), datetime.max.time().replace(microsecond=0)),),) * 7)

SOP = Sop(
    id="mesin",
    title="SOP Pemeriksaan Mesin",
    version="1",
    kind=SopKind.TECHNICAL,
    unit="Bengkel",
    team=Team("teknisi", "teknisi", "teknisi"),
    positions=(Position("teknisi", "Teknisi"),),
    digest="0" * 64,
    steps=(
        Step(
            id="ukur",
            number=1,
            text="Mengukur suhu",
            does=Do("tutup"),
            by=("teknisi",),
            record=(
                Field(
                    "suhu",
                    "Suhu",
                    Number("°C", Range(Decimal(20), Decimal(80)), Range(Decimal(0), None)),
                ),
            ),
            evidence=Evidence(photos=1),
            within=Duration.parse("30 menit"),
        ),
        Step(
            id="tutup",
            number=2,
            text="Menutup katup",
            does=Do("baik"),
            by=("teknisi",),
            critical=True,
            check=("Rapat",),
        ),
        Step(
            id="baik",
            number=3,
            text="Apakah baik?",
            does=Decide((Way("Baik", "catat"), Way("Ulangi", "ukur", reason=True, max=2, then="catat"))),
            by=("teknisi",),
        ),
        Step(id="catat", number=4, text="Mencatat", does=Do(None), by=("teknisi",), at_least=Duration.parse("2 menit")),
    ),
)


NOBODY = Staff()


def now(run: Run, at: datetime = AT) -> Situation:
    """Whoever started runs it alone."""
    return Situation(SOP, run, 7, NOBODY, ALWAYS, at)


def start() -> tuple[Run, list[tuple[Event, datetime]]]:
    events = c.start(SOP, 7, NOBODY)
    first = events[0]
    assert isinstance(first, Started)
    run = begin(1, first, AT)
    rest = [(event, AT) for event in events[1:]]
    return replay(run, rest), rest


def order(run: Run, command: c.Command, at: datetime = AT) -> Run:
    for event in decide(now(run, at), run.visit, command):
        run = evolve(run, event, at)
    return run


def with_values(run: Run) -> Run:
    run = order(run, c.Record("suhu", Decimal(50)))
    return order(run, c.Attach(Attachment(FileKind.PHOTO, f"p{run.turn}")))


SEEN = Seen(3, "ukur", AT)
files = st.builds(Attachment, st.sampled_from(FileKind), st.sampled_from("abc"))
reasons = st.sampled_from([None, *Reason])
commands: st.SearchStrategy[c.Command] = st.one_of(
    st.just(c.Finish()),
    st.builds(c.Tick, item=st.integers(0, 2), on=st.booleans()),
    st.builds(
        c.Record,
        name=st.sampled_from(["suhu", "lain"]),
        value=st.one_of(st.none(), st.integers(-10, 100).map(Decimal)),
        reason=reasons,
    ),
    st.builds(c.Attach, file=files, seen=st.sampled_from([None, SEEN])),
    st.builds(c.Recognise, file=files, step=st.sampled_from(["ukur", "catat"]), seen=st.just(SEEN)),
    st.builds(c.Judge, doubt=st.integers(0, 9), keep=st.booleans()),
    st.builds(c.Choose, way=st.integers(0, 3), reason=reasons),
    st.just(c.Give()),
    st.builds(c.Refuse, reason=reasons),
    st.builds(c.Note, reason=reasons, done_at=st.one_of(st.none(), st.just(AT))),
    st.builds(c.Skip, reason=reasons),
    st.builds(c.Waive, reason=reasons),
    st.builds(c.Block, reason=reasons),
    st.builds(c.Explain, turn=st.integers(0, 9), text=st.text(max_size=5)),
    st.builds(c.Pause, reason=reasons),
    st.just(c.Resume()),
    st.builds(c.Stop, reason=reasons),
    st.just(c.Undo()),
)
scripts = st.lists(st.tuples(commands, st.integers(0, 90), st.integers(-1, 0)), max_size=40)


@given(scripts)
def test_every_run_stays_inside_its_procedure_and_replays_from_its_journal(
    script: list[tuple[c.Command, int, int]],
) -> None:
    begun, journal = start()
    run, at = begun, AT
    for command, seconds, behind in script:
        at += timedelta(seconds=seconds)
        try:
            events = decide(now(run, at), run.visit + behind, command)
        except (Refused, ReasonWanted, TimeWanted):
            continue
        before = run
        for event in events:
            run = evolve(run, event, at)
            journal.append((event, at))
        assert run.visit >= before.visit
        assert run.turn == before.turn + len(events)
        assert (run.step is None) == (run.progress is Progress.DONE)
        assert run.step is None or SOP.step(run.step) in SOP.steps
    first = begin(1, Started(SOP.id, SOP.digest, 7), AT)
    assert replay(first, journal) == run
    assert codec.load(codec.dump(run)) == run


@given(st.lists(st.tuples(commands, st.integers(0, 90)), max_size=30))
def test_every_event_goes_through_the_journal_unharmed(script: list[tuple[c.Command, int]]) -> None:
    run, at = start()[0], AT
    for command, seconds in script:
        at += timedelta(seconds=seconds)
        try:
            events = decide(now(run, at), run.visit, command)
        except (Refused, ReasonWanted, TimeWanted):
            continue
        for event in events:
            assert codec.load(codec.dump(event)) == event
            run = evolve(run, event, at)


def test_a_second_tap_is_stale() -> None:
    run = with_values(start()[0])
    after = order(run, c.Finish())
    with pytest.raises(Refused) as refused:
        decide(now(after, AT), run.visit, c.Finish())
    assert refused.value.why is Why.STALE


def test_a_step_is_not_done_while_something_is_missing() -> None:
    with pytest.raises(Refused) as refused:
        order(start()[0], c.Finish())
    assert refused.value.facts["missing"] == ("Suhu", "photo")


def test_a_value_outside_the_limit_is_asked_again_and_outside_the_usual_range_needs_a_reason() -> None:
    run = start()[0]
    with pytest.raises(Refused) as refused:
        order(run, c.Record("suhu", Decimal(-1)))
    assert refused.value.why is Why.FORBIDDEN_VALUE
    with pytest.raises(ReasonWanted):
        order(run, c.Record("suhu", Decimal(95)))
    events = decide(now(run, AT), run.visit, c.Record("suhu", Decimal(95), Reason.MEASURED_TWICE))
    assert any(isinstance(event, Deviated) and event.kind is Kind.OUT_OF_RANGE for event in events)


def test_undo_brings_the_step_back_with_its_answers_under_a_higher_visit() -> None:
    run = with_values(start()[0])
    after = order(order(run, c.Finish()), c.Undo(), AT + timedelta(seconds=59))
    assert (after.step, after.values, after.files) == (run.step, run.values, run.files)
    assert after.visit > run.visit + 1
    assert after.performed == 0


def test_undo_is_over_after_a_minute() -> None:
    done = order(with_values(start()[0]), c.Finish())
    with pytest.raises(Refused) as refused:
        order(done, c.Undo(), AT + timedelta(seconds=61))
    assert refused.value.why is Why.UNDO_OVER


def test_a_critical_step_is_neither_skipped_nor_waived_but_leave_is_asked_for() -> None:
    run = order(with_values(start()[0]), c.Finish())
    for command, leave in ((c.Skip(Reason.OTHER), Leave.SKIP), (c.Waive(Reason.OTHER), Leave.WAIVE)):
        events = decide(now(run), run.visit, command)
        assert events == [LeaveAsked("tutup", leave, Reason.OTHER)]


def test_a_step_that_may_be_left_out_is_so_without_a_deviation_and_counts_for_nothing() -> None:
    steps = tuple(replace(one, critical=False, optional=True) if one.id == "tutup" else one for one in SOP.steps)
    run = order(with_values(start()[0]), c.Finish())
    for command in (c.Skip(Reason.OTHER), c.Waive(Reason.OTHER)):
        events = decide(replace(now(run), sop=replace(SOP, steps=steps)), run.visit, command)
        assert events[0] == Waived("tutup", Reason.OTHER, again=True)
        assert not any(isinstance(event, Deviated) for event in events)
        assert replay(run, [(event, AT) for event in events]).skipped == 0


def test_a_loop_may_be_taken_as_often_as_it_says_and_then_leads_on() -> None:
    run = start()[0]
    for round_number in range(3):
        run = order(with_values(run), c.Finish())
        run = order(order(run, c.Tick(0, True)), c.Finish())
        run = order(run, c.Choose(1, Reason.INCOMPLETE))
        assert run.step == ("ukur" if round_number < 2 else "catat")
    assert run.visits["ukur"] == 3


def test_what_takes_too_long_or_too_short_is_a_deviation_with_its_length() -> None:
    run = with_values(start()[0])
    late = decide(now(run, AT + timedelta(minutes=45)), run.visit, c.Finish())
    assert Deviated(Kind.OVER_TIME, "ukur", late=timedelta(minutes=15)) in late
    last = order(order(order(run, c.Finish()), c.Tick(0, True)), c.Finish())
    last = order(last, c.Choose(0))
    quick = decide(now(last, AT + timedelta(minutes=1)), last.visit, c.Finish())
    assert Deviated(Kind.UNDER_TIME, "catat", late=timedelta(minutes=1)) in quick
    assert isinstance(quick[-1], Completed)


def test_a_pause_does_not_count_as_work() -> None:
    run = with_values(start()[0])
    run = order(run, c.Pause(Reason.DAY_OVER), AT + timedelta(minutes=10))
    run = order(run, c.Resume(), AT + timedelta(hours=3))
    in_time = decide(now(run, AT + timedelta(hours=3, minutes=19)), run.visit, c.Finish())
    assert not any(isinstance(event, Deviated) for event in in_time)


def test_a_late_entry_asks_for_its_time_and_names_a_broken_order() -> None:
    run = order(with_values(start()[0]), c.Finish(), AT + timedelta(minutes=20))
    run = order(run, c.Tick(0, True))
    with pytest.raises(TimeWanted):
        order(run, c.Note(Reason.LATE_ENTRY))
    events = decide(now(run, AT + timedelta(minutes=30)), run.visit, c.Note(Reason.LATE_ENTRY, AT))
    kinds = [event.kind for event in events if isinstance(event, Deviated)]
    assert kinds == [Kind.LATE_ENTRY, Kind.ORDER]
    assert isinstance(events[-1], Entered)


@pytest.mark.parametrize("done_at", [AT - timedelta(hours=1), AT + timedelta(hours=1)])
def test_a_late_entry_lies_between_the_start_and_now(done_at: datetime) -> None:
    run = start()[0]
    with pytest.raises(Refused):
        order(run, c.Note(Reason.LATE_ENTRY, done_at), AT + timedelta(minutes=1))


def test_missing_proof_under_a_note_is_a_deviation_of_its_own() -> None:
    run = start()[0]
    events = decide(now(run, AT), run.visit, c.Note(Reason.OTHER))
    kinds = {event.kind for event in events if isinstance(event, Deviated)}
    assert kinds == {Kind.DONE_WITH_NOTE, Kind.EVIDENCE_MISSING}


def test_a_photo_that_was_used_before_counts_once_it_is_said_to_be_meant() -> None:
    run = order(start()[0], c.Record("suhu", Decimal(50)))
    run = order(run, c.Attach(Attachment(FileKind.PHOTO, "old"), SEEN))
    assert missing(SOP.steps[0], run) == ("photo",)

    kept = order(run, c.Judge(run.doubts[0].turn, keep=True))

    assert missing(SOP.steps[0], kept) == ()
    assert kept.deviations == 1


def test_a_photo_that_was_used_before_and_is_not_meant_leaves_no_deviation() -> None:
    run = order(start()[0], c.Attach(Attachment(FileKind.PHOTO, "old"), SEEN))
    doubt = run.doubts[0].turn

    run = order(run, c.Judge(doubt, keep=False))

    assert (run.files, run.doubts, run.deviations) == ((), (), 0)
    assert order(run, c.Judge(doubt, keep=True)) == run


def test_a_photo_recognised_after_its_step_had_ended_was_kept() -> None:
    run = with_values(start()[0])
    (photo,) = run.files
    after = order(run, c.Finish())

    events = decide(now(after), after.visit, c.Recognise(photo, "ukur", SEEN))

    assert events == [Deviated(Kind.EVIDENCE_REUSED, "ukur", detail="photo")]


@pytest.mark.parametrize("kind", [FileKind.FILE, FileKind.VOICE, FileKind.LOCATION])
def test_a_file_of_a_kind_that_the_step_does_not_want_is_refused_while_it_wants_another(kind: FileKind) -> None:
    with pytest.raises(Refused) as refused:
        order(start()[0], c.Attach(Attachment(kind, "x")))
    assert refused.value.facts == {"sent": kind, "wanted": ("photo",)}


def test_more_photos_and_files_than_a_step_wants_are_kept_too() -> None:
    run = with_values(start()[0])
    for file in (Attachment(FileKind.PHOTO, "second"), Attachment(FileKind.FILE, "pdf")):
        run = order(run, c.Attach(file))
    assert len(run.files) == 3


def test_undo_takes_back_a_pause_for_a_minute() -> None:
    run = order(start()[0], c.Pause(Reason.DAY_OVER))
    assert order(run, c.Undo(), AT + timedelta(seconds=59)).progress is Progress.ACTIVE
    with pytest.raises(Refused) as refused:
        order(run, c.Undo(), AT + timedelta(seconds=61))
    assert refused.value.why is Why.PAUSED


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 20), st.integers(1, 40))
def test_conformity_is_a_share_and_full_only_without_departures(done: int, skipped: int, extra: int, way: int) -> None:
    share = conformity(performed=done, skipped=skipped, extra=extra, shortest=way)
    assert 0 <= share <= 1
    assert (share == 1) == (skipped + extra == 0)


def test_every_reason_that_can_be_asked_for_can_be_chosen() -> None:
    lists: list[Any] = [d.NOTE, d.SKIP, d.NOT_APPLICABLE, d.CANNOT, d.SEND_BACK, d.OUT_OF_RANGE, d.PAUSE, d.STOP]
    lists += [d.TAKE_OVER, d.REFUSE_LEAVE]
    assert all(Reason.OTHER in one and 3 <= len(one) <= 6 for one in lists)
    assert {reason for one in lists for reason in one} == set(Reason)
