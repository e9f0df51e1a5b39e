"""The way in, however updates come: each is kept before Telegram is told that it may forget it."""

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeGuard

import structlog

from bot.storage.database import Database, Transaction
from bot.storage.inbox import Received

log = structlog.get_logger()

Json = dict[str, Any]

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that we ask for."""


class Intake:
    """Keeps what came, whatever is in it: what cannot be understood is set aside when its turn has come."""

    def __init__(self, database: Database, woke: Callable[[int], None]) -> None:
        self._database = database
        self._woke = woke
        self.kept = 0
        """How many updates came in, in this life."""

    async def keep(self, updates: Iterable[Json]) -> None:
        """Keep them all, in one transaction. Once this returns, Telegram may forget them."""
        received = [Received(update["update_id"], sender_of(update), json.dumps(update)) for update in updates]
        if received:
            await self._database.run(_store, received)
            self.kept += len(received)
            self._woke(min(one.update_id for one in received))


def is_update(value: object) -> TypeGuard[Json]:
    """True for whatever has the number by which it can be kept and confirmed."""
    return isinstance(value, dict) and type(number := value.get("update_id")) is int and 0 <= number < 2**62


def sender_of(update: Json) -> int:
    """Whose queue an update stands in: messages and taps of one person are one queue. 0 where nobody is named."""
    for value in update.values():
        if isinstance(value, dict) and isinstance(value.get("from"), dict):
            sender = value["from"].get("id")
            return sender if type(sender) is int and abs(sender) < 2**62 else 0  # True is no number
    return 0


def _store(tx: Transaction, received: list[Received]) -> None:
    tx.inbox.store(received)
