"""Figures out of what runs have been: each is one statement over rows, and none looks at a run itself."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Select,
    and_,
    case,
    cast,
    exists,
    extract,
    func,
    select,
)

from bot.engine.deviations import Kind, Severity
from bot.engine.figures import (
    Behind,
    Counted,
    Departures,
    Figures,
    RunFound,
    Scope,
    Stage,
    StepTimes,
    VersionSeen,
    Which,
)
from bot.engine.proposals import Departure
from bot.storage.tables import REHEARSED, DeviationRow, ReportRow, RunFactRow, RunRow, StepFactRow, table

run = table(RunRow)
fact = table(RunFactRow)
step_fact = table(StepFactRow)
deviation = table(DeviationRow)
report = table(ReportRow)
OPEN = ("active", "paused")
DONE = fact.c.progress == "done"


class Tallies:
    """Counts. Runs that are not measured yet, in the minute after their end, are not counted yet."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, scope: Scope) -> Mapping[Stage, Figures]:
        """The figures of a scope, of regular runs and of those on trial. Step times are told of one SOP only."""
        departures, times = self._departures(scope), self._times(scope) if scope.sop else {}
        return {
            Stage.TRIAL if row.trial else Stage.REGULAR: Figures(
                done=row.done,
                stopped=row.stopped,
                clean=row.clean,
                fitness=row.fitness,
                performed=row.performed,
                again=row.again,
                late=row.late,
                worked=_span(row.mean_worked),
                waited=_span(row.mean_waited),
                elapsed=_span(row.mean_elapsed),
                departures=tuple(departures.get(row.trial, ())),
                times=tuple(times.get(row.trial, ())),
            )
            for row in self._connection.execute(_SUMS.where(*_within(scope)).group_by(fact.c.trial))
        }

    def _departures(self, scope: Scope) -> Mapping[bool, list[Departures]]:
        places = (fact.c.trial, deviation.c.sop, deviation.c.step, deviation.c.kind)
        joined = select(*places, func.count().label("often")).join(fact, fact.c.run == deviation.c.run)
        counts = joined.where(deviation.c.undone.is_(False), *_within(scope)).group_by(*places).order_by(*places)
        found: dict[bool, list[Departures]] = defaultdict(list)
        for row in self._connection.execute(counts):
            found[row.trial].append(Departures(row.sop, row.step, Kind(row.kind), row.often))
        return found

    def _times(self, scope: Scope) -> Mapping[bool, list[StepTimes]]:
        # how often each length, to the minute: few rows however many runs, and every quantile can be told from them
        # a minute that has begun is counted, and division of whole numbers is the same in both databases
        minutes = ((step_fact.c.worked_seconds + 59) // 60).label("minutes")
        places = (fact.c.trial, step_fact.c.step)
        over = func.sum(case((step_fact.c.worked_seconds > step_fact.c.standard_seconds, 1), else_=0))
        standard = func.sum(step_fact.c.standard_seconds).label("standard")
        waited = func.sum(step_fact.c.waited_seconds).label("waited")
        columns = select(*places, minutes, func.count().label("often"), over.label("over"), standard, waited)
        joined = columns.join(fact, fact.c.run == step_fact.c.run).where(*_within(scope))
        found: dict[tuple[bool, str], list[tuple[int, int]]] = defaultdict(list)
        overs: dict[tuple[bool, str], int] = defaultdict(int)
        standards: dict[tuple[bool, str], int] = defaultdict(int)
        waits: dict[tuple[bool, str], int] = defaultdict(int)
        for row in self._connection.execute(joined.group_by(*places, minutes).order_by(*places, minutes)):
            found[row.trial, row.step].append((row.minutes * 60, row.often))
            overs[row.trial, row.step] += row.over
            standards[row.trial, row.step] += row.standard or 0
            waits[row.trial, row.step] += row.waited
        times: dict[bool, list[StepTimes]] = defaultdict(list)
        for (trial, step), seconds in found.items():
            count = sum(often for _, often in seconds)
            total = standards[trial, step]
            mean = timedelta(seconds=total / count) if total else None
            waited_for = _span(waits[trial, step] / count)
            times[trial].append(StepTimes(step, tuple(seconds), overs[trial, step], mean, waited_for))
        return times

    def departed(self, scope: Scope, stage: Stage) -> Sequence[Departure]:
        """Each deviation of the runs that are done, by itself."""
        columns = select(deviation.c.run, deviation.c.person, deviation.c.step, deviation.c.kind, deviation.c.detail)
        joined = columns.join(fact, fact.c.run == deviation.c.run).where(DONE, *_within(scope), _in(stage))
        rows = self._connection.execute(joined.where(deviation.c.undone.is_(False)).order_by(deviation.c.seq))
        return [Departure(row.run, row.person, row.step, Kind(row.kind), row.detail) for row in rows]

    def open_runs(self, scope: Scope) -> int:
        """How many runs are open now, whenever they began."""
        return int(self._connection.execute(select(func.count()).where(*_open_within(scope))).scalar_one())

    def open_reports(self, scope: Scope, sops: Collection[str] | None) -> int:
        """How many reports about the SOP, or any of `sops`, wait for an answer; of one reporter, where a scope is one
        person's."""
        limits = (
            *((report.c.sop == scope.sop,) if scope.sop else ()),
            *((report.c.sop.in_(list(sops)),) if sops is not None else ()),
            *((report.c.person == scope.starter,) if scope.starter is not None else ()),
        )
        waiting = report.c.state == "open", report.c.merged_into.is_(None)
        return int(self._connection.execute(select(func.count()).where(*waiting, *limits)).scalar_one())

    def fitness(self, scope: Scope, stage: Stage) -> Counted:
        """Runs done, their mean conformity and their deviations."""
        sums = select(func.count(), func.avg(fact.c.fitness), func.coalesce(func.sum(fact.c.deviations), 0))
        row = self._connection.execute(sums.where(DONE, *_within(scope), _in(stage))).one()
        return Counted(int(row[0]), row[1], int(row[2]))

    def grave(self, scope: Scope, stage: Stage) -> int:
        """How many grave deviations there were."""
        kept = (deviation.c.undone.is_(False), deviation.c.severity == Severity.GRAVE.value)
        joined = select(func.count()).select_from(deviation).join(fact, fact.c.run == deviation.c.run)
        return int(self._connection.execute(joined.where(*kept, *_within(scope), _in(stage))).scalar_one())

    def versions(self, scope: Scope) -> Sequence[VersionSeen]:
        """Each version of an SOP that has been run, whenever: the last used first, its trial apart."""
        places = (fact.c.digest, fact.c.trial)
        more = (func.sum(fact.c.deviations).label("deviations"), func.avg(fact.c.worked_seconds).label("worked"))
        measured = _SUMS.add_columns(fact.c.digest, *more).where(fact.c.due_at.is_(None), *_whose(scope, fact.c))
        rows = self._connection.execute(measured.group_by(*places).order_by(func.max(fact.c.started_at).desc()))
        return [
            VersionSeen(
                row.digest,
                row.trial,
                row.done,
                row.stopped,
                row.clean,
                row.fitness,
                int(row.deviations),
                timedelta(seconds=round(row.worked)),
            )
            for row in rows
        ]

    def by_sop(self, scope: Scope, stage: Stage) -> Mapping[str, Counted]:
        """One line an SOP."""
        return self._lines(fact.c.sop, scope, stage)

    def by_unit(self, scope: Scope, stage: Stage) -> Mapping[str, Counted]:
        """One line a unit; runs of people without one are under an empty name."""
        return self._lines(func.coalesce(fact.c.unit, ""), scope, stage)

    def _lines(self, place: ColumnElement[str], scope: Scope, stage: Stage) -> Mapping[str, Counted]:
        sums = (func.count(), func.avg(fact.c.fitness), func.sum(fact.c.deviations))
        lines = (
            select(place, *sums).where(DONE, *_within(scope), _in(stage)).group_by(place).order_by(func.count().desc())
        )
        found = self._connection.execute(lines)
        return {name: Counted(done, fitness, int(deviations)) for name, done, fitness, deviations in found}

    def behind(self, scope: Scope, stage: Stage, listed: Behind, size: int) -> tuple[int, list[RunFound]]:
        """How many runs are behind a number, and a page of them, those that ended last first."""
        if listed.which is Which.OPEN:
            return self.open_runs(scope), self._page(_open_rows(scope), listed.page, size)
        those = (*_within(scope), _in(stage), *_which(listed))
        count = int(self._connection.execute(select(func.count()).select_from(fact).where(*those)).scalar_one())
        rows = select(fact.c.run, fact.c.sop, fact.c.ended_at, fact.c.fitness, fact.c.deviations).where(*those)
        return count, self._page(rows.order_by(fact.c.ended_at.desc(), fact.c.run.desc()), listed.page, size)

    def _page(self, rows: Select[Any], page: int, size: int) -> list[RunFound]:
        return [RunFound(*row) for row in self._connection.execute(rows.offset(page * size).limit(size))]


def _span(seconds: Any) -> timedelta:
    return timedelta(seconds=round(seconds or 0))


_ELAPSED = extract("epoch", fact.c.ended_at) - extract("epoch", fact.c.started_at)
_SUMS = select(
    fact.c.trial,
    func.sum(case((DONE, 1), else_=0)).label("done"),
    func.sum(case((DONE, 0), else_=1)).label("stopped"),
    func.sum(case((and_(DONE, fact.c.deviations == 0), 1), else_=0)).label("clean"),
    func.avg(fact.c.fitness).label("fitness"),
    func.sum(fact.c.performed).label("performed"),
    func.sum(fact.c.again).label("again"),
    func.sum(fact.c.late).label("late"),
    func.avg(case((DONE, fact.c.worked_seconds))).label("mean_worked"),
    func.avg(case((DONE, fact.c.waited_seconds))).label("mean_waited"),
    func.avg(case((DONE, _ELAPSED))).label("mean_elapsed"),
)


def _within(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    measured = (fact.c.due_at.is_(None), fact.c.ended_at >= scope.since, fact.c.ended_at < scope.until)
    return (*measured, *_whose(scope, fact.c))


def ended(scope: Scope) -> Select[Any]:
    """The numbers of the runs that are counted."""
    return select(fact.c.run).where(*_within(scope))


def _whose(scope: Scope, columns: Any) -> tuple[ColumnElement[bool], ...]:
    """Which SOP, version, units and starter a scope is limited to."""
    return (
        *((columns.sop == scope.sop,) if scope.sop else ()),
        *((columns.digest == scope.digest,) if scope.digest else ()),
        *((columns.unit.in_(scope.units),) if scope.units is not None else ()),
        *((columns.starter == scope.starter,) if scope.starter is not None else ()),
    )


def _in(stage: Stage) -> ColumnElement[bool]:
    return fact.c.trial.is_(stage is Stage.TRIAL)


def _open_within(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (run.c.progress.in_(OPEN), run.c.stage != REHEARSED, *_whose(scope, run.c))


def _open_rows(scope: Scope) -> Select[Any]:
    own = select(func.count()).where(deviation.c.run == run.c.id, deviation.c.undone.is_(False)).scalar_subquery()
    rows = select(run.c.id, run.c.sop, run.c.moved_at, cast(None, Float), own).where(*_open_within(scope))
    return rows.order_by(run.c.moved_at.desc(), run.c.id.desc())


def _which(listed: Behind) -> tuple[ColumnElement[bool], ...]:
    match listed.which:
        case Which.DONE:
            return (DONE,)
        case Which.STOPPED:
            return (~DONE,)
        case Which.CLEAN:
            return (DONE, fact.c.deviations == 0)
        case Which.AGAIN:
            return (fact.c.again > 0,)
        case Which.LATE:
            return (fact.c.late > 0,)
        case Which.DEVIATING:
            return (_deviates(listed),)
        case Which.OPEN:
            raise ValueError("open runs have no facts yet")


def _deviates(listed: Behind) -> ColumnElement[bool]:
    at = (
        *((deviation.c.kind == listed.kind.value,) if listed.kind else ()),
        *((deviation.c.step == listed.step,) if listed.step else ()),
    )
    return exists().where(deviation.c.run == fact.c.run, deviation.c.undone.is_(False), *at)
