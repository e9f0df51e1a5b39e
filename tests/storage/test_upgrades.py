"""What an older release left behind is gone on with: its database, and the phones that show its cards."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Column, MetaData, create_engine, func, insert, select
from sqlalchemy.engine import make_url

from bot.app import App
from bot.engine.review import ReviewKind
from bot.sandbox.faults import Faults
from bot.sandbox.server import Server
from bot.sandbox.world import World
from bot.services import reviews
from bot.settings import Settings
from bot.storage import export, migrate
from bot.storage.audit import agree, verify
from bot.storage.database import read_only
from tests.conftest import ROLES, TOKEN, Clock, Office

KEPT = Path(__file__).parent / "kept"


RELEASE = "0004"
"""How far the tables were brought by release 0.1."""


def left_behind(path: Path) -> None:
    """What the release left in its file of SQLite."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((KEPT / "release-0.1.sql").read_text(encoding="utf-8"))


def carried_over(path: Path, url: str) -> None:
    """The same on a server, whose tables the release made there: each row as it stands in the file."""
    migrate.to(url, RELEASE)
    server, tables = create_engine(url), MetaData()
    tables.reflect(server)
    with closing(sqlite3.connect(path)) as left, server.begin() as connection:
        left.row_factory = sqlite3.Row
        for one in tables.sorted_tables:
            found = left.execute(f'SELECT * FROM "{one.name}"').fetchall()
            if found and one.name != "alembic_version":
                rows = [{column.name: _value(column, row[column.name]) for column in one.columns} for row in found]
                connection.execute(insert(one), rows)
                if "id" in one.columns and one.columns["id"].server_default is not None:
                    sequence = func.pg_get_serial_sequence(one.name, "id")
                    connection.execute(select(func.setval(sequence, max(row["id"] for row in rows))))
    server.dispose()


def _value(column: Column[Any], kept: Any) -> Any:
    """A value as the server has it, whose types SQLite does not know."""
    kind = column.type.python_type
    if kept is None or kind not in (bool, datetime):
        return kept
    return bool(kept) if kind is bool else datetime.fromisoformat(kept).replace(tzinfo=UTC)


@pytest.fixture
async def office(tmp_path: Path, empty_database_url: str) -> AsyncIterator[Office]:
    """The office that release 0.1 left: run 1 is open at its third step, run 2 is done, run 3 asks for a reason."""
    left_behind(tmp_path / "pandu.db")
    if make_url(empty_database_url).get_backend_name() == "postgresql":
        carried_over(tmp_path / "pandu.db", empty_database_url)
    clock, faults = Clock(), Faults(0, 0.0)
    clock.advance(days=3)
    world = World.from_json((KEPT / "telegram-0.1.json").read_text(encoding="utf-8"), clock, TOKEN)
    sops = KEPT.parents[1] / "conversations" / "sops"
    async with Server(world, faults, flood=False) as server:
        settings = Settings(
            telegram_bot_token=SecretStr(TOKEN),
            telegram_api_url=server.url,
            data_dir=tmp_path,
            database_url=empty_database_url,
            sops_dir=sops,
        )
        async with App(settings, clock, ROLES) as app:
            running = Office(app, world, clock, faults)
            await running.settle()
            yield running


async def test_an_open_run_goes_on_where_it_stood(office: Office) -> None:
    await office.clerk.says("/lanjut")
    assert "Langkah 3 dari 4" in office.clerk.sees

    await office.clerk.sends_location(-2.15, 117.49)
    await office.clerk.taps("Selesai")

    assert "Langkah 4 dari 4" in office.clerk.sees


async def test_a_button_and_a_question_of_before_still_count(office: Office) -> None:
    await office.manager.taps("Waktu tidak cukup")
    await office.manager.taps("Lanjut")

    assert "Langkah 2 dari 4" in office.manager.chat


async def test_what_was_in_force_before_there_were_reviews_gets_them_once(office: Office) -> None:
    await office.supervisor.says("/tinjauan")
    assert office.supervisor.sees.count("🔎") == 6

    for _ in range(2):  # as two processes that begin
        await office.app.database.run(reviews.plan_missing, office.app.house)

    found = await office.app.database.run(lambda tx: [one.kind for one in tx.reviews.open()])
    assert sorted(found) == [ReviewKind.EVALUATION] * 3 + [ReviewKind.MONITORING] * 3


async def test_its_log_is_whole_and_grows(office: Office) -> None:
    before = entries(office)
    await office.manager.taps("Waktu tidak cukup")
    await office.manager.taps("Lanjut")

    assert entries(office) > before
    for what in export.ROWS:
        list(await office.app.database.run(lambda tx, what=what: list(export.ROWS[what](tx.connection, False, None))))


def entries(office: Office) -> int:
    """How many entries the log holds, of which every one is right."""
    engine = read_only(office.app.settings.database_url)
    with engine.connect() as connection:
        count, broken, *_ = verify(connection)
        assert agree(connection) is None
    engine.dispose()
    assert broken is None
    return count
