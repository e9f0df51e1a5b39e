"""Telegram brings updates: kept before they are answered, and no stranger, giant or dawdler gets in."""

import asyncio
import io
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import Select, select
from structlog.testing import capture_logs

from bot.app import App
from bot.sandbox.person import Person
from bot.settings import Address, Settings
from bot.storage.database import read_only
from bot.storage.tables import InboxRow, JournalRow, table
from bot.telegram import updates, webhook
from bot.telegram.webhook import HEADER
from tests.conftest import ROLES, Office, StartOffice
from tests.intake.conftest import Telegram, eventually

SECRET = "s3cret-of-the-tests"
ROOT = Path(__file__).parents[2]

inbox, journal = table(InboxRow), table(JournalRow)


class Gate:
    """The proxy in front of the bot. It may be shut, or lose the bot's answer after the bot has done its work."""

    def __init__(self, listen: Address) -> None:
        self._listen = listen
        self.is_open = True
        self.loses: Callable[[], None] | None = None
        """Called once, instead of handing on the next answer."""
        app = web.Application()
        app.router.add_post("/telegram", self._hand_on)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def open(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def close(self) -> None:
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/telegram"

    async def _hand_on(self, request: web.Request) -> web.Response:
        if not self.is_open:
            return web.Response(status=502)
        try:
            status = await post(self._listen, await request.read(), request.headers.get(HEADER, ""))
        except aiohttp.ClientError:
            return web.Response(status=502)
        if self.loses is not None and status == 200:
            lose, self.loses = self.loses, None
            lose()
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=status)


async def post(listen: Address, body: bytes | io.BytesIO | AsyncIterator[bytes], secret: str = SECRET) -> int:
    """What the bot answers to a call: its status."""
    url = f"http://{listen.host}:{listen.port}/telegram"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers={HEADER: secret}) as answer:
        return answer.status


@pytest.fixture
def listen() -> Address:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return Address("127.0.0.1", free.getsockname()[1])


