"""Hands kept updates to the handlers: one at a time a person, people side by side; a bad one holds up nobody."""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from telegram import Bot, Update
from telegram.ext import Application

from bot.services import people, pin
from bot.services.house import House
from bot.storage.database import AlreadyDone, Database, Transaction
from bot.storage.inbox import NotYet, Received
from bot.telegram.gate import Malformed, understood

log = structlog.get_logger()

BATCH = 200
LANES = 64
"""People who are served at once."""
IDLE = 2.0
SOON = 0.05
"""Seconds after which an update that has to wait for an older one is tried again."""
NOTHING, EVERYTHING = -1, sys.maxsize
"""The numbers before the first update and after the last."""

Engine = Application[Any, Any, Any, Any, Any, Any]


class Updates:
    """Works the inbox off."""

    def __init__(
        self, application: Engine, database: Database, house: Callable[[], House], done: Callable[[], None]
    ) -> None:
        self._application = application
        self._database = database
        self._house = house
        self._done = done
        self._lanes: dict[int, list[Received]] = defaultdict(list)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(LANES)
        self._failed: dict[int, Exception] = {}
        self._wake = asyncio.Event()
        self._after = NOTHING  # what has a lower number was handed out
        application.add_error_handler(self._note)

    def wake(self, oldest: int = 0) -> None:
        """There may be new updates from number `oldest` on. They need not come in the order of their numbers."""
        self._after = min(self._after, oldest - 1)
        self._wake.set()

    async def run(self) -> None:
        """Hand out until cancelled."""
        self._after = NOTHING
        while True:
            self._wake.clear()
            after, self._after = self._after, EVERYTHING  # whoever wakes us from now on lowers it
            fresh = await self._fresh(after)
            for received in fresh:
                self._lanes[received.sender].append(received)
                if received.sender not in self._tasks:
                    self._tasks[received.sender] = asyncio.create_task(self._lane(received.sender))
            self._after = min(self._after, fresh[-1].update_id if fresh else after)
            if fresh:
                continue
            try:
                async with asyncio.timeout(IDLE):
                    await self._wake.wait()
            except TimeoutError:
                self._after = NOTHING  # another process may have left something, or Telegram begun its numbers anew

    async def _fresh(self, after: int) -> list[Received]:
        """What is still to be handed out, the oldest first; nothing while as much as `BATCH` is under way."""
        under_way = {one.update_id for lane in self._lanes.values() for one in lane}
        if len(under_way) >= BATCH:
            return []
        seen = sum(number > after for number in under_way)
        waiting = await self._database.run(_waiting, BATCH - len(under_way) + seen, after)
        return [one for one in waiting if one.update_id not in under_way]

    @property
    def is_idle(self) -> bool:
        """True where no update is being handled, nor its tap being answered."""
        return not self._tasks

    async def drain(self) -> None:
        """Let what is under way end."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=10)

    async def _lane(self, sender: int) -> None:
        lane = self._lanes[sender]
        while lane:
            # not simply the first: an older one may have been kept after it
            oldest = min(lane, key=lambda one: one.update_id)
            async with self._places:
                is_done = await self._handle(oldest)
            if is_done:
                lane.remove(oldest)
            else:
                await asyncio.sleep(SOON)
        del self._lanes[sender], self._tasks[sender]
        self._wake.set()

    async def _handle(self, received: Received) -> bool:
        """Handle it, however often it takes. False where an older one has to be handled first."""
        while True:
            try:
                await self._once(received)
            except AlreadyDone:
                pass
            except NotYet:
                return False
            except (OperationalError, InterfaceError):
                # the database is away: not the update's fault, and no try is counted
                log.warning("update.waits", update=received.update_id)
                await asyncio.sleep(1)
                continue
            except Exception as error:
                log.error("update.failed", update=received.update_id, error=type(error).__name__, exc_info=error)
                if not await self._given_up(received, type(error).__name__):
                    await asyncio.sleep(0.2)
                    continue
            self._done()
            return True

    async def _given_up(self, received: Received, error: str) -> bool:
        """Count the failed try. True where that was the last; what is wrong may stand in the way here too."""
        try:
            state = await self._database.run(_fail, received, error)
        except Exception as also:
            log.error("update.uncounted", update=received.update_id, error=type(also).__name__, exc_info=also)
            return False
        if state == "dead":
            try:
                await self._database.run(people.warn_admins, self._house(), received.update_id)
            except Exception as also:
                log.error("update.untold", update=received.update_id, error=type(also).__name__, exc_info=also)
        return state != "new"

    async def _once(self, received: Received) -> None:
        try:
            update = understood(received.raw, self._bot)
        except Malformed as error:
            await self._database.run(_refuse, received, str(error))
            log.warning("update.refused", update=received.update_id, wrong=str(error))
            return
        await self._application.process_update(update)
        failure = self._failed.pop(received.update_id, None)
        if failure is not None:
            raise failure

    @property
    def _bot(self) -> Bot:
        bot: Bot = self._application.bot
        return bot

    async def _note(self, update: object, context: Any) -> None:
        # process_update swallows what handlers raise; here it is caught again
        if isinstance(update, Update) and isinstance(context.error, Exception):
            self._failed[update.update_id] = context.error


def _waiting(tx: Transaction, limit: int, after: int) -> tuple[Received, ...]:
    return tx.inbox.waiting(limit, after)


def _refuse(tx: Transaction, received: Received, error: str) -> None:
    tx.inbox.refuse(received.update_id, error)
    pin.put_aside(tx, received.update_id, received.sender)


def _fail(tx: Transaction, received: Received, error: str) -> str:
    """Count the failed try, and return how the update stands now."""
    tx.inbox.fail(received.update_id, error)
    state = tx.inbox.state(received.update_id)
    if state == "dead":
        pin.put_aside(tx, received.update_id, received.sender)
    return state
