"""/batal leaves whatever is asked, and moves no run."""

from pathlib import Path

import pytest

from bot.sandbox.files import THUMBNAIL
from bot.storage.database import Transaction
from bot.storage.tables import JournalRow, table
from tests.conftest import Office

journal = table(JournalRow)


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parent / "sops"


async def begin(office: Office, sop: str) -> None:
    await office.clerk.says(f"/start sop_{sop}")
    await office.clerk.taps("Mulai")


async def events(office: Office) -> int:
    """How much has happened so far."""
    return await office.app.database.run(_events)


def _events(tx: Transaction) -> int:
    return len(tx.connection.execute(journal.select()).all())


ON_A_CARD = {
    "Kendala": ["Kendala"],
    "Lainnya": ["Lainnya"],
    "the list of steps": ["Lainnya", "Daftar langkah"],
    "why skipped": ["Kendala", "Lewati"],
    "why not applicable": ["Kendala", "Tidak berlaku"],
    "why not possible": ["Kendala", "Tidak bisa"],
    "which note": ["Kendala", "Selesai dengan catatan"],
    "when": ["Kendala", "Selesai dengan catatan", "Dicatat belakangan"],
    "why paused": ["Lainnya", "Jeda"],
    "why stopped": ["Lainnya", "Hentikan"],
    "filling again": ["Lainnya", "✏️ Ruang"],
    "an optional field": ["Lainnya", "✏️ Sisa"],
}


async def test_every_question_on_a_card_is_left_unharmed(office: Office) -> None:
    await begin(office, "isian")
    for words in ("Gudang", "45", "besok", "ya", "baik"):
        await office.clerk.says(words)
    so_far = await events(office)

    for buttons in ON_A_CARD.values():
        for button in buttons:
            await office.clerk.taps(button)
        await office.clerk.says("/batal")
        assert "Pertanyaan ditutup" in office.clerk.sees
        assert "👉 Alat" in office.clerk.sees
    assert await events(office) == so_far


async def test_a_value_that_waits_for_its_meaning_or_its_reason_is_dropped(office: Office) -> None:
    await begin(office, "isian")
    await office.clerk.says("Gudang")
    so_far = await events(office)

    for words in ("1.500", "95"):
        await office.clerk.says(words)
        await office.clerk.says("/batal")
        assert "👉 Suhu" in office.clerk.sees
    assert await events(office) == so_far


async def test_options_that_were_ticked_are_dropped(office: Office) -> None:
    await begin(office, "isian")
    for words in ("Gudang", "45", "besok", "ya", "baik"):
        await office.clerk.says(words)
    await office.clerk.taps("Tang")
    assert "☑️ Tang" in office.clerk.screen

    await office.clerk.says("/batal")

    assert "⬜ Tang" in office.clerk.screen


async def test_what_can_be_added_to_a_record_is_left_and_the_record_stays(office: Office) -> None:
    await begin(office, "surat-baru")
    await office.clerk.says("lewati")
    await office.clerk.says("waktu tidak cukup")
    so_far = await events(office)

    await office.clerk.says("/batal")

    assert "Langkah 2 dari 2" in office.clerk.sees
    assert await events(office) == so_far


async def test_a_report_is_left_before_and_after_it_has_its_number(office: Office) -> None:
    await begin(office, "surat-baru")
    await office.clerk.says("/lapor")
    await office.clerk.says("/batal")
    assert "Laporan dibatalkan" in office.clerk.chat

    await office.clerk.says("prosedur salah")
    await office.clerk.says("/batal")
    await office.clerk.says("prosedur salah")
    await office.clerk.taps("Salah ketik")
    await office.clerk.says("/batal")

    assert "Laporan nomor 1 sudah sampai" in office.clerk.chat
    await office.clerk.says("selesai")
    assert "Langkah 2 dari 2" in office.clerk.sees


async def test_searches_are_left(office: Office) -> None:
    await begin(office, "surat-baru")

    for words in ("/start", "/sop", "/start sop_isian", "catatan saya"):
        await office.clerk.says(words)
        await office.clerk.says("/batal")
        assert "/lanjut menampilkannya" in office.clerk.sees

    await office.clerk.says("selesai")
    assert "Langkah 2 dari 2" in office.clerk.sees


async def test_a_question_answered_after_batal_says_that_it_is_closed(office: Office) -> None:
    await begin(office, "surat-baru")
    await office.clerk.taps("Kendala")
    await office.clerk.taps("Lewati")
    card = office.clerk.messages[-1]
    data = card["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await office.clerk.says("/batal")

    await office.clerk.taps_data(card["message_id"], data)

    assert "saat sebelumnya" in office.clerk.alert
    assert "Langkah 1 dari 2" in office.clerk.sees


async def test_a_photo_that_waits_for_its_run_is_given_up(office: Office) -> None:
    await begin(office, "surat-baru")
    await begin(office, "bukti")
    so_far = await events(office)
    await office.clerk.sends_photo(THUMBNAIL)

    await office.clerk.says("batal")

    assert "tidak dipakai untuk pelaksanaan mana pun" in office.clerk.chat
    assert await events(office) == so_far
