"""Fetches the files that people sent, and keeps them under their SHA-256 in the data folder."""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import structlog
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.services import desk, evidence
from bot.services.house import House
from bot.storage.database import Database, Transaction
from bot.storage.files import ToFetch
from bot.telegram.errors import backoff

log = structlog.get_logger()

IDLE = 5.0
GIVE_UP = timedelta(days=1)
"""A file that Telegram does not give for so long is lost."""


class Fetcher:
    """Works off the files whose bytes are still with Telegram."""

    def __init__(
        self, bot: Bot, database: Database, folder: Path, house: Callable[[], House], done: Callable[[], None]
    ) -> None:
        self._bot = bot
        self._database = database
        self._folder = folder
        self._house = house
        self._done = done
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be new files."""
        self._wake.set()

    async def run(self) -> None:
        """Fetch until cancelled."""
        while True:
            self._wake.clear()
            waiting = await self._database.run(_waiting)
            for file in waiting:
                await self._fetch(file)
            await self._shred()
            if not waiting:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(IDLE):
                        await self._wake.wait()

    async def _fetch(self, wanted: ToFetch) -> None:
        try:
            content = bytes(await (await self._bot.get_file(wanted.file_id)).download_as_bytearray())
            await self._hand_on(wanted, content)
            self._done()
        except BadRequest:
            await self._database.run(_refused, self._house(), wanted)
        except TelegramError:
            await self._database.run(_later, wanted)  # it is Telegram that is away, for however long
        except Exception as error:
            log.error("file.failed", file=wanted.id, error=type(error).__name__, exc_info=error)
            await self._database.run(_later, wanted)  # and the others have their turn

    async def _shred(self) -> None:
        """Take from the disk what was erased; by whoever puts files there, so that none is taken that has just come."""
        for digest in await self._database.run(_to_shred):
            await asyncio.to_thread((self._folder / digest).unlink, missing_ok=True)
            await self._database.run(_shredded, digest)

    async def _hand_on(self, wanted: ToFetch, content: bytes) -> None:
        if wanted.loose:
            await self._database.run(desk.list_came, self._house(), wanted.id, content)
            return
        digest = await asyncio.to_thread(self._keep, content)
        await self._database.run(evidence.fetched, self._house(), wanted.id, digest, len(content))

    def _keep(self, content: bytes) -> str:
        """Write the bytes so that no power cut can take them any more, and return what they are called."""
        # the name is ours alone: what a person calls a file never becomes a path
        digest = hashlib.sha256(content).hexdigest()
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f"{digest}.part"
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(self._folder / digest)
        folder = os.open(self._folder, os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return digest


def _waiting(tx: Transaction) -> tuple[ToFetch, ...]:
    return tx.files.to_fetch()


def _to_shred(tx: Transaction) -> tuple[str, ...]:
    return tx.files.to_shred()


def _shredded(tx: Transaction, digest: str) -> None:
    tx.files.shredded(digest)


def _refused(tx: Transaction, house: House, wanted: ToFetch) -> None:
    """Telegram says the same of a file that it cannot reach for the moment."""
    if tx.at - wanted.at < GIVE_UP:
        _later(tx, wanted)
        return
    log.error("file.lost", file=wanted.id)
    if wanted.loose:
        desk.list_came(tx, house, wanted.id, None)
    else:
        tx.files.lost(wanted.id)


def _later(tx: Transaction, wanted: ToFetch) -> None:
    tx.files.later(wanted.id, tx.at + backoff(wanted.tries))
