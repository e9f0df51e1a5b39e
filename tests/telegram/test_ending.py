"""The bot is told to end while it has letters to carry: each arrives once, from this life or from the next."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.app import App
from bot.settings import Settings
from bot.storage.database import Transaction
from bot.views.screen import Screen
from tests.conftest import SOPS, TOKEN, Clock
from tests.postgres import Postgres

CHATS = (101, 102, 103, 104)
LETTERS = [f"Pemberitahuan {number}" for number in range(1, 6)]


class SlowTelegram:
    """Shows a message at once, and takes its time to say so. Answers nothing else."""

    def __init__(self) -> None:
        self.shown: Counter[tuple[int, str]] = Counter()
        self.pause = 0.4

    async def answer(self, request: web.Request) -> web.Response:
        if request.match_info["method"] != "sendMessage":
            return web.Response(status=502)
        message = await request.json()
        self.shown[message["chat_id"], message["text"]] += 1
        await asyncio.sleep(self.pause)
        return web.json_response({"ok": True, "result": {"message_id": self.shown.total()}})


@asynccontextmanager
async def serving(telegram: SlowTelegram) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", telegram.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def put(tx: Transaction, chat: int) -> None:
    for words in LETTERS:
        tx.letters.put(f"{words} {chat}", chat, Screen(words))


def count(tx: Transaction) -> int:
    return tx.letters.count("new")


@pytest.fixture
async def telegram() -> SlowTelegram:
    return SlowTelegram()


async def test_no_letter_arrives_twice_though_the_bot_ended_among_them(telegram: SlowTelegram, tmp_path: Path) -> None:
    async with serving(telegram) as url:
        settings = Settings(telegram_bot_token=SecretStr(TOKEN), telegram_api_url=url, data_dir=tmp_path, sops_dir=SOPS)
        async with App(settings, Clock(), {}) as app:
            for chat in CHATS:
                await app.database.run(put, chat)
                app.sender.wake()
                await asyncio.sleep(telegram.pause / len(CHATS))  # so that no two calls end together
        assert 0 < telegram.shown.total() < len(CHATS) * len(LETTERS)
        telegram.pause = 0.0
        async with App(settings, Clock(), {}) as app, asyncio.timeout(60):
            while await app.database.run(count):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    assert telegram.shown == Counter((chat, words) for chat in CHATS for words in LETTERS)


async def test_it_ends_though_its_database_is_gone(
    telegram: SlowTelegram, tmp_path: Path, postgres: Postgres, capfd: pytest.CaptureFixture[str]
) -> None:
    database = postgres.new_database()
    async with serving(telegram) as url:
        settings = Settings(
            telegram_bot_token=SecretStr(TOKEN),
            telegram_api_url=url,
            data_dir=tmp_path,
            database_url=database,
            sops_dir=SOPS,
        )
        async with asyncio.timeout(60), App(settings, Clock(), {}) as app:
            await app.database.run(put, 101)
            app.sender.wake()
            await asyncio.sleep(telegram.pause / 2)
            postgres.drop(database)

    assert "bot.ends_badly" in capfd.readouterr().out
