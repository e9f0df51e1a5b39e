"""Fetches the files that people sent, and keeps them under their SHA-256 in the data folder."""

import asyncio
import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.services import evidence
from bot.services.house import House
from bot.storage.database import Database, Transaction
from bot.storage.files import ToFetch
from bot.telegram.errors import backoff

IDLE = 5.0
GIVE_UP = 12


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
            if not waiting:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(IDLE):
                        await self._wake.wait()

    async def _fetch(self, wanted: ToFetch) -> None:
        try:
            content = bytes(await (await self._bot.get_file(wanted.file_id)).download_as_bytearray())
        except BadRequest:
            await self._database.run(_lost, wanted.id)
        except TelegramError:
            await self._database.run(_lost if wanted.tries >= GIVE_UP else _later, wanted.id, wanted.tries)
        else:
            digest = hashlib.sha256(content).hexdigest()
            await asyncio.to_thread(self._keep, digest, content)
            await self._database.run(evidence.fetched, self._house(), wanted.id, digest, len(content))
            self._done()

    def _keep(self, digest: str, content: bytes) -> None:
        # the name is ours alone: what a person calls a file never becomes a path
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f"{digest}.part"
        part.write_bytes(content)
        part.rename(self._folder / digest)


def _waiting(tx: Transaction) -> tuple[ToFetch, ...]:
    return tx.files.to_fetch()


def _lost(tx: Transaction, file_id: int, tries: int = 0) -> None:
    tx.files.lost(file_id)


def _later(tx: Transaction, file_id: int, tries: int) -> None:
    tx.files.later(file_id, tx.at + backoff(tries))