@pytest.fixture
async def gate(listen: Address) -> AsyncIterator[Gate]:
    it = Gate(listen)
    await it.open()
    yield it
    await it.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds in the office."""
    monkeypatch.setattr(webhook, "LOOK", 0.1)
    monkeypatch.setattr(webhook, "SLOWEST", 0.5)


@pytest.fixture
def settings(telegram: Telegram, tmp_path: Path, database_url: str, gate: Gate, listen: Address) -> Settings:
    usual = Settings(
        telegram_bot_token=SecretStr(telegram.world.token),
        telegram_api_url=telegram.url,
        data_dir=tmp_path,
        database_url=database_url,
        sops_dir=ROOT / "sops",
    )
    # the gate speaks no https
    return usual.model_copy(
        update={"webhook_url": gate.url, "webhook_secret": SecretStr(SECRET), "webhook_listen": listen}
    )


async def begin(office: Office) -> None:
    await office.clerk.says("Uji Fungsi Komputer")
    await office.clerk.taps("Uji Fungsi Komputer")
    await office.clerk.taps("Mulai")


def found(url: str, statement: "Select[tuple[Any]]") -> list[Any]:
    """What a statement finds, over a line of its own."""
    engine = read_only(url)
    with engine.connect() as connection:
        values = list(connection.execute(statement).scalars())
    engine.dispose()
    return values


def kept(office: Office) -> list[int]:
    return found(office.app.settings.database_url, select(inbox.c.update_id))


def kinds(url: str) -> list[str]:
    return found(url, select(journal.c.kind).order_by(journal.c.seq))


async def test_an_sop_is_walked(office: Office) -> None:
    await begin(office)
    await office.clerk.taps("Kendala")
    await office.clerk.taps("Lewati")
    await office.clerk.taps("Waktu tidak cukup")
    await office.clerk.taps("Lanjut")

    assert "Langkah 2 dari 10" in office.clerk.sees


async def test_an_update_whose_answer_is_lost_comes_twice_and_counts_once(
    office: Office, gate: Gate, settings: Settings
) -> None:
    await begin(office)
    await office.clerk.taps("Kendala")
    lost: list[bool] = []
    gate.loses = lambda: lost.append(True)

    await office.clerk.taps("Lewati")
    await office.clerk.taps("Waktu tidak cukup")

    assert lost
    assert kinds(settings.database_url).count("skipped") == 1


PROGRAM = """
import asyncio, json, sys
from pathlib import Path
from typing import Any
from bot.settings import Address, Settings
from bot.app import serve
given = json.loads(sys.argv[1])
url, port = given.pop("webhook_url"), given.pop("port")
settings = Settings(**given).model_copy(update={"webhook_url": url, "webhook_listen": Address("127.0.0.1", port)})
asyncio.run(serve(settings))
"""


async def test_killed_between_keeping_and_answering_it_counts_once(
    telegram: Telegram, gate: Gate, settings: Settings, listen: Address
) -> None:
    given = {
        "telegram_bot_token": telegram.world.token,
        "telegram_api_url": telegram.url,
        "data_dir": str(settings.data_dir),
        "database_url": settings.database_url,
        "sops_dir": str(settings.sops_dir),
        "admin_ids": "101",
        "webhook_url": gate.url,
        "webhook_secret": SECRET,
        "port": listen.port,
    }

    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", PROGRAM, json.dumps(given)], cwd=ROOT)

    clerk = Person(telegram.world, 101)
    first = start()
    try:
        await clerk.says("Uji Fungsi Komputer")
        await clerk.waits_for("ditemukan")
        await clerk.taps("Uji Fungsi Komputer")
        await clerk.waits_for("10 langkah")
        gate.loses = first.kill
        await clerk.taps("Mulai")
        await eventually(lambda: first.poll() is not None)
    finally:
        first.kill()
        first.wait()
    assert telegram.world.updates.pending(telegram.world.now)  # Telegram has no answer and brings it again

    second = start()
    try:
        await eventually(lambda: not telegram.world.updates.pending(telegram.world.now))
        await eventually(lambda: "started" in kinds(settings.database_url))
    finally:
        second.terminate()
        assert second.wait() == 0
    assert kinds(settings.database_url).count("started") == 1


async def test_a_stranger_is_refused(office: Office, listen: Address) -> None:
    update = json.dumps({"update_id": 7, "message": {"from": {"id": 101}}}).encode()

    with capture_logs() as lines:
        for secret in ("", "wrong", SECRET + "x", SECRET[:-1], "säcret"):
            assert await post(listen, update, secret) == 403
        await eventually(lambda: sum(line.get("calls", 0) for line in lines) == 5)
    assert kept(office) == []


NO_UPDATES = (
    b"",
    b"{",
    b"[]",
    b'"words"',
    b"\xff\xfe",
    b'{"update_id":"7"}',
    b'{"update_id":true}',
    b'{"update_id":-7}',
    b'{"update_id":99999999999999999999999}',
    b'{"message":{}}',
    b"[" * 100_000,
)


async def test_what_is_no_update_is_taken_and_forgotten(office: Office, listen: Address) -> None:
    for body in NO_UPDATES:
        assert await post(listen, body) == 200
    assert kept(office) == []


async def test_an_update_that_nobody_understands_is_kept(office: Office, listen: Address) -> None:
    assert await post(listen, b'{"update_id":7,"news":{"from":[1]}}') == 200
    assert kept(office) == [7]


async def test_an_update_that_comes_after_one_with_a_higher_number_is_handled_at_once(
    office: Office, listen: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "IDLE", 3600)
    await office.clerk.says("/bantuan")
    [first] = kept(office)

    assert await post(listen, json.dumps({"update_id": first + 9, "message": spoken("/bahasa")}).encode()) == 200
    await office.clerk.waits_for("Bahasa apa")
    assert await post(listen, json.dumps({"update_id": first + 5, "message": spoken("/lapor")}).encode()) == 200
    await office.clerk.waits_for("SOP mana yang dimaksud")


def spoken(text: str) -> dict[str, Any]:
    andi = {"id": 101, "is_bot": False, "first_name": "Andi"}
    command = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    chat = {"id": 101, "type": "private", "first_name": "Andi"}
    return {"message_id": 900, "date": 1, "chat": chat, "from": andi, "text": text, "entities": command}


async def test_a_giant_is_refused(office: Office, listen: Address) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65536

    async def refused(body: io.BytesIO | AsyncIterator[bytes]) -> bool:
        try:
            return await post(listen, body) == 413
        except aiohttp.ClientError:
            return True  # the line was cut while the giant was still speaking

    assert await refused(io.BytesIO(b" " * (webhook.LARGEST + 1)))
    assert await refused(in_pieces())
    assert await post(listen, b'{"update_id":7}' + b" " * 500_000) == 200


@pytest.mark.parametrize(
    "beginning",
    [
        b"POST /telegram HTTP/1.1\r\nHost: bot\r\n",
        b"POST /telegram HTTP/1.1\r\nHost: bot\r\nContent-Length: 100\r\n"
        + f"{HEADER}: {SECRET}\r\n\r\n".encode()
        + b'{"update_id":7',
    ],
)
async def test_a_dawdler_is_cut(office: Office, listen: Address, beginning: bytes) -> None:
    reader, writer = await asyncio.open_connection(*listen)
    writer.write(beginning)
    await writer.drain()

    async with asyncio.timeout(20):
        said = await reader.read()

    assert b" 200 " not in said
    writer.close()
    assert kept(office) == []


async def test_telegram_is_told_again_where_we_are(office: Office, telegram: Telegram, gate: Gate) -> None:
    await office.clerk.says("/bantuan")
    await telegram.forgets_the_webhook()

    await office.clerk.says("/bahasa")

    assert "Bahasa apa" in office.clerk.sees


async def test_polling_takes_the_line_back(start_office: StartOffice, settings: Settings, telegram: Telegram) -> None:
    async with start_office() as office:
        await office.clerk.says("/bantuan")
    telegram.world.say(101, "/bahasa")

    async with App(settings.model_copy(update={"webhook_url": None}), office.clock, ROLES):
        await office.clerk.waits_for("Bahasa apa")


async def test_updates_that_cannot_be_brought_are_noticed(office: Office, gate: Gate) -> None:
    await office.clerk.says("/bantuan")
    gate.is_open = False

    office.world.say(101, "/bahasa")
    await eventually(lambda: office.app.watch.is_silent)
    gate.is_open = True
    await office.settle()

    assert "Bahasa apa" in office.clerk.sees
    await eventually(lambda: not office.app.watch.is_silent)


async def test_after_our_own_absence_the_cards_say_so(start_office: StartOffice) -> None:
    async with start_office() as office:
        await begin(office)
    office.clock.advance(minutes=55)

    async with start_office() as office:
        await office.clerk.waits_for("mungkin tidak sampai")
