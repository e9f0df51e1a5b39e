"""Several performers: whose turn it is, who may what, and that nothing else moves a run."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine import commands as c
from bot.engine.calendar import Duration, Office
from bot.engine.commands import ReasonWanted, Refused, Situation, TimeWanted, Why, decide, release
from bot.engine.deviations import Kind, Reason
from bot.engine.people import Away, Staff, able, doers, may_start, offered, supervisors
from bot.engine.rights import Relation, called, may, relation, why_not
from bot.engine.run import (
    Approved,
    Assigned,
    Declined,
    Deviated,
    Event,
    Late,
    Leave,
    LeaveAsked,
    LeaveGiven,
    Progress,
    Released,
    Run,
    Started,
    TookLong,
    begin,
    evolve,
    replay,
)
from bot.engine.sop import INITIATOR, Approve, Decide, Do, Position, Sop, Step, Team, Way
from bot.engine.sop import Kind as SopKind
from bot.storage import codec

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ALWAYS = Office(ZoneInfo("UTC"), (((datetime.min.time(), datetime.max.time().replace(microsecond=0)),),) * 7)

CLERK, CHECKER, OTHER_CHECKER, HEAD, DEPUTY, ADMIN, STRANGER = range(1, 8)
EVERYBODY = range(1, 8)
STAFF = Staff(
    {"pemeriksa": (CHECKER, OTHER_CHECKER), "kepala": (HEAD,), "wakil": (DEPUTY,)},
    admins=(ADMIN,),
)
SOP = Sop(
    id="surat",
    title="SOP Surat",
    version="1",
    kind=SopKind.ADMINISTRATIVE,
    unit="Tata Usaha",
    team=Team("pemeriksa", "kepala", "wakil"),
    positions=(
        Position("pemeriksa", "Pemeriksa"),
        Position("kepala", "Kepala"),
        Position("wakil", "Wakil"),
        Position("kurir", "Kurir", external=True, recorded_by="pemeriksa"),
    ),
    digest="0" * 64,
    steps=(
        Step(id="tulis", number=1, text="Menulis", does=Do("periksa"), by=(INITIATOR,)),
        Step(
            id="periksa",
            number=2,
            text="Memeriksa",
            does=Do("layak"),
            by=("pemeriksa",),
            critical=True,
            within=Duration.parse("1 jam"),
        ),
        Step(
            id="layak",
            number=3,
            text="Layak?",
            does=Decide((Way("Layak", "setujui"), Way("Tidak", "tulis", reason=True))),
            by=("pemeriksa",),
        ),
        Step(id="setujui", number=4, text="Menyetujui", does=Approve("kirim", "periksa"), by=("kepala",)),
        Step(id="kirim", number=5, text="Mengirim", does=Do(None), by=("kurir",)),
    ),
)


def now(run: Run, me: int, at: datetime = AT, staff: Staff = STAFF) -> Situation:
    return Situation(SOP, run, me, staff, ALWAYS, at)


def begun(staff: Staff = STAFF) -> Run:
    started, entered = c.start(SOP, CLERK, staff)
    assert isinstance(started, Started)
    return evolve(begin(1, started, AT), entered, AT)


def order(run: Run, me: int, command: c.Command, at: datetime = AT, staff: Staff = STAFF) -> tuple[Run, list[Event]]:
    assert may(me, command, SOP, run, staff), f"{me} may not {command}"
    events = decide(now(run, me, at, staff), run.visit, command)
    return replay(run, [(event, at) for event in events]), events


def walk(*orders: tuple[int, c.Command], staff: Staff = STAFF) -> Run:
    run = begun(staff)
    for me, command in orders:
        run, _ = order(run, me, command, staff=staff)
    return run


TO_CHECK = ((CLERK, c.Finish()),)
CHECKED = (*TO_CHECK, (CHECKER, c.Accept()), (CHECKER, c.Finish()))
TO_APPROVE = (*CHECKED, (CHECKER, c.Choose(0)))


def test_a_finished_part_is_offered_to_everyone_who_holds_the_next_position() -> None:
    run = walk(*TO_CHECK)

    assert run.holder is None
    assert offered(SOP, run, STAFF) == (CHECKER, OTHER_CHECKER)


def test_the_first_to_accept_has_it_and_the_other_is_told_who() -> None:
    run = walk(*TO_CHECK, (OTHER_CHECKER, c.Accept()))

    assert run.holder == OTHER_CHECKER
    assert not may(CHECKER, c.Accept(), SOP, run, STAFF)
    with pytest.raises(Refused) as refused:
        decide(now(run, CHECKER), run.visit, c.Accept())
    assert refused.value.why is Why.TAKEN


def test_nothing_can_be_done_before_it_is_accepted() -> None:
    run = walk(*TO_CHECK)

    assert not may(CHECKER, c.Finish(), SOP, run, STAFF)


def test_who_says_that_it_is_not_theirs_is_asked_no_more() -> None:
    run = walk(*TO_CHECK, (CHECKER, c.Decline()))

    assert offered(SOP, run, STAFF) == (OTHER_CHECKER,)


def test_the_next_step_of_the_same_position_stays_with_whoever_has_it() -> None:
    assert walk(*CHECKED).holder == CHECKER


def test_a_way_back_goes_to_whoever_did_that_step_without_being_offered() -> None:
    run = walk(*CHECKED, (CHECKER, c.Choose(1, Reason.INCOMPLETE)))

    assert (run.step, run.holder) == ("tulis", CLERK)


def test_kembalikan_goes_to_the_last_step_of_whoever_worked_before() -> None:
    run, events = order(walk(*TO_CHECK), CHECKER, c.Return(Reason.INCOMPLETE))

    assert (run.step, run.holder) == ("tulis", CLERK)
    assert [event.kind for event in events if isinstance(event, Deviated)] == [Kind.RETURNED]


def test_nobody_approves_own_work() -> None:
    staff = Staff({"pemeriksa": (CHECKER,), "kepala": (CHECKER, HEAD), "wakil": (DEPUTY,)})
    run = walk(*TO_APPROVE, staff=staff)

    assert run.holder is None
    assert offered(SOP, run, staff) == (HEAD,)


def test_where_own_work_bars_every_holder_the_supervisor_approves() -> None:
    staff = Staff({"pemeriksa": (CHECKER,), "kepala": (CHECKER,), "wakil": (DEPUTY,)})
    run = walk(*TO_APPROVE, staff=staff)

    assert offered(SOP, run, staff) == (DEPUTY,)


def test_where_it_bars_the_supervisors_too_the_admins_approve() -> None:
    staff = Staff({"pemeriksa": (CHECKER,), "kepala": (CHECKER,), "wakil": (CHECKER,)}, admins=(ADMIN,))
    run = walk(*TO_APPROVE, staff=staff)

    assert offered(SOP, run, staff) == (ADMIN,)


def test_whoever_left_out_the_step_before_does_not_approve() -> None:
    staff = Staff({"pemeriksa": (CHECKER, OTHER_CHECKER), "kepala": (OTHER_CHECKER, HEAD), "wakil": (DEPUTY,)})
    given_on = ((HEAD, c.Assign(OTHER_CHECKER, Reason.ON_LEAVE)), (OTHER_CHECKER, c.Block(Reason.DATA_MISSING)))
    run = walk(*CHECKED, *given_on, (HEAD, c.Allow(0)), staff=staff)

    assert run.step == "setujui"
    assert offered(SOP, run, staff) == (HEAD,)


def test_one_person_alone_can_finish_any_sop_and_the_log_says_so() -> None:
    alone = Staff(admins=(CLERK,))
    run = begun(alone)
    approved: list[Event] = []
    for command in (c.Finish(), c.Finish(), c.Choose(0), c.Give(), c.Finish()):
        run, events = order(run, CLERK, command, staff=alone)
        approved += events

    assert run.progress is Progress.DONE
    assert [event.alone for event in approved if hasattr(event, "alone")] == [True]


def test_what_an_external_position_does_is_recorded_by_whoever_is_named_for_it() -> None:
    assert doers(SOP, SOP.step("kirim"), CLERK, STAFF) == (CHECKER, OTHER_CHECKER)


def test_a_critical_step_is_left_out_only_by_leave_of_the_supervisor() -> None:
    run, events = order(walk(*TO_CHECK, (CHECKER, c.Accept())), CHECKER, c.Skip(Reason.NO_TIME))
    assert events == [LeaveAsked("periksa", Leave.SKIP, Reason.NO_TIME)]
    assert run.step == "periksa"
    assert not may(CHECKER, c.Allow(), SOP, run, STAFF)

    run, events = order(run, HEAD, c.Allow())

    assert run.step == "layak"
    assert run.skipped == 1
    assert run.holder == CHECKER
    assert [event.kind for event in events if isinstance(event, Deviated)] == [Kind.SKIPPED]


def test_a_refused_leave_leaves_the_step_where_it_is() -> None:
    run = walk(*TO_CHECK, (CHECKER, c.Accept()), (CHECKER, c.Waive(Reason.NOT_NEEDED)))

    run, _ = order(run, HEAD, c.Deny(Reason.MUST_BE_DONE))

    assert (run.step, run.wish, run.holder) == ("periksa", None, CHECKER)


def test_a_step_that_cannot_be_done_is_let_go_by_the_supervisor_who_at_a_decision_says_the_way() -> None:
    run = walk(*CHECKED, (CHECKER, c.Block(Reason.DATA_MISSING)))
    with pytest.raises(Refused):
        decide(now(run, HEAD), run.visit, c.Allow())

    run, _ = order(run, HEAD, c.Allow(1))

    assert (run.step, run.skipped) == ("tulis", 1)


def test_an_approval_cannot_be_passed() -> None:
    run = walk(*TO_APPROVE, (HEAD, c.Accept()), (HEAD, c.Block(Reason.DATA_MISSING)))

    with pytest.raises(Refused) as refused:
        decide(now(run, DEPUTY), run.visit, c.Allow())
    assert refused.value.why is Why.MUST_BE_APPROVED


def test_the_supervisor_takes_over_with_a_reason_and_it_is_a_deviation_of_performer() -> None:
    run = walk(*TO_CHECK, (CHECKER, c.Accept()))
    with pytest.raises(ReasonWanted):
        decide(now(run, HEAD), run.visit, c.Assign(HEAD))

    run, events = order(run, HEAD, c.Assign(HEAD, Reason.ON_LEAVE))

    assert run.holder == HEAD
    assert events == [
        Assigned("periksa", HEAD, Reason.ON_LEAVE),
        Deviated(Kind.WRONG_PERFORMER, "periksa", Reason.ON_LEAVE),
    ]


def test_waiting_to_be_accepted_is_not_work() -> None:
    run = walk(*TO_CHECK)
    later = AT + timedelta(hours=5)
    run, _ = order(run, CHECKER, c.Accept(), later)

    run, events = order(run, CHECKER, c.Finish(), later + timedelta(minutes=50))

    assert not [event for event in events if isinstance(event, Deviated)]


def test_the_undo_ends_when_the_next_one_accepts() -> None:
    run = walk(*TO_CHECK)
    assert may(CLERK, c.Undo(), SOP, run, STAFF)
    assert not may(CHECKER, c.Undo(), SOP, run, STAFF)

    run, _ = order(run, CHECKER, c.Accept())

    assert not may(CLERK, c.Undo(), SOP, run, STAFF)
    with pytest.raises(Refused):
        decide(now(run, CLERK), run.visit, c.Undo())


def test_an_undone_hand_over_is_with_the_first_again() -> None:
    run, _ = order(walk(*TO_CHECK), CLERK, c.Undo())

    assert (run.step, run.holder) == ("tulis", CLERK)
    assert offered(SOP, run, STAFF) == ()


def test_whoever_does_the_first_step_starts_it_and_everyone_where_nobody_holds_it() -> None:
    first = Sop(
        id="uji",
        title="SOP Uji",
        version="1",
        kind=SopKind.TECHNICAL,
        unit="Tata Usaha",
        team=SOP.team,
        positions=SOP.positions,
        digest="1" * 64,
        steps=(Step(id="satu", number=1, text="Satu", does=Do(None), by=("pemeriksa",)),),
    )

    assert may_start(CHECKER, first, STAFF)
    assert not may_start(CLERK, first, STAFF)
    assert may_start(CLERK, first, Staff())


reasons = st.sampled_from([None, *Reason])
people = st.sampled_from(EVERYBODY)
commands: st.SearchStrategy[c.Command] = st.one_of(
    st.sampled_from([c.Finish(), c.Give(), c.Resume(), c.Undo(), c.Accept(), c.Decline()]),
    st.builds(c.Choose, way=st.integers(0, 2), reason=reasons),
    st.builds(c.Refuse, reason=reasons),
    st.builds(c.Note, reason=reasons, done_at=st.just(AT)),
    st.builds(c.Skip, reason=reasons),
    st.builds(c.Waive, reason=reasons),
    st.builds(c.Block, reason=reasons),
    st.builds(c.Pause, reason=reasons),
    st.builds(c.Stop, reason=reasons),
    st.builds(c.Return, reason=reasons),
    st.builds(c.Assign, person=people, reason=reasons),
    st.builds(c.Allow, way=st.one_of(st.none(), st.integers(0, 1))),
    st.builds(c.Deny, reason=reasons),
    st.builds(c.Explain, turn=st.integers(0, 9), text=st.text(max_size=5)),
)
staffs = st.builds(
    Staff,
    st.fixed_dictionaries({name: st.lists(people, max_size=3, unique=True).map(tuple) for name in STAFF.holders}),
    st.lists(people, max_size=1).map(tuple),
)
scripts = st.lists(st.tuples(people, commands, st.integers(0, 90)), max_size=60)


@given(staffs, scripts)
def test_nothing_is_ever_with_nobody_and_the_journal_tells_it_all(
    staff: Staff, script: list[tuple[int, c.Command, int]]
) -> None:
    started = c.start(SOP, CLERK, staff)
    journal = [(event, AT) for event in started[1:]]
    first = started[0]
    assert isinstance(first, Started)
    run, at = replay(begin(1, first, AT), journal), AT
    for me, command, seconds in script:
        at += timedelta(seconds=seconds)
        if not may(me, command, SOP, run, staff):
            continue
        try:
            events = decide(Situation(SOP, run, me, staff, ALWAYS, at), run.visit, command)
        except (Refused, ReasonWanted, TimeWanted):
            continue
        journal += [(event, at) for event in events]
        run = replay(run, [(event, at) for event in events])
        assert run.holder is None or run.step is not None
        if run.holder is None and not run.over and not run.declined:
            assert offered(SOP, run, staff), "offered to nobody"
        if not run.over and supervisors(SOP, run, staff):
            assert called(SOP, run, staff), "waits for nobody"
        for event in events:
            assert codec.load(codec.dump(event)) == event
    assert replay(begin(1, first, AT), journal) == run
    assert codec.load(codec.dump(run)) == run


def without(staff: Staff, out: frozenset[int], away: bool, stand_in: int | None) -> Staff:
    """Who works here while some cannot be had, or are away and somebody stands in for them."""
    holders = {name: tuple(one for one in there if one not in out) for name, there in staff.holders.items()}
    if not away:
        return Staff(holders, tuple(one for one in staff.admins if one not in out), out)
    there = stand_in if stand_in not in out else None
    leave = {one: Away(ALWAYS.day(AT), there) for one in out}
    return Staff(holders, tuple(one for one in staff.admins if one not in out), away=leave)


absences = st.tuples(st.frozensets(people, max_size=4), st.booleans(), st.none() | people)


@given(staffs, scripts, st.lists(absences, min_size=60, max_size=60))
def test_nothing_waits_for_whoever_cannot_be_had_or_is_away_while_others_can(
    everyone: Staff,
    script: list[tuple[int, c.Command, int]],
    gone: list[tuple[frozenset[int], bool, int | None]],
) -> None:
    run, at = begun(everyone), AT
    for (me, command, seconds), (out, away, stand_in) in zip(script, gone, strict=False):
        at += timedelta(seconds=seconds)
        staff = without(everyone, out, away, stand_in)
        run = replay(run, [(event, at) for event in release(run, staff, ALWAYS)])
        if run.over:
            return
        assert not {*called(SOP, run, staff)} & out
        assert called(SOP, run, staff) or not (supervisors(SOP, run, staff) or offered(SOP, run, staff))
        assert release(run, staff, ALWAYS) == []
        assert codec.load(codec.dump(run)) == run
        if me in out or not may(me, command, SOP, run, staff):
            continue
        try:
            events = decide(Situation(SOP, run, me, staff, ALWAYS, at), run.visit, command)
        except (Refused, ReasonWanted, TimeWanted):
            continue
        run = replay(run, [(event, at) for event in events])


def test_whoever_had_a_step_is_offered_it_once_they_are_back() -> None:
    alone = Staff(out=frozenset({CLERK}))
    run = begun(Staff())
    [left] = release(run, alone, ALWAYS)
    run = evolve(run, left, AT)
    assert offered(SOP, run, alone) == ()

    run, _ = order(run, CLERK, c.Accept(), staff=Staff())

    assert run.holder == CLERK


@given(staffs, scripts)
def test_no_approval_is_ever_given_by_whoever_did_the_work_unless_alone(
    staff: Staff, script: list[tuple[int, c.Command, int]]
) -> None:
    run, at = begun(staff), AT
    for me, command, seconds in script:
        at += timedelta(seconds=seconds)
        if not may(me, command, SOP, run, staff) or isinstance(command, c.Assign):
            continue
        try:
            events = decide(Situation(SOP, run, me, staff, ALWAYS, at), run.visit, command)
        except (Refused, ReasonWanted, TimeWanted):
            continue
        if any(type(event).__name__ == "Approved" for event in events):
            workers = {hand.person for name, hand in run.hands.items() if name in ("periksa", "layak")}
            assert me not in workers or run.vacant
        run = replay(run, [(event, at) for event in events])


def test_an_assigned_approver_who_did_the_work_is_refused() -> None:
    run = walk(*TO_APPROVE)

    with pytest.raises(Refused):
        decide(now(run, HEAD), run.visit, c.Assign(CHECKER))


@pytest.mark.parametrize("taker", [DEPUTY, ADMIN])
def test_an_approval_is_taken_by_nobody_while_somebody_is_there_for_it(taker: int) -> None:
    for run in (walk(*TO_APPROVE), walk(*TO_APPROVE, (HEAD, c.Accept()))):
        with pytest.raises(Refused) as refused:
            order(run, taker, c.Assign(taker, Reason.ON_LEAVE))
        assert refused.value.why is Why.NOT_APPROVER


def test_whoever_takes_over_what_is_offered_to_others_says_why_unless_nobody_is_left() -> None:
    run = walk(*TO_CHECK)
    with pytest.raises(ReasonWanted):
        order(run, ADMIN, c.Assign(ADMIN))
    _, events = order(run, ADMIN, c.Assign(ADMIN, Reason.ON_LEAVE))
    assert Deviated(Kind.WRONG_PERFORMER, "periksa", Reason.ON_LEAVE) in events

    assert order(run, HEAD, c.Assign(CHECKER))[1] == [Assigned("periksa", CHECKER)]
    declined = walk(*TO_CHECK, (CHECKER, c.Decline()), (OTHER_CHECKER, c.Decline()))
    assert order(declined, ADMIN, c.Assign(ADMIN))[1] == [Assigned("periksa", ADMIN)]


def test_a_step_is_given_to_nobody_whose_it_is_not() -> None:
    for run in (walk(*TO_CHECK), walk(*TO_CHECK, (CHECKER, c.Accept()))):
        for person in (STRANGER, 9999):
            with pytest.raises(Refused) as refused:
                order(run, HEAD, c.Assign(person, Reason.ON_LEAVE))
            assert refused.value.why is Why.UNFIT


@pytest.mark.parametrize("verdict", [c.Give(), c.Sign(), c.Refuse(Reason.INCOMPLETE)])
def test_nobody_approves_whose_position_ended_while_somebody_else_holds_it(verdict: c.Command) -> None:
    run = walk(*TO_APPROVE, (HEAD, c.Accept()))
    succeeded = Staff({**STAFF.holders, "kepala": (STRANGER,)}, admins=(ADMIN,))

    assert may(HEAD, verdict, SOP, run, STAFF)
    assert not may(HEAD, verdict, SOP, run, succeeded)
    assert why_not(HEAD, verdict, run).why is Why.NOT_APPROVER
    assert may(HEAD, verdict, SOP, run, replace(succeeded, away={HEAD: Away(ALWAYS.day(AT))}))


@pytest.mark.parametrize("out", [False, True])
def test_own_work_that_nobody_else_can_approve_is_marked_after_an_absence_too(out: bool) -> None:
    alone = Staff(admins=(CLERK,))
    run = walk((CLERK, c.Finish()), (CLERK, c.Finish()), (CLERK, c.Choose(0)), staff=alone)
    gone = Staff(out=frozenset({CLERK})) if out else Staff(away={CLERK: Away(ALWAYS.day(AT))})
    run = replay(run, [(event, AT) for event in release(run, gone, ALWAYS)])
    if run.holder is None:
        run, _ = order(run, CLERK, c.Accept(), staff=alone)

    _, events = order(run, CLERK, c.Give(), staff=alone)

    assert events[0] == Approved("setujui", alone=True)


def test_supervisors_are_asked_in_order_and_never_about_their_own_step() -> None:
    run = walk(*TO_CHECK, (CHECKER, c.Accept()))
    assert supervisors(SOP, run, STAFF) == ((HEAD,), (DEPUTY,))

    run = walk(*TO_APPROVE, (HEAD, c.Accept()))
    assert supervisors(SOP, run, STAFF) == ((DEPUTY,),)
    assert able(SOP, run, SOP.step("setujui"), STAFF) == (HEAD,)


def test_a_pause_while_a_step_was_offered_was_none_of_its_work() -> None:
    run = walk(*TO_CHECK, (CLERK, c.Pause(Reason.WAITING)))
    run, _ = order(run, CLERK, c.Resume(), AT + timedelta(hours=3))
    run, _ = order(run, CHECKER, c.Accept(), AT + timedelta(hours=3))

    _, events = order(run, CHECKER, c.Finish(), AT + timedelta(hours=4, minutes=30))

    assert Deviated(Kind.OVER_TIME, "periksa", late=timedelta(minutes=30)) in events


def test_whoever_takes_over_a_step_begins_anew() -> None:
    alone = Staff({"pemeriksa": (CLERK, CHECKER), "kepala": (HEAD,)})
    run = walk((CLERK, c.Finish()), staff=alone)  # it stays with the clerk, who never has to accept it
    run, _ = order(run, HEAD, c.Assign(CHECKER, Reason.ON_LEAVE), AT + timedelta(hours=3), staff=alone)

    _, events = order(run, CHECKER, c.Finish(), AT + timedelta(hours=3, minutes=10), staff=alone)
    assert not [event for event in events if isinstance(event, Deviated)]

    run = walk(*TO_CHECK, (CHECKER, c.Accept()))
    told = evolve(run, TookLong("periksa", Late.STEP), AT + timedelta(hours=5))
    run, _ = order(told, HEAD, c.Assign(OTHER_CHECKER, Reason.ON_LEAVE), AT + timedelta(hours=5))
    assert run.late == ()
    _, events = order(run, OTHER_CHECKER, c.Finish(), AT + timedelta(hours=5, minutes=1))
    assert not [event for event in events if isinstance(event, Deviated)]


def test_a_lone_admin_gives_the_leave_they_ask_for_and_the_log_says_so() -> None:
    alone = Staff(admins=(CLERK,))
    asked = walk((CLERK, c.Finish()), (CLERK, c.Skip(Reason.NO_TIME)), staff=alone)
    assert called(SOP, asked, alone) == (CLERK,)
    assert relation(CLERK, SOP, asked, alone) is Relation.ASKED

    run, events = order(asked, CLERK, c.Allow(), staff=alone)

    assert run.step == "layak"
    assert events[0] == LeaveGiven("periksa", Leave.SKIP, alone=True)
    assert not may(CLERK, c.Allow(), SOP, asked, Staff(admins=(CLERK, ADMIN)))


@pytest.mark.parametrize("back", ["approval", "decision"])
def test_what_goes_back_to_whoever_is_on_leave_never_goes_to_whoever_sends_it(back: str) -> None:
    away = replace(STAFF, away={CLERK: Away(ALWAYS.day(AT))})
    sends: c.Command = c.Choose(1, Reason.INCOMPLETE)
    run, me = walk(*CHECKED), CHECKER
    if back == "approval":
        away = replace(away, holders={**STAFF.holders, "pemeriksa": ()}, away={CHECKER: Away(ALWAYS.day(AT))})
        run, me, sends = walk(*TO_APPROVE, (HEAD, c.Accept())), HEAD, c.Refuse(Reason.INCOMPLETE)

    run, events = order(run, me, sends, staff=away)

    assert isinstance(events[-1], Released) and run.holder is None
    assert called(SOP, run, away) == (HEAD, ADMIN)


def test_what_somebody_on_leave_takes_up_again_is_theirs() -> None:
    run = walk(*TO_CHECK, (CHECKER, c.Accept()))
    away = replace(STAFF, away={CHECKER: Away(ALWAYS.day(AT))})
    run = replay(run, [(event, AT) for event in release(run, away, ALWAYS)])
    run, _ = order(run, CHECKER, c.Accept(), staff=STAFF)

    assert release(run, away, ALWAYS) == []


def test_a_leave_passes_a_step_to_the_stand_in_alone_and_back_to_whoever_is_there_again() -> None:
    run = walk(*TO_CHECK, (CHECKER, c.Accept()))
    day = ALWAYS.day(AT)
    away = replace(STAFF, holders={**STAFF.holders, "pemeriksa": (OTHER_CHECKER,)}, away={CHECKER: Away(day, CLERK)})
    [left] = release(run, away, ALWAYS)
    assert left == Released("periksa", CHECKER, away=True)
    run = evolve(run, left, AT)

    assert offered(SOP, run, away) == (CLERK,)
    assert offered(SOP, run, replace(away, away={CHECKER: Away(day)})) == (OTHER_CHECKER,)
    assert set(offered(SOP, run, STAFF)) == {CHECKER, OTHER_CHECKER}
    assert offered(SOP, evolve(run, Declined("periksa", CLERK), AT), away) == (OTHER_CHECKER,)


def test_nobody_approves_own_work_by_standing_in() -> None:
    run = walk(*TO_APPROVE, (HEAD, c.Accept()))
    away = replace(STAFF, holders={}, away={HEAD: Away(ALWAYS.day(AT), CHECKER)})
    [left] = release(run, away, ALWAYS)

    assert CHECKER not in offered(SOP, evolve(run, left, AT), away)
