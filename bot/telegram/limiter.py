"""How fast Telegram lets us speak: about one message a second in a chat with a small burst, thirty in all."""

from collections.abc import Callable
from dataclasses import dataclass

BURST = 5
PER_CHAT = 1.0
OVERALL_BURST = 1
OVERALL = 29.0
"""A little less than what Telegram takes, since calls do not arrive as evenly as they leave."""
AHEAD = 0.25
"""Seconds for which a call may wait in our hands, so that none is late where we look seldom."""
FORGET_ABOVE = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float
    shut_until: float = 0.0


class Limiter:
    """Token buckets, one a chat and one for all. A chat that Telegram told to wait waits alone."""

    def __init__(self, now: Callable[[], float], per_chat: float = PER_CHAT) -> None:
        self._now = now
        self._per_chat = per_chat
        self._all = _Bucket(OVERALL_BURST, now())
        self._chats: dict[int, _Bucket] = {}

    def delay(self, chat: int, *, urgent: bool) -> float:
        """Book one call to `chat` and return how many seconds it has to wait.

        What is `urgent`, since somebody looks at it, counts among all but does not wait for them."""
        now = self._now()
        bucket = self._chats.setdefault(chat, _Bucket(BURST, now))
        shut = max(0.0, bucket.shut_until - now)
        overall = _book(self._all, now, OVERALL_BURST, OVERALL)
        wait = max(_book(bucket, now, BURST, self._per_chat), shut, 0.0 if urgent else overall)
        if len(self._chats) > FORGET_ABOVE:
            self._chats = {key: one for key, one in self._chats.items() if now - one.filled_at < 60}
        return wait

    @property
    def room(self) -> int:
        """How many calls may be taken in hand now that have to wait for their turn among all."""
        return max(0, int(self._ahead))

    @property
    def pause(self) -> float:
        """Seconds until there is room again, 0 where there is."""
        return max(0.0, (1 - self._ahead) / OVERALL)

    @property
    def _ahead(self) -> float:
        passed = self._now() - self._all.filled_at
        return min(OVERALL_BURST, self._all.tokens + passed * OVERALL) + AHEAD * OVERALL

    def shut(self, chat: int, seconds: float) -> None:
        """Telegram said: wait."""
        bucket = self._chats.setdefault(chat, _Bucket(BURST, self._now()))
        bucket.shut_until = max(bucket.shut_until, self._now() + seconds)


def _book(bucket: _Bucket, now: float, burst: float, rate: float) -> float:
    bucket.tokens = min(burst, bucket.tokens + (now - bucket.filled_at) * rate) - 1
    bucket.filled_at = now
    return max(0.0, -bucket.tokens / rate)
