"""What is done about deviations, and how often equal ones came. Rows decide; whatever ticks only looks."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, String, cast, exists, func, or_, select, update

from bot.engine.commands import UNDO_WINDOW
from bot.engine.deviations import Kind, Severity
from bot.engine.followup import FollowState, FollowUp
from bot.engine.run import Deviated, FileKind, Run
from bot.storage import codec
from bot.storage.journal import journal, journal_text
from bot.storage.runs import Raced, to_deviated
from bot.storage.tables import REHEARSED, DeviationRow, FollowUpRow, PerDialect, RunRow, table

follow_up = table(FollowUpRow)
deviation = table(DeviationRow)
run = table(RunRow)
plan, proof = journal_text.alias("plan"), journal_text.alias("proof")
_FOLLOW_UPS = (
    select(follow_up, plan.c.text.label("plan"), proof.c.text.label("proof"))
    .outerjoin(plan, (plan.c.seq == follow_up.c.planned) & (plan.c.name == "plan"))
    .outerjoin(proof, (proof.c.seq == follow_up.c.proved) & (proof.c.name == "proof"))
)
"""With what people said, which stands in the journal's words alone, so that it is erased there."""

UNSETTLED = (FollowState.OPEN.value, FollowState.DONE.value)
"""States in which somebody has to do something about it."""

SETBACK = timedelta(hours=1)
"""A follow-up that cannot be looked at is put off by this, so that it cannot hold up the others."""


def _open(insert: Any) -> Executable:
    # an equal one that is being followed up already takes the new one in
    statement: Executable = insert(follow_up).on_conflict_do_nothing().returning(follow_up.c.id)
    return statement


_OPEN = PerDialect(_open)


@dataclass(frozen=True, slots=True)
class Departure:
    """A deviation as its card tells it."""

    seq: int
    at: datetime
    run: int
    sop: str
    digest: str
    person: int
    unit: str | None
    what: Deviated


