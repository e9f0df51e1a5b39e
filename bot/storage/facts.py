"""What runs that are over have been, kept beside them so that figures need not look at every event again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.engine.facts import RunFact
from bot.engine.run import Event, Run
from bot.engine.sop import Status
from bot.storage.journal import events_of
from bot.storage.tables import DeviationRow, RunFactRow, RunRow, StepFactRow, table

run_fact = table(RunFactRow)
step_fact = table(StepFactRow)
deviation = table(DeviationRow)
run = table(RunRow)

SETTLED = timedelta(seconds=60)
"""So long after its end a run is measured: until then the end may be undone."""

SETBACK = timedelta(hours=1)
"""A run that cannot be measured is tried again after this, and holds up no other."""


class Facts:
    """Keeps what runs have been. A row waits from the end of a run on, and goes where that is undone."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def expect(self, ended: Run) -> None:
        """The run is over: it is to be measured."""
        values = {
            "run": ended.id,
            "sop": ended.sop,
            "digest": ended.digest,
            "unit": ended.unit,
            "starter": ended.starter,
        }
        moments = {"started_at": ended.started_at, "ended_at": self._at, "due_at": self._at + SETTLED}
        nothing = dict.fromkeys(_COUNTS, 0)
        stands = {"progress": ended.progress.value, "trial": False}
        self._connection.execute(insert(run_fact).values(**values, **moments, **stands, **nothing))

    def forget(self, run_id: int) -> None:
        """The run goes on after all, or its beginning was taken back."""
        # the row first: whoever is measuring it holds it, and adds steps no more once it is gone
        self._connection.execute(delete(run_fact).where(run_fact.c.run == run_id))
        self._connection.execute(delete(step_fact).where(step_fact.c.run == run_id))

    def departed(self, run_id: int, count: int) -> None:
        """So many deviations came: where the run is measured by then, as a file was late, they count all the same."""
        measured = update(run_fact).where(run_fact.c.run == run_id, run_fact.c.due_at.is_(None))
        self._connection.execute(measured.values(deviations=run_fact.c.deviations + count))

    def due(self) -> int | None:
        """The run that waits longest to be measured."""
        oldest = select(run_fact.c.run).where(run_fact.c.due_at <= self._at).order_by(run_fact.c.due_at)
        return self._connection.execute(oldest.limit(1)).scalar()

    def history(self, run_id: int) -> Iterator[tuple[Event, datetime]]:
        """All that happened in a run, in order; words that were erased are missing."""
        return events_of(self._connection, run_id)

    def keep(self, ended: Run, fact: RunFact) -> bool:
        """Keep what the run has been. False where another process was faster or the end was undone meanwhile."""
        values = {
            "ended_at": ended.ended_at,
            "due_at": None,
            "trial": self.stage(ended.id) is Status.TRIAL,
            "fitness": fact.fitness,
            "performed": fact.performed,
            "again": fact.again,
            "late": fact.late,
            "deviations": self._deviations(ended.id),
            "worked_seconds": _seconds(fact.worked),
            "waited_seconds": _seconds(fact.waited),
        }
        mine = update(run_fact).where(run_fact.c.run == ended.id, run_fact.c.due_at.is_not(None))
        kept = self._connection.execute(mine.values(**values)).rowcount == 1
        if kept and fact.steps:
            rows = [
                {
                    "run": ended.id,
                    "visit": one.visit,
                    "step": one.step,
                    "waited_seconds": _seconds(one.waited),
                    "worked_seconds": _seconds(one.worked),
                    "standard_seconds": None if one.standard is None else _seconds(one.standard),
                }
                for one in fact.steps
            ]
            self._connection.execute(insert(step_fact), rows)
        return kept

    def stage(self, run_id: int) -> Status:
        """How the version stood when the run began."""
        return Status(self._connection.execute(select(run.c.stage).where(run.c.id == run_id)).scalar_one())

    def _deviations(self, run_id: int) -> int:
        mine = select(func.count()).where(deviation.c.run == run_id, deviation.c.undone.is_(False))
        return int(self._connection.execute(mine).scalar_one())

    def put_off(self) -> None:
        """The run that waits longest could not be measured."""
        mine = update(run_fact).where(run_fact.c.run == self.due())
        self._connection.execute(mine.values(due_at=self._at + SETBACK))


_COUNTS = ("performed", "again", "late", "deviations", "worked_seconds", "waited_seconds")


def _seconds(length: timedelta) -> int:
    return round(length.total_seconds())
