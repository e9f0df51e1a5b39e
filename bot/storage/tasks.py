"""A page of what waits for somebody with all that the list tells of it, of whatever kinds, in one statement."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, and_, bindparam, cast, distinct, func, or_, select

from bot.engine.deviations import Severity
from bot.engine.errands import ErrandKind
from bot.engine.reports import PENDING, Fault
from bot.engine.review import Review, ReviewKind
from bot.engine.run import Deviated, Run
from bot.storage import codec
from bot.storage.runs import to_deviated
from bot.storage.tables import (
    ApprovalRow,
    DeviationRow,
    DraftRow,
    ErrandRow,
    FollowUpRow,
    ProposalRow,
    ReportRow,
    ReviewRow,
    RunRow,
    VersionRow,
    table,
)

errand = table(ErrandRow)
run, departed = table(RunRow), table(RunRow).alias("departed")
follow_up, deviation = table(FollowUpRow), table(DeviationRow)
approval = table(ApprovalRow)
draft, proposal = table(DraftRow), table(ProposalRow)
review = table(ReviewRow)
report, alike = table(ReportRow), table(ReportRow).alias("alike")
version = table(VersionRow)


@dataclass(frozen=True, slots=True)
class OfRun:
    """A run in which somebody has to act."""

    run: Run


@dataclass(frozen=True, slots=True)
class OfFollowUp:
    """A deviation that is followed up; it weighs as its follow-up does."""

    seq: int
    run: int
    at: datetime
    what: Deviated


@dataclass(frozen=True, slots=True)
class OfVersion:
    """A version that waits to be approved."""

    approval: int


@dataclass(frozen=True, slots=True)
class OfDraft:
    """A draft, and how much that is proposed for it is undecided."""

    undecided: int


@dataclass(frozen=True, slots=True)
class OfReview:
    """A review."""

    number: int
    dates: Review


@dataclass(frozen=True, slots=True)
class OfReport:
    """A report, and how many people say so."""

    number: int
    step: str | None
    fault: Fault
    people: int


About = OfRun | OfFollowUp | OfVersion | OfDraft | OfReview | OfReport


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits for a person since then: what it is about, and the version of the SOP it belongs to."""

    since: datetime
    digest: str
    about: About


_PAGE = (
    select(errand.c.id, errand.c.kind, cast(errand.c.subject, BigInteger).label("number"), errand.c.since)
    .add_columns(func.count().over().label("total"))
    .where(errand.c.person == bindparam("whose"))
    .order_by(errand.c.since, errand.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
    .subquery("page")
)


def _is(kind: ErrandKind, number: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(_PAGE.c.kind == kind.value, number == _PAGE.c.number)


# a report that was answered or merged since proposes nothing any more
_PENDING = select(report.c.id).where(report.c.merged_into.is_(None), report.c.state.in_(PENDING))
_UNDECIDED = (
    select(func.count())
    .where(proposal.c.draft == draft.c.id, proposal.c.state == "open")
    .where(or_(proposal.c.report.is_(None), proposal.c.report.in_(_PENDING)))
    .scalar_subquery()
)
_SAY_SO = (
    select(func.count(distinct(alike.c.person)))
    .where(or_(alike.c.id == report.c.id, alike.c.merged_into == report.c.id))
    .scalar_subquery()
)
_DIGESTS = (run.c.digest, departed.c.digest, approval.c.digest, draft.c.digest, review.c.digest, version.c.digest)
_FOUND = (
    select(_PAGE.c.kind.label("waits"), _PAGE.c.number, _PAGE.c.since.label("waits_since"), _PAGE.c.total)
    .add_columns(func.coalesce(*_DIGESTS).label("of_digest"), run.c.state.label("run_state"))
    .add_columns(deviation, follow_up.c.severity.label("weighs"))
    .add_columns(_UNDECIDED.label("undecided"))
    .add_columns(review.c.kind.label("review_kind"), review.c.opens, review.c.due, review.c.round, review.c.put_off)
    .add_columns(report.c.kind.label("fault"), report.c.step.label("wrong_step"), _SAY_SO.label("people"))
    .outerjoin(run, _is(ErrandKind.RUN, run.c.id))
    .outerjoin(follow_up, _is(ErrandKind.FOLLOW_UP, follow_up.c.id))
    .outerjoin(deviation, and_(deviation.c.seq == follow_up.c.deviation, deviation.c.undone.is_(False)))
    .outerjoin(departed, departed.c.id == deviation.c.run)
    .outerjoin(approval, _is(ErrandKind.VERSION, approval.c.id))
    .outerjoin(draft, _is(ErrandKind.DRAFT, draft.c.id))
    .outerjoin(review, _is(ErrandKind.REVIEW, review.c.id))
    .outerjoin(report, _is(ErrandKind.REPORT, report.c.id))
    .outerjoin(version, and_(version.c.sop == report.c.sop, version.c.version == report.c.version))
    .order_by(_PAGE.c.since, _PAGE.c.id)
)


class Tasks:
    """Reads what waits for people."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person: int, skipped: int, most: int) -> tuple[tuple[Waits, ...], int]:
        """At most `most` of what waits for the person, the oldest first, after the first `skipped`; and how much it is
        in all, 0 where there is nothing more."""
        rows = self._connection.execute(_FOUND, {"whose": person, "skipped": skipped, "most": most}).all()
        # a deviation may have been undone since, and is told no more
        found = tuple(Waits(row.waits_since, row.of_digest, _about(row)) for row in rows if row.of_digest is not None)
        return found, int(rows[0].total) if rows else 0


def _about(row: Any) -> About:
    match ErrandKind(row.waits):
        case ErrandKind.RUN:
            return OfRun(codec.load(row.run_state))
        case ErrandKind.FOLLOW_UP:
            what = replace(to_deviated(row), severity=Severity(row.weighs))
            return OfFollowUp(row.seq, row.run, row.at, what)
        case ErrandKind.VERSION:
            return OfVersion(row.number)
        case ErrandKind.DRAFT:
            return OfDraft(row.undecided)
        case ErrandKind.REVIEW:
            return OfReview(row.number, Review(ReviewKind(row.review_kind), row.opens, row.due, row.round, row.put_off))
        case ErrandKind.REPORT:
            return OfReport(row.number, row.wrong_step, Fault(row.fault), row.people)
