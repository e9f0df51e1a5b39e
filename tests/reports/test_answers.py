"""An author answers reports: everyone hears it, the first of two answers counts, and a new version is told."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.sandbox.files import THUMBNAIL
from bot.services import answers
from bot.storage.database import Transaction
from bot.storage.tables import DeviationRow, table
from tests.conftest import Office

deviation = table(DeviationRow)


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parents[1] / "conversations" / "sops"


async def test_from_a_step_to_an_answer_with_photo_and_proposed_wording(office: Office) -> None:
    await office.author.says("/start")
    await office.clerk.says("/start sop_surat-baru")
    await office.clerk.taps("Mulai")
    await office.clerk.taps("Kendala")
    await office.clerk.taps("Prosedur salah")
    await office.clerk.taps("Salah ketik")
    await office.clerk.sends_photo(THUMBNAIL, caption="Lihat papan di dinding")
    await office.clerk.taps("Usulkan kalimat baru")
    assert "Mencatat surat" in office.clerk.sees
    await office.clerk.sends_photo(THUMBNAIL)
    assert "Silakan ketik dengan kata-kata" in office.clerk.sees
    await office.clerk.says("Mencatat surat masuk")
    assert "Laporan nomor 1 sudah sampai" in office.clerk.sees

    await office.author.taps("Lihat laporan")
    assert "Langkah 1: Mencatat surat" in office.author.sees
    assert "Lihat papan di dinding" in office.author.sees
    assert "Usulan kalimat\n“Mencatat surat masuk”" in office.author.sees
    assert "Ditemukan pada pelaksanaan #1" in office.author.sees
    photos = sum("photo" in one for one in office.author.messages)
    await office.author.taps("1 berkas")
    assert sum("photo" in one for one in office.author.messages) == photos + 1

    await office.author.taps("Masuk revisi")
    await office.author.taps("Jawab tanpa keterangan")
    assert "Laporan Anda nomor 1: Masuk revisi" in office.clerk.chat
    await office.clerk.taps("Lihat laporan")
    assert "Masuk revisi" in office.clerk.sees
    await office.clerk.says("/lanjut")
    await office.clerk.taps("Selesai")
    await office.clerk.taps("Selesai")
    assert "Pelaksanaan selesai" in office.clerk.sees
    assert await office.app.database.run(lambda tx: tx.connection.execute(select(deviation)).all()) == []


async def test_of_two_answers_at_once_the_first_counts_and_the_second_author_is_told(office: Office) -> None:
    await office.clerk.says("/lapor")
    await office.clerk.says("surat masuk")
    await office.clerk.taps("Seluruh SOP")
    await office.clerk.taps("Langkah kurang")
    for author in (office.author, office.manager):
        await author.says("/lapor")
        await author.taps("Laporan masuk (1)")
        await author.taps("1 · ")

    await office.manager.taps("Ditolak")
    await office.author.taps("Diterima")
    await office.manager.says("Sudah lengkap")
    await office.author.says("Akan ditambah")

    assert office.clerk.chat.count("Laporan Anda nomor 1") == 1
    assert "Laporan Anda nomor 1: Ditolak" in office.clerk.chat
    assert "Laporan itu sudah berubah" in office.author.sees
    assert "Sudah lengkap" in office.author.sees
    await office.author.taps("Diterima")  # it may still be answered otherwise, knowing of the first
    await office.author.says("Setelah dibicarakan: ditambah")
    assert "Laporan Anda nomor 1: Diterima" in office.clerk.chat


async def test_what_a_version_takes_in_is_told_once_to_everyone_who_reported_it(office: Office) -> None:
    for reporter in (office.clerk, office.supervisor):
        await reporter.says("/lapor")
        await reporter.says("surat masuk")
        await reporter.says("2")
        await reporter.taps("Waktu tidak realistis")
    await office.supervisor.taps("Ikut melaporkan")
    await office.author.says("/lapor")
    await office.author.taps("Laporan masuk (1)")
    await office.author.taps("1 · ")
    await office.author.taps("Diterima")
    await office.author.taps("Jawab tanpa keterangan")

    for _ in range(2):
        await office.app.database.run(publish, office)
        await office.settle()

    for number, reporter in ((1, office.clerk), (2, office.supervisor)):
        assert reporter.chat.count(f"Laporan Anda nomor {number} sudah masuk versi 2") == 1
    await office.clerk.says("/lapor")
    await office.clerk.taps("Laporan saya")
    assert "Sudah masuk versi baru" in office.clerk.sees


def publish(tx: Transaction, office: Office) -> None:
    """A version comes out that takes in whatever is to be taken in."""
    version = tx.versions.live_of("surat-baru")
    assert version is not None
    taken = [one.number for one in tx.reports.for_revision("surat-baru")]
    answers.publish(tx, office.app.house, None, version.sop, taken or [1])
