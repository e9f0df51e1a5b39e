"""The same walk for somebody who reads English: commands, buttons, words, answers, complaints."""

import re
from pathlib import Path

import pytest

from bot.sandbox.files import THUMBNAIL
from bot.storage.database import Transaction
from tests.conftest import Office

INDONESIAN = re.compile(
    r"\b(langkah|pelaksanaan|silakan|tidak|kirim|ketik|ketuk|selesai|lanjut|kembali|berkas|dari|untuk|yang)\b", re.I
)
OF_THE_SOP = re.compile(
    r"Mengisi buku|Apakah isian lengkap\?|Tidak lengkap|Menyimpan buku|Menutup lemari|SOP Isian Harian|Isian Harian|"
    r"Memotret mesin dari dua sisi|Menyerahkan berita acara|Rusak (ringan|berat)|/lanjut"
)


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parent / "sops"


@pytest.fixture
async def english(office: Office) -> Office:
    """The clerk has chosen English."""
    await office.clerk.says("/language")
    await office.clerk.taps("English")
    assert "From now on I write in English" in office.clerk.sees
    return office


def leftovers(office: Office) -> list[str]:
    """Lines of the bot, since English was chosen, that hold Indonesian words which are not the SOP's own."""
    texts = [str(one.get("text", one.get("caption", ""))) for one in office.clerk.messages if one["from"]["is_bot"]]
    lines = [line for text in texts for line in text.splitlines()]
    rows = [row for one in office.clerk.messages for row in one.get("reply_markup", {}).get("inline_keyboard", [])]
    labels = [button["text"] for row in rows for button in row]
    return [line for line in [*lines, *labels] if INDONESIAN.search(OF_THE_SOP.sub("", line))]


async def test_a_run_is_walked_in_english(english: Office) -> None:
    clerk = english.clerk
    await clerk.says("/find isian")
    await clerk.taps("Isian Harian")
    await clerk.taps("Start")
    assert "Step 1 of 4" in clerk.sees

    for words in ("Store room", "45.5", "tomorrow", "yes", "baik", "1,3"):
        await clerk.says(words)
    assert "25 November 2026" in clerk.sees
    assert "45.5 °C" in clerk.sees
    await clerk.says("done")
    await clerk.taps("Lengkap")
    await clerk.taps("Problem")
    await clerk.taps("Skip")
    await clerk.taps("No time left")
    assert "It is recorded." in clerk.sees
    await clerk.says("that is all")
    await clerk.says("done with a note")
    await clerk.says("Extra work was needed")
    await clerk.says("The lock was stiff")

    assert "The run is complete" in clerk.sees
    assert "Conforming" in clerk.sees
    assert "Step 3 skipped and step 4 extra work." in clerk.sees
    assert leftovers(english) == []


async def test_photos_pauses_reports_and_lists_speak_english(english: Office) -> None:
    clerk = english.clerk
    await clerk.says("/start sop_bukti")
    await clerk.taps("Start")
    await clerk.sends_voice()
    assert "Please send a photo" in clerk.sees
    await clerk.sends_photo(THUMBNAIL)
    await clerk.sends_photo(THUMBNAIL)
    assert "This photo was used at step 1 already" in clerk.sees
    await clerk.taps("No, I send another")
    await clerk.taps("More")
    await clerk.taps("Attachments")
    await clerk.taps("Back")
    await clerk.says("pause")
    await clerk.taps("Working day is over")
    await clerk.taps("That is all")
    await clerk.says("resume")
    await clerk.says("procedure wrong")
    await clerk.taps("Time is unrealistic")
    await clerk.says("Five minutes are too few")
    await clerk.says("/resume")
    await clerk.says("/cancel")
    await clerk.says("/help")
    await clerk.says("/reviews")
    await clerk.says("/report")
    await clerk.taps("Cancel")
    await clerk.says("undo")

    assert leftovers(english) == []


async def test_two_photos_more_are_two_photos(english: Office) -> None:
    await english.clerk.says("/start sop_bukti")
    await english.clerk.taps("Start")

    await english.clerk.sends_album([THUMBNAIL + bytes([number]) for number in range(4)])

    assert "Photo 2/2" in english.clerk.sees
    assert "Also attached: 2 photos" in english.clerk.sees


async def test_a_person_can_change_back(english: Office) -> None:
    await english.clerk.says("/bahasa")
    await english.clerk.taps("Bahasa Indonesia")

    assert await english.app.database.run(_language) == "id"
    await english.clerk.says("/start")
    assert "Halo" in english.clerk.sees


def _language(tx: Transaction) -> str:
    person = tx.people.by_chat(101)
    assert person is not None
    return person.language
