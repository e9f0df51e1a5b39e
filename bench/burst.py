"""Reminders that are all due at once: `python -m bench.burst [PEOPLE]`, against a Telegram as strict as the real one.

Everybody's list of the day is due at the same moment. Printed: how many left a second, whether the urgent ones left
first, how often Telegram refused, and what somebody felt who tapped meanwhile."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from pydantic import SecretStr

from bot.settings import Settings  # first: it settles how python-telegram-bot tells durations

from bot.app import App  # isort: skip
from bench.felt import within
from bench.office import SOP, TOKEN
from bot.engine.errands import ErrandKind
from bot.engine.people import Role
from bot.engine.review import DUE, Moment
from bot.library.office import read_office
from bot.sandbox.clock import MovableClock
from bot.sandbox.faults import Faults
from bot.sandbox.server import Server
from bot.sandbox.world import Change, World
from bot.storage.database import Transaction
from bot.storage.digests import Noted, Notice
from bot.telegram.limiter import Limiter

CLERK = 999
FIRST = 10_000
WEEKS = 20


class Counting(Limiter):
    """Counts how often Telegram said that we speak too fast."""

    refused = 0

    def shut(self, chat: int, seconds: float) -> None:
        """Telegram said: wait."""
        self.refused += 1
        super().shut(chat, seconds)


def owe(tx: Transaction, people: int, at: datetime) -> dict[int, int]:
    """Everybody has a list that is due, some more urgent than others; who has which."""
    random, (review, *_) = Random(3), tx.reviews.open()
    owed = {}
    for chat in range(FIRST, FIRST + people):
        weeks = random.randrange(WEEKS)
        moment = Moment(f"late-{weeks}") if weeks else DUE
        person = tx.people.add(chat, f"Pegawai {chat}", "id", (Role.PERFORMER,))
        tx.digests.add([Noted(person, at.date(), at, weeks, Notice(ErrandKind.REVIEW, review.id, moment.name))])
        owed[chat] = weeks
    return owed


def at_work() -> MovableClock:
    """A clock at a moment at which the office is open."""
    settings, _ = read_office(None, "office.yaml", Settings(telegram_bot_token=SecretStr(TOKEN)).office_timezone)
    assert settings is not None
    now = datetime.now(UTC)
    return MovableClock(settings.office.opening(now + timedelta(days=1)) - now)


class Seen:
    """What came to whom when, and how long the clerk waited."""

    def __init__(self, world: World) -> None:
        self._changes = world.subscribe()
        self.lists: list[tuple[float, int]] = []
        self.answers: dict[str, float] = {}
        self.felt: list[float] = []

    async def look(self) -> None:
        """Take note until cancelled."""
        while True:
            self._note(await self._changes.get())

    def _note(self, change: Change) -> None:
        now = time.perf_counter()
        if change.kind == "message" and change.user_id >= FIRST:
            self.lists.append((now, change.user_id))
        if change.kind == "answer" and change.body["query_id"] in self.answers:
            self.felt.append(now - self.answers.pop(change.body["query_id"]))


def buttons(world: World) -> Iterator[tuple[int, str]]:
    """What the clerk may tap, the newest first."""
    for message in reversed(world.chats[CLERK].messages.values()):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            yield message["message_id"], row[0]["callback_data"]


async def main(people: int) -> None:
    """Measure, and print."""
    clock = at_work()
    world = World(clock, TOKEN)
    for chat in (CLERK, *range(FIRST, FIRST + people)):
        world.add_person(chat, f"Pegawai {chat}")
        world.chats[chat].started = True
    with tempfile.TemporaryDirectory() as folder:
        sops = Path(folder) / "sops"
        sops.mkdir()
        (sops / "bench.yaml").write_text(SOP, encoding="utf-8")
        async with Server(world, Faults(1, 0.0)) as server:
            given: dict[str, Any] = {"telegram_api_url": server.url, "data_dir": folder, "sops_dir": sops}
            limiter = Counting(asyncio.get_running_loop().time)
            settings, admitted = (
                Settings(telegram_bot_token=SecretStr(TOKEN), **given),
                {CLERK: frozenset({Role.PERFORMER})},
            )
            async with App(settings, clock, admitted, limiter) as app:
                seen = Seen(world)
                world.say(CLERK, "/start")
                await asyncio.sleep(2)
                owed = await app.database.run(owe, people, clock())
                looking = asyncio.create_task(seen.look())
                while len(seen.lists) < people:
                    message, data = next(buttons(world))
                    seen.answers[world.tap(CLERK, message, data)] = time.perf_counter()
                    await asyncio.sleep(2)
                looking.cancel()
    took = seen.lists[-1][0] - seen.lists[0][0]
    order = [owed[chat] for _, chat in seen.lists]
    early = sum(after > before for before, after in pairwise(order))
    print(f"{people} lists in {took:.1f} s: {people / took:.1f} a second; {limiter.refused} refused")
    print(f"a less urgent one right before a more urgent one: {early} times")
    print(
        f"a tap meanwhile: p50 {within(seen.felt, 0.5):.0f} ms, p100 {max(seen.felt) * 1000:.0f} ms of {len(seen.felt)}"
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
