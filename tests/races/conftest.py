"""Two processes of the bot on one PostgreSQL, and a hand on the lock for which every change has to queue."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from bot.app import App
from bot.sandbox.person import Person
from bot.storage import journal
from bot.telegram.intake import Intake
from tests.conftest import ROLES, Office
from tests.intake.conftest import eventually
from tests.postgres import Postgres

Json = dict[str, Any]
QUEUE = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid != pg_backend_pid()")


@pytest.fixture
def database_url(postgres: Postgres, server_tables: str) -> str:
    return postgres.new_database(server_tables)


@dataclass
class Two:
    """The office as its first process serves it, which polls and sends, and the second process beside it."""

    office: Office
    second: App
    _beside: Connection

    def taken(self) -> Json:
        """What somebody has just done, taken out of Telegram's hands before the first process asks for it."""
        updates = self.office.world.updates
        (update,) = updates.pending(self.office.world.now)
        updates.forget(update["update_id"])
        return update

    def presses(self, person: Person, word: str) -> Json:
        """Somebody taps; the update is the test's to deliver."""
        person.presses(word)
        return self.taken()

    def writes(self, person: Person, words: str) -> Json:
        """Somebody writes; the update is the test's to deliver."""
        self.office.world.say(person.id, words)
        return self.taken()

    async def at_once(self, first: list[Json], second: list[Json], *, in_order: bool = False) -> None:
        """Deliver to both processes; each has loaded and decided before either may write. `in_order`: the first stands
        in front of the second."""
        held = {"lock": journal.CHAIN_LOCK}
        self._beside.execute(text("SELECT pg_advisory_lock(:lock)"), held)
        try:
            await Intake(self.office.app.database, self.office.app.updates.wake).keep(first)
            await self._queued(int(in_order))
            await Intake(self.second.database, self.second.updates.wake).keep(second)
            await self._queued(2)
        finally:
            self._beside.execute(text("SELECT pg_advisory_unlock(:lock)"), held)
        await self.settle()

    async def _queued(self, number: int) -> None:
        await eventually(lambda: (self._beside.execute(QUEUE).scalar() or 0) >= number)

    async def settle(self) -> None:
        """Wait until both have nothing in hand."""
        await self.office.settle()
        async with asyncio.timeout(20):
            while not self.second.updates.is_idle:  # noqa: ASYNC110 (nothing tells)
                await asyncio.sleep(0.01)
        await self.office.settle()


@pytest.fixture
async def two(office: Office, database_url: str) -> AsyncIterator[Two]:
    """Both processes."""
    beside = create_engine(database_url, isolation_level="AUTOCOMMIT")
    async with App(office.app.settings, office.clock, ROLES) as second:
        with beside.connect() as connection:
            yield Two(office, second, connection)
    beside.dispose()
