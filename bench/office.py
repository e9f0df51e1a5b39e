"""People who tap as fast as a bot lets them, or at a steady pace, on the phones of a local Telegram."""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sandbox.faults import Faults
from bot.sandbox.server import Server
from bot.sandbox.world import Change, World

TOKEN = "123456789:" + "x" * 35
USERS = range(1001, 1065)
PAST_USERS = 1_000
STEPS = 15

SOP = (
    """\
id: bench
title: SOP Pemeliharaan Komputer
number: SOP-001/KK/2026
version: "1"
status: trial
kind: technical
scope: micro
unit: Subbagian Tata Usaha
team:
  author: petugas
  supervisor: petugas
  manager: petugas
positions:
  petugas: Petugas TI
phases:
  - Pelaksanaan
steps:
"""
    + "".join(
        f"""\
  - id: langkah-{number}
    do: Periksa kabel dan sambungan, lalu nyalakan perangkat dan tunggu sampai layar masuk muncul
    by: petugas
    phase: Pelaksanaan
    needs:
      - Buku catatan, obeng dan kabel cadangan
      - Kartu pemeliharaan barang
    within: 30 menit
    output:
      - Perangkat menyala
"""
        for number in range(1, STEPS)
    )
    + """\
  - id: putus
    decide: Apakah seluruh perangkat sudah diperiksa?
    by: petugas
    phase: Pelaksanaan
    choices:
      - label: Belum
        next: langkah-1
      - label: Sudah
        next: end
"""
)


@dataclass
class Seen:
    """What came back for taps: seconds until the answer, and until the card was new."""

    answers: list[float] = field(default_factory=list)
    cards: list[float] = field(default_factory=list)


@dataclass
class Phone:
    """Who taps: the message and the first button to be seen, and what was tapped last."""

    message: int = 0
    data: str = ""
    tapped: str = ""
    at: float = 0.0

    @property
    def is_new(self) -> bool:
        """True where there is a button that was not tapped yet."""
        return bool(self.data) and self.data != self.tapped


class Crowd:
    """Everybody's thumbs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._phones = {user: Phone() for user in USERS}
        self._queries: dict[str, float] = {}
        self._changes = world.subscribe()
        self.seen = Seen()

    async def start(self) -> None:
        """Everybody opens the chat and waits for a card."""
        for user in USERS:
            self._world.say(user, "/start sop_bench")
        while not all(phone.is_new for phone in self._phones.values()):
            self._look(await self._changes.get())

    async def tap(self, count: int) -> float:
        """Tap `count` times in all, each as soon as the card is new; the seconds it took."""
        began, left = time.perf_counter(), count
        for user, phone in self._phones.items():
            left -= self._press(user, phone)
        while left > 0:
            changed = self._look(await self._changes.get())
            if changed:
                left -= self._press(changed, self._phones[changed])
        await self._wait()
        return time.perf_counter() - began

    async def tap_at(self, rate: float, seconds: float) -> None:
        """Tap `rate` times a second, everybody in turn, whoever still waits left out."""
        looking = asyncio.create_task(self._keep_looking())
        users, began, number = list(self._phones), time.perf_counter(), 0
        while (now := time.perf_counter() - began) < seconds:
            self._press(users[number % len(users)], self._phones[users[number % len(users)]])
            number += 1
            await asyncio.sleep(max(0.0, number / rate - now))
        looking.cancel()
        await self._wait()

    async def _keep_looking(self) -> None:
        while True:
            self._look(await self._changes.get())

    async def _wait(self) -> None:
        """Until everybody sees a new card."""
        async with asyncio.timeout(60):
            while not all(phone.is_new for phone in self._phones.values()):
                self._look(await self._changes.get())

    def _press(self, user: int, phone: Phone) -> int:
        if not phone.is_new:
            return 0
        phone.tapped, phone.at = phone.data, time.perf_counter()
        self._queries[self._world.tap(user, phone.message, phone.data)] = phone.at
        return 1

    def _look(self, change: Change) -> int:
        """Take note of a change; the user whose card is new, else 0."""
        match change.kind:
            case "answer":
                asked = self._queries.pop(change.body["query_id"], None)
                if asked is not None:
                    self.seen.answers.append(time.perf_counter() - asked)
            case "message" | "edit":
                return self._card(change.user_id, change.body)
        return 0

    def _card(self, user: int, message: dict[str, Any]) -> int:
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        data = rows[0][0]["callback_data"] if rows else ""
        phone = self._phones[user]
        if not data or data == phone.tapped:
            return 0
        phone.message, phone.data = message["message_id"], data
        if phone.at:
            self.seen.cards.append(time.perf_counter() - phone.at)
        return user


@dataclass
class Bench:
    """A bot at work, and who taps on it."""

    crowd: Crowd
    pid: int
    folder: Path

    @property
    def cpu(self) -> float:
        """Seconds of processor that the bot has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def phones() -> World:
    """A Telegram in which everybody has a phone."""
    world = World(lambda: datetime.now(UTC), TOKEN)
    for user in USERS:
        world.add_person(user, f"Pegawai {user}")
    return world


@asynccontextmanager
async def bench(
    bot: str,
    *,
    latency: float = 0.0,
    count: bool = False,
    folder: Path | None = None,
    world: World | None = None,
) -> AsyncIterator[Bench]:
    """A local Telegram, a bot of `bench.bots` against it, and everybody with a card on the phone.

    What is kept in `folder` goes on only with the same `world`, whose numbers it knows."""
    world = world or phones()
    with tempfile.TemporaryDirectory() as empty:
        place = folder or Path(empty)
        async with Server(world, Faults(1, 0.0, latency=latency), flood=False, local_webhooks=True) as server:
            command = (sys.executable, "-m", "bench.bots", bot, server.url, str(place))
            environment = os.environ | ({"COUNT": "1"} if count else {})
            process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=environment)
            assert process.stdout is not None
            while (line := await process.stdout.readline()).strip() != b"ready":
                assert line, f"{bot} did not start"
            crowd = Crowd(world)
            await crowd.start()
            yield Bench(crowd, process.pid, place)
            process.send_signal(signal.SIGTERM)
            await process.wait()
