"""A backup, made while the bot works, is a whole office again in an empty place: on either kind of database."""

import asyncio
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, insert, select, update
from sqlmodel import SQLModel

from bot.app import App
from bot.engine.records import Restored
from bot.storage import backup, migrate
from bot.storage.anchors import Anchor, Cast, keep_up, read
from bot.storage.database import Transaction, make_engine
from bot.storage.journal import GENESIS, Entry, Journal, Where
from bot.storage.tables import CardRow, Install, JournalRow, table
from bot.views.taps import Packer
from tests.conftest import ROLES, Office, StartOffice
from tests.test_command_line import bot

journal = table(JournalRow)
SOPS = Path(__file__).parents[1] / "conversations" / "sops"


@pytest.fixture
def sops_dir() -> Path:
    return SOPS


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> str:
    """An empty database of the other kind."""
    if database_url.startswith("sqlite"):
        url: str = request.getfixturevalue("postgres").new_database()
        return url
    return f"sqlite:///{tmp_path}/new/pandu.db"


async def told(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """What a command says, while the bot goes on."""
    return await asyncio.to_thread(bot, *arguments, **environment)


async def walks(office: Office) -> None:
    """A run with two photos is at its second step."""
    await office.clerk.says("/sop bukti")
    await office.clerk.taps("Bukti Kerja")
    await office.clerk.taps("Mulai")
    await office.clerk.sends_photo(b"depan")
    await office.clerk.sends_photo(b"belakang")
    await office.clerk.taps("Selesai")


async def goes_on(office: Office) -> None:
    """Its second step is done."""
    await office.clerk.sends_document("berita-acara.pdf", b"berita acara")
    await office.clerk.taps("Selesai")
    assert "Langkah 3 dari 4" in office.clerk.sees


def content(url: str) -> dict[str, list[Any]]:
    """Every row of a database."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            one.name: sorted(map(tuple, connection.execute(select(one)).all()), key=repr)
            for one in SQLModel.metadata.sorted_tables
        }
    engine.dispose()
    return found


async def test_an_office_moves_to_the_other_kind_of_database(
    start_office: StartOffice, database_url: str, elsewhere: str, tmp_path: Path
) -> None:
    (tmp_path / "office.yaml").write_text("messages_a_day: 4\n")
    here = {"DATABASE_URL": database_url, "DATA_DIR": str(tmp_path), "SOPS_DIR": str(SOPS)}
    there = {"DATABASE_URL": elsewhere, "DATA_DIR": str(tmp_path / "new"), "SOPS_DIR": str(tmp_path / "sops")}
    file = str(tmp_path / "pandu.zip")
    async with start_office() as office:
        await walks(office)
        code, said, complained = await told("backup", file, **here)
        assert (code, complained) == (0, "")
        assert "entries hold" in said and "0 were not found" in said
        old = office.clerk.messages[-1]
        await goes_on(office)  # which the backup does not know
        await office.app.tick()
        kept = await office.app.database.run(entries)
    before = content(database_url)

    code, said, complained = await told("restore", file, **there)

    assert (code, complained) == (0, ""), complained
    assert "entries hold" in said
    assert (tmp_path / "new" / "office.yaml").read_text() == "messages_a_day: 4\n"
    assert len(list((tmp_path / "new" / "files").iterdir())) == 2
    assert {one.name for one in (tmp_path / "sops").iterdir()} >= {one.name for one in SOPS.glob("*.yaml")}
    after = content(elsewhere)
    for name in ("version", "review", "reminder", "journal_text", "holding"):
        assert after[name] == before[name], name
    assert kept.count("taken_out") == 1 and not list((tmp_path / "notes").glob("*"))
    assert len(after["journal"]) < len(before["journal"])

    settings = office.app.settings.model_copy(update={"database_url": elsewhere, "data_dir": tmp_path / "new"})
    async with App(settings, office.clock, ROLES) as app:
        again = Office(app, office.world, office.clock, office.faults)
        await again.settle()
        clerk = again.clerk
        assert "Langkah 2 dari 4" in clerk.sees
        fresh = clerk.messages[-1]
        assert fresh["message_id"] > old["message_id"]
        await clerk.taps_data(old["message_id"], old["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
        assert "Langkah 2 dari 4" in clerk.sees
        await goes_on(again)
        assert (await app.database.run(entries)).count("restored") == 1
    code, said, complained = await told("verify", **there)
    assert (code, complained) == (0, "")


def entries(tx: Transaction) -> list[str]:
    """The kinds of what the journal holds."""
    return list(tx.connection.execute(select(journal.c.kind).order_by(journal.c.seq)).scalars())


async def test_what_is_no_backup_or_no_empty_place_is_told_in_one_line(office: Office, tmp_path: Path) -> None:
    here = {"DATABASE_URL": office.app.settings.database_url, "DATA_DIR": str(tmp_path)}
    there = {"DATA_DIR": str(tmp_path / "new")}
    good, broken, newer = (tmp_path / name for name in ("good.zip", "broken.zip", "newer.zip"))
    assert (await told("backup", str(good), **here))[0] == 0
    broken.write_bytes(good.read_bytes()[:-40])
    with zipfile.ZipFile(newer, "w") as archive:
        archive.writestr("manifest.json", json.dumps({"form": 99}))

    for file, why in ((broken, "damaged"), (newer, "later release"), (tmp_path / "none", "No such file")):
        code, said, complained = await told("restore", str(file), **there)
        assert (code, said) == (2, "") and why in complained and complained.count("\n") == 1, complained
    code, _, complained = await told("restore", str(good), **here)
    assert code in (2, 75) and complained.count("\n") == 1
    assert (await told("backup", str(tmp_path / "no" / "folder.zip"), **here))[0] == 2


async def test_a_backup_of_an_older_release_comes_up_to_this_one(tmp_path: Path) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    old = f"sqlite:///{tmp_path}/old.db"
    migrate.to(old, "0012")
    engine = create_engine(old)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO install (id, epoch, created_at) VALUES (1, 3, '2026-11-01 00:00:00')")
        made = backup.write(connection, backup.Places(old, tmp_path, SOPS), tmp_path / "old.zip", at)
    engine.dispose()
    new = backup.Places(f"sqlite:///{tmp_path}/new.db", tmp_path / "new", tmp_path / "new" / "sops")

    restored = backup.restore(tmp_path / "old.zip", new, at)

    assert (restored.seq, restored.made_at) == (made.seq, at)
    migrate.differences(new.url)
    engine = create_engine(new.url)
    with engine.connect() as connection:
        epoch, secret = connection.execute(select(table(Install).c.epoch, table(Install).c.secret)).one()
        assert epoch > 3 and len(secret) == 64
        assert connection.execute(select(func.count()).select_from(journal)).scalar() == 1
    engine.dispose()


async def test_what_broke_off_leaves_an_empty_place(
    tmp_path: Path, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    places = backup.Places(f"sqlite:///{tmp_path}/old.db", tmp_path, SOPS)
    migrate.upgrade(places.url, at)
    engine = create_engine(places.url)
    with engine.begin() as connection:
        connection.execute(
            insert(SQLModel.metadata.tables["person"]),
            [
                {
                    "telegram_id": 7,
                    "name": "Andi",
                    "language": "id",
                    "roles": "",
                    "reachable": True,
                    "seen_id": 0,
                    "misses": 0,
                }
            ],
        )
        backup.write(connection, places, tmp_path / "a.zip", at)
    engine.dispose()
    with zipfile.ZipFile(tmp_path / "a.zip") as whole, zipfile.ZipFile(tmp_path / "b.zip", "w") as cut:
        for name in whole.namelist():
            cut.writestr(name, b"" if name == "tables/person.jsonl" else whole.read(name))
    new = backup.Places(empty_database_url, tmp_path / "new", tmp_path / "new" / "sops")

    with pytest.raises(backup.NoBackup, match="person has 0 rows"):
        backup.restore(tmp_path / "b.zip", new, at)
    with monkeypatch.context() as breaking, pytest.raises(KeyboardInterrupt):
        breaking.setattr(backup, "Journal", breaks)  # after everything else
        backup.restore(tmp_path / "a.zip", new, at)

    assert backup.restore(tmp_path / "a.zip", new, at).seq == 0


def breaks(*_: object) -> None:
    """Break off."""
    raise KeyboardInterrupt


async def test_what_waits_to_be_painted_comes_with_buttons_that_work(
    tmp_path: Path, database_url: str, elsewhere: str
) -> None:
    at, card = datetime(2026, 11, 24, tzinfo=UTC), table(CardRow)
    places = backup.Places(database_url, tmp_path, SOPS)
    screen = '{"data":"m1.x"}'
    row = {"chat": 7, "screen": screen, "want": 2, "anew": False, "visit": 0, "strays": "", "tries": 0}
    rows = [
        row | {"subject": "report:1", "rendered": 1, "next_at": at},
        row | {"subject": "report:2", "rendered": 2, "next_at": at},
    ]
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(update(table(Install)).values(epoch=1))
        connection.execute(insert(card), rows)
        backup.write(connection, places, tmp_path / "a.zip", at)
    engine.dispose()
    (tmp_path / "new").mkdir()

    backup.restore(tmp_path / "a.zip", backup.Places(elsewhere, tmp_path / "new", tmp_path / "sops"), at)

    engine = make_engine(elsewhere)
    with engine.connect() as connection:
        waiting, painted = connection.execute(select(card.c.screen).order_by(card.c.subject)).scalars()
        new = Packer(connection.execute(select(table(Install).c.epoch)).scalar_one())
    engine.dispose()
    assert waiting == new.revived(screen, Packer(1)) != screen == painted


async def test_an_anchor_of_later_than_the_backup_is_not_in_it(tmp_path: Path, database_url: str) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    engine = make_engine(database_url)
    with engine.begin() as connection:
        Journal(connection, at).append(None, [Entry(Restored(at, 0, GENESIS), Where())])
    with engine.begin() as connection:
        one = Cast(at.date(), at, Anchor(1, "a" * 64))
        keep_up(tmp_path / "anchors.log", [one, replace(one, anchor=Anchor(2, "b" * 64))])
        made = backup.write(connection, backup.Places(database_url, tmp_path, SOPS), tmp_path / "a.zip", at)
    engine.dispose()

    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert read(archive.read("anchors.log").decode()) == [one.anchor]
    assert made.seq == 1
