"""A line to the sandbox's Bot API, as a bot has it: real HTTP, JSON arguments, and a clock to move."""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot.sandbox.server import Server
from bot.sandbox.world import World

Json = dict[str, Any]

TOKEN = "42:SANDBOX"
ANI, BUDI = 7, 8


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Line:
    """What a bot can do."""

    server: Server
    session: aiohttp.ClientSession

    @property
    def world(self) -> World:
        return self.server.world

    async def ask(self, method: str, **args: Any) -> Json:
        """The envelope that comes back. Arguments that are no strings are sent as JSON."""
        async with self.session.post(self.address(method), data=written(args)) as response:
            envelope: Json = await response.json()
            assert response.status == envelope.get("error_code", 200)
            return envelope

    async def get(self, method: str, **args: Any) -> Any:
        """The result of a call that is well."""
        envelope = await self.ask(method, **args)
        assert envelope["ok"], envelope
        return envelope["result"]

    async def complaint(self, method: str, **args: Any) -> str:
        """The description of a call that is refused."""
        envelope = await self.ask(method, **args)
        assert not envelope["ok"]
        return str(envelope["description"])

    async def writes(self, text: str = "Halo", **args: Any) -> Json:
        """A message to Ani."""
        message: Json = await self.get("sendMessage", chat_id=ANI, text=text, **args)
        return message

    async def is_held(self) -> None:
        """Wait until a question for updates is being held."""
        while not self.world.updates.wakes:  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0)

    def address(self, method: str) -> str:
        return f"{self.server.url}/bot{TOKEN}/{method}"


def written(args: Json) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in args.items()}


def buttons(*labels: str) -> Json:
    """Buttons below one another; each sends its own label."""
    return {"inline_keyboard": [[{"text": label, "callback_data": label}] for label in labels]}
