"""Takes updates from Telegram: kept first, confirmed afterwards. The loop never ends by itself."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.storage.database import Database, Transaction
from bot.storage.inbox import Received

log = structlog.get_logger()

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
HOLD = 25
"""Seconds for which Telegram may hold an empty answer."""
SLOWEST_RETRY = 30.0
ALARM = 180.0
"""Seconds without a good answer after which the log says so once a minute."""


class Intake:
    """Long polling. An update is confirmed by asking for the one after it, which happens only once it is kept."""

    def __init__(self, bot: Bot, request: BaseRequest, base: str, database: Database, woke: Callable[[], None]) -> None:
        self._bot = bot
        self._request = request
        self._base = base
        self._database = database
        self._woke = woke
        self.last_good = time.monotonic()

    async def run(self) -> None:
        """Poll until cancelled, whatever Telegram answers."""
        offset, pause, told = None, 0.5, 0.0
        while True:
            try:
                updates = await self._poll(offset)
                if updates:
                    await self._database.run(_store, [_received(update) for update in updates])
                    offset = max(update["update_id"] for update in updates) + 1
                    self._woke()
                self.last_good, pause = time.monotonic(), 0.5
            except RetryAfter as error:
                wait = error.retry_after
                await asyncio.sleep(wait if isinstance(wait, int) else wait.total_seconds())
            except Exception as error:
                silent = time.monotonic() - self.last_good
                if silent > ALARM and time.monotonic() - told > 60:
                    told = time.monotonic()
                    log.error("poll.silent", seconds=round(silent))
                log.warning("poll.failed", error=type(error).__name__, telegram=isinstance(error, TelegramError))
                await asyncio.sleep(pause)
                pause = min(SLOWEST_RETRY, pause * 2)

    async def _poll(self, offset: int | None) -> list[dict[str, Any]]:
        wanted: dict[str, Any] = {"timeout": HOLD, "allowed_updates": json.dumps(ALLOWED)}
        if offset is not None:
            wanted["offset"] = offset
        # raw: what cannot be understood must be kept all the same, and set aside later
        answer = await self._request.post(f"{self._base}/getUpdates?{urlencode(wanted)}", read_timeout=HOLD + 20)
        return [update for update in answer if isinstance(update, dict)] if isinstance(answer, list) else []


def _store(tx: Transaction, received: list[Received]) -> None:
    tx.inbox.store(received)


def _received(update: dict[str, Any]) -> Received:
    return Received(int(update["update_id"]), sender_of(update), json.dumps(update, ensure_ascii=True))


def sender_of(update: dict[str, Any]) -> int:
    """Whose queue an update stands in: messages and taps of one person are one queue. 0 where nobody is named."""
    for value in update.values():
        if isinstance(value, dict) and isinstance(value.get("from"), dict):
            sender = value["from"].get("id")
            return sender if isinstance(sender, int) and abs(sender) < 2**62 else 0
    return 0
