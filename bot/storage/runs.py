"""Runs: the row that tells how one stands, and its events in the journal, saved together."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.engine.deviations import Kind, Reason, Severity
from bot.engine.run import Completed as CameToItsEnd
from bot.engine.run import Deviated, Event, Explained, Parent, Progress, Run, Stopped, Undone
from bot.engine.sop import INITIATOR, Sop, Status, Step
from bot.storage import codec
from bot.storage.facts import Facts
from bot.storage.journal import Entry, Journal, Where, journal, journal_text, kind_named
from bot.storage.staffing import AWAY, serves
from bot.storage.tables import REHEARSED, DeviationRow, PersonRow, RunRow, UtcDateTime, VersionRow, added, table

run = table(RunRow)
deviation = table(DeviationRow)
version = table(VersionRow)
person = table(PersonRow)
OPEN = ("active", "paused")
MOST_COMPLETED = 1000
"""Runs that one look at a version takes in at most, the latest ones."""

_GET = select(run.c.state).where(run.c.id == bindparam("run_id"))
_MOVE = (
    update(run)
    .where(run.c.id == bindparam("run_id"), run.c.turn == bindparam("before"))
    .values(
        state=bindparam("now"),
        turn=bindparam("after"),
        progress=bindparam("stands"),
        moved_at=func.coalesce(bindparam("moved", type_=UtcDateTime()), run.c.moved_at),
        holder=bindparam("has"),
    )
)
_MOVE_AND_LOOK = _MOVE.values(look_at=bindparam("look"))
SETBACK = timedelta(hours=1)
"""A run that cannot be looked at is put off by this, so that it cannot hold up the others."""
_DUE = select(run.c.id).where(run.c.look_at <= bindparam("now")).order_by(run.c.look_at, run.c.id).limit(1)


class Raced(Exception):
    """Another transaction moved the run first; the work is to be done again from the load."""


@dataclass(frozen=True, slots=True)
class Look:
    """When a run is to be looked at, whether it waits or takes too long; None: never, as it is now."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run in a list of runs."""

    id: int
    sop: str
    digest: str
    holder: int | None
    step: str | None
    progress: str
    moved_at: datetime
    rehearsal: bool


@dataclass(frozen=True, slots=True)
class Completed:
    """A run that is done, and who started it."""

    starter: int
    run: Run


