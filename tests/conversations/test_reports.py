"""A procedure is said to be wrong: words, photos and voices reach those who can mend it, and the run goes on."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.engine.sop import Status
from bot.sandbox.files import THUMBNAIL
from bot.sandbox.person import Person
from bot.storage.database import Transaction
from bot.storage.tables import JournalRow, table
from tests.conftest import Office

journal = table(JournalRow)


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parent / "sops"


def picture(number: int) -> bytes:
    """A picture unlike every other."""
    return THUMBNAIL + bytes([number])


async def begin(office: Office) -> None:
    for listener in (office.manager, office.supervisor):
        await listener.says("/start")
    await office.clerk.says("/start sop_surat-baru")
    await office.clerk.taps("Mulai")


async def report(office: Office) -> None:
    """Report that the order is wrong, from the step."""
    await office.clerk.taps("Kendala")
    await office.clerk.taps("Prosedur salah")
    await office.clerk.taps("Urutan")


def heard(person: Person, words: str) -> int:
    """How many messages hold these words."""
    return sum(words in str(one.get("text", one.get("caption", ""))) for one in person.messages)


async def test_a_photo_with_words_reaches_those_who_watch(office: Office) -> None:
    await begin(office)
    await report(office)

    await office.clerk.sends_photo(picture(1), caption="Contoh formulir yang baru")

    for watcher in (office.manager, office.supervisor):
        newest = watcher.messages[-1]
        assert "Contoh formulir yang baru" in newest["caption"]
        file = office.world.files.by_id(newest["photo"][-1]["file_id"])
        assert file is not None
        assert file.data == picture(1)


async def test_a_voice_note_reaches_those_who_watch(office: Office) -> None:
    await begin(office)
    await report(office)

    await office.clerk.sends_voice(b"OggS my words")

    assert "voice" in office.manager.messages[-1]
    assert "Tambahan pesan suara sudah diterima" in office.clerk.sees


async def test_an_album_is_one_report_until_the_reporter_says_that_is_all(office: Office) -> None:
    await begin(office)
    await report(office)

    await office.clerk.sends_album([picture(1), picture(2)])
    await office.clerk.says("Formulir lama dan baru")

    assert "Laporan nomor 1 sudah sampai" in office.clerk.chat
    assert sum("photo" in one for one in office.manager.messages) == 2
    assert heard(office.manager, "Formulir lama dan baru") == 1


async def test_after_a_report_the_run_goes_on(office: Office) -> None:
    await begin(office)
    await report(office)
    await office.clerk.sends_photo(picture(1))

    await office.clerk.taps("Selesai")
    await office.clerk.says("selesai")

    assert "Pelaksanaan selesai" in office.clerk.sees
    assert "sudah sampai" in office.clerk.chat


async def test_a_report_without_a_run_carries_its_photo(office: Office) -> None:
    await office.manager.says("/start")

    await office.clerk.says("/lapor")
    await office.clerk.says("surat masuk")
    await office.clerk.says("langkah 2")
    await office.clerk.taps("Salah ketik")
    await office.clerk.sends_photo(picture(1))

    assert "SOP Surat Masuk" in office.manager.chat
    assert "Langkah 2: Menyimpan surat" in office.manager.chat
    assert "photo" in office.manager.messages[-1]


async def test_a_word_that_finds_several_sops_asks_which(office: Office) -> None:
    await office.clerk.says("/lapor")
    await office.clerk.says("xyzzy")
    assert "Tidak ada SOP untuk" in office.clerk.sees

    await office.clerk.says("SOP")
    await office.clerk.taps("Bukti Kerja")
    await office.clerk.taps("Seluruh SOP")

    assert "Apa yang salah pada prosedurnya?" in office.clerk.sees


async def test_the_kind_can_be_typed_and_anything_else_is_the_report_itself(office: Office) -> None:
    await begin(office)
    await office.clerk.taps("Kendala")
    await office.clerk.taps("Prosedur salah")
    await office.clerk.says("urutn salah")
    await office.clerk.says("Simpan dahulu")
    assert heard(office.manager, "Urutan salah") == 1
    assert heard(office.manager, "Simpan dahulu") == 1

    await office.clerk.taps("Kendala")
    await office.clerk.taps("Prosedur salah")
    await office.clerk.says("Nomor surat tidak pernah disebut")
    assert "Anda sudah melaporkan langkah ini, nomor 1" in office.clerk.sees
    await office.clerk.taps("Buat laporan baru")
    assert "Laporan nomor 2 sudah sampai" in office.clerk.chat
    assert heard(office.manager, "Nomor surat tidak pernah disebut") == 1


async def test_the_words_of_the_admins_letter_cannot_break_it(office: Office) -> None:
    await begin(office)
    await report(office)

    await office.clerk.sends_photo(picture(1), caption="<b>" + "&" * 1000)

    assert "photo" in office.manager.messages[-1]
    assert "<b>&&&" in office.manager.messages[-1]["caption"]


async def test_what_is_added_to_a_step_that_cannot_be_done_reaches_those_who_watch(office: Office) -> None:
    await begin(office)
    await office.clerk.taps("Kendala")
    await office.clerk.taps("Tidak bisa")
    await office.clerk.taps("Alat")

    await office.clerk.sends_photo(picture(1))
    assert "photo" in office.supervisor.messages[-1]

    await office.clerk.says("Mesin cap rusak sejak pagi")
    assert heard(office.supervisor, "Mesin cap rusak sejak pagi") == 1
    assert "Langkah 1 dari 2" in office.clerk.sees


async def test_words_belong_to_the_version_that_was_reported_whatever_is_in_use_by_now(office: Office) -> None:
    await begin(office)
    await report(office)
    await office.app.database.run(_withdraw_all)

    await office.clerk.says("Urutannya terbalik")

    assert await office.app.database.run(_versions_in_journal) == ["2", "2"]


def _withdraw_all(tx: Transaction) -> None:
    for version in tx.versions.live():
        tx.versions.move(version.sop.digest, Status.WITHDRAWN)


def _versions_in_journal(tx: Transaction) -> list[str | None]:
    told = select(journal.c.version).where(journal.c.kind.in_(["reported", "report_explained"]))
    return list(tx.connection.execute(told.order_by(journal.c.seq)).scalars())
