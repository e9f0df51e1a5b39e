"""Whatever is sent: one clear sentence that says what to do, and nothing is lost."""

from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.files import THUMBNAIL
from tests.conftest import Office

Json = dict[str, Any]
FILE = {"file_id": "CAACAgIAAxkBAAIBY2", "file_unique_id": "AgADyQ4AAg", "file_size": 1000}


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parent / "sops"


async def begin(office: Office, sop: str = "isian") -> None:
    await office.clerk.says(f"/start sop_{sop}")
    await office.clerk.taps("Mulai")


ODD: dict[str, Json] = {
    "sticker": {
        "sticker": {**FILE, "type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    },
    "contact": {"contact": {"phone_number": "+62811", "first_name": "Budi"}},
    "poll": {
        "poll": {
            "id": "1",
            "question": "Kapan?",
            "options": [{"text": "Besok", "voter_count": 0, "persistent_id": "1"}],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": True,
            "members_only": False,
        }
    },
    "video note": {"video_note": {**FILE, "length": 240, "duration": 3}},
    "video": {"video": {**FILE, "width": 640, "height": 480, "duration": 3}, "caption": "selesai"},
    "animation": {
        "animation": {**FILE, "width": 64, "height": 64, "duration": 1},
        "document": {**FILE, "file_name": "a.mp4", "mime_type": "video/mp4"},
    },
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
    "audio": {"audio": {**FILE, "duration": 3}},
    "something new": {"hologram": {"depth": 3}},
}


async def test_what_no_step_can_use_is_told_so_and_the_question_stays(office: Office) -> None:
    await begin(office)

    for body in ODD.values():
        before = len(office.clerk.messages)
        await office.clerk.sends(body)
        assert "Pesan jenis itu tidak dapat dipakai" in office.clerk.sees
        assert len(office.clerk.messages) == before + 2

    await office.clerk.says("Gudang")
    assert "Ruang: Gudang" in office.clerk.sees


async def test_words_that_cannot_be_seen_are_no_answer(office: Office) -> None:
    await begin(office)

    await office.clerk.says("\u2800\u3164")

    assert "Silakan ketik jawabannya" in office.clerk.sees


async def test_an_answer_that_is_too_long_says_what_to_do(office: Office) -> None:
    await begin(office)

    await office.clerk.says("a" * 4096)

    assert "paling banyak 1.000 karakter" in office.clerk.sees
    assert "👉 Ruang" in office.clerk.sees


async def test_a_very_long_search_is_answered(office: Office) -> None:
    await office.clerk.says("apa saja " * 400)

    assert "Tidak ada SOP untuk" in office.clerk.sees


async def test_a_forwarded_answer_counts_and_a_forwarded_word_moves_nothing(office: Office) -> None:
    await begin(office)
    words = await office.supervisor.says("Gudang 7")
    await office.clerk.sends(forwarded(office, words))
    assert "Ruang: Gudang 7" in office.clerk.sees

    await begin(office, "surat-baru")
    words = await office.supervisor.says("selesai")
    await office.clerk.sends(forwarded(office, words))
    await office.clerk.taps("Surat Masuk")
    assert "Pesan terusan tidak menjalankan langkah" in office.clerk.sees
    assert "Langkah 1 dari 2" in office.clerk.sees


def forwarded(office: Office, message: int) -> Json:
    """What the supervisor wrote, as somebody forwards it."""
    original = office.world.message(102, message)
    origin = {"type": "user", "date": original["date"], "sender_user": original["from"]}
    return {"text": original["text"], "forward_origin": origin}


async def test_a_card_that_is_forwarded_back_is_no_answer(office: Office) -> None:
    await begin(office)

    await office.clerk.forwards(office.clerk.messages[-1]["message_id"])

    assert "Pesan jenis itu tidak dapat dipakai" in office.clerk.sees
    await office.clerk.says("/lanjut")
    assert "👉 Ruang" in office.clerk.sees


async def test_a_changed_message_is_told_once_that_the_first_counts(office: Office) -> None:
    await begin(office)
    number = await office.clerk.says("Gudang")

    await office.clerk.edits(number, "Gudang 2")
    await office.clerk.edits(number, "Gudang 3")

    told = [one for one in office.clerk.messages if "kiriman pertama" in one.get("text", "")]
    assert len(told) == 1
    await office.clerk.says("/lanjut")
    assert "Ruang: Gudang\n" in office.clerk.sees


async def test_a_place_that_moves_is_no_new_message(office: Office) -> None:
    await begin(office)
    place = {"location": {"latitude": 2.1, "longitude": 117.4, "live_period": 900}}
    number = await office.clerk.sends(place)
    before = len(office.clerk.messages)

    office.world.push_raw({"edited_message": {**office.world.message(101, number), "edit_date": office.world.now}})
    await office.settle()

    assert len(office.clerk.messages) == before


@pytest.mark.parametrize("command", ["/bantuan", "/tinjauan", "/bahasa", "/tidakada"])
async def test_a_command_in_the_middle_of_a_question_leaves_it_open(office: Office, command: str) -> None:
    await begin(office)
    await office.clerk.says("lewati")

    await office.clerk.says(command)
    await office.clerk.says("waktu tidak cukup")

    assert "Sudah tercatat" in office.clerk.sees


async def test_a_photo_without_an_open_run_is_told_so(office: Office) -> None:
    await office.clerk.sends_photo(THUMBNAIL)

    assert "tidak ada langkah terbuka yang meminta berkas" in office.clerk.sees


async def test_a_word_of_a_button_without_an_open_run_is_told_so(office: Office) -> None:
    await office.clerk.says("selesai")

    assert "Anda tidak punya pelaksanaan terbuka" in office.clerk.sees
