"""Watches whether Telegram is heard. A silence is logged while it lasts, and told to people when it is over."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import structlog
from telegram.error import BadRequest

from bot.services import silence
from bot.services.house import House
from bot.services.silence import AWAY, Silence
from bot.storage.database import Database, Transaction

log = structlog.get_logger()

ALARM = timedelta(seconds=180)
"""A silence this long is an alarm in the log, once a minute."""
A_MINUTE = 60.0
MANY = 1000
"""Updates. Telegram drops what comes after the 100,000th without a word."""


class Watch:
    """One a process. Telegram is heard where it answered and what it gave is kept.

    The file `alive` is touched then: as long as it is young, this process lives."""

    def __init__(self, database: Database, house: Callable[[], House], alive: Path, told: Callable[[], None]) -> None:
        self._database = database
        self._house = house
        self._alive = alive
        self._told = told
        self._lock = asyncio.Lock()
        self._begun = database.clock()
        self._heard: datetime | None = None
        self._ticks = time.monotonic()
        self._missed = False
        self._alarmed = -A_MINUTE

    @contextmanager
    def on_duty(self) -> Iterator[None]:
        """This process listens. When Telegram was heard before, by another life or process, the database knows."""
        self._begun, self._ticks = self._database.clock(), time.monotonic()
        try:
            yield
        finally:
            self._heard = None

    @property
    def is_silent(self) -> bool:
        """True until Telegram was heard, and again from the first call that failed."""
        return self._heard is None or self._missed

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[None]:
        """Telegram answered; inside, what it gave is kept.

        The end of a silence is told first, so that it stands on the cards before what was written meanwhile is
        handled."""
        async with self._lock:
            await self._end_silence()
        yield
        self._hear(self._database.clock())

    def _hear(self, now: datetime) -> None:
        self._heard, self._ticks, self._missed = now, time.monotonic(), False
        self.lives()

    def lives(self) -> None:
        """This process does what it should: listen, or stand by."""
        try:
            self._alive.touch()
        except OSError as error:
            log.error("alive.untouched", error=type(error).__name__)

    async def _end_silence(self) -> None:
        now = self._database.clock()
        since = await self._last_heard(now)
        if now - since > AWAY:
            log.warning("telegram.back", seconds=round((now - since).total_seconds()))
            await self._tell(Silence(since, now))
            self._hear(now)
            await self.keep()

    async def _last_heard(self, now: datetime) -> datetime:
        # a clock that is moved is no silence: either a call failed, or this process stood still
        stood_still = time.monotonic() - self._ticks > AWAY.total_seconds()
        if not self.is_silent and not stood_still:
            return now
        kept = await self._database.run(_last_heard)  # perhaps by a process that took over meanwhile
        return max((one for one in (kept, self._heard) if one is not None), default=now)

    async def _tell(self, over: Silence) -> None:
        house = self._house()
        await self._database.run(silence.tell_admins, house, over)
        run = 0
        for batch in count():
            run = await self._database.run(silence.mark_cards, house, over, run, batch)
            if not run:
                break
        self._told()

    def missed(self, error: Exception) -> None:
        """Telegram could not be reached, or what it gave could not be kept."""
        self._missed = True
        why = str(error) if isinstance(error, BadRequest) else type(error).__name__  # others may tell the token
        log.warning("telegram.missed", error=why)
        silent = self._database.clock() - (self._heard or self._begun)
        if silent > ALARM and time.monotonic() - self._alarmed >= A_MINUTE:
            self._alarmed = time.monotonic()
            log.error("telegram.silent", seconds=round(silent.total_seconds()))

    async def count(self, waiting: int) -> None:
        """So many updates wait. Too many are an alarm in the log, and a letter a day to the admins."""
        if waiting > MANY:
            log.error("updates.many", waiting=waiting)
            await self._database.run(silence.tell_backlog, self._house(), waiting)

    async def keep(self) -> None:
        """Keep when Telegram was last heard, for the life after this one."""
        if self._heard is not None:
            await self._database.run(_keep, self._heard)


def _last_heard(tx: Transaction) -> datetime | None:
    return tx.pulse.last()


def _keep(tx: Transaction, at: datetime) -> None:
    tx.pulse.beat(at)
