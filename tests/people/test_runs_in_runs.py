"""A macro and its child run: the parent waits, shows how far the child is, and goes on by itself."""

from pathlib import Path

import pytest

from bot.engine.run import Progress
from bot.sandbox.person import Person
from tests.conftest import Office, folder_of

INDUK = """\
id: kelola-aset
title: SOP Kelola Aset
version: "1"
status: trial
kind: administrative
scope: macro
unit: Subbagian Tata Usaha
team: {author: petugas, supervisor: kasubbag-tu, manager: kasubbag-tu}
positions: {petugas: Petugas, penghitung: Penghitung, kasubbag-tu: Kasubbag TU}
steps:
  - {id: siapkan, do: Menyiapkan daftar, by: petugas}
  - {id: hitung, run: hitung-barang}
  - {id: lapor, do: Menyusun laporan, by: petugas}
"""
ANAK = """\
id: hitung-barang
title: SOP Hitung Barang
version: "1"
status: trial
kind: administrative
unit: Subbagian Tata Usaha
team: {author: petugas, supervisor: kasubbag-tu, manager: kasubbag-tu}
positions: {petugas: Petugas, penghitung: Penghitung, kasubbag-tu: Kasubbag TU}
steps:
  - {id: rak, do: Mendatangi rak, by: penghitung}
  - {id: catat, do: Mencatat jumlah, by: penghitung}
"""


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    return folder_of(tmp_path, {"induk.yaml": INDUK, "anak.yaml": ANAK})


@pytest.fixture
async def manned(office: Office) -> Office:
    """Andi runs the macro, Budi counts, Siti watches over both."""
    for person in (office.clerk, office.supervisor, office.author, office.manager):
        await person.says("/start")
    await office.holds(101, "petugas")
    await office.holds(102, "kasubbag-tu")
    await office.holds(103, "penghitung")
    return office


async def open_child(office: Office) -> None:
    await office.clerk.says("/start sop_kelola-aset")
    await office.clerk.taps("Mulai")
    await office.clerk.taps("Selesai")


async def count(office: Office) -> None:
    await office.author.taps("Terima")
    await office.author.taps("Selesai")
    await office.author.taps("Selesai")


async def test_who_is_offered_a_step_that_is_another_sop_reads_what_accepting_does(
    manned: Office, sops_dir: Path
) -> None:
    (sops_dir / "induk.yaml").write_text(INDUK.replace("run: hitung-barang}", "run: hitung-barang, by: penghitung}"))
    await manned.app.read_files()
    await open_child(manned)

    assert "Terima memulai SOP itu" in manned.author.sees


async def test_a_child_goes_first_to_those_who_do_it_in_the_unit_of_its_sop(manned: Office) -> None:
    await manned.holds(103, "penghitung", unit="subbag-tu")
    await manned.holds(101, "penghitung", unit="seksi-pakis")
    await open_child(manned)

    assert "Terima" in manned.author.screen
    assert "Mendatangi rak" not in manned.clerk.chat


async def test_the_child_is_offered_to_those_who_do_it_and_the_parent_shows_how_far_it_is(manned: Office) -> None:
    await open_child(manned)
    assert "Menunggu Hitung Barang #2, langkah 1/2" in manned.clerk.sees
    assert "Penghitung" in manned.clerk.sees
    assert "Langkah ini untuk Anda" in manned.author.sees
    assert "Bagian dari Kelola Aset #1" in manned.author.sees

    await manned.author.taps("Terima")
    assert "Budi" in manned.clerk.sees
    await manned.author.taps("Selesai")

    assert "langkah 2/2" in manned.clerk.sees


async def test_the_parent_goes_on_by_itself_when_the_child_is_done(manned: Office) -> None:
    await open_child(manned)
    await count(manned)
    assert "Pelaksanaan selesai" in manned.author.sees
    assert "Langkah 3 dari 3" in manned.clerk.sees

    await manned.clerk.taps("Selesai")

    assert "Sesuai 100 %" in manned.clerk.sees


async def test_what_departed_in_the_child_stands_in_the_end_of_the_parent(manned: Office) -> None:
    await open_child(manned)
    await manned.author.taps("Terima")
    await manned.author.taps("Kendala")
    await manned.author.taps("Lewati")
    await manned.author.taps("Waktu tidak cukup")
    await manned.author.taps("Lanjut")
    await manned.author.taps("Selesai")

    await manned.clerk.taps("Selesai")

    assert "Hitung Barang #2: langkah 1 dilewati" in manned.clerk.sees
    assert "Sesuai 100 %" in manned.clerk.sees  # a child is one step


async def test_nothing_can_be_done_in_the_parent_but_open_pause_and_stop(manned: Office) -> None:
    await open_child(manned)
    await manned.clerk.says("selesai")
    assert "Selesai" not in manned.clerk.screen

    await manned.clerk.taps("Buka kartunya")

    assert "Mendatangi rak" in manned.clerk.sees


