"""Reports that an SOP is wrong: who made them, which say the same, and what became of them."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, distinct, func, insert, or_, select, update

from bot.engine.reports import FOR_REVISION, PENDING, Fault, Remark, Standing
from bot.storage.journal import journal_text
from bot.storage.reviews import SETBACK
from bot.storage.tables import ReportNoteRow, ReportRow, added, table

report = table(ReportRow)
note = table(ReportNoteRow)
lead = report.alias("lead")
"""The report that stands for another that was merged into it; of all others themselves."""

_LEAD = func.coalesce(report.c.merged_into, report.c.id)
_OWN = ("id", "at", "sop", "version", "step", "run", "kind", "person", "merged_into", "reminded")
_ANSWER = ("state", "answers", "answered_by", "answered_at", "published_in")
_REPORTS = (
    select(*(report.c[name] for name in _OWN), *(lead.c[name] for name in _ANSWER), journal_text.c.text)
    .join(lead, lead.c.id == _LEAD)
    .outerjoin(journal_text, (journal_text.c.seq == lead.c.answer) & (journal_text.c.name == "text"))
    .order_by(report.c.id)
)
_LEADS = report.c.merged_into.is_(None)


@dataclass(frozen=True, slots=True)
class Report:
    """A report, and how it stands: as the one does that it is merged into, where it is."""

    number: int
    at: datetime
    sop: str
    version: str
    step: str | None
    run: int | None
    fault: Fault
    person: int
    merged_into: int | None
    standing: Standing
    answers: int
    answered_by: int | None
    answered_at: datetime | None
    answer: str
    published_in: str | None
    reminded: int

    @property
    def lead(self) -> int:
        """The number of the report that stands for it."""
        return self.merged_into or self.number


@dataclass(frozen=True, slots=True)
class Written:
    """Words of a report."""

    report: int
    what: Remark
    text: str


@dataclass(frozen=True, slots=True)
class Due:
    """A report without an answer of which those responsible are to be reminded, for the n-th time."""

    number: int
    at: datetime
    reminder: int


class Reports:
    """Keeps reports; their numbers are their ids."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    # Making them

    def add(
        self, sop: str, version: str, fault: Fault, person: int, *, step: str | None, run: int | None, due: datetime
    ) -> int:
        """Keep a report, of which is reminded at `due`, and return its number."""
        values = {"sop": sop, "version": version, "kind": fault.value, "person": person, "step": step, "run": run}
        more = {"seq": 0, "state": Standing.OPEN.value, "answers": 0, "reminded": 0, "due_at": due}
        return added(self._connection, report, **values, **more, at=self._at)

    def journalled(self, number: int, seq: int) -> None:
        """Say which entry of the journal the report is."""
        self._change(report.c.id == number, seq=seq)

    def write(self, number: int, what: Remark, seq: int) -> None:
        """Say which entry of the journal holds words of the report."""
        self._connection.execute(insert(note).values(seq=seq, report=number, what=what.value))

    # Reading them

    def get(self, number: int) -> Report | None:
        """The report of that number."""
        return next(iter(self._some(report.c.id == number)), None)

    def some(self, numbers: Iterable[int]) -> Sequence[Report]:
        """These reports, in the order of their numbers."""
        return self._some(report.c.id.in_(list(numbers)))

    def unanswered(self) -> Sequence[Report]:
        """Those that stand for themselves and have no answer yet, the oldest first."""
        return self._some(_LEADS, report.c.state == Standing.OPEN.value)

    def group(self, number: int) -> Sequence[Report]:
        """The report of that number, and those that are merged into it."""
        return self._some(or_(report.c.id == number, report.c.merged_into == number))

    def of(self, person: int, limit: int) -> Sequence[Report]:
        """A person's latest reports, the newest first."""
        mine = _REPORTS.where(report.c.person == person).order_by(None).order_by(report.c.id.desc()).limit(limit)
        return [_report(row) for row in self._connection.execute(mine)]

    def count_of(self, person: int) -> int:
        """How many reports a person made."""
        return self._count(report.c.person == person)

    def pending(self, sops: Collection[str] | None = None) -> Sequence[Report]:
        """Those that stand for themselves and of which something is still to come, of these SOPs or of all; first those
        without an answer, the oldest first."""
        known = report.c.sop.in_(list(sops)) if sops is not None else True
        found = self._some(_LEADS, report.c.state.in_(PENDING), known)
        return sorted(found, key=lambda one: one.standing is not Standing.OPEN)

    def for_revision(self, sop: str) -> Sequence[Report]:
        """Those that the next version of an SOP is to take in: accepted, and in no version yet."""
        return self._some(_LEADS, report.c.sop == sop, report.c.state.in_(FOR_REVISION))

    def undecided(self, sop: str) -> int:
        """How many reports of an SOP have no answer yet."""
        return self._count((report.c.sop == sop) & (report.c.state == Standing.OPEN.value) & _LEADS)

    def mine(self, person: int, sop: str, step: str | None) -> Report | None:
        """What a person has reported already at that step of an SOP, and of which something is still to come."""
        here = (report.c.sop == sop, report.c.step.is_not_distinct_from(step))
        found = self._some(report.c.person == person, *here, lead.c.state.in_(PENDING))
        return found[-1] if found else None

    def alike(self, sop: str, step: str | None, fault: Fault) -> Report | None:
        """The report that says already that this is wrong with that step. What is none of the kinds is like nothing."""
        if fault is Fault.OTHER:
            return None
        here = (report.c.sop == sop, report.c.step.is_not_distinct_from(step), report.c.kind == fault.value)
        return next(iter(self._some(_LEADS, *here, report.c.state.in_(PENDING))), None)

    def people(self, leads: Iterable[int]) -> Mapping[int, int]:
        """By how many people each of these is reported, those merged into it among them."""
        some = list(leads)
        counted = select(_LEAD, func.count(distinct(report.c.person)))
        of_these = counted.where(or_(report.c.id.in_(some), report.c.merged_into.in_(some))).group_by(_LEAD)
        return {row[0]: row[1] for row in self._connection.execute(of_these)}

    def written(self, numbers: Iterable[int]) -> Sequence[Written]:
        """What was written in these reports, in order; what was erased is not among it."""
        joined = select(note.c.report, note.c.what, journal_text.c.text).join(
            journal_text, (journal_text.c.seq == note.c.seq) & (journal_text.c.name == "text")
        )
        rows = self._connection.execute(joined.where(note.c.report.in_(list(numbers))).order_by(note.c.seq))
        found = (Written(row.report, Remark(row.what), json.loads(row.text)) for row in rows)
        return [one for one in found if one.text]

    # What becomes of them

    def merge(self, number: int, into: int) -> bool:
        """Let `into` stand for a report, and for all that were merged into that one. False where either is merged
        already. Whoever calls holds the journal, so that no two can be merged into each other at once."""
        merged = select(report.c.id).where(report.c.id == into, _LEADS).scalar_subquery()
        free = (report.c.id == number) & _LEADS & (merged == into)
        if number == into or not self._change(free, merged_into=into, due_at=None):
            return False
        self._change(report.c.merged_into == number, merged_into=into)
        return True

    def answer(self, number: int, answers: int, standing: Standing, person: int) -> bool:
        """Answer a report that had so many answers before. False where somebody else was faster."""
        mine = (report.c.id == number) & (report.c.answers == answers) & (report.c.state != Standing.PUBLISHED.value)
        now = {"state": standing.value, "answered_by": person, "answered_at": self._at, "due_at": None}
        return self._change(mine & _LEADS, answers=answers + 1, **now)

    def answered(self, number: int, seq: int) -> None:
        """Say which entry of the journal the answer is."""
        self._change(report.c.id == number, answer=seq)

    def publish(self, number: int, version: str) -> bool:
        """A version takes the report in. False where it is in one already, or does not belong to the next."""
        mine = (report.c.id == number) & report.c.state.in_(FOR_REVISION) & _LEADS
        return self._change(mine, state=Standing.PUBLISHED.value, published_in=version)

    def next_due(self) -> Due | None:
        """The report of which it has been time to remind for longest."""
        due = select(report.c.id, report.c.due_at, report.c.reminded).where(report.c.due_at <= self._at)
        row = self._connection.execute(due.order_by(report.c.due_at, report.c.id).limit(1)).first()
        return None if row is None else Due(row.id, row.due_at, row.reminded + 1)

    def claim(self, due: Due, again: datetime | None) -> bool:
        """Take a reminder; the next one is due at `again`. False where another process took it, or it was answered."""
        mine = (report.c.id == due.number) & (report.c.due_at == due.at)
        return self._change(mine, reminded=due.reminder, due_at=again)

    def postpone(self, due: Due, until: datetime) -> None:
        """A reminder that was taken is made later after all."""
        self._change(report.c.id == due.number, reminded=due.reminder - 1, due_at=until)

    def put_off(self) -> None:
        """The next reminder could not be made: look at it again later, and let the others through."""
        due = self.next_due()
        if due is not None:
            self._change(report.c.id == due.number, due_at=self._at + SETBACK)

    def _change(self, which: ColumnElement[bool], **values: Any) -> bool:
        return self._connection.execute(update(report).where(which).values(**values)).rowcount > 0

    def _count(self, which: ColumnElement[bool]) -> int:
        return self._connection.execute(select(func.count()).select_from(report).where(which)).scalar_one()

    def _some(self, *conditions: Any) -> Sequence[Report]:
        return [_report(row) for row in self._connection.execute(_REPORTS.where(*conditions))]


def _report(row: Any) -> Report:
    return Report(
        number=row.id,
        at=row.at,
        sop=row.sop,
        version=row.version,
        step=row.step,
        run=row.run,
        fault=Fault(row.kind),
        person=row.person,
        merged_into=row.merged_into,
        standing=Standing(row.state),
        answers=row.answers,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        answer=json.loads(row.text) if row.text else "",
        published_in=row.published_in,
        reminded=row.reminded,
    )
