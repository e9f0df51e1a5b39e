"""One bot and two people: Ani, who has opened the chat, and Budi, who has not."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.server import Server
from bot.sandbox.world import World
from tests.sandbox.line import ANI, BUDI, TOKEN, Clock, Line


@pytest.fixture
def clock() -> Clock:
    """A clock of its own for each test."""
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    """Ani has said /start, and that update is gone."""
    world = World(clock, TOKEN)
    world.add_person(ANI, "Ani")
    world.add_person(BUDI, "Budi", "en")
    world.say(ANI, "/start")
    world.updates.clear()
    return world


@pytest.fixture
async def line(world: World) -> AsyncIterator[Line]:
    """A server without limits to speed, and the bot's line to it."""
    async with Server(world, flood=False, local_webhooks=True) as server, aiohttp.ClientSession() as session:
        yield Line(server, session)
