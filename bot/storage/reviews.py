"""Reviews to come, and the moments at which they are spoken of. Rows decide; whatever ticks only looks."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, insert, or_, select, text, update

from bot.engine.review import Ground, Moment, Review, ReviewKind, Verdict
from bot.storage.journal import journal, journal_text
from bot.storage.tables import ReminderRow, ReviewRow, ReviewWordRow, added, table

review = table(ReviewRow)
reminder = table(ReminderRow)
word = table(ReviewWordRow)

SETBACK = timedelta(hours=1)
"""A reminder that fails is put off by this, so that it cannot hold up the others."""

When = tuple[Moment, datetime]
_UNDECIDED = review.c.decided_at.is_(None)
_UNFIRED = reminder.c.fired_at.is_(None)
_REVIEWS = select(review).order_by(review.c.due, review.c.id)
_OF = _REVIEWS.where(review.c.id == bindparam("of"))
_SOME = _REVIEWS.where(review.c.id.in_(bindparam("ids", expanding=True)))
_AT = bindparam("at", type_=reminder.c.due_at.type)


def _due(of: Any) -> Any:
    return of.c.fired_at.is_(None) & or_(of.c.retry_at.is_(None), of.c.retry_at <= _AT) & (of.c.due_at <= _AT)


_REMIND = insert(reminder).returning(reminder.c.id)  # which makes one statement of several rows
_IS_DUE = select(exists().where(_UNFIRED, reminder.c.due_at <= _AT))
_FIRST = reminder.alias("first")
_OLDEST = select(_FIRST.c.review).where(_due(_FIRST)).order_by(_FIRST.c.due_at).limit(1).scalar_subquery()
_CLAIM = (
    update(reminder)
    .where(_due(reminder), reminder.c.review == _OLDEST)
    .values(fired_at=_AT)
    .returning(reminder.c.review, reminder.c.moment, reminder.c.due_at, reminder.c.id)
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A review, and what was decided where it was: `verdict` is None too where another version took its place."""

    id: int
    sop: str
    digest: str
    since: date
    dates: Review
    decided_at: datetime | None
    decided_by: int | None
    verdict: Verdict | None
    ground: Ground | None
    answers: tuple[bool, ...]

    @property
    def kind(self) -> ReviewKind:
        """What is looked at."""
        return self.dates.kind

    @property
    def due(self) -> date:
        """The day on which it is due."""
        return self.dates.due


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody of the team said in a review."""

    person: int
    at: datetime
    text: str


class Reviews:
    """Plans reviews, claims their due moments, and keeps what was decided."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    # Planning

    def plan(self, sop: str, digest: str, since: date, dates: Review, moments: Sequence[When]) -> int:
        """Plan a review with its reminders and return its id."""
        before = select(func.count()).where(review.c.digest == digest, review.c.kind == dates.kind.value)
        n = self._connection.execute(before).scalar_one() + 1
        values = {"sop": sop, "digest": digest, "kind": dates.kind.value, "n": n, "since": since, "answers": ""}
        review_id = added(self._connection, review, **values, **_days(dates))
        self._remind(review_id, dates.round, moments)
        return review_id

    def move(self, review_id: int, before: int, dates: Review, moments: Sequence[When]) -> bool:
        """Set the dates of a review anew, that stood in the round `before`. False where somebody else was faster."""
        mine = (review.c.id == review_id) & (review.c.round == before) & _UNDECIDED
        if self._connection.execute(update(review).where(mine).values(**_days(dates))).rowcount == 0:
            return False
        self._silence([review_id])
        self._remind(review_id, dates.round, moments)
        return True

    def plan_more(self, review_id: int, round_: int, passed: Sequence[When], upcoming: When | None) -> None:
        """Moments of a review that passed with one that fires, and what comes after it."""
        self._remind(review_id, round_, passed, self._at)
        self._remind(review_id, round_, [upcoming] if upcoming else [])

    def _remind(self, review_id: int, round_: int, moments: Sequence[When], fired_at: datetime | None = None) -> None:
        same = {"review": review_id, "round": round_, "fired_at": fired_at}
        rows = [same | {"moment": moment.name, "due_at": at} for moment, at in moments]
        if rows:
            self._connection.execute(_REMIND, rows)

    def _silence(self, reviews: Iterable[int]) -> None:
        """Nobody need be reminded of these any more."""
        mine = update(reminder).where(reminder.c.review.in_(list(reviews)), _UNFIRED)
        self._connection.execute(mine.values(fired_at=self._at))

    def follow(self, old: str, new: str) -> None:
        """A version that never ran has new content; its reviews stay."""
        self._connection.execute(update(review).where(review.c.digest == old).values(digest=new))

    def close(self, digest: str) -> None:
        """Nothing is left to decide of a version, nor to be reminded of."""
        self._silence(one.id for one in self.all_of(digest) if one.decided_at is None)
        self._connection.execute(
            update(review).where(review.c.digest == digest, _UNDECIDED).values(decided_at=self._at)
        )

    def drop(self, review_id: int) -> None:
        """A review is not to be held after all."""
        self._silence([review_id])
        self._connection.execute(update(review).where(review.c.id == review_id, _UNDECIDED).values(decided_at=self._at))

    def decide(
        self, review_id: int, round_: int, person: int, verdict: Verdict, ground: Ground, answers: Iterable[bool]
    ) -> bool:
        """Decide a review. False where somebody else decided it, or put it off, meanwhile."""
        values = {"decided_at": self._at, "decided_by": person, "verdict": verdict.value, "ground": ground.value}
        values |= {"answers": "".join("y" if yes else "n" for yes in answers)}
        mine = (review.c.id == review_id) & (review.c.round == round_) & _UNDECIDED
        if self._connection.execute(update(review).where(mine).values(**values)).rowcount == 0:
            return False
        self._silence([review_id])
        return True

    # Reading

    def get(self, review_id: int) -> Planned:
        """The review of that id. Raises LookupError where there is none."""
        for row in self._connection.execute(_OF, {"of": review_id}):
            return _planned(row)
        raise LookupError(f"no review {review_id}")

    def some(self, reviews: Iterable[int]) -> tuple[Planned, ...]:
        """These reviews, the next one due first."""
        return tuple(_planned(row) for row in self._connection.execute(_SOME, {"ids": list(reviews)}))

    def open(self) -> tuple[Planned, ...]:
        """Every review that is not decided, the next one due first."""
        return self._some(_UNDECIDED)

    def opened(self, day: date) -> tuple[Planned, ...]:
        """Every review that is not decided and whose window is open on `day`, or was; the next one due first."""
        return self._some(_UNDECIDED, review.c.opens <= day)

    def open_of(self, digest: str) -> Planned | None:
        """The undecided review of a version that is due next."""
        return next(iter(self._some(_UNDECIDED, review.c.digest == digest)), None)

    def all_of(self, digest: str) -> tuple[Planned, ...]:
        """Every review of a version, also those that are decided."""
        return self._some(review.c.digest == digest)

    def decided(self, kind: ReviewKind, since: datetime, until: datetime) -> tuple[Planned, ...]:
        """The reviews of a kind that were decided from `since` to before `until`, the earliest first."""
        within = (review.c.decided_at >= since, review.c.decided_at < until, review.c.verdict.is_not(None))
        return tuple(sorted(self._some(review.c.kind == kind.value, *within), key=lambda one: (one.decided_at, one.id)))

    def trial_of(self, sop: str) -> Planned | None:
        """The review of the last trial of an SOP, whether or not it was decided."""
        trials = self._some(review.c.sop == sop, review.c.kind == ReviewKind.TRIAL.value)
        return max(trials, key=lambda one: (one.since, one.id), default=None)

    def _some(self, *which: Any) -> tuple[Planned, ...]:
        return tuple(_planned(row) for row in self._connection.execute(_REVIEWS.where(*which)))

    def untold(self, review_id: int) -> tuple[When, ...]:
        """The moments of a review that are planned and did not fire yet, in order."""
        mine = select(reminder.c.moment, reminder.c.due_at).where(reminder.c.review == review_id, _UNFIRED)
        rows = self._connection.execute(mine.order_by(reminder.c.due_at, reminder.c.id))
        return tuple((Moment(row.moment), row.due_at) for row in rows)

    # What the team says

    def add_word(self, review_id: int, seq: int, person: int) -> None:
        """Say which entry of the journal holds what somebody said."""
        self._connection.execute(insert(word).values(seq=seq, review=review_id, person=person, at=self._at))

    def words(self, review_id: int) -> tuple[Word, ...]:
        """What the team said, and what is to be done by a decision, in order; what was erased is not among it."""
        joined = select(word.c.person, word.c.at, journal_text.c.text).join(
            journal_text, (journal_text.c.seq == word.c.seq) & journal_text.c.name.in_(("text", "action"))
        )
        rows = self._connection.execute(
            joined.where(word.c.review == review_id).order_by(word.c.seq, journal_text.c.name.desc())
        )
        found = (Word(row.person, row.at, json.loads(row.text)) for row in rows)
        return tuple(one for one in found if one.text)

    def changes(self, sop: str, since: datetime) -> tuple[Word, ...]:
        """What changed that an SOP relies on, as it was announced since then, in order; what was erased is missing."""
        announced = text("journal.kind = 'change_announced'")  # in these words the index has it
        joined = select(journal.c.person, journal.c.at, journal_text.c.text).join(
            journal_text, (journal_text.c.seq == journal.c.seq) & (journal_text.c.name == "text")
        )
        mine = joined.where(announced, journal.c.sop == sop, journal.c.at >= since).order_by(journal.c.seq)
        found = (Word(row.person, row.at, json.loads(row.text)) for row in self._connection.execute(mine))
        return tuple(one for one in found if one.text)

    # Reminders

    def claim_due(self) -> tuple[Planned, tuple[Moment, ...]] | None:
        """Claim every due reminder of one review, the longest overdue, in order. None where nothing is due.

        The rows decide: whoever's UPDATE takes them fires them, however many processes look. Where another is at the
        first of them, this waits and may find none: who wants every one holds the journal before."""
        claimed = self._connection.execute(_CLAIM, {"at": self._at}).all()
        if not claimed:
            return None
        in_order = sorted(claimed, key=lambda one: (one.due_at, one.id))
        return self.get(claimed[0].review), tuple(Moment(row.moment) for row in in_order)

    def is_due(self) -> bool:
        """True where a reminder is due that did not fire."""
        return bool(self._connection.execute(_IS_DUE, {"at": self._at}).scalar())

    def put_off(self) -> None:
        """The next due reminder could not be fired: look at it again later, and let the others through."""
        due = select(reminder.c.review).where(_UNFIRED, reminder.c.due_at <= self._at)
        first = due.where(or_(reminder.c.retry_at.is_(None), reminder.c.retry_at <= self._at))
        review_id = self._connection.execute(first.order_by(reminder.c.due_at).limit(1)).scalar()
        mine = update(reminder).where(reminder.c.review == review_id, _UNFIRED)
        self._connection.execute(mine.values(retry_at=self._at + SETBACK))


def _days(dates: Review) -> dict[str, Any]:
    return {"opens": dates.opens, "due": dates.due, "round": dates.round, "put_off": dates.put_off}


def _planned(row: Any) -> Planned:
    return Planned(
        id=row.id,
        sop=row.sop,
        digest=row.digest,
        since=row.since,
        dates=Review(ReviewKind(row.kind), row.opens, row.due, row.round, row.put_off),
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        verdict=Verdict(row.verdict) if row.verdict else None,
        ground=Ground(row.ground) if row.ground else None,
        answers=tuple(answer == "y" for answer in row.answers),
    )
