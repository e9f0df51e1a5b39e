"""getUpdates: hands out what waits, holds the line while nothing does, and lets only one hold it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.calls import Call, Misfit, refusal
from bot.sandbox.world import World

Json = dict[str, Any]

LONGEST_HOLD = 50
AFTER_CONFLICT = 3.0
"""Seconds by which a second conflict within this time is told later."""

TERMINATED = "terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(slots=True)
class Polling:
    """The line over which the bot asks. Waiting is in real seconds; only what has expired goes by the world's clock."""

    world: World
    _held: "asyncio.Future[str] | None" = None
    _next_conflict: float = 0.0
    _last_offset: int | None = None
    _last_start: float = field(default=float("-inf"))

    async def get_updates(self, call: Call) -> list[Json]:
        """Refuses with a conflict when a newer call takes the line."""
        offset = call.number("offset", 0, -(2**31), 2**31 - 1)
        limit = call.number("limit", 100, 1, 100)
        timeout = call.number("timeout", 0, 0, LONGEST_HOLD)
        allow(self.world, call)
        now = asyncio.get_running_loop().time()
        if offset == self._last_offset and now < self._last_start + 3:
            timeout = max(timeout, 3)
        if offset == self._last_offset and now < self._last_start + 0.5:
            limit = 1
        self._last_offset, self._last_start = offset, now
        offset = self.world.updates.head(offset)
        found = self.world.updates.take(offset, limit, self.world.now)
        if found or timeout == 0:
            return found
        await self._hold(timeout)
        return self.world.updates.take(offset, limit, self.world.now)

    def interrupt(self, reason: str) -> None:
        """End the call that holds the line, if any, with a conflict."""
        if self._held is not None and not self._held.done():
            self._held.set_result(reason)

    async def _hold(self, seconds: float) -> None:
        self.interrupt(TERMINATED)
        held: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._held = held

        def wake() -> None:
            if not held.done():
                held.set_result("")

        self.world.updates.wakes.append(wake)
        try:
            await asyncio.wait([held], timeout=seconds)
        finally:
            self.world.updates.wakes.remove(wake)
        if held.done() and held.result():
            await self._conflict(held.result())

    async def _conflict(self, reason: str) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._next_conflict:
            await asyncio.sleep(AFTER_CONFLICT)
        else:
            self._next_conflict = now + AFTER_CONFLICT
        raise refusal(409, reason)


def allow(world: World, call: Call) -> None:
    """Keep which kinds of updates the bot wants: an empty list means the usual ones, none or a broken one no change."""
    try:
        kinds = call.json("allowed_updates", "no list")
    except Misfit:
        return
    if isinstance(kinds, list):
        world.updates.allowed = frozenset(map(str, kinds))
