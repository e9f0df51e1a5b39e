"""What has happened and waits for the bot to ask: numbered, kept for a while, dropped once confirmed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

Json = dict[str, Any]

MESSAGE_LIFE = 24 * 60 * 60
TAP_LIFE = 150
"""Seconds that an update is kept for a bot that does not ask."""

_MOST = 100_000
_LARGEST = 512 * 1024
_LARGEST_TOTAL = 128 * 1024 * 1024
_ONLY_IF_ASKED_FOR = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """One update, and the second from which it is gone."""

    update: Json
    expires: int
    size: int


@dataclass(slots=True)
class Updates:
    """The queue. `next_id` is the number of the next update; `allowed` the kinds put in, the usual ones where empty."""

    next_id: int = 100_000_001
    allowed: frozenset[str] = frozenset()
    wakes: list[Callable[[], None]] = field(default_factory=list)
    """Called whenever something was put in."""
    _waiting: dict[int, Waiting] = field(default_factory=dict)
    _total: int = 0

    def put(self, kind: str, body: Json, expires: int) -> None:
        """Number the update and keep it until `expires`. What is not allowed, too large or too much is dropped."""
        if kind in self.allowed or not (self.allowed or kind in _ONLY_IF_ASKED_FOR):
            self.put_raw({"update_id": self.next_id, kind: body}, expires)

    def put_raw(self, update: Json, expires: int) -> None:
        """Keep an update as it is, whatever it is."""
        size = len(json.dumps(update))
        if size > _LARGEST or len(self._waiting) >= _MOST or self._total + size > _LARGEST_TOTAL:
            return
        self._waiting[update["update_id"]] = Waiting(update, expires, size)
        self._total += size
        self.next_id = max(self.next_id, update["update_id"] + 1)
        for wake in tuple(self.wakes):
            wake()

    def head(self, offset: int) -> int:
        """The number that an `offset` of getUpdates means: a negative one forgets all but the last so many."""
        if offset < 0:
            for number in list(self._waiting)[:offset]:
                self.forget(number)
        return offset if offset > 0 else self._first()

    def take(self, offset: int, limit: int, now: int) -> list[Json]:
        """Up to `limit` updates from number `offset` on. All before it are confirmed and forgotten."""
        if offset > self.next_id + 10 or offset < self._first() - _MOST:
            offset = self._first()
        for number in [number for number in self._waiting if number < offset]:
            self.forget(number)
        self.expire(now)
        return [waiting.update for waiting in islice(self._waiting.values(), limit)]

    def pending(self, now: int) -> list[Json]:
        """All that waits."""
        self.expire(now)
        return [waiting.update for waiting in self._waiting.values()]

    def expire(self, now: int) -> None:
        for number in [number for number, waiting in self._waiting.items() if waiting.expires < now]:
            self.forget(number)

    def forget(self, number: int) -> None:
        waiting = self._waiting.pop(number, None)
        if waiting is not None:
            self._total -= waiting.size

    def clear(self) -> None:
        self._waiting.clear()
        self._total = 0

    def _first(self) -> int:
        return next(iter(self._waiting), self.next_id)

    def state(self) -> Json:
        """Everything but who is to be woken, for `restored`."""
        return {
            "next_id": self.next_id,
            "allowed": sorted(self.allowed),
            "waiting": [[waiting.update, waiting.expires] for waiting in self._waiting.values()],
        }

    @classmethod
    def restored(cls, state: Json) -> "Updates":
        updates = cls(state["next_id"], frozenset(state["allowed"]))
        for update, expires in state["waiting"]:
            updates.put_raw(update, expires)
        return updates
