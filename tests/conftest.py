"""The world of the tests: a strict Telegram on loopback, the bot as in production above it, and a clock to move."""

import asyncio
import contextlib
import logging
import os
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr

from bot.settings import Settings  # first: it settles how python-telegram-bot tells durations

from bot.app import App  # isort: skip
from bot import logs
from bot.engine.people import Role
from bot.engine.staffing import Acting, Span
from bot.sandbox.faults import Faults
from bot.sandbox.person import Person
from bot.sandbox.server import Server
from bot.sandbox.world import World
from bot.storage import migrate
from bot.storage.database import Transaction
from bot.telegram.limiter import Limiter
from tests.postgres import Postgres, find_binaries, why_none

pytest_plugins = ["tests.plugin_ci"] if os.environ.get("CI") == "true" else []

# a busy machine is no mistake of ours
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")

SECRET = "x" * 35
TOKEN = f"123456789:{SECRET}"
NAMES = {101: "Andi", 102: "Siti", 103: "Budi", 104: "Nur", 999: "Orang Asing"}
ROLES = {
    101: frozenset({Role.PERFORMER}),
    102: frozenset({Role.SUPERVISOR, Role.PERFORMER}),
    103: frozenset({Role.AUTHOR, Role.PERFORMER}),
    104: frozenset({Role.MANAGER, Role.ADMIN, Role.PERFORMER}),
}
SOPS = Path(__file__).parent.parent / "sops"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # Tuesday 09.00 WITA

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """Move on by days, hours, minutes, seconds."""
        self.now += timedelta(**by)


@dataclass
class Office:
    """The bot with its people, as long as one process of it lives."""

    app: App
    world: World
    clock: Clock
    faults: Faults
    _people: dict[int, Person] = field(default_factory=dict)

    def person(self, user_id: int) -> Person:
        """Somebody with a phone, always the same one."""
        return self._people.setdefault(user_id, Person(self.world, user_id, self.settle))

    @property
    def clerk(self) -> Person:
        """The employee."""
        return self.person(101)

    @property
    def supervisor(self) -> Person:
        """The supervisor."""
        return self.person(102)

    @property
    def author(self) -> Person:
        """The author."""
        return self.person(103)

    @property
    def manager(self) -> Person:
        """The manager, who is admin too."""
        return self.person(104)

    async def holds(self, user_id: int, *positions: str, unit: str | None = None) -> None:
        """Let somebody hold positions from today on, in `unit` if not in their own."""
        await self.app.database.run(_hold, self.app.house.office.day(self.clock.now), user_id, positions, unit)

    async def works_in(self, unit: str | None, *user_ids: int) -> None:
        """Let people work in a unit."""
        await self.app.database.run(_work_in, unit, user_ids)

    async def later(self, **by: float) -> None:
        """Let time pass, and the ticker look at what is due."""
        self.clock.advance(**by)
        await self.app.tick()
        await self.settle()

    async def settle(self) -> None:
        """Wait until the bot has taken, handled and shown everything."""
        async with asyncio.timeout(60):
            # the state lies in the database, not in an event
            while self.world.updates.pending(self.world.now) or not await self.app.is_settled():  # noqa: ASYNC110
                await asyncio.sleep(0.01)


def _person(tx: Transaction, user_id: int) -> int:
    found = tx.people.by_chat(user_id)
    assert found is not None, f"nobody knows {user_id}"
    return found.id


def _hold(tx: Transaction, today: date, user_id: int, positions: tuple[str, ...], unit: str | None) -> None:
    for position in positions:
        tx.holdings.add(_person(tx, user_id), position, Span(today), Acting.DEFINITIVE, unit)


def _work_in(tx: Transaction, unit: str | None, user_ids: tuple[int, ...]) -> None:
    for user_id in user_ids:
        tx.people.change(_person(tx, user_id), unit=unit)


_NAMED = re.compile(rf"\b({'|'.join(NAMES.values())})\b")


class Overheard(logging.Handler):
    """Hears whatever anyone logs, down to the last detail, and keeps what must not stand in a line as it is written
    in production: the token anywhere, a person's name in what production writes."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logs.formatter("json"))
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Judge the line."""
        line = self.format(record)
        if SECRET in line or (record.levelno >= logging.INFO and _NAMED.search(line)):
            self.told.append(line)


StartOffice = Callable[[], AbstractAsyncContextManager[Office]]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of our own."""
    if find_binaries() is None:
        pytest.skip(f"no PostgreSQL here: {why_none()}")
    server = Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables and nothing in them, to be copied: making them takes longer than most tests."""
    path = tmp_path_factory.mktemp("tables") / "pandu.db"
    migrate.upgrade(f"sqlite:///{path}", Clock()())
    return path


@pytest.fixture(scope="session")
def server_tables(postgres: Postgres) -> str:
    """The same on the server."""
    url = postgres.new_database()
    migrate.upgrade(url, Clock()())
    return url


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_tables: Path) -> str:
    """An SQLite database with all tables and nothing in them."""
    shutil.copyfile(sqlite_tables, tmp_path / "pandu.db")
    return f"sqlite:///{tmp_path}/pandu.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of either kind, with all tables and nothing in them. After the test the token stands nowhere in it."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        assert not holds_secret(tmp_path / "pandu.db")
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.lend(request.getfixturevalue("server_tables"))
    yield url
    told = server.holds(url, SECRET)
    server.take_back(url)
    assert not told


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of either kind, without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/pandu.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


def folder_of(tmp_path: Path, files: Mapping[str, str]) -> Path:
    """A folder of SOP files of a test's own: the text of each, by its name."""
    folder = tmp_path / "sops"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def sops_dir() -> Path:
    """The folder of the SOPs: the shipped ones, where a test brings none of its own."""
    return SOPS


@pytest.fixture
def discreet() -> Iterator[None]:
    """No line that is logged while the test runs tells the token or, in production, a person's name."""
    root, heard = logging.getLogger(), Overheard()
    level = root.level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    yield
    root.removeHandler(heard)
    root.setLevel(level)
    assert heard.told == []


def holds_secret(path: Path) -> bool:
    """Whether the token stands anywhere in an SQLite file."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return any(SECRET in str(connection.execute(f'SELECT * FROM "{name}"').fetchall()) for name in tables)


@pytest.fixture
async def start_office(discreet: None, tmp_path: Path, database_url: str, sops_dir: Path) -> AsyncIterator[StartOffice]:
    """Start the bot; twice in a test is a restart on the same database and the same phones."""
    clock = Clock()
    world = World(clock, TOKEN)
    for user_id, name in NAMES.items():
        world.add_person(user_id, name)
    faults = Faults(0, 0.0)
    async with Server(world, faults, flood=False) as server:

        @asynccontextmanager
        async def start() -> AsyncIterator[Office]:
            settings = Settings(
                telegram_bot_token=SecretStr(TOKEN),
                telegram_api_url=server.url,
                data_dir=tmp_path,
                database_url=database_url,
                sops_dir=sops_dir,
            )
            # this Telegram takes whatever comes, so nobody need wait for it
            unhurried = Limiter(asyncio.get_running_loop().time, per_chat=1000.0)
            async with App(settings, clock, ROLES, limiter=unhurried) as app:
                yield Office(app, world, clock, faults)

        yield start


@pytest.fixture
async def office(start_office: StartOffice) -> AsyncIterator[Office]:
    """The bot, once."""
    async with start_office() as running:
        yield running
        assert running.world.strict_violations == []