async def test_a_pause_of_the_parent_is_one_of_the_child_and_ends_with_it(manned: Office) -> None:
    await open_child(manned)
    await manned.author.taps("Terima")
    await manned.clerk.taps("Jeda")
    await manned.clerk.taps("Jam kerja habis")
    await manned.clerk.taps("Cukup")
    assert "Dijeda" in manned.author.sees

    await manned.author.taps("Lanjutkan")
    assert "induknya" in manned.author.alert
    await manned.clerk.taps("Lanjutkan")

    assert "Langkah 1 dari 2" in manned.author.sees
    await manned.author.taps("Selesai")
    await manned.author.taps("Selesai")
    assert "Langkah 3 dari 3" in manned.clerk.sees


async def test_stopping_the_parent_stops_the_child_and_undoing_it_brings_both_back(manned: Office) -> None:
    await open_child(manned)
    await manned.author.taps("Terima")
    await manned.clerk.taps("Hentikan")
    await manned.clerk.taps("Permintaan dibatalkan")
    assert "Pelaksanaan dihentikan" in manned.author.sees
    assert "Pelaksanaan dihentikan" in manned.clerk.sees

    await manned.clerk.taps("Urungkan")

    assert "Menunggu Hitung Barang #2" in manned.clerk.sees
    assert "Langkah 1 dari 2" in manned.author.sees
    await manned.author.taps("Selesai")
    await manned.author.taps("Selesai")
    assert "Langkah 3 dari 3" in manned.clerk.sees


async def stop_child(office: Office) -> None:
    await open_child(office)
    await office.author.taps("Terima")
    await office.author.taps("Lainnya")
    await office.author.taps("Hentikan")
    await office.author.taps("SOP yang dipilih keliru")
    await office.author.taps("Cukup")


async def test_a_stopped_child_is_started_anew_by_whoever_opened_it(manned: Office) -> None:
    await stop_child(manned)
    assert "#2 dihentikan" in manned.clerk.sees

    await manned.clerk.taps("Mulai SOP ini")

    assert "Menunggu Hitung Barang #3" in manned.clerk.sees
    await count(manned)
    await manned.clerk.taps("Selesai")
    assert "Hitung Barang #2: langkah 1 pelaksanaan dihentikan" in manned.clerk.sees


async def test_a_stopped_child_can_be_passed_by_leave_of_the_supervisor(manned: Office) -> None:
    await stop_child(manned)
    await manned.clerk.taps("Kendala")
    await manned.clerk.taps("Tidak bisa")
    await manned.clerk.taps("Pejabat tidak di tempat")
    await manned.clerk.taps("Lanjut")

    await manned.supervisor.taps("Izinkan")

    assert "Langkah 3 dari 3" in manned.clerk.sees


async def test_the_stop_of_a_child_is_undone_and_the_parent_waits_again(manned: Office) -> None:
    await open_child(manned)
    await manned.author.taps("Terima")
    await manned.author.taps("Lainnya")
    await manned.author.taps("Hentikan")
    await manned.author.taps("SOP yang dipilih keliru")

    await manned.author.taps("Urungkan")

    assert "Langkah 1 dari 2" in manned.author.sees
    assert "Menunggu Hitung Barang #2" in manned.clerk.sees


async def test_undo_takes_the_child_back_while_nothing_was_done_in_it(manned: Office) -> None:
    await open_child(manned)

    await manned.clerk.taps("Urungkan")

    assert "Langkah 1 dari 3" in manned.clerk.sees
    assert "Terima" not in manned.author.screen
    await manned.clerk.taps("Selesai")
    assert "Menunggu Hitung Barang #3" in manned.clerk.sees


async def test_undo_is_over_once_something_was_done_in_the_child(manned: Office) -> None:
    await open_child(manned)
    await manned.author.taps("Terima")

    await manned.clerk.taps("Urungkan")

    assert "sudah mulai dikerjakan" in manned.clerk.alert
    assert "Menunggu Hitung Barang #2" in manned.clerk.sees


async def test_the_end_of_a_child_is_undone_while_nothing_followed(manned: Office) -> None:
    await open_child(manned)
    await count(manned)

    await manned.author.taps("Urungkan")

    assert "Langkah 2 dari 2" in manned.author.sees
    assert "Menunggu Hitung Barang #2, langkah 2/2" in manned.clerk.sees
    await manned.author.taps("Selesai")
    assert "Langkah 3 dari 3" in manned.clerk.sees
    await manned.clerk.taps("Selesai")
    await manned.author.taps("Urungkan")
    assert "induknya sudah berlanjut" in manned.author.alert


