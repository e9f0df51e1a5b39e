"""/tugas: what waits for somebody stands there, oldest first, and goes when it waits no more."""

from pathlib import Path

import pytest
from sqlalchemy import event

from bot.engine.errands import ErrandKind
from bot.services import tasks
from bot.storage.database import Transaction
from bot.storage.versions import Versions
from tests.conftest import Office, folder_of
from tests.people.records import known
from tests.people.test_handing_over import SURAT, write
from tests.people.test_handing_over import manned as manned  # the four and what they hold
from tests.versions.rapat import content, submitted


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    return folder_of(tmp_path, {"surat-keluar.yaml": SURAT, "a.yaml": content("1", "Bekerja")})


async def test_what_is_offered_held_asked_and_approved_waits_for_exactly_whoever_has_to_act(manned: Office) -> None:
    await write(manned)
    manned.clock.advance(hours=1)
    await write(manned)
    await manned.author.says("/tugas")
    assert "yang terlama lebih dahulu" in manned.author.sees
    assert manned.author.sees.index("#1") < manned.author.sees.index("#2")
    assert "Ditawarkan kepada Anda, langkah 2: Memeriksa konsep surat" in manned.author.sees

    await manned.author.taps("#1")
    await manned.author.taps("Terima")
    await manned.author.says("/tugas")
    assert "Langkah 2, giliran Anda" in manned.author.sees
    await manned.supervisor.says("/tugas")
    assert "#1" not in manned.supervisor.sees

    await manned.author.taps("#1")
    await manned.author.taps("Kendala")
    await manned.author.taps("Minta izin")
    await manned.author.taps("Waktu tidak cukup")
    await manned.author.taps("Lanjut")
    await manned.supervisor.says("/tugas")
    assert "Minta izin Anda pada langkah 2" in manned.supervisor.sees
    await manned.author.says("/tugas")
    assert "#1" not in manned.author.sees

    await manned.supervisor.taps("#1 Surat Keluar")
    await manned.supervisor.taps("Izinkan")
    await manned.manager.says("/start")
    await manned.manager.taps("1 tugas menunggu Anda")
    assert "Menunggu persetujuan pada langkah 3" in manned.manager.sees
    await manned.clerk.says("/tugas")
    assert "Tidak ada tugas yang menunggu Anda" in manned.clerk.sees


async def test_a_run_that_was_stopped_and_taken_up_again_waits_for_its_holder_as_before(manned: Office) -> None:
    await manned.clerk.says("surat keluar")
    await manned.clerk.taps("Surat Keluar")
    await manned.clerk.taps("Mulai")
    await manned.clerk.taps("Lainnya")
    await manned.clerk.taps("Hentikan")
    await manned.clerk.taps("SOP yang dipilih keliru")
    await manned.clerk.taps("Urungkan")

    await manned.clerk.says("/tugas")

    assert "Langkah 1, giliran Anda" in manned.clerk.sees


async def test_a_long_list_is_turned_page_by_page(manned: Office) -> None:
    for _ in range(9):
        await write(manned)

    await manned.author.says("/tugas")
    assert "(1/2)" in manned.author.sees
    assert "#9" not in manned.author.sees
    await manned.author.taps("›")

    assert "(2/2)" in manned.author.sees
    assert "#9" in manned.author.sees
    assert len(await statements(manned, 103)) <= 5


async def statements(office: Office, user_id: int) -> list[str]:
    """What the database is asked for a list by a process that has read no procedure yet."""
    me, told = await known(office, user_id), list[str]()

    def show(tx: Transaction) -> None:
        tx.versions = Versions(tx.connection, {})
        event.listen(tx.connection, "after_cursor_execute", lambda *asked: told.append(asked[2]))
        tasks.show(tx, office.app.house, me, 0)

    await office.app.database.run(show)
    return [one for one in told if not one.startswith(("SAVEPOINT", "RELEASE"))]


