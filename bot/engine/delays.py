"""What waits too long and what takes too long: when somebody is told of it, each time once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.engine.calendar import Duration, Office, Unit
from bot.engine.commands import begin_by, begun_from, deadline_at, due_at, opens_at, standard_end
from bot.engine.errands import waits_since
from bot.engine.facts import StepFact, measured
from bot.engine.run import Event, Late, Lateness, LongAwaited, Progress, Run, TookLong
from bot.engine.sop import Approve, Child, Sop, Step

History = Callable[[], Iterable[tuple[Event, datetime]]]
"""All that happened in a run, read only where it is needed."""

Moment = tuple[datetime, LongAwaited | TookLong]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in working time: until whoever is waited for is reminded, until the next in line is told (and
    after as long again the one after), until the next in line is asked for leave as well. At `warn` per cent of the
    standard time of a step whoever has it is told."""

    remind: timedelta = timedelta(hours=8)
    escalate: timedelta = timedelta(hours=16)
    leave: timedelta = timedelta(hours=2)
    warn: int = 80


USUAL = Patience()


class Delay(StrEnum):
    """In which way a run waits, or takes, too long, or lacks somebody, as a list tells it."""

    YOURS = "yours"
    """It waits for whoever reads the list."""
    THEIRS = "theirs"
    """It waits for others."""
    STEP = "step"
    PHASE = "phase"
    RUN = "run"
    VACANT = "vacant"
    """Nobody holds the position of its step, so it stayed with whoever did the step before."""


def still(sop: Sop, run: Run, delay: Delay) -> bool:
    """Whether that is still so: a list may be read out late."""
    if run.over or run.step is None:
        return False
    match delay:
        case Delay.YOURS | Delay.THEIRS:
            return _is_waiting(sop, run) and run.nudged is not None and run.nudged.told > 0
        case Delay.STEP:
            return Lateness(Late.STEP) in run.late
        case Delay.PHASE:
            return Lateness(Late.PHASE, sop.step(run.step).phase) in run.late
        case Delay.RUN:
            return True
        case Delay.VACANT:
            return run.vacant


def _is_waiting(sop: Sop, run: Run) -> bool:
    """Whether the run waits for somebody: for an answer to an offer or to a wish for leave, for what is to be approved,
    or for whoever has a step that nothing says the time of."""
    if run.step is None or run.child is not None or not _is_watched(run):
        return False
    step = sop.step(run.step)
    timeless = step.within is None and step.deadline is None
    return run.wish is not None or run.holder is None or timeless or isinstance(step.does, Approve)


def _is_worked_on(run: Run) -> bool:
    """Whether the standard time of the step runs: somebody has it, and waits for nobody."""
    return run.progress is Progress.ACTIVE and run.holder is not None and run.wish is None


def _is_watched(run: Run) -> bool:
    """Whether anything of the run can be too late for anybody: nothing is in a rehearsal."""
    return run.step is not None and run.progress is Progress.ACTIVE and not run.rehearsal


# When


def look_again(sop: Sop, run: Run, patience: Patience, at: datetime) -> datetime | None:
    """When a run that has just come to stand so is to be looked at: surely not after anybody is to be told, and found
    without a calendar, as it is found at a tap. None where nothing can come of it."""
    if not _is_watched(run):
        return None
    step, moments = sop.step(run.step or sop.first.id), []
    if _is_waiting(sop, run):
        moments.append(_patient_since(run) + min(patience.remind, patience.leave, patience.escalate))
    if step.within is not None and _is_worked_on(run):
        moments.append(run.work_began + run.paused_for + _at_least(step.within, patience))
    dated = step.deadline is not None and run.child is None
    if dated or any(_may_be_over(run, *one, at) for one in _groups(sop, run)):
        moments.append(at)
    return min(moments, default=None)


_LATER = timedelta(minutes=30)
"""Days, weeks and months are surely not nearly over before that."""


def _at_least(within: Duration, patience: Patience) -> timedelta:
    counted = within.unit in (Unit.MINUTES, Unit.HOURS)
    return _surely(within) * patience.warn / 100 if counted else _surely(within)


def _surely(within: Duration) -> timedelta:
    """How long it is at least, found without a calendar."""
    match within.unit:
        case Unit.MINUTES:
            return timedelta(minutes=float(within.amount))
        case Unit.HOURS:
            return timedelta(hours=float(within.amount))
        case Unit.DAYS | Unit.WEEKS | Unit.MONTHS:
            return _LATER
        case _:
            return timedelta()


def _may_be_over(run: Run, late: Lateness, steps: Iterable[Step], at: datetime) -> bool:
    """Whether all the time since the start, day and night, is long enough for these steps to have taken too long."""
    shortest = [_surely(step.within) for step in steps if step.within is not None and _has_standard(step)]
    return late not in run.late and bool(shortest) and at - run.started_at >= sum(shortest, timedelta())


def looked_at(
    sop: Sop, run: Run, office: Office, patience: Patience, at: datetime, history: History
) -> tuple[LongAwaited | TookLong, ...]:
    """Of what somebody is to be told now. Whoever is told that a step is late needs no warning any more."""
    due = tuple(event for when, event in _moments(sop, run, office, patience, at, history) if when <= at)
    late = any(isinstance(event, TookLong) and event.late is Late.STEP for event in due)
    return tuple(one for one in due if not (late and isinstance(one, TookLong) and one.late is Late.SOON))