class Runs:
    """Reads and saves runs."""

    def __init__(self, connection: Connection, journal: Journal, at: datetime) -> None:
        self._connection = connection
        self._journal = journal
        self._at = at
        self._facts = Facts(connection, at)

    def get(self, run_id: int) -> Run | None:
        """The run of that id, None where there is none."""
        row = self._connection.execute(_GET, {"run_id": run_id}).first()
        return None if row is None else _loaded(row.state)

    def hold(self, one: Run) -> bool:
        """Let nobody move the run before this transaction ends. False where somebody has moved it already."""
        mine = update(run).where(run.c.id == one.id, run.c.turn == one.turn)
        return self._connection.execute(mine.values(turn=one.turn)).rowcount == 1

    def some(self, run_ids: Iterable[int]) -> tuple[Run, ...]:
        """These runs, in the order of their ids."""
        found = select(run.c.state).where(run.c.id.in_(list(run_ids))).order_by(run.c.id)
        return tuple(_loaded(state) for state in self._connection.execute(found).scalars())

    def new_id(
        self,
        sop: Sop,
        starter: int,
        unit: str | None,
        parent: Parent | None = None,
        *,
        rehearsal: bool = False,
        after: int | None = None,
    ) -> int:
        """Make room for a run and return its id; `save` fills it."""
        values: dict[str, Any] = {"sop": sop.id, "digest": sop.digest, "starter": starter, "unit": unit}
        values |= {"continues": after}
        values |= {"parent": parent.run, "parent_step": parent.step} if parent else {}
        stage = select(version.c.status).where(version.c.digest == sop.digest).scalar_subquery()
        values |= {"stage": REHEARSED if rehearsal else stage, "progress": "active", "turn": 0, "state": ""}
        moments = {"started_at": self._at, "moved_at": self._at}
        return added(self._connection, run, **values, **moments)

    def save(
        self,
        sop: Sop,
        before: int,
        after: Run,
        events: Sequence[Event],
        person: int | None,
        look: Look | None = None,
    ) -> int:
        """Save `after` and what led to it from turn `before`; returns the journal's number of the first event. Where
        `look` is None, the run is looked at when it would have been.

        Raises Raced where the run is no longer at `before`."""
        entries = [Entry(event, _where(sop, after, event), turn) for turn, event in enumerate(events, before + 1)]
        try:
            seq = self._journal.append(person, entries)
        except IntegrityError as error:
            raise Raced from error  # the turn stands in the journal already
        # a second process may have moved it since we looked
        where = {"run_id": after.id, "before": before}
        values = {
            "now": codec.dump(after),
            "after": after.turn,
            "stands": after.progress.value,
            "moved": None if person is None else self._at,
            "has": after.holder,
        }
        if look is None:
            changed = self._connection.execute(_MOVE, where | values)
        else:
            changed = self._connection.execute(_MOVE_AND_LOOK, where | values | {"look": look.at})
        if changed.rowcount != 1:
            raise Raced
        self._derive(seq, person, after, entries)
        return seq

    def _derive(self, seq: int, person: int | None, after: Run, entries: Sequence[Entry]) -> None:
        rows = []
        for number, entry in enumerate(entries, seq):
            match entry.event:
                case Deviated() as event:
                    rows.append(self._deviation(number, person, after.id, entry, event))
                case CameToItsEnd() | Stopped() if not after.rehearsal:
                    self._facts.expect(after)
                case Undone(since=since):
                    self._facts.forget(after.id)
                    taken_back = update(deviation).where(deviation.c.run == after.id, deviation.c.turn >= since)
                    self._connection.execute(taken_back.values(undone=True))
        if rows:
            self._connection.execute(insert(deviation), rows)
            self._facts.departed(after.id, len(rows))

    def _deviation(self, seq: int, person: int | None, run_id: int, entry: Entry, event: Deviated) -> dict[str, Any]:
        return {
            "seq": seq,
            "at": self._at,
            "run": run_id,
            "turn": entry.turn,
            "sop": entry.where.sop,
            "version": entry.where.version,
            "step": event.step,
            "kind": event.kind.value,
            "person": person,
            "position": entry.where.position,
            "unit": entry.where.unit,
            "reason": event.reason.value if event.reason else None,
            "detail": event.detail,
            "severity": event.severity.value,
            "late_seconds": None if event.late is None else round(event.late.total_seconds()),
        }

    def open_of(self, person: int) -> tuple[OpenRun, ...]:
        """The runs that the person started or has the step of, and that are not over, the last moved first."""
        columns = select(run.c.id, run.c.sop, run.c.digest, run.c.holder, run.c.state, run.c.progress, run.c.moved_at)
        mine = columns.where(_mine(person), run.c.progress.in_(OPEN)).order_by(run.c.moved_at.desc())
        found = ((row, _loaded(row.state)) for row in self._connection.execute(mine))
        return tuple(
            OpenRun(row.id, row.sop, row.digest, row.holder, now.step, row.progress, row.moved_at, now.rehearsal)
            for row, now in found
        )

    def children(self, run_id: int) -> tuple[Run, ...]:
        """The runs that steps of the run wait or waited for, the oldest first; none that were taken back."""
        mine = select(run.c.state).where(run.c.parent == run_id).order_by(run.c.id)
        found = (_loaded(state) for state in self._connection.execute(mine).scalars())
        return tuple(one for one in found if not one.taken_back)

    def after(self, run_id: int) -> Mapping[str, int]:
        """The runs that continue that one, by their SOPs; of several of one SOP the last, and none that was stopped."""
        mine = select(run.c.sop, run.c.id).where(run.c.continues == run_id, run.c.progress != Progress.STOPPED.value)
        return {row.sop: row.id for row in self._connection.execute(mine.order_by(run.c.id))}

    def latest_of(self, person: int) -> Run | None:
        """The run that the person moved last, even if it is over."""
        mine = select(run.c.state).where(_mine(person)).order_by(run.c.moved_at.desc(), run.c.id.desc())
        state = self._connection.execute(mine.limit(1)).scalar()
        return None if state is None else _loaded(state)

    def open_after(self, run_id: int, limit: int) -> tuple[Run, ...]:
        """The next runs after that one that are not over, in the order of their numbers."""
        some = select(run.c.state).where(run.c.id > run_id, run.c.progress.in_(OPEN)).order_by(run.c.id).limit(limit)
        return tuple(_loaded(state) for state in self._connection.execute(some).scalars())

    def left_after(self, run_id: int, limit: int, day: date) -> tuple[Run, ...]:
        """The same, of those whose step somebody has who cannot be had, or who is away on `day`; a rehearsal is for
        nobody else."""
        gone = run.c.holder.in_(select(person.c.id).where(~serves(person)))
        left = or_(gone, run.c.holder.in_(AWAY)) & (run.c.stage != REHEARSED)
        some = select(run.c.state).where(left, run.c.id > run_id, run.c.progress.in_(OPEN)).order_by(run.c.id)
        found = self._connection.execute(some.limit(limit), {"day": day})
        return tuple(_loaded(state) for state in found.scalars())

    def to_look_at(self) -> Run | None:
        """The run that is to be looked at for longest."""
        state = self._connection.execute(_DUE.with_only_columns(run.c.state), {"now": self._at}).scalar()
        return None if state is None else _loaded(state)

    def look(self, one: Run, again: datetime | None) -> bool:
        """Look at the run again at that moment. False where somebody has moved it since it was read."""
        mine = update(run).where(run.c.id == one.id, run.c.turn == one.turn)
        return self._connection.execute(mine.values(look_at=again)).rowcount == 1

    def look_anew(self, run_ids: Iterable[int]) -> None:
        """Look once more at those of the runs that are under way and were not to be looked at again."""
        mine = update(run).where(run.c.id.in_(list(run_ids)), run.c.look_at.is_(None), run.c.progress == "active")
        self._connection.execute(mine.values(look_at=self._at))

    def put_off(self) -> None:
        """The next run could not be looked at: later, and let the others through."""
        number = self._connection.execute(_DUE, {"now": self._at}).scalar()
        self._connection.execute(update(run).where(run.c.id == number).values(look_at=self._at + SETBACK))

    def last_used(self, person: int, limit: int = 50) -> tuple[str, ...]:
        """The ids of the SOPs that the person ran, the last one first."""
        mine = select(run.c.sop).where(run.c.starter == person).order_by(run.c.moved_at.desc()).limit(limit)
        return tuple(dict.fromkeys(self._connection.execute(mine).scalars()))

    def open_in(self, sop_id: str) -> tuple[tuple[int, int], ...]:
        """The open runs of an SOP that count, each with whoever has it in hand, else started it."""
        having = func.coalesce(run.c.holder, run.c.starter)
        counts = (run.c.progress.in_(OPEN), run.c.stage != REHEARSED)
        mine = select(run.c.id, having).where(run.c.sop == sop_id, *counts)
        return tuple((row[0], row[1]) for row in self._connection.execute(mine.order_by(run.c.id)))

    def last_version(self, person: int, sop_id: str) -> str | None:
        """The digest of the version that the person last started of an SOP, None where they only rehearsed it."""
        mine = (run.c.starter == person) & (run.c.sop == sop_id) & (run.c.stage != REHEARSED)
        last = select(run.c.digest).where(mine).order_by(run.c.id.desc()).limit(1)
        return self._connection.execute(last).scalar()

    def deviations(self, run_id: int) -> tuple[Deviated, ...]:
        """What in the run departed from the SOP and was not undone, in order."""
        rows = (
            select(deviation).where(deviation.c.run == run_id, deviation.c.undone.is_(False)).order_by(deviation.c.turn)
        )
        return tuple(to_deviated(row) for row in self._connection.execute(rows))

    def added_words(self, run_id: int) -> tuple[str, ...]:
        """The words that were added to why the run was stopped, as far as they are not erased."""
        stopped = select(func.max(deviation.c.turn)).where(
            deviation.c.run == run_id, deviation.c.kind == Kind.STOPPED.value, deviation.c.undone.is_(False)
        )
        since = (journal.c.run == run_id) & (journal.c.turn > stopped.scalar_subquery())
        said = (journal.c.kind == kind_named(Explained.__name__)) & (journal_text.c.name == "text")
        rows = select(journal_text.c.text).join(journal, journal.c.seq == journal_text.c.seq).where(since, said)
        return tuple(filter(None, map(json.loads, self._connection.execute(rows.order_by(journal.c.turn)).scalars())))

    def completed(
        self,
        digest: str,
        since: datetime,
        most: int = MOST_COMPLETED,
        *,
        until: datetime | None = None,
        trial: bool | None = None,
    ) -> tuple[Completed, ...]:
        """The runs of a version that were done since then, the latest first and so many; rehearsals are none. Before
        `until`, and on trial or regular ones, where that is given."""
        done = (run.c.digest == digest) & (run.c.progress == "done") & (run.c.moved_at >= since)
        within = (
            *((run.c.moved_at < until,) if until is not None else ()),
            *((_on_trial(trial),) if trial is not None else ()),
        )
        rows = select(run.c.starter, run.c.state).where(done, run.c.stage != REHEARSED, *within)
        latest = self._connection.execute(rows.order_by(run.c.moved_at.desc()).limit(most))
        return tuple(Completed(row.starter, _loaded(row.state)) for row in latest)

    def deviating(self, digest: str, since: datetime) -> Mapping[str, int]:
        """In how many runs of a version since then each step departed from it, the most first."""
        counted = func.count(deviation.c.run.distinct())
        rows = select(deviation.c.step, counted).join(run, run.c.id == deviation.c.run)
        mine = (run.c.digest == digest) & (run.c.stage != REHEARSED) & deviation.c.undone.is_(False)
        some = rows.where(mine, deviation.c.at >= since).group_by(deviation.c.step)
        found = self._connection.execute(some.order_by(counted.desc(), deviation.c.step))
        return {row[0]: row[1] for row in found}


def _on_trial(trial: bool) -> ColumnElement[bool]:
    return run.c.stage == Status.TRIAL.value if trial else run.c.stage != Status.TRIAL.value


def _mine(person: int) -> ColumnElement[bool]:
    return or_(run.c.starter == person, run.c.holder == person)


def _loaded(state: str) -> Run:
    loaded = codec.load(state)
    assert isinstance(loaded, Run)
    return loaded


def to_deviated(row: Any) -> Deviated:
    """A row of the table as the engine has it."""
    late = None if row.late_seconds is None else timedelta(seconds=row.late_seconds)
    reason, severity = Reason(row.reason) if row.reason else None, Severity(row.severity)
    return Deviated(Kind(row.kind), row.step, reason, row.detail, late, severity=severity)


def _where(sop: Sop, after: Run, event: Event) -> Where:
    step_id = getattr(event, "step", None) or (after.before.step if after.before and after.step is None else after.step)
    step = sop.step(step_id) if step_id else None
    return Where(after.id, sop.id, sop.version, step_id, _position(step), sop.unit)


def _position(step: Step | None) -> str | None:
    return step.by[0] if step and step.by and step.by[0] != INITIATOR else None
