"""Some months of an office with two processes and downtimes, in short; the whole year is in `bench`."""

from collections.abc import Callable

from sqlalchemy import func, select, update

from bench.year import CAP, Counts, Year, a_year
from bot.engine.review import DUE, Reminded
from bot.storage.database import Transaction
from bot.storage.journal import Entry, Where
from bot.storage.tables import CardRow, DigestRow, ReminderRow, ReviewRow, table
from tests.postgres import Postgres

card, digest, reminder, review = table(CardRow), table(DigestRow), table(ReminderRow), table(ReviewRow)
Fault = Callable[[Year, Transaction], object]


def test_months_of_reminders_fire_once_in_office_hours_and_within_the_cap(postgres: Postgres) -> None:
    with a_year(postgres.new_database(), sops=12, people=10, days=75) as year:
        counts = year.do(year.count)

        assert counts.reminded > 12
        assert sum(counts.decided.values()) > 0
        assert counts.wrong == 0
        for fault, seen in FAULTS.items():
            found = year.do(_with, year, fault)
            assert all(getattr(found, name) > getattr(counts, name) for name in seen), fault
            assert found.wrong > 0, fault


# What the count would find


def told_once_more(_: Year, tx: Transaction) -> None:
    """At midnight, of what was decided long ago."""
    decided = tx.connection.execute(select(func.min(review.c.id)).where(review.c.decided_at.is_not(None))).scalar_one()
    tx.journal.append(None, [Entry(Reminded(decided, DUE), Where())])


def never_fired(_: Year, tx: Transaction) -> None:
    tx.connection.execute(update(reminder).where(reminder.c.id == _fired(tx)).values(fired_at=None))


def fired_and_not_told(year: Year, tx: Transaction) -> None:
    tx.connection.execute(update(reminder).where(reminder.c.id == _fired(tx)).values(fired_at=year.clock.now))


def _fired(tx: Transaction) -> int:
    """The first that fired."""
    fired = select(func.min(reminder.c.id)).where(reminder.c.fired_at.is_not(None))
    return int(tx.connection.execute(fired).scalar_one())


def never_sent(_: Year, tx: Transaction) -> None:
    tx.connection.execute(update(digest).values(sent=False))


def sent_too_often(year: Year, tx: Transaction) -> None:
    for _ in range(CAP + 1):
        tx.connection.execute(update(card).values(want=card.c.want + 1, anew=True))
        year.carry(tx)


FAULTS: dict[Fault, tuple[str, ...]] = {
    told_once_more: ("after_decision", "twice", "outside_hours"),
    never_fired: ("missing",),
    fired_and_not_told: ("missing",),
    never_sent: ("missing",),
    sent_too_often: ("most_a_day",),
}


def _with(tx: Transaction, year: Year, fault: Fault) -> Counts:
    """What is counted with that fault, of which nothing stays."""
    with tx.connection.begin_nested() as planted:
        fault(year, tx)
        counts = year.count(tx)
        planted.rollback()
    return counts