def next_look(
    sop: Sop, run: Run, office: Office, patience: Patience, at: datetime, history: History
) -> datetime | None:
    """When the run is to be looked at again. What was due, and there was nobody to be told, comes no more."""
    return min((when for when, _ in _moments(sop, run, office, patience, at, history) if when > at), default=None)


def _moments(
    sop: Sop, run: Run, office: Office, patience: Patience, at: datetime, history: History
) -> Iterator[Moment]:
    if not _is_watched(run):
        return
    step = sop.step(run.step or sop.first.id)
    if _is_waiting(sop, run):
        yield _nudge(run, step, office, patience)
    if run.child is None:
        yield from _of_step(run, step, office, patience)
    yield from _of_groups(sop, run, step, office, at, history)


def _patient_since(run: Run) -> datetime:
    return run.nudged.at if run.nudged else waits_since(run)


def _nudge(run: Run, step: Step, office: Office, patience: Patience) -> Moment:
    """Who is next to be told that the run waits: first whoever it waits for, then one after the other in line."""
    told = run.nudged.told if run.nudged else 0
    limit = patience.escalate if run.wish is None else patience.leave
    reminds = patience.remind < limit
    match told:
        case 0 if reminds:
            after, length = 1, patience.remind
        case 0:
            after, length = 2, limit
        case 1 if reminds:
            after, length = 2, limit - patience.remind
        case _:
            after, length = told + 1, limit
    opens = opens_at(run, step, office) if run.wish is None else None
    since = _patient_since(run)
    return office.add(max(since, opens or since), length), LongAwaited(step.id, after)


def _of_step(run: Run, step: Step, office: Office, patience: Patience) -> Iterator[Moment]:
    if Lateness(Late.STEP) in run.late:
        return
    ends = [begin_by(run, step, office) if run.begun_at is None else None]
    if _is_worked_on(run):
        ends.append(due_at(run, step, office))
        warning = _warning(run, step, office, patience)
        if warning is not None and Lateness(Late.SOON) not in run.late:
            yield warning, TookLong(step.id, Late.SOON)
    elif step.deadline is not None and not step.deadline.starts:
        ends.append(deadline_at(run, step, office))
    end = min((one for one in ends if one is not None), default=None)
    if end is not None:
        yield end, TookLong(step.id, Late.STEP)


def _warning(run: Run, step: Step, office: Office, patience: Patience) -> datetime | None:
    begins, end = begun_from(run, step, office), standard_end(run, step, office)
    if begins is None or end is None:
        return None
    length = office.worked(begins, end) - run.paused_for
    return office.add(begins, length * patience.warn / 100 + run.paused_for) if length > timedelta() else None


# A phase, and the run as a whole


def _of_groups(sop: Sop, run: Run, step: Step, office: Office, at: datetime, history: History) -> Iterator[Moment]:
    """A phase or the run is late once its steps took longer than all of their standard times together, whoever has the
    present one. What has no standard time, a child run, pauses and waiting do not count; every further visit brings its
    own."""
    pending = [one for one in _groups(sop, run) if one[0] not in run.late and any(map(_has_standard, one[1]))]
    counts = _is_worked_on(run) and _has_standard(step)
    if not counts:  # no more than what is over already
        pending = [one for one in pending if _may_be_over(run, *one, at)]
    if not pending:
        return
    begins = begun_from(run, step, office) if counts else None
    now = office.worked(begins, at) - run.paused_for if begins is not None else timedelta()
    facts = measured(sop, run.id, history(), office).steps
    for late, steps in pending:
        left = _allowed(run, steps, office) - _spent(facts, steps) - now
        if counts or left <= timedelta():
            yield office.add(at, left) if left > timedelta() else at, TookLong(step.id, late.late, late.phase)


def _groups(sop: Sop, run: Run) -> list[tuple[Lateness, tuple[Step, ...]]]:
    """What can be late as a whole: the run, and the phase of its step where that is not all of it."""
    groups = [(Lateness(Late.RUN), sop.steps)]
    phase = sop.step(run.step or sop.first.id).phase
    if phase and phase != _only_phase(sop):
        groups.append((Lateness(Late.PHASE, phase), tuple(one for one in sop.steps if one.phase == phase)))
    return groups


def _only_phase(sop: Sop) -> str:
    """The phase of an SOP that has but one: to be told of the run is to be told of it."""
    first, *more = dict.fromkeys(step.phase for step in sop.steps)
    return "" if more else first


def _has_standard(step: Step) -> bool:
    return step.within is not None and not isinstance(step.does, Child)


def _allowed(run: Run, steps: Iterable[Step], office: Office) -> timedelta:
    lengths = (
        office.worked(run.started_at, office.due(run.started_at, step.within)) * max(1, run.visits.get(step.id, 0))
        for step in steps
        if step.within is not None and _has_standard(step)
    )
    return sum(lengths, timedelta())


def _spent(facts: Iterable[StepFact], steps: Iterable[Step]) -> timedelta:
    counted = {step.id for step in steps if _has_standard(step)}
    return sum((fact.worked for fact in facts if fact.step in counted), timedelta())