async def test_a_child_that_is_not_to_be_had_is_told_to_the_supervisor(manned: Office, sops_dir: Path) -> None:
    text = INDUK.replace("id: kelola-aset", "id: kelola-lain").replace("Kelola Aset", "Kelola Lain")
    (sops_dir / "lain.yaml").write_text(text.replace("hitung-barang", "hitung-mati"), encoding="utf-8")
    dead = ANAK.replace("id: hitung-barang", "id: hitung-mati").replace("status: trial", "status: withdrawn")
    (sops_dir / "mati.yaml").write_text(dead.replace("Hitung Barang", "Hitung Mati"), encoding="utf-8")
    await manned.app.read_files()
    await manned.clerk.says("/start sop_kelola-lain")
    await manned.clerk.taps("Mulai")

    await manned.clerk.taps("Selesai")

    assert "Tidak ada versi SOP ini yang berlaku" in manned.clerk.sees
    assert "belum dapat dijalankan" in manned.supervisor.sees
    await manned.clerk.taps("Mulai SOP ini")
    assert "belum dapat dimulai" in manned.clerk.alert


def button(person: Person, word: str) -> tuple[int, int, str]:
    """Who taps, the message, and what stands behind its button."""
    for message in reversed(person.messages):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for one in row:
                if word in one["text"]:
                    return person.id, message["message_id"], one["callback_data"]
    raise LookupError(word)


@pytest.mark.parametrize("child_first", [True, False])
async def test_a_child_that_is_done_and_a_parent_that_is_stopped_at_once_are_settled(
    manned: Office, child_first: bool
) -> None:
    await open_child(manned)
    await manned.author.taps("Terima")
    await manned.author.taps("Selesai")
    await manned.clerk.taps("Hentikan")
    taps = [button(manned.author, "Selesai"), button(manned.clerk, "Permintaan dibatalkan")]

    for tap in taps if child_first else reversed(taps):
        manned.world.tap(*tap)
    await manned.settle()

    parent, child = await manned.app.database.run(lambda tx: (tx.runs.get(1), tx.runs.get(2)))
    assert parent is not None and child is not None
    ended = (child.progress, parent.progress, parent.step)
    assert ended in [
        (Progress.DONE, Progress.ACTIVE, "lapor"),
        (Progress.STOPPED, Progress.STOPPED, "hitung"),
    ]


async def test_one_person_alone_walks_a_macro_to_its_end(office: Office) -> None:
    await open_child(office)
    assert "Langkah 1 dari 2" in office.clerk.sees

    await office.clerk.taps("Selesai")
    await office.clerk.taps("Selesai")
    assert "Langkah 3 dari 3" in office.clerk.sees
    await office.clerk.taps("Selesai")

    assert "Sesuai 100 %" in office.clerk.sees


async def test_with_by_the_step_is_offered_and_whoever_accepts_has_the_child(manned: Office, sops_dir: Path) -> None:
    text = INDUK.replace("id: kelola-aset", "id: kelola-lain").replace("Kelola Aset", "Kelola Lain")
    text = text.replace("run: hitung-barang}", "run: hitung-barang, by: penghitung}")
    (sops_dir / "lain.yaml").write_text(text, encoding="utf-8")
    await manned.app.read_files()
    await manned.clerk.says("/start sop_kelola-lain")
    await manned.clerk.taps("Mulai")
    await manned.clerk.taps("Selesai")
    assert "Langkah 2 dari 3" in manned.author.sees

    await manned.author.taps("Terima")

    assert "Hitung Barang · #2" in manned.author.sees
    assert "Mendatangi rak" in manned.author.sees
    assert "Menunggu Hitung Barang #2, langkah 1/2" in manned.clerk.sees


async def test_three_levels_open_rest_and_end_one_after_the_other(manned: Office, sops_dir: Path) -> None:
    top = INDUK.replace("id: kelola-aset", "id: tertib-aset").replace("Kelola Aset", "Tertib Aset")
    (sops_dir / "atas.yaml").write_text(top.replace("run: hitung-barang", "run: kelola-aset"), encoding="utf-8")
    await manned.app.read_files()
    await manned.clerk.says("/start sop_tertib-aset")
    await manned.clerk.taps("Mulai")
    await manned.clerk.taps("Selesai")
    await manned.clerk.taps("Selesai")
    await manned.author.taps("Terima")

    await manned.clerk.says("/lanjut")
    await manned.clerk.taps("Tertib Aset")
    await manned.clerk.taps("Jeda")
    await manned.clerk.taps("Jam kerja habis")
    assert "Dijeda" in manned.author.sees
    await manned.clerk.taps("Cukup")
    await manned.clerk.says("/lanjut")
    await manned.clerk.taps("Tertib Aset")
    await manned.clerk.taps("Lanjutkan")
    await manned.author.taps("Selesai")
    await manned.author.taps("Selesai")
    await manned.clerk.taps("Selesai")
    assert "Langkah 3 dari 3" in manned.clerk.sees
    await manned.clerk.taps("Selesai")

    runs = await manned.app.database.run(lambda tx: [tx.runs.get(number) for number in (1, 2, 3)])
    assert [run and run.progress for run in runs] == [Progress.DONE] * 3
