"""Thousands of updates that nobody in their right mind would send, among people who do their work.

FUZZ_SEED repeats a run whose seed was printed, FUZZ_UPDATES says how many updates each database gets."""

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from traceback import format_exception
from typing import Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from pydantic import SecretStr
from sqlalchemy import Column, func, select
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.settings import Settings  # first: it settles how python-telegram-bot tells durations

from bot.app import App  # isort: skip
from bot.engine.people import Role
from bot.engine.staffing import Acting, Span
from bot.sandbox.server import Server
from bot.sandbox.world import World
from bot.storage.audit import Broken, agree, verify
from bot.storage.database import Transaction
from bot.storage.tables import HoldingRow, InboxRow, JournalRow, PersonRow, RunRow, table
from bot.telegram.limiter import Limiter
from tests.conftest import ROLES, SOPS, TOKEN, Clock
from tests.hostile.generator import Hostile

Json = dict[str, Any]

SEED = int(os.environ.get("FUZZ_SEED") or time.time_ns() % 10**9)
UPDATES = int(os.environ.get("FUZZ_UPDATES") or 10_000)
LONGEST = float("inf") if "FUZZ_UPDATES" in os.environ else 60.0
"""Seconds for each database, after which a slow machine has seen enough."""
WORKED = {"finished", "decided", "attached", "ticked", "recorded", "undone", "accepted"}
ENOUGH = 5_000
"""After so many updates people have done all that, and waited for each other."""
ROUND = 90
"""Fewer than the server hands out at once."""
PEOPLE = (*ROLES, *range(201, 213))
STRANGERS = tuple(range(901, 913))
HOLD = {
    201: ("petugas-ti", "pengguna-komputer"),
    202: ("petugas-ti", "petugas-bmn"),
    203: ("petugas-bmn", "ppk"),
    204: ("pengguna-komputer",),
    102: ("kasubbag-tu",),
}
"""Who has which positions, so that their runs wait for each other; nobody else has any."""
ADMINS = tuple(user for user, roles in ROLES.items() if Role.ADMIN in roles)

inbox, journal, person, run = table(InboxRow), table(JournalRow), table(PersonRow), table(RunRow)
holding = table(HoldingRow)

NO_TROUBLE = ("update.refused", "file.lost", "file.refused", "loop.stalled")
"""What the log may warn of: forged updates and files, and a busy machine."""
NATURAL = (
    "message is not modified",
    "wrong file identifier",  # an invented file that somebody wants to see again
    "query is too old",  # a tap that no phone made
    "message to edit not found",
    "message can't be edited",  # a button of ours under a message that is not ours
    "bot was blocked by the user",
    "bot can't initiate conversation",
    "chat not found",  # a number that is nobody's
    "invalid file_id",
)
"""Refusals that no bot can help: the other side moved first."""


