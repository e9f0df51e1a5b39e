"""What is known of somebody is erased everywhere; what was done as which position stays, and the log is whole."""

import asyncio
import json
import threading
import time
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlmodel import SQLModel

from bot.services import emptied
from bot.storage import erasure, export
from bot.storage.audit import agree, verify
from bot.storage.database import Transaction, read_only
from bot.views.screen import Screen
from tests.conftest import Office, folder_of
from tests.people.records import known

SOP = """
id: buku-tamu
title: SOP Buku Tamu
version: "1"
status: in force
kind: administrative
unit: Tata Usaha
team: {author: petugas, supervisor: kepala, manager: kepala}
positions: {petugas: Petugas, kepala: Kepala}
steps:
  - id: catat
    do: Mencatat tamu
    by: petugas
    record:
      - {name: tamu, label: Tamu, type: text}
    evidence: {photos: 1, files: 1}
  - {id: antar, do: Mengantar tamu, by: petugas, evidence: {location: true}}
  - {id: tutup, do: Menutup buku, by: kepala}
"""
NIP = "198502172010031002"
WORDS = ("Haji Lamappa", "Lututnya sakit", "Halaman tiga kurang", NIP, "rahasia.pdf", "2.15000")


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    return folder_of(tmp_path, {"buku-tamu.yaml": SOP})


@pytest.fixture
async def worked(office: Office) -> Office:
    """Andi has a NIP, and typed a value, a note and a report; a photo, a place and a file were sent."""
    for person in (office.clerk, office.supervisor, office.author, office.manager):
        await person.says("/start")
    await office.holds(101, "petugas")
    await office.holds(102, "kepala")
    await opens(office, "Andi")
    await office.manager.taps("NIP")
    await office.manager.says(NIP)
    clerk = office.clerk
    await clerk.says("/sop buku tamu")
    await clerk.taps("Buku Tamu")
    await clerk.taps("Mulai")
    await clerk.says("Haji Lamappa")
    await clerk.sends_photo(b"tamu")
    await clerk.sends_document("rahasia.pdf", b"berkas")
    await clerk.taps("Selesai")
    await clerk.sends_location(-2.15, 117.49)
    for word in ("Kendala", "Selesai dengan catatan", "Alasan lain"):
        await clerk.taps(word)
    await clerk.says("Lututnya sakit")
    await clerk.says("/lapor")
    await clerk.says("buku tamu")
    await clerk.taps("Seluruh SOP")
    await clerk.taps("Langkah kurang")
    await clerk.says("Halaman tiga kurang")
    await office.settle()
    return office


async def opens(office: Office, name: str) -> None:
    await office.manager.says(f"/orang {name}")
    await office.manager.taps(name)


async def erases(office: Office, name: str) -> None:
    """The admin stops somebody's access, and erases what is known of them."""
    await opens(office, name)
    await office.manager.taps("Blokir")
    await office.manager.taps("Blokir")
    await office.manager.taps("Hapus data pribadi")
    await office.manager.taps("Permintaan yang bersangkutan")
    await office.manager.taps("Hapus selamanya")
    await office.later(seconds=31)  # cards that were emptied are painted anew by whatever comes by


def everything(tx: Transaction) -> dict[str, str]:
    """Each table as one text; what JSON escapes is unescaped."""
    found = {}
    for one in SQLModel.metadata.sorted_tables:
        rows = str([tuple(row) for row in tx.connection.execute(select(one))])
        found[one.name] = rows.replace("\\\\u2068", "⁨").replace("\\\\u2069", "⁩")
    return found


def csv(tx: Transaction, what: str, names: bool) -> str:
    out = BytesIO()
    stream = TextIOWrapper(out, encoding="utf-8", newline="")
    export.write(tx.connection, what, "csv", stream, names=names)
    stream.flush()
    return out.getvalue().decode()


