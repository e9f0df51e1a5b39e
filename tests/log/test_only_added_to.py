"""The journal is only added to, and tells of the settings and of what was tried in vain."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.engine.reports import ReportExplained
from bot.engine.run import Accepted
from bot.storage import journal
from bot.storage.audit import verify
from bot.storage.database import Database, Transaction
from bot.storage.journal import Entry, Where
from tests.conftest import Office, StartOffice

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, lambda: NOW)
    yield opened
    opened.close()


def _fill(tx: Transaction) -> None:
    explained = Entry(ReportExplained(1, "Formulirnya lama.", None), Where())
    tx.journal.append(1, [Entry(Accepted("a", 1), Where(run=1), turn=1), explained, explained])


COLUMNS = "(seq, at, run, turn, kind, body, prev, hash)"
CHANGES = {
    "update": "UPDATE journal SET kind = 'x' WHERE seq = 2",
    "delete": "DELETE FROM journal WHERE seq = 3",
    "delete all": "DELETE FROM journal",
    "words": "UPDATE journal_text SET text = 'x'",
}
BY_REPLACING = (
    f"INSERT OR REPLACE INTO journal {COLUMNS} VALUES (1, '2026-01-01', 9, 9, 'x', '', '', '')",
    f"INSERT OR REPLACE INTO journal {COLUMNS} VALUES (9, '2026-01-01', 1, 1, 'x', '', '', '')",
    "INSERT OR REPLACE INTO journal_text (seq, name, salt, text) VALUES (2, 'text', '', '')",
)
BY_SERVER = (
    "TRUNCATE journal",
    "TRUNCATE journal_text",
    f"INSERT INTO journal {COLUMNS} VALUES (1, '2026-01-01', 9, 9, 'x', '', '', '') "
    "ON CONFLICT (seq) DO UPDATE SET kind = 'x'",
)


async def test_the_database_refuses_every_change_of_what_is_written(database: Database) -> None:
    await database.run(_fill)

    for change in (*CHANGES.values(), *(BY_REPLACING if database.is_sqlite else BY_SERVER)):
        with pytest.raises(IntegrityError, match="only added to"):
            await database.run(lambda tx, change=change: tx.connection.execute(text(change)))

    assert await database.run(lambda tx: verify(tx.connection)[:2]) == (3, None)


async def test_words_can_be_erased_all_the_same(database: Database) -> None:
    await database.run(_fill)

    await database.run(lambda tx: tx.connection.execute(text("DELETE FROM journal_text WHERE seq = 2")))

    assert await database.run(lambda tx: verify(tx.connection)[:2]) == (3, None)


def told(tx: Transaction, kind: str) -> list[Any]:
    rows = tx.connection.execute(
        text("SELECT seq, person, unit, body FROM journal WHERE kind = :kind ORDER BY seq"), {"kind": kind}
    )
    return [(row.person, row.unit, journal.told(row.body, words(tx, row.seq))) for row in rows]


def words(tx: Transaction, seq: int) -> dict[str, str]:
    rows = tx.connection.execute(text("SELECT name, text FROM journal_text WHERE seq = :seq"), {"seq": seq})
    return {row.name: row.text for row in rows}


async def test_settings_are_told_once_and_again_when_they_change(start_office: StartOffice, tmp_path: Path) -> None:
    for content in ("messages_a_day: 5\n", "messages_a_day: 5\n", "messages_a_day: 3\n"):
        (tmp_path / "office.yaml").write_text(content)
        async with start_office() as office:
            entries = await office.app.database.run(told, "settings_taken")

    (_, _, first), (_, _, second) = entries
    assert (first["before"], first["file"], first["zone"]) == (None, "messages_a_day: 5\n", "Asia/Makassar")
    assert (second["before"], second["file"]) == (first["after"], "messages_a_day: 3\n")


async def test_who_tries_what_is_not_for_them_is_told(office: Office) -> None:
    await office.clerk.says("/orang")
    await office.manager.says("uji fungsi")
    await office.manager.taps("Uji Fungsi Komputer")
    await office.manager.taps("Mulai")
    stranger = office.person(999)
    for _ in range(3):
        await stranger.says("/start")
    shown = office.manager.messages[-1]["reply_markup"]["inline_keyboard"]
    await office.clerk.taps_data(1, shown[0][0]["callback_data"])

    entries = await office.app.database.run(told, "attempt_denied")

    assert [data["action"] for _, _, data in entries] == ["see_people", "use", "Open"]
    assert entries[2][2]["run"] == 1
