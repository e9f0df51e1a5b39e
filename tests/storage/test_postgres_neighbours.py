"""On PostgreSQL two processes work side by side: one that stands still or is a moment faster harms no other."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, insert, select, text

from bot.engine.review import DUE, Reminded
from bot.storage import database as module
from bot.storage import migrate
from bot.storage.audit import verify
from bot.storage.database import Database, Transaction
from bot.storage.journal import Entry, Where
from bot.storage.tables import PersonRow, table
from tests.intake.conftest import eventually
from tests.postgres import Postgres

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
person = table(PersonRow)


@pytest.fixture
def database_url(postgres: Postgres) -> str:
    url = postgres.new_database()
    migrate.upgrade(url, NOW)
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, lambda: NOW)
    yield opened
    opened.close()


def append(tx: Transaction) -> None:
    tx.journal.append(None, [Entry(Reminded(1, DUE), Where())])


def entries(tx: Transaction) -> int:
    return verify(tx.connection)[0]


async def test_a_process_that_stands_still_inside_a_transaction_holds_up_nobody_for_long(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STANDS_STILL", 300)
    one, other = Database(database_url, lambda: NOW), Database(database_url, lambda: NOW)
    stood_still: list[bool] = []

    def append_slowly(tx: Transaction) -> None:
        append(tx)
        if not stood_still:
            stood_still.append(True)
            time.sleep(3)
        tx.connection.execute(text("SELECT 1"))

    slow = asyncio.create_task(one.run(append_slowly))
    await eventually(lambda: stood_still)
    await other.run(append)
    assert not slow.done()

    await slow
    assert await one.run(entries) == 2
    one.close()
    other.close()


async def test_what_another_process_added_a_moment_earlier_is_found_when_tried_again(
    database: Database, database_url: str
) -> None:
    beside = create_engine(database_url)

    def add_if_missing(tx: Transaction) -> int:
        known = tx.people.by_chat(5)
        return known.id if known else tx.people.add(5, "Andi", "id", ())

    with beside.connect() as connection:
        values = {"telegram_id": 5, "name": "Andi", "language": "id", "roles": "", "reachable": True, "seen_id": 0}
        connection.execute(insert(person).values(values))
        adding = asyncio.create_task(database.run(add_if_missing))
        waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        await eventually(lambda: connection.execute(waits).scalar())
        connection.commit()
    beside.dispose()

    assert await adding == await database.run(lambda tx: tx.connection.execute(select(person.c.id)).scalar_one())
