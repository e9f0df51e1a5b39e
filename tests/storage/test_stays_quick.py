"""After years a tap still finds what it needs at once, and old updates go a few at a time."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, insert, select, text

from bot.storage import migrate
from bot.storage.database import Database, Transaction, make_engine
from bot.storage.inbox import KEPT, PRUNED
from bot.storage.tables import InboxRow, table
from tests.postgres import Postgres

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
inbox = table(InboxRow)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    migrate.upgrade(database_url, NOW)
    opened = Database(database_url, lambda: NOW)
    yield opened
    opened.close()


def updates(tx: Transaction) -> list[int]:
    return list(tx.connection.execute(select(inbox.c.update_id).order_by(inbox.c.update_id)).scalars())


def keep(tx: Transaction, count: int, age: timedelta, state: str, first: int) -> None:
    one = {"sender": 101, "raw": "{}", "state": state, "received_at": NOW - age, "tries": 0, "error": ""}
    tx.connection.execute(insert(inbox), [{"update_id": first + number} | one for number in range(count)])


async def test_of_what_is_done_the_oldest_goes_first_and_the_rest_next_time(database: Database) -> None:
    await database.run(keep, PRUNED + 5, KEPT + timedelta(days=1), "done", 1)
    await database.run(keep, 1, KEPT + timedelta(days=1), "dead", 9_000)
    await database.run(keep, 1, KEPT - timedelta(days=1), "done", 9_001)

    await database.run(lambda tx: tx.inbox.prune())
    assert await database.run(updates) == [*range(PRUNED + 1, PRUNED + 6), 9_000, 9_001]

    await database.run(lambda tx: tx.inbox.prune())
    assert await database.run(updates) == [9_000, 9_001]


@pytest.mark.parametrize(
    "question",
    [
        "SELECT subject FROM card WHERE chat = 1 AND message_id = 2",
        "SELECT count(*) FROM run WHERE digest = 'x' AND progress = 'done'",
        "SELECT sop FROM run WHERE starter = 1 ORDER BY moved_at DESC LIMIT 5",
        "SELECT state FROM run WHERE starter = 1 AND progress IN ('active', 'paused')",
        "SELECT id FROM letter WHERE state = 'new' AND next_at < '2026'",
    ],
)
def test_no_question_of_a_tap_reads_a_whole_table(tmp_path: object, question: str) -> None:
    url = f"sqlite:///{tmp_path}/pandu.db"
    migrate.upgrade(url, NOW)

    with make_engine(url).connect() as connection:
        plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {question}"))]

    assert plan[0].startswith("SEARCH")


def test_a_server_that_confirms_before_it_keeps_is_told_to_keep(postgres: Postgres) -> None:
    url = postgres.new_database()
    name = url.rsplit("/", 1)[1].split("?")[0]
    hasty = create_engine(url, isolation_level="AUTOCOMMIT")
    with hasty.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    hasty.dispose()

    engine = make_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
    engine.dispose()
