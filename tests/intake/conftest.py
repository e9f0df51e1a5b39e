"""The office of the tests, with a Telegram that can be away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import App
from bot.sandbox.faults import Faults
from bot.sandbox.server import Server
from bot.sandbox.world import World
from bot.settings import Settings
from tests.conftest import ROLES, SOPS, TOKEN, Clock, Office, StartOffice


class Telegram:
    """A Telegram that comes and goes; what people do meanwhile waits in it, for as long as it keeps such things."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""
        self._server: Server | None = None
        self._port = 0

    async def comes(self) -> None:
        """Answer, always at the same address."""
        self._server = Server(self.world, port=self._port, flood=False, local_webhooks=True)
        await self._server.__aenter__()
        self.url = self._server.url
        self._port = int(self.url.rpartition(":")[2])

    async def forgets_the_webhook(self) -> None:
        """Somebody else deletes it."""
        async with aiohttp.ClientSession() as session:
            await session.post(f"{self.url}/bot{self.world.token}/deleteWebhook")

    async def goes(self) -> None:
        """Cut every line."""
        if self._server is not None:
            await self._server.__aexit__()
            self._server = None


async def eventually(holds: Callable[[], object]) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 (nothing tells)
            await asyncio.sleep(0.01)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def telegram(clock: Clock) -> AsyncIterator[Telegram]:
    world = World(clock, TOKEN)
    for user_id, name in ((101, "Andi"), (102, "Siti"), (103, "Budi"), (104, "Nur")):
        world.add_person(user_id, name)
    it = Telegram(world)
    await it.comes()
    yield it
    await it.goes()


@pytest.fixture
def settings(telegram: Telegram, tmp_path: Path, database_url: str) -> Settings:
    return Settings(
        telegram_bot_token=SecretStr(TOKEN),
        telegram_api_url=telegram.url,
        data_dir=tmp_path,
        database_url=database_url,
        sops_dir=SOPS,
    )


@pytest.fixture
def start_office(telegram: Telegram, clock: Clock, settings: Settings) -> StartOffice:
    @asynccontextmanager
    async def start() -> AsyncIterator[Office]:
        async with App(settings, clock, ROLES) as app:
            yield Office(app, telegram.world, clock, Faults(0, 0.0))

    return start


@pytest.fixture
async def office(start_office: StartOffice) -> AsyncIterator[Office]:
    async with start_office() as running:
        yield running
        assert running.world.strict_violations == []
