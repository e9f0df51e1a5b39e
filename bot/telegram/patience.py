"""Calls that must succeed in the end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from telegram.error import RetryAfter

T = TypeVar("T")

FIRST, LONGEST = 0.5, 30.0
"""Seconds between two tries, at first and at last."""


async def insist(call: Callable[[], Awaitable[T]], failed: Callable[[Exception], None]) -> T:
    """What `call` returns, tried again until it does: after 0.5, 1, 2 … 30 s, or when Telegram says."""
    pause = FIRST
    while True:
        try:
            return await call()
        except RetryAfter as error:
            failed(error)
            wait = error.retry_after
            await asyncio.sleep(wait.total_seconds() if isinstance(wait, timedelta) else wait)
        except Exception as error:
            failed(error)
            await asyncio.sleep(pause)
            pause = min(LONGEST, pause * 2)