async def test_a_page_on_which_every_kind_waits_takes_no_more_statements(manned: Office, sops_dir: Path) -> None:
    await write(manned)
    await manned.author.says("terima")
    await ask_leave(manned)
    await manned.supervisor.says("izinkan")
    await manned.clerk.says("/lapor")
    for words in ("surat keluar", "2"):
        await manned.clerk.says(words)
    await manned.clerk.taps("Urutan salah")
    await manned.later(days=34)
    await manned.author.says("/start sop_surat-keluar")
    await manned.author.taps("Buat draf")
    await submitted(manned, sops_dir)

    waiting = await manned.app.database.run(lambda tx: give_all(tx, 104))
    await manned.manager.says("/start")
    await manned.manager.taps(f"{waiting} tugas menunggu Anda")

    told = manned.manager.sees
    assert "Menunggu persetujuan pada langkah 3: Menyetujui surat" in told
    assert "Penyimpangan pada langkah 2: dilewati" in told
    assert "Laporan nomor 1 menunggu jawaban: Urutan salah" in told
    assert "Draf versi 2 · 1 usulan perlu diputuskan" in told
    assert "Versi 2 menunggu persetujuan" in told
    assert "Tinjauan uji coba" in told
    assert len(await statements(manned, 104)) <= 5


def give_all(tx: Transaction, chat: int) -> int:
    """Let everything that waits for anybody wait for one person alone; how much that is."""
    me = tx.people.by_chat(chat)
    assert me is not None
    for kind in ErrandKind:
        for subject in tx.errands.of_kind(kind):
            tx.errands.put(kind, subject, [me.id], tx.at)
    return sum(len(tx.errands.of_kind(kind)) for kind in ErrandKind)


async def test_typed_words_answer_what_waits_and_own_words_reach_whoever_gets_it_back(manned: Office) -> None:
    await write(manned)
    await manned.author.says("terima")
    assert "Memeriksa konsep surat" in manned.author.sees

    await manned.author.says("kembalikan")
    await manned.author.taps("Berkas tidak lengkap")
    await manned.author.says("Lampiran dua belum ada")
    assert "Lampiran dua belum ada" in manned.clerk.chat
    assert "Langkah 1 dari 4" in manned.clerk.chat

    await manned.clerk.says("/lanjut")
    await manned.clerk.says("Undangan rapat kerja")
    await manned.clerk.taps("Selesai")
    await manned.author.says("terima")
    await ask_leave(manned)
    assert "Rapat dipercepat" in manned.supervisor.chat
    await manned.supervisor.says("tolak")
    await manned.supervisor.taps("Harus dikerjakan dahulu")
    await manned.supervisor.says("Isi surat belum dibaca")
    assert "Isi surat belum dibaca" in manned.author.chat

    await manned.author.says("/lanjut")
    await ask_leave(manned)
    await manned.supervisor.says("izinkan")
    assert "Langkah ini untuk Anda" in manned.manager.sees


async def ask_leave(office: Office) -> None:
    await office.author.taps("Kendala")
    await office.author.taps("Minta izin")
    await office.author.taps("Waktu tidak cukup")
    await office.author.says("Rapat dipercepat")


async def test_whoever_comes_to_hold_the_position_is_called_and_whoever_is_stopped_is_not_waited_for(
    manned: Office,
) -> None:
    await write(manned)

    await manned.holds(104, "pemeriksa")
    await manned.later(minutes=1)
    assert "Langkah ini untuk Anda" in manned.manager.sees

    stopped = (await known(manned, 103)).id
    await manned.app.database.run(lambda tx: tx.people.change(stopped, blocked_at=tx.at))
    await manned.later(minutes=1)
    assert "Terima" not in manned.author.screen
    assert await manned.app.database.run(lambda tx: tx.errands.count(stopped)) == 0
    await manned.manager.says("terima")
    assert "Memeriksa konsep surat" in manned.manager.sees
