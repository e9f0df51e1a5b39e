"""What several people notice is one report with a count, and what one notices twice is one with more words."""

from pathlib import Path

import pytest

from bot.sandbox.person import Person
from tests.conftest import Office


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parents[1] / "conversations" / "sops"


async def reports(person: Person, kind: str, step: str = "1") -> None:
    """Report without a run."""
    await person.says("/lapor")
    await person.says("surat masuk")
    await person.says(step)
    await person.taps(kind)


async def test_whoever_notices_the_same_joins_with_one_tap_and_hears_the_answer_too(office: Office) -> None:
    for listener in (office.author, office.supervisor):
        await listener.says("/start")
    await reports(office.clerk, "Urutan salah")
    await office.clerk.says("Arsip dicatat sebelum diberi nomor")

    await reports(office.supervisor, "Urutan salah")
    assert "Sudah dilaporkan oleh 1 orang: ikut melaporkan?" in office.supervisor.sees
    assert "Arsip dicatat sebelum diberi nomor" in office.supervisor.sees
    await office.supervisor.taps("Ikut melaporkan")
    assert "Tercatat sebagai laporan nomor 2" in office.supervisor.sees
    assert "2 orang melaporkan" in office.supervisor.sees
    await office.supervisor.says("Nomor urut harus ada dahulu")

    assert "2 orang melaporkan" in await author_sees(office, "1")
    assert "Nomor urut harus ada dahulu" in office.author.sees
    await office.author.taps("Diterima")
    await office.author.says("Langkah 1 dan 2 akan ditukar")

    for number, reporter in ((1, office.clerk), (2, office.supervisor)):
        assert f"Laporan Anda nomor {number}: Diterima" in reporter.chat
        assert "Langkah 1 dan 2 akan ditukar" in reporter.chat
    await office.author.says("/lapor")
    assert "Laporan masuk (0)" in office.author.screen


async def author_sees(office: Office, number: str) -> str:
    """The card of a report, from the list."""
    await office.author.says("/lapor")
    await office.author.taps("Laporan masuk")
    await office.author.taps(f"{number} · ")
    return office.author.sees


async def test_whoever_reports_twice_is_asked_and_adds_words(office: Office) -> None:
    await reports(office.clerk, "Urutan salah")
    await office.clerk.says("Terbalik")

    await reports(office.clerk, "Salah ketik")
    assert "Anda sudah melaporkan langkah ini, nomor 1" in office.clerk.sees
    await office.clerk.taps("Tambahkan ke laporan nomor 1")
    await office.clerk.says("Ada salah ketik juga")

    await office.clerk.says("/lapor")
    await office.clerk.taps("Laporan saya (1)")
    await office.clerk.taps("1 · Urutan salah")
    assert "Terbalik" in office.clerk.sees
    assert "Ada salah ketik juga" in office.clerk.sees


async def test_what_is_said_before_the_question_is_answered_is_kept_whole(office: Office) -> None:
    await reports(office.clerk, "Urutan salah")
    await office.clerk.taps("Cukup")
    await reports(office.supervisor, "Urutan salah")
    await office.supervisor.says("Nomor urut dahulu")
    assert "ikut melaporkan?" in office.supervisor.sees
    await office.supervisor.says("Baru kemudian dicatat")
    await office.supervisor.says("ya")

    await office.supervisor.taps("Lihat laporan")
    assert "Nomor urut dahulu" in office.supervisor.sees
    assert "Baru kemudian dicatat" in office.supervisor.sees
    assert "2 orang melaporkan" in office.supervisor.sees


async def test_like_words_are_merged_by_the_author_with_one_tap(office: Office) -> None:
    await office.author.says("/start")
    await reports(office.clerk, "Hal lain", "1")
    await office.clerk.says("Buku agenda sudah diganti aplikasi persuratan")
    await reports(office.supervisor, "Formulir/aturan berubah", "2")
    await office.supervisor.says("Sekarang buku agenda diganti aplikasi persuratan")
    await reports(office.manager, "Pelaksana salah", "2")
    await office.manager.says("Ini bukan tugas arsiparis lagi")

    await author_sees(office, "2")
    assert "nomor 3" not in office.author.screen
    await office.author.taps("Gabungkan dengan nomor 1")

    assert "nomor 1 mewakili keduanya" in office.author.sees
    assert "2 orang melaporkan" in office.author.sees
    assert "Digabung dengannya: nomor 2" in office.author.sees
    await office.author.taps("Ditolak")
    assert "Jawab tanpa keterangan" not in office.author.screen
    await office.author.says("Buku agenda tetap dipakai")
    assert "Laporan Anda nomor 2: Ditolak" in office.supervisor.chat
    assert "Laporan Anda" not in office.manager.chat
