"""Reviews to come, and the moments at which they are spoken of. Rows decide; whatever ticks only looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, insert, or_, select, update

from bot.engine.review import Moment, Review, ReviewKind
from bot.storage.tables import ReminderRow, ReviewRow, added, table

review = table(ReviewRow)
reminder = table(ReminderRow)

SETBACK = timedelta(hours=1)
"""A reminder that fails is put off by this, so that it cannot hold up the others."""


@dataclass(frozen=True, slots=True)
class Due:
    """A review whose reminders are due: all those that are, the oldest first."""

    review: int
    sop: str
    digest: str
    opens: date
    due: date
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A review in a list."""

    sop: str
    digest: str
    kind: ReviewKind
    opens: date
    due: date


class Reviews:
    """Plans reviews and claims their due moments."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def plan(self, sop: str, digest: str, planned: Review, moments: Sequence[tuple[Moment, datetime]]) -> int:
        """Plan a review with its reminders and return its id."""
        values = {"sop": sop, "digest": digest, "kind": planned.kind.value, "n": 1}
        review_id = added(self._connection, review, **values, opens=planned.opens, due=planned.due)
        rows = [{"review": review_id, "round": 1, "moment": name.value, "due_at": at} for name, at in moments]
        if rows:
            self._connection.execute(insert(reminder), rows)
        return review_id

    def follow(self, old: str, new: str) -> None:
        """A version that never ran has new content; its review stays."""
        self._connection.execute(update(review).where(review.c.digest == old).values(digest=new))

    def close(self, digest: str) -> None:
        """Another version took the place of this one: there is nothing left to decide, nor to be reminded of."""
        mine = (review.c.digest == digest) & review.c.decided_at.is_(None)
        unfired = reminder.c.review.in_(select(review.c.id).where(mine)) & reminder.c.fired_at.is_(None)
        self._connection.execute(update(reminder).where(unfired).values(fired_at=self._at))
        self._connection.execute(update(review).where(mine).values(decided_at=self._at))

    def open(self) -> tuple[Planned, ...]:
        """Every review that is not decided, the next one due first."""
        rows = self._connection.execute(select(review).where(review.c.decided_at.is_(None)).order_by(review.c.due))
        return tuple(Planned(row.sop, row.digest, ReviewKind(row.kind), row.opens, row.due) for row in rows)

    def open_of(self, digest: str) -> Planned | None:
        """The undecided review of a version."""
        return next((one for one in self.open() if one.digest == digest), None)

    def claim_due(self) -> Due | None:
        """Claim every due reminder of one review, the longest overdue. None where nothing is due.

        The rows decide: whoever's UPDATE takes them fires them, however many processes look."""
        unfired = reminder.c.fired_at.is_(None)
        ripe = or_(reminder.c.retry_at.is_(None), reminder.c.retry_at <= self._at)
        due = unfired & ripe & (reminder.c.due_at <= self._at)
        oldest = select(reminder.c.review).where(due).order_by(reminder.c.due_at).limit(1)
        first = self._connection.execute(oldest).scalar()
        if first is None:
            return None
        mine = update(reminder).where(due, reminder.c.review == first).values(fired_at=self._at)
        claimed = self._connection.execute(mine.returning(reminder.c.moment, reminder.c.due_at)).all()
        if not claimed:
            return self.claim_due()  # another process took them between our look and our claim
        row = self._connection.execute(select(review).where(review.c.id == first)).one()
        moments = tuple(Moment(name) for name, _ in sorted(claimed, key=lambda one: one.due_at))
        return Due(row.id, row.sop, row.digest, row.opens, row.due, moments)

    def put_off(self) -> None:
        """The next due reminder could not be fired: look at it again later, and let the others through."""
        due = select(reminder.c.review).where(reminder.c.fired_at.is_(None), reminder.c.due_at <= self._at)
        first = due.where(or_(reminder.c.retry_at.is_(None), reminder.c.retry_at <= self._at))
        review_id = self._connection.execute(first.order_by(reminder.c.due_at).limit(1)).scalar()
        mine = update(reminder).where(reminder.c.review == review_id, reminder.c.fired_at.is_(None))
        self._connection.execute(mine.values(retry_at=self._at + SETBACK))
