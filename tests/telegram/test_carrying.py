"""Carrying to a Telegram that answers what it should not: no chat is forgotten."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import TelegramError

from bot.storage import migrate
from bot.storage.database import Database, Transaction
from bot.telegram.calls import Calls
from bot.telegram.limiter import Limiter
from bot.telegram.sender import Sender
from bot.telegram.transport import AiohttpRequest
from bot.views.screen import Screen
from tests.conftest import TOKEN, Clock
from tests.intake.conftest import eventually


class OddTelegram:
    """Gives the answers it was told to, one a call, then proper ones. Notes who was called."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.answers: Iterator[bytes] = iter(())
        self.chats: list[int] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.chats.append(json.loads(await request.read() or b"{}").get("chat_id", 0))
        proper = json.dumps({"ok": True, "result": {"message_id": next(self._numbers)}}).encode()
        body = next(self.answers, proper)
        return web.Response(body=body, content_type="application/json")


@asynccontextmanager
async def serving(telegram: OddTelegram) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/{tail:.*}", telegram.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def telegram() -> OddTelegram:
    return OddTelegram()


@pytest.fixture
async def request_to(telegram: OddTelegram) -> AsyncIterator[tuple[AiohttpRequest, str]]:
    request = AiohttpRequest()
    await request.initialize()
    async with serving(telegram) as url:
        yield request, url
        await request.shutdown()


@pytest.fixture
async def database(tmp_path: Path, clock: Clock) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path}/pandu.db"
    migrate.upgrade(url, clock())
    opened = Database(url, clock)
    yield opened
    opened.close()


@pytest.fixture
async def sender(request_to: tuple[AiohttpRequest, str], database: Database) -> AsyncIterator[Sender]:
    request, url = request_to
    began = asyncio.get_running_loop().time()
    calls = Calls(Bot(TOKEN), request, url)
    it = Sender(calls, database, Limiter(lambda: began), lambda: True)  # for the limiter, no time passes
    running = asyncio.create_task(it.run())
    yield it
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await it.drain()


async def as_time_passes(clock: Clock, sender: Sender, holds: Callable[[], bool]) -> None:
    """Let a second pass again and again, until it holds."""
    async with asyncio.timeout(60):
        while not holds():
            clock.advance(seconds=1)
            sender.wake()
            await asyncio.sleep(0.05)


def letters(chats: list[int]) -> Callable[[Transaction], None]:
    def put(tx: Transaction) -> None:
        for chat in chats:
            tx.letters.put(f"to {chat}", chat, Screen("Pemberitahuan"))

    return put


def card(chat: int) -> Callable[[Transaction], None]:
    return lambda tx: tx.cards.put("menu", chat, Screen("Menu"), seen_id=0)


def sent(tx: Transaction) -> int:
    return tx.letters.count("sent")


@pytest.mark.parametrize("odd", [b'{"ok":true}', b'{"ok":true,"result":true}', b"[]", b"7", b"", b'{"ok":tr'])
async def test_an_odd_answer_does_not_shut_the_chat_for_ever(
    sender: Sender, database: Database, telegram: OddTelegram, clock: Clock, odd: bytes
) -> None:
    telegram.answers = iter([odd])
    await database.run(letters([101]))

    await as_time_passes(clock, sender, lambda: len(telegram.chats) == 2)

    await eventually(lambda: sender.is_idle)
    await sender.drain()
    assert await database.run(sent) == 1


async def test_whoever_taps_does_not_wait_behind_letters_to_everybody(
    sender: Sender, database: Database, telegram: OddTelegram
) -> None:
    in_hand = Limiter(lambda: 0.0).room
    await database.run(letters(list(range(1, 201))))
    sender.wake()
    await eventually(lambda: bool(telegram.chats))

    await database.run(card(200))
    sender.wake()

    await eventually(lambda: 200 in telegram.chats)
    assert telegram.chats.index(200) <= in_hand < 10


async def test_a_cut_off_answer_is_not_logged(
    request_to: tuple[AiohttpRequest, str], telegram: OddTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    request, url = request_to
    said = [{"update_id": 1, "message": {"from": {"first_name": "Siti"}, "text": "nomor rekening 123"}}]
    telegram.answers = iter([json.dumps({"ok": True, "result": said}).encode()[:-4]])

    with pytest.raises(TelegramError):
        await request.post(f"{url}/getUpdates")

    assert "Siti" not in caplog.text
    assert "rekening" not in caplog.text
