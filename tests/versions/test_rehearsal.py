"""Simulasi: a draft, or an SOP in use, is walked by one person who plays everybody, and none of it counts."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.storage.audit import verify
from bot.storage.database import Transaction
from bot.storage.export import audit, deviations, runs
from bot.storage.tables import DeviationRow, ErrandRow, FeedbackAskRow, FollowUpRow, RunFactRow, table
from bot.views import taps as t
from tests.conftest import Office, StartOffice, folder_of

COUNTED = (DeviationRow, ErrandRow, FeedbackAskRow, FollowUpRow, RunFactRow)
SOP = """\
id: gudang
title: SOP Gudang
version: "1"
status: {status}
kind: administrative
scope: macro
unit: Tata Usaha
team: {{author: penulis, supervisor: kepala, manager: kepala}}
positions: {{petugas: Petugas, penulis: Penulis, kepala: Kepala}}
steps:
  - {{id: satu, do: {does}, by: petugas, evidence: {{photos: 1}},
     record: [{{name: jumlah, label: Jumlah, type: number}}]}}
  - {{id: dua, do: Menghitung, by: kepala, critical: true, not_before: {{after: satu, wait: 1 hari}}}}
  - {{id: tiga, run: rak}}
  - {{id: empat, approve: Menyetujui hasil, by: kepala, sign: true, reject: satu}}
"""
BELOW = """\
id: rak
title: SOP Rak
version: "1"
status: draft
kind: technical
unit: Tata Usaha
team: {author: penulis, supervisor: kepala, manager: kepala}
positions: {petugas: Petugas, penulis: Penulis, kepala: Kepala}
steps:
  - {id: a, do: Menata rak, by: petugas}
"""


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """A macro and the SOP of one of its steps, both drafts."""
    return folder_of(tmp_path, {"gudang.yaml": SOP.format(status="draft", does="Mencatat barang"), "rak.yaml": BELOW})


async def counted(office: Office) -> dict[str, int]:
    """How many rows there are of what counts."""

    def work(tx: Transaction) -> dict[str, int]:
        found = {}
        for row in COUNTED:
            number = tx.connection.execute(select(func.count()).select_from(table(row))).scalar_one()
            found[row.__name__] = int(number)
        return found

    return {name: number for name, number in (await office.app.database.run(work)).items() if number}


async def exported(office: Office) -> tuple[list[Any], list[Any], list[Any]]:
    def work(tx: Transaction) -> tuple[list[Any], list[Any], list[Any]]:
        assert verify(tx.connection).broken is None
        return tuple(list(rows(tx.connection, names=False)) for rows in (runs, deviations, audit))  # type: ignore[return-value]

    return await office.app.database.run(work)


async def test_an_author_walks_a_draft_alone_and_nothing_of_it_counts(office: Office) -> None:
    author, supervisor = office.author, office.supervisor
    for person in (author, supervisor, office.manager, office.clerk):
        await person.says("/start")
    await office.holds(102, "kepala")
    await office.holds(101, "petugas")
    before = [len(one.messages) for one in (supervisor, office.manager, office.clerk)]

    await author.says("/start sop_gudang")
    await author.taps("Simulasi: versi 1")
    assert "🎭 Simulasi: tidak dihitung." in author.sees
    await author.says("12")
    await author.sends_photo()
    await author.taps("Selesai")
    assert "Langkah 2 dari 4" in author.sees
    assert "Menunggu" not in author.sees
    await author.blocks()
    await office.later(minutes=1)
    await author.unblocks()
    await author.taps("Kendala")
    await author.taps("Minta izin melewati")
    await author.taps("Tidak diperlukan")
    await author.taps("Lanjut")
    assert "meminta izin" in author.sees
    assert "🎭" in author.sees
    await author.taps("Izinkan")
    assert "Rak" in author.sees and "🎭" in author.sees
    await author.taps("Kendala")
    await author.taps("Tidak bisa")
    await author.taps("Alasan lain")
    await author.taps("Lanjut")
    await author.taps("Izinkan")
    assert "Langkah 4 dari 4" in author.sees
    await author.taps("Setujui")
    assert "Simulasi selesai. Tidak ada yang dihitung." in author.sees
    await office.later(minutes=5)
    await office.later(days=1)

    assert [len(one.messages) for one in (supervisor, office.manager, office.clerk)] == before
    assert "Seberapa mudah" not in author.chat
    assert await counted(office) == {}
    of_runs, of_deviations, everything = await exported(office)
    assert (of_runs, of_deviations) == ([], [])
    assert {row["run"] for row in everything if row["rehearsal"]} == {1, 2}
    assert not [row for row in everything if row["run"] and not row["rehearsal"]]
    await office.manager.says("/rekap")
    assert "Masih terbuka: 0 pelaksanaan" in office.manager.sees


async def test_a_rehearsal_of_a_draft_keeps_what_was_read_and_lets_the_file_change(
    start_office: StartOffice, sops_dir: Path
) -> None:
    async with start_office() as office:
        await office.author.says("/start sop_gudang")
        await office.author.taps("Simulasi")
        (sops_dir / "gudang.yaml").write_text(SOP.format(status="draft", does="Menimbang barang"))
        await office.app.read_files()
        await office.clerk.says("/start sop_gudang")
        assert "Simulasi" not in office.clerk.screen
        data = office.app.house.pack.plain(t.Rehearse(1, "gudang"))
        await office.clerk.taps_data(office.clerk.messages[-1]["message_id"], data)
        assert "🎭" not in office.clerk.chat

    async with start_office() as office:
        await office.author.says("/lanjut")
        assert "Mencatat barang" in office.author.sees
        await office.author.taps("Selesai")
        await office.author.taps("Lainnya")
        await office.author.taps("Hentikan")
        await office.author.taps("Alasan lain")
        await office.author.says("/start sop_gudang")
        await office.author.taps("Simulasi")
        assert "Menimbang barang" in office.author.sees

        await office.author.says("/start sop_gudang")
        await office.author.taps("Mulai uji coba")
        await office.holds(103, "petugas")
        await office.author.taps("Mulai")
        assert "Yang berubah" not in office.author.sees
        assert "🎭" not in office.author.sees


async def test_whoever_practises_an_sop_in_use_bothers_nobody_and_its_photos_are_still_fresh(
    office: Office, sops_dir: Path
) -> None:
    (sops_dir / "latihan.yaml").write_text(
        SOP.format(status="trial", does="Memotret barang")
        .replace("id: gudang", "id: latihan")
        .replace("Gudang", "Foto")
    )
    await office.app.read_files()
    for person in (office.clerk, office.supervisor, office.manager):
        await person.says("/start")
    await office.holds(102, "kepala")
    await office.clerk.says("/start sop_latihan")
    await office.clerk.taps("Simulasi")
    await office.clerk.sends_photo(b"the same picture")
    before = len(office.supervisor.messages)
    await office.clerk.taps("Kendala")
    await office.clerk.taps("Tidak bisa")
    await office.clerk.taps("Alasan lain")
    await office.clerk.says("rusak semua")
    assert len(office.supervisor.messages) == before
    await office.clerk.says("/lanjut")

    await office.clerk.says("/start sop_latihan")
    assert "Lanjutkan" not in office.clerk.screen
    await office.clerk.taps("Mulai")
    await office.clerk.sends_photo(b"the same picture")
    assert "sudah dipakai" not in office.clerk.sees
    await office.clerk.says("/lanjut")
    assert "▶️🎭 #1" in office.clerk.sees
    assert "▶️ #2" in office.clerk.sees