class FollowUps:
    """Opens follow-ups, moves them on, and finds those that are to be looked at."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def open(self, seq: int, of: Run, departed: Deviated) -> None:
        """Follow a deviation up, unless an equal one of the unit is; one that was closed is looked at again."""
        values = {"sop": of.sop, "step": departed.step, "kind": departed.kind.value, "unit": of.unit or ""}
        fresh = {"deviation": seq, "severity": departed.severity.value, "state": FollowState.NEW.value, "turn": 1}
        later = self._at + UNDO_WINDOW
        made = self._connection.execute(_OPEN.on(self._connection), values | fresh | {"next_at": later})
        if made.first() is None:
            self._look_whether_graver(values, departed.severity, later)
        self.look_at(of.sop)

    def _look_whether_graver(self, key: Mapping[str, str], severity: Severity, later: datetime) -> None:
        """One that is under way weighs more by a graver deviation, once that cannot be undone."""
        mine = [follow_up.c[name] == value for name, value in key.items()]
        open_ = follow_up.c.state.in_(UNSETTLED) & or_(follow_up.c.next_at.is_(None), follow_up.c.next_at > later)
        lighter = follow_up.c.severity.in_([one.value for one in Severity if one.weight < severity.weight])
        self._connection.execute(update(follow_up).where(*mine, open_, lighter).values(next_at=later))

    def look_at(self, sop: str) -> None:
        """A run of the SOP ended or departed: those that are watched may know more, once it cannot be undone."""
        watched = (follow_up.c.sop == sop) & (follow_up.c.state == FollowState.WATCHED.value)
        self._connection.execute(update(follow_up).where(watched).values(next_at=self._at + UNDO_WINDOW))

    def of(self, seq: int) -> FollowUp | None:
        """The follow-up that a deviation opened or belongs to, the newest."""
        one = select(deviation.c.at, deviation.c.sop, deviation.c.step, deviation.c.kind, run.c.unit).join(
            run, run.c.id == deviation.c.run
        )
        key = self._connection.execute(one.where(deviation.c.seq == seq)).first()
        if key is None:
            return None
        same = (follow_up.c.sop == key.sop) & (follow_up.c.step == key.step) & (follow_up.c.kind == key.kind)
        mine = same & (follow_up.c.unit == (key.unit or "")) & (follow_up.c.state != FollowState.VOID.value)
        # not one that was settled before the deviation came
        opened = mine & or_(follow_up.c.state != FollowState.SETTLED.value, follow_up.c.closed_at >= key.at)
        rows = self._connection.execute(_FOLLOW_UPS.where(opened).order_by(follow_up.c.id.desc()).limit(1))
        return next((_follow_up(row) for row in rows), None)

    def get(self, number: int) -> FollowUp:
        """The follow-up of that number."""
        return _follow_up(self._connection.execute(_FOLLOW_UPS.where(follow_up.c.id == number)).one())

    def some(self, numbers: Iterable[int]) -> Sequence[FollowUp]:
        """These follow-ups, the first one due first."""
        return self._some(follow_up.c.id.in_(list(numbers)))

    def unsettled(self, owner: int | None = None) -> Sequence[FollowUp]:
        """Those that somebody has to do something about, the first one due first; of one owner where that is given."""
        waiting = follow_up.c.state.in_(UNSETTLED)
        return self._some(waiting if owner is None else waiting & (follow_up.c.owner == owner))

    def _some(self, which: ColumnElement[bool]) -> Sequence[FollowUp]:
        rows = _FOLLOW_UPS.where(which).order_by(follow_up.c.due, follow_up.c.id)
        return [_follow_up(row) for row in self._connection.execute(rows)]

    def change(self, it: FollowUp, **values: Any) -> FollowUp:
        """Move a follow-up on. Raises Raced where it was moved since `it` was read, or weighs otherwise."""
        return self._change(it, turn=it.turn + 1, **values)

    def weigh(self, it: FollowUp, severity: Severity, due: date | None, next_at: datetime | None) -> FollowUp:
        """It weighs so much, and is due then; whoever is typing something for it may go on. Raises Raced."""
        return self._change(it, severity=severity.value, due=due, next_at=next_at)

    def _change(self, it: FollowUp, **values: Any) -> FollowUp:
        # the severity too: a graver deviation that joins it must not slip by somebody who closes it alone just then
        same = (follow_up.c.turn == it.turn) & (follow_up.c.severity == it.severity.value)
        mine = update(follow_up).where(follow_up.c.id == it.id, same)
        if self._connection.execute(mine.values(**values)).rowcount != 1:
            raise Raced
        return self.get(it.id)

    def look_again(self, it: FollowUp, at: datetime) -> None:
        """One that was claimed is looked at again then."""
        self._connection.execute(update(follow_up).where(follow_up.c.id == it.id).values(next_at=at))

    def departure(self, seq: int) -> Departure | None:
        """The deviation of that number, None where there is none that was not undone."""
        return self.departures([seq]).get(seq)

    def departures(self, numbers: Iterable[int]) -> Mapping[int, Departure]:
        """These deviations by their numbers, but those that were undone."""
        return {one.seq: one for one in self._departures(deviation.c.seq.in_(list(numbers)))}

    def of_run(self, run_id: int) -> Sequence[Departure]:
        """What in a run departed from its SOP and was not undone, in order."""
        return self._departures(deviation.c.run == run_id)

    def _departures(self, which: ColumnElement[bool]) -> Sequence[Departure]:
        both = select(deviation, run.c.digest, run.c.unit.label("of_unit")).join(run, run.c.id == deviation.c.run)
        rows = self._connection.execute(both.where(which, deviation.c.undone.is_(False)).order_by(deviation.c.seq))
        return [
            Departure(row.seq, row.at, row.run, row.sop, row.digest, row.person, row.of_unit, to_deviated(row))
            for row in rows
        ]

    def grade(self, seq: int, severity: Severity) -> None:
        """A deviation weighs so much."""
        self._connection.execute(update(deviation).where(deviation.c.seq == seq).values(severity=severity.value))

    def times(self, one: Departure, days: int) -> int:
        """The how-manieth equal deviation it is within so many days: of the same SOP, step and kind."""
        same = (deviation.c.sop == one.sop) & (deviation.c.step == one.what.step)
        lately = (deviation.c.kind == one.what.kind.value) & (deviation.c.at > one.at - timedelta(days=days))
        counted = select(func.count()).where(same, lately, deviation.c.seq <= one.seq, deviation.c.undone.is_(False))
        return int(self._connection.execute(counted).scalar_one())

    def plans(self, sop: str) -> tuple[str, ...]:
        """What is planned by each follow-up of an SOP about which something is to be done; empty words where nothing is
        planned yet."""
        return tuple(one.plan for one in self._some(follow_up.c.state.in_(UNSETTLED) & (follow_up.c.sop == sop)))

    def came_back(self, it: FollowUp) -> int | None:
        """The first equal deviation in a run of the unit that began after the closing, beyond being undone."""
        same = (deviation.c.sop == it.sop) & (deviation.c.step == it.step) & (deviation.c.kind == it.kind.value)
        stands = deviation.c.undone.is_(False) & (deviation.c.at <= self._at - UNDO_WINDOW)
        found = select(deviation.c.seq).join(run, run.c.id == deviation.c.run)
        since = found.where(same, stands, _began_since(it))
        return self._connection.execute(since.order_by(deviation.c.seq).limit(1)).scalar()

    def first_standing(self, it: FollowUp, since: Severity) -> Departure | None:
        """The deviation that a follow-up was opened for, else the first equal one after it in the unit: one that was
        not undone and weighs no less than `since`, or was ever grave."""
        weighty = deviation.c.severity.in_([one.value for one in Severity if one.weight >= since.weight])
        found = select(deviation.c.seq).join(run, run.c.id == deviation.c.run)
        standing = found.where(_belongs(it), or_(weighty, _was_grave())).order_by(deviation.c.seq).limit(1)
        seq = self._connection.execute(standing).scalar()
        return None if seq is None else self.departure(seq)

    def gravest(self, it: FollowUp) -> tuple[int, Severity] | None:
        """The first of the gravest deviations that belong to a follow-up and are beyond being undone."""
        certain = [one for one in self._weights(it) if one[2] <= self._at - UNDO_WINDOW]
        return max(((seq, severity) for seq, severity, _ in certain), key=lambda one: one[1].weight, default=None)

    def was_grave(self, it: FollowUp) -> bool:
        """Whether any deviation that belongs to a follow-up was ever grave, however light somebody made it since."""
        found = select(deviation.c.seq).join(run, run.c.id == deviation.c.run).where(_belongs(it), _was_grave())
        return self._connection.execute(found.limit(1)).first() is not None

    def may_be_graver(self, it: FollowUp) -> bool:
        """Whether a graver deviation belongs to a follow-up that can still be undone."""
        return any(severity.weight > it.severity.weight for _, severity, _ in self._weights(it))

    def _weights(self, it: FollowUp) -> Sequence[tuple[int, Severity, datetime]]:
        """The first deviation of each severity that belongs to a follow-up."""
        first = select(
            deviation.c.severity, func.min(deviation.c.seq).label("seq"), func.min(deviation.c.at).label("at")
        )
        joined = first.join(run, run.c.id == deviation.c.run).where(_belongs(it))
        rows = self._connection.execute(joined.group_by(deviation.c.severity))
        return [(row.seq, Severity(row.severity), row.at) for row in rows]

    def runs_since(self, it: FollowUp) -> int:
        """How many runs of the SOP in the unit began after the closing and are done, beyond being undone."""
        done = (run.c.sop == it.sop) & (run.c.progress == "done") & (run.c.moved_at <= self._at - UNDO_WINDOW)
        mine = select(func.count()).where(done, _began_since(it), run.c.stage != REHEARSED)
        return int(self._connection.execute(mine).scalar_one())

    def is_due(self) -> bool:
        """Whether any is to be looked at."""
        return bool(self._connection.execute(select(exists().where(follow_up.c.next_at <= self._at))).scalar())

    def claim_due(self) -> FollowUp | None:
        """Claim the next follow-up that is to be looked at. The row decides, however many processes look."""
        due = follow_up.c.next_at <= self._at
        row = self._connection.execute(_FOLLOW_UPS.where(due).order_by(follow_up.c.next_at).limit(1)).first()
        if row is None:
            return None
        mine = update(follow_up).where(follow_up.c.id == row.id, follow_up.c.next_at == row.next_at)
        if self._connection.execute(mine.values(next_at=None)).rowcount != 1:
            return self.claim_due()  # another process was faster
        return _follow_up(row)

    def put_off(self) -> None:
        """The next one could not be looked at: later, and let the others through."""
        due = select(follow_up.c.id).where(follow_up.c.next_at <= self._at).order_by(follow_up.c.next_at).limit(1)
        number = self._connection.execute(due).scalar()
        self._connection.execute(update(follow_up).where(follow_up.c.id == number).values(next_at=self._at + SETBACK))


def _belongs(it: FollowUp) -> ColumnElement[bool]:
    """Deviations that belong to a follow-up and were not undone."""
    same = (deviation.c.sop == it.sop) & (deviation.c.step == it.step) & (deviation.c.kind == it.kind.value)
    here = (deviation.c.seq >= it.deviation) & (func.coalesce(run.c.unit, "") == (it.unit or ""))
    return same & here & deviation.c.undone.is_(False)


def _as_grave(name: str) -> str:
    """How the body of an entry says that something is grave; what people typed stands beside it."""
    return json.dumps({name: codec.plain(Severity.GRAVE)}, sort_keys=True, separators=(",", ":"))[1:-1]


def _was_grave() -> ColumnElement[bool]:
    """Whether a deviation was ever grave: when it came, or as somebody weighed it since."""
    noted = (journal.c.seq == deviation.c.seq) & journal.c.body.contains(_as_grave("severity"))
    about = journal.c.body.contains('"deviation":' + cast(deviation.c.seq, String) + ",")
    became = journal.c.body.contains(_as_grave("after"))
    changed = (journal.c.kind == "severity_changed") & became & about
    return exists().where(journal.c.run == deviation.c.run, or_(noted, changed))


def _began_since(it: FollowUp) -> ColumnElement[bool]:
    """Runs of its unit that began after the closing."""
    return (run.c.started_at >= it.closed_at) & (func.coalesce(run.c.unit, "") == (it.unit or ""))


def _follow_up(row: Any) -> FollowUp:
    return FollowUp(
        row.id,
        row.deviation,
        row.sop,
        row.step,
        Kind(row.kind),
        row.unit or None,
        Severity(row.severity),
        FollowState(row.state),
        row.turn,
        row.owner,
        row.due,
        json.loads(row.plan) if row.plan else "",
        json.loads(row.proof) if row.proof else "",
        FileKind(row.proof_file) if row.proof_file else None,
        row.done_by,
        row.closed_at,
    )
