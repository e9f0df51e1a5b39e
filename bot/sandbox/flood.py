"""How fast a bot may write: a burst to one chat, then one message a second; thirty a second to all chats together."""

from dataclasses import dataclass, field
from math import ceil

from bot.sandbox.calls import too_many

LONGEST_WAIT = 8.0
"""Seconds that the server delays a message by itself; what would have to wait longer is refused."""

_EVERY, _BURST = 1.0, 5
_ALL_EVERY, _ALL_BURST = 1 / 30, 30


@dataclass(slots=True)
class _Pace:
    """At `every` seconds, but `burst` at once after a rest. `next` is when a message without burst would be due."""

    every: float
    burst: int
    next: float = 0.0

    def wait(self, now: float) -> float:
        return max(0.0, self.next - (self.burst - 1) * self.every - now)

    def count(self, now: float) -> None:
        self.next = max(self.next, now) + self.every


@dataclass(slots=True)
class Flood:
    """The pace of one bot."""

    _all: _Pace = field(default_factory=lambda: _Pace(_ALL_EVERY, _ALL_BURST))
    _chats: dict[str, _Pace] = field(default_factory=dict)

    def wait(self, chat: str, now: float) -> float:
        """Seconds after which a message to `chat` may be written, which is thereby counted.

        Refuses, and counts nothing, where that is too long."""
        pace = self._chats.setdefault(chat, _Pace(_EVERY, _BURST))
        seconds = max(pace.wait(now), self._all.wait(now))
        if seconds > LONGEST_WAIT:
            raise too_many(ceil(seconds))
        pace.count(now)
        self._all.count(now)
        return seconds
