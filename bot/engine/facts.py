"""What a run that is over has been: how far it kept to its SOP, what was done again, how long each step took."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.engine.calendar import Office
from bot.engine.commands import begun_from
from bot.engine.conformity import conformity
from bot.engine.deviations import Kind
from bot.engine.run import (
    Approved,
    Decided,
    Deviated,
    Event,
    Finished,
    Noted,
    Progress,
    Rejected,
    Run,
    Started,
    Undone,
    begin,
    evolve,
)
from bot.engine.sop import Sop

Performed = Finished | Noted | Decided | Approved | Rejected
"""What ends a step by somebody's work. What was left out took no time, and a child run measures its own."""


@dataclass(frozen=True, slots=True)
class StepFact:
    """A step that was worked on at `visit`: how long it waited to be accepted, how long it was worked on, and how long
    it should have taken at most, all in working time."""

    step: str
    visit: int
    waited: timedelta
    worked: timedelta
    standard: timedelta | None


@dataclass(frozen=True, slots=True)
class RunFact:
    """A run that is over. `fitness` is its conformity, None where it was stopped; `again` counts the visits to steps
    that had been entered before, `late` the steps recorded afterwards."""

    fitness: float | None
    performed: int
    again: int
    late: int
    steps: tuple[StepFact, ...]

    @property
    def worked(self) -> timedelta:
        """The working time of all steps."""
        return sum((step.worked for step in self.steps), timedelta())

    @property
    def waited(self) -> timedelta:
        """The working time for which steps waited to be accepted."""
        return sum((step.waited for step in self.steps), timedelta())


@dataclass
class _Seen:
    """What was seen so far, each with the turn at which it happened, so that an undo takes it back."""

    steps: list[tuple[int, StepFact]] = field(default_factory=list)
    late: list[int] = field(default_factory=list)

    def forget(self, since: int) -> None:
        self.steps = [one for one in self.steps if one[0] < since]
        self.late = [turn for turn in self.late if turn < since]


def measured(sop: Sop, run_id: int, history: Iterable[tuple[Event, datetime]], office: Office) -> RunFact:
    """What a run has been, by all that happened in it. What was undone never was."""
    events = iter(history)
    first, at = next(events)
    assert isinstance(first, Started)
    run, seen = begin(run_id, first, at), _Seen()
    for event, at in events:
        match event:
            case Finished() | Noted() | Decided() | Approved() | Rejected():
                seen.steps.append((run.turn + 1, _step(sop, run, event, at, office)))
            case Deviated(kind=Kind.LATE_ENTRY):
                seen.late.append(run.turn + 1)
            case Undone(since=since):
                seen.forget(since)
            case _:
                pass
        run = evolve(run, event, at)
    again = sum(times - 1 for times in run.visits.values())
    steps = tuple(fact for _, fact in seen.steps)
    return RunFact(_fitness(sop, run), run.performed, again, len(seen.late), steps)


def _step(sop: Sop, run: Run, event: Performed, at: datetime, office: Office) -> StepFact:
    step, ended = sop.step(event.step), event.done_at or at
    began = begun_from(replace(run, begun_at=min(run.begun_at or ended, ended)), step, office) or run.work_began
    return StepFact(
        step.id,
        run.visit,
        office.worked(run.entered_at, run.work_began),
        max(timedelta(), office.worked(began, ended) - run.paused_for),
        office.worked(began, office.due(began, step.within)) if step.within else None,
    )


def _fitness(sop: Sop, run: Run) -> float | None:
    if run.progress is not Progress.DONE:
        return None
    return float(conformity(performed=run.performed, skipped=run.skipped, extra=run.extra, shortest=sop.shortest))