async def test_nothing_is_left_that_tells_who_it_was(worked: Office) -> None:
    office, run = worked, worked.app.database.run
    folder = office.app.settings.data_dir / "files"
    before = await run(everything)
    for word in (*WORDS, "Andi"):
        assert any(word in rows for rows in before.values()), word
    pseudonym = json.loads(
        (await run(lambda tx: csv(tx, "reports", False))).split(",p-")[1].join(['"', '"']).split(",")[0] + '"'
    )
    assert len(list(folder.iterdir())) == 2

    await erases(office, "Andi")
    await office.settle()
    await office.later(minutes=2)

    assert "Data pribadi sudah dihapus" in office.manager.chat
    after = await run(everything)
    for word in (*WORDS, "Andi", pseudonym):
        assert [name for name, rows in after.items() if word in rows] == [], word
    for name, column in (("person", "telegram_id"), ("card", "chat"), ("letter", "chat"), ("inbox", "sender")):
        same = text(f"SELECT count(*) FROM {name} WHERE {column} = 101")
        assert await run(lambda tx, same=same: tx.connection.execute(same).scalar()) == 0, name
    office.app.fetcher.wake()
    async with asyncio.timeout(20):
        while list(folder.iterdir()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    found, wrong = await run(lambda tx: (verify(tx.connection), agree(tx.connection)))
    assert (found.broken, wrong) == (None, None)
    assert found.erased == found.ordered == 4
    named = await run(lambda tx: csv(tx, "runs", True))
    assert "Pegawai no. 1 (nama dihapus)" in named and "petugas" in named
    assert pseudonym not in await run(lambda tx: csv(tx, "reports", False))


async def test_phones_of_others_call_them_by_a_number_and_the_run_goes_on(worked: Office) -> None:
    await erases(worked, "Andi")
    supervisor, stranger = worked.supervisor, worked.clerk

    assert "Pegawai no. 1 (nama dihapus)" in supervisor.chat
    await supervisor.taps("Terima")
    await supervisor.taps("Selesai")
    assert "Haji Lamappa" not in supervisor.sees
    await stranger.says("/start")
    assert "belum terdaftar" in stranger.sees
    assert (await known(worked, 101)).id != 1
    await worked.manager.says("/orang")
    assert "Pegawai no. 1" not in worked.manager.screen


async def test_short_words_and_former_names_go_from_the_cards_of_others(office: Office) -> None:
    for person in (office.clerk, office.supervisor, office.manager):
        await person.says("/start")
    await office.holds(101, "petugas")
    await office.holds(102, "kepala")
    clerk, siti = office.clerk, office.supervisor
    await clerk.says("/start sop_buku-tamu")
    await clerk.taps("Mulai")
    await clerk.says("Lamappa")
    await clerk.sends_photo(b"tamu")
    await clerk.sends_document("rahasia.pdf", b"berkas")
    await clerk.taps("Selesai")
    await clerk.sends_location(-2.15, 117.49)
    await clerk.taps("Selesai")
    assert "Tamu: Lamappa" in siti.sees
    assert "Andi" in siti.sees
    await opens(office, "Andi")
    await office.manager.taps("Nama")
    await office.manager.says("Rahmat Hidayat")

    await erases(office, "Rahmat Hidayat")

    assert "Lamappa" not in siti.chat
    assert "Andi" not in siti.chat
    kept = await office.app.database.run(everything)
    assert [name for name in kept if "Lamappa" in kept[name]] == []


async def test_short_words_go_from_every_card_at_once_and_cards_are_painted_anew_afterwards(
    worked: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whose they were: on a card of a report, of a deviation, and in a letter on its way."""
    monkeypatch.setattr(emptied, "AT_ONCE", 1)
    clerk, siti, nur, run = worked.clerk, worked.supervisor, worked.manager, worked.app.database.run
    await clerk.says("/lapor")
    await clerk.says("buku tamu")
    await clerk.taps("1. Mencatat tamu")
    await clerk.taps("Langkah kurang")
    await clerk.says("Zolqu")
    await nur.taps("Lihat laporan")
    assert "Zolqu" in nur.sees
    bare = Screen("Zolqu")
    when = text("UPDATE letter SET created_at = (SELECT max(at) FROM journal WHERE person = 1) WHERE key = 'told'")

    def erase(tx: Transaction) -> tuple[str, int]:
        whom, seq = tx.people.by_chat(101), tx.connection.execute(text("SELECT seq FROM deviation")).scalar()
        assert whom is not None
        tx.cards.put("report", 104, bare, seen_id=0)
        tx.cards.put(f"deviation:{seq}", 104, bare, seen_id=0)
        tx.letters.put("told", 103, bare)
        tx.connection.execute(when)
        erasure.erase(tx.connection, whom, "Pegawai no. 1", tx.at)
        return " ".join(everything(tx).values()), len(erasure.emptied(tx.connection, 99))

    left, waiting = await run(erase)
    assert "Zolqu" not in left and waiting > 2

    await worked.later(seconds=31)

    assert not await run(lambda tx: erasure.emptied(tx.connection, 99))
    assert "Isi kartu ini sudah dihapus" in nur.chat and "Penyimpangan" in nur.chat
    await siti.taps("Terima")


async def test_it_takes_an_admin_a_stopped_access_and_no_step_in_hand(worked: Office) -> None:
    await worked.supervisor.taps("Terima")
    await opens(worked, "Siti")
    assert "Hapus data pribadi" not in worked.manager.screen
    await worked.manager.taps("Blokir")
    await worked.manager.taps("Blokir")
    await worked.manager.taps("Hapus data pribadi")
    await worked.manager.taps("Tidak lagi bekerja di sini")
    await worked.manager.taps("Kembali")
    assert "Mengapa?" in worked.manager.chat
    await worked.manager.taps("Tidak lagi bekerja di sini")
    await worked.manager.taps("Hapus selamanya")

    assert "serahkan dahulu" in worked.manager.alert
    assert (await known(worked, 102)).name == "Siti"


async def test_whoever_has_a_run_in_hand_meanwhile_does_not_bring_words_back(worked: Office) -> None:
    run, in_hand = worked.app.database.run, threading.Event()

    def holds(tx: Transaction) -> None:
        state = tx.connection.execute(text("SELECT state FROM run")).scalar()
        in_hand.set()
        time.sleep(1)
        tx.connection.execute(text("UPDATE run SET state = :state"), {"state": state})

    def erase(tx: Transaction) -> None:
        assert in_hand.wait(10)
        erasure.stand_still(tx.connection)
        whom = tx.people.by_chat(101)
        assert whom is not None
        erasure.erase(tx.connection, whom, "Pegawai no. 1", tx.at)

    await asyncio.gather(run(holds), run(erase))

    assert "Haji Lamappa" not in (await run(everything))["run"]


async def test_while_everything_is_read_it_is_put_off_and_nobody_waits_for_it(worked: Office) -> None:
    """As a backup does on PostgreSQL; SQLite reads and writes side by side."""
    backup = read_only(worked.app.settings.database_url)
    with backup.begin() as connection:
        connection.execute(text("SELECT count(*) FROM run")).scalar()
        began = time.monotonic()
        await erases(worked, "Andi")
        assert time.monotonic() - began < 10
        if worked.app.database.is_sqlite:
            assert "Data pribadi sudah dihapus" in worked.manager.chat
        else:
            assert "sedang disalin" in worked.manager.alert
            assert (await known(worked, 101)).name == "Andi"
    backup.dispose()
    if not worked.app.database.is_sqlite:
        await worked.manager.taps("Hapus selamanya")
        assert "Data pribadi sudah dihapus" in worked.manager.chat
