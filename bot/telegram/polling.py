"""Asks Telegram for updates. The loop never ends by itself, whatever Telegram answers."""

import json
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import Conflict
from telegram.request import BaseRequest

from bot.telegram.intake import ALLOWED, Intake, Json, is_update
from bot.telegram.patience import insist
from bot.telegram.watch import Watch

log = structlog.get_logger()

HOLD = 25
"""Seconds for which Telegram may hold an empty answer."""


class Polling:
    """Long polling. An update is confirmed by asking for the one after it, which happens only once it is kept.

    `run` may be cancelled anywhere and begun again: what was not confirmed comes again, and is known."""

    def __init__(self, bot: Bot, request: BaseRequest, base: str, intake: Intake, watch: Watch) -> None:
        self._bot = bot
        self._request = request
        self._base = base
        self._intake = intake
        self._watch = watch
        self._offset: int | None = None
        self._has_line = False

    async def run(self) -> None:
        """Poll until cancelled."""
        self._offset, self._has_line = None, False
        with self._watch.on_duty():
            while True:
                await insist(self._step, self._watch.missed)

    async def _step(self) -> None:
        if not self._has_line:
            await self._bot.delete_webhook()
            self._has_line = True
        updates = await self._poll()
        async with self._watch.hearing():
            await self._intake.keep(updates)
        if updates:
            self._offset = max(update["update_id"] for update in updates) + 1

    async def _poll(self) -> list[Json]:
        hold = 0 if self._watch.is_silent else HOLD  # whether Telegram is back is to be known at once
        wanted: dict[str, Any] = {"timeout": hold, "allowed_updates": json.dumps(ALLOWED)}
        if self._offset is not None:
            wanted["offset"] = self._offset
        try:
            # raw: what cannot be understood must be kept all the same, and set aside later
            answer = await self._request.post(f"{self._base}/getUpdates?{urlencode(wanted)}", read_timeout=HOLD + 20)
        except Conflict:
            self._has_line = False  # somebody polls beside us, or has set a webhook
            raise
        updates = [one for one in answer if is_update(one)] if isinstance(answer, list) else []
        if answer and not updates:
            raise ValueError("no updates in the answer")  # asking again at once would bring the same
        return updates