@dataclass
class Wire:
    """Between the bot and Telegram: hears every call, tells some updates twice, and none in order."""

    random: Random
    refused: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    _told: list[Json] = field(default_factory=list)

    def middleware(self) -> Middleware:
        @web.middleware
        async def overhear(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(request)
            method = request.match_info.get("method")
            if method is None or not isinstance(answer, web.Response) or not isinstance(answer.body, bytes):
                return answer
            return await self._heard(method, request, answer, json.loads(answer.body))

        return overhear

    async def _heard(self, method: str, request: web.Request, answer: web.Response, body: Json) -> web.Response:
        match method:
            case _ if not body["ok"]:
                self.refused[f"{method}: {body['description']}"] += 1
            case "getUpdates":
                return web.json_response(body | {"result": self._again(body["result"])})
        if method == "answerCallbackQuery":
            self.answered[(await request.json())["callback_query_id"]] += 1
        return answer

    def _again(self, updates: list[Json]) -> list[Json]:
        mixed = updates + [one for one in self._told if self.random.random() < 0.05]
        self._told = updates
        self.random.shuffle(mixed)
        return mixed


@dataclass
class Siege:
    """The bot as in production, and who besieges it."""

    app: App
    world: World
    clock: Clock
    wire: Wire
    hostile: Hostile

    async def settle(self) -> None:
        """Until everything is handled and shown."""
        async with asyncio.timeout(120):
            while not await self._is_settled():  # noqa: ASYNC110 - the state lies in the database, not in an event
                await asyncio.sleep(0.01)

    async def _is_settled(self) -> bool:
        waiting = self.world.updates.pending(self.world.now)
        return not waiting and self.app.updates.is_idle and self.app.sender.is_idle and await self.app.is_settled()

    async def rest(self) -> None:
        """Time passes, mostly little."""
        self.clock.advance(seconds=self.wire.random.choice((1, 5, 20, 20, 70, 300, 3700, 90_000)))
        await self.app.tick()

    async def counted(self, column: Column[str]) -> dict[str, int]:
        """How often each value stands in a column."""
        question = select(column, func.count()).group_by(column)
        return await self.app.database.run(lambda tx: {row[0]: row[1] for row in tx.connection.execute(question)})


@pytest.fixture
def database_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """The file of SQLite in memory where there is such a place: what a disk costs is not asked here."""
    if not Path("/dev/shm").is_dir():
        yield database_url
        return
    with TemporaryDirectory(dir="/dev/shm") as folder:
        yield database_url.replace(str(tmp_path), folder)


@asynccontextmanager
async def besieged(database_url: str, folder: Path) -> AsyncIterator[Siege]:
    clock, random = Clock(), Random(SEED)
    world, wire = World(clock, TOKEN), Wire(random)
    for user in (*PEOPLE, *STRANGERS):
        world.add_person(user, f"Orang {user}", "id" if user in PEOPLE else "fa")
    server = Server(world, flood=False)
    server.app.middlewares.append(wire.middleware())
    async with server:
        settings = Settings(
            telegram_bot_token=SecretStr(TOKEN),
            telegram_api_url=server.url,
            data_dir=folder,
            database_url=database_url,
            sops_dir=SOPS,
        )
        admitted = {user: ROLES.get(user, frozenset({Role.PERFORMER})) for user in PEOPLE}
        app = App(settings, clock, admitted)
        app.sender._limiter = Limiter(lambda: time.monotonic() * 10_000)  # a second is soon over
        async with app:
            await app.database.run(employ, app.house.office.day(clock()))
            yield Siege(app, world, clock, wire, Hostile(random, world, PEOPLE, STRANGERS))


async def test_whatever_comes_in_is_handled_or_put_aside(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as log:
        async with besieged(database_url, tmp_path) as siege:
            began, count = time.monotonic(), 0
            while count < UPDATES and time.monotonic() < began + LONGEST:
                count += siege.hostile.round(ROUND)
                await siege.settle()
                await siege.rest()
            states, kinds = await siege.counted(inbox.c.state), await siege.counted(journal.c.kind)
            with capsys.disabled():
                rate = count / (time.monotonic() - began)
                print(f"\nFUZZ_SEED={SEED} FUZZ_UPDATES={count} {rate:.0f}/s {database_url[:6]} {states} {kinds}")

            assert "\n".join(told(line) for line in log if is_trouble(line)) == ""
            assert states.keys() <= {"done", "refused"}
            assert siege.world.strict_violations == []
            assert [one for one in siege.wire.refused if not any(words in one.lower() for words in NATURAL)] == []
            assert [tap for tap in siege.hostile.taps if siege.wire.answered[tap] != 1] == []
            assert siege.world.groups == {}
            strangers = await siege.app.database.run(never_admitted)
            assert all(spoken_to_once_an_hour(siege.world, stranger) for stranger in strangers)
            assert kinds.keys() >= (WORKED if count >= ENOUGH else {"finished", "recorded"}), "nobody worked"
            assert await siege.app.database.run(broken) is None
            assert await siege.app.database.run(done_by_others) == []


def employ(tx: Transaction, today: date) -> None:
    """Let people hold what they hold."""
    for chat, positions in HOLD.items():
        person = tx.people.by_chat(chat)
        assert person is not None
        for position in positions:
            tx.holdings.add(person.id, position, Span(today), Acting.DEFINITIVE)


def is_trouble(line: EventDict) -> bool:
    return line["log_level"] not in ("debug", "info") and line["event"] not in NO_TROUBLE


def told(line: EventDict) -> str:
    """A line of the log, with where its error came from."""
    trace = format_exception(line["exc_info"]) if "exc_info" in line else []
    return f"{line} {''.join(one for one in trace if '/bot/' in one)}"


def spoken_to_once_an_hour(world: World, stranger: int) -> bool:
    dates = [one["date"] for one in world.history(stranger) if one["from"]["is_bot"]]
    return all(later - earlier >= 3600 for earlier, later in pairwise(dates))


def never_admitted(tx: Transaction) -> list[int]:
    """The strangers whom no admin let in, as one may by a stray tap."""
    admitted = select(person.c.telegram_id).where(person.c.roles != "")
    return sorted({*STRANGERS} - {*tx.connection.execute(admitted).scalars()})


def broken(tx: Transaction) -> Broken | None:
    """Where the chain of the journal does not hold, or another table tells otherwise."""
    return verify(tx.connection).broken or agree(tx.connection)


def done_by_others(tx: Transaction) -> list[Any]:
    """Entries of the journal by somebody who was never admitted, but that they asked for it or tried in vain; or
    in somebody else's run by somebody who neither holds a position nor is admin, as stray taps may let them."""
    written = select(journal.c.seq, journal.c.kind).join(person, person.c.id == journal.c.person)
    joined = written.outerjoin(run, run.c.id == journal.c.run)
    may_have = person.c.telegram_id.in_(ADMINS) | person.c.id.in_(select(holding.c.person))
    in_others = (run.c.starter != journal.c.person) & ~may_have
    wrong = ((person.c.roles == "") & journal.c.kind.not_in(["access_asked", "attempt_denied"])) | in_others
    return [tuple(row) for row in tx.connection.execute(joined.where(wrong))]
