"""Several open runs: words and photos find the one they are for, and none is ever lost."""

from pathlib import Path

import pytest

from bot.sandbox.files import THUMBNAIL
from tests.conftest import Office, StartOffice


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parent / "sops"


async def begin(office: Office, sop: str) -> int:
    """Start an SOP and return the message of its card."""
    await office.clerk.says(f"/start sop_{sop}")
    await office.clerk.taps("Mulai")
    return card(office)


def card(office: Office) -> int:
    """The newest card of a run."""
    mine = [one for one in office.clerk.messages if "Langkah" in one.get("text", "") and "reply_markup" in one]
    return int(mine[-1]["message_id"])


async def begin_two(office: Office) -> tuple[int, int]:
    """Letters come in (run 1), and a machine is photographed (run 2)."""
    return await begin(office, "surat-baru"), await begin(office, "bukti")


async def test_lanjut_lists_them_with_their_steps_and_the_chosen_card_comes_below(office: Office) -> None:
    await begin_two(office)

    await office.clerk.says("/lanjut")
    assert "#1 Surat Masuk" in office.clerk.sees
    assert "1/2 Mencatat surat" in office.clerk.sees
    assert "1/4 Memotret mesin dari dua sisi" in office.clerk.sees

    await office.clerk.taps("#1")
    assert "Mencatat surat" in office.clerk.sees


async def test_a_word_is_asked_about_and_then_does_its_work(office: Office) -> None:
    await begin_two(office)

    await office.clerk.says("selesai")
    assert "Untuk pelaksanaan yang mana? “selesai”" in office.clerk.sees

    await office.clerk.taps("#1 Surat Masuk")
    assert "Menyimpan surat" in office.clerk.sees


async def test_the_chosen_run_stays_in_hand_until_another_is_touched(office: Office) -> None:
    _, photos = await begin_two(office)
    await office.clerk.says("selesai")
    await office.clerk.taps("#1 Surat Masuk")

    await office.clerk.says("jeda")
    assert "Mengapa pelaksanaan dijeda?" in office.clerk.sees
    await office.clerk.taps("Kembali")

    await office.clerk.taps_data(photos, data_of(office, photos, "Kendala"))
    await office.clerk.taps("Kembali")
    await office.clerk.says("selesai")
    assert "Untuk pelaksanaan yang mana?" in office.clerk.sees


def data_of(office: Office, message: int, word: str) -> str:
    """What a button of a message sends back."""
    rows = office.world.message(101, message)["reply_markup"]["inline_keyboard"]
    return next(str(one["callback_data"]) for row in rows for one in row if word in one["text"])


async def test_an_album_waits_for_its_run_and_comes_whole(office: Office) -> None:
    await begin_two(office)

    await office.clerk.sends_album([THUMBNAIL + b"1", THUMBNAIL + b"2"], caption="selesai")
    assert "“selesai”, 2 berkas" in office.clerk.sees

    await office.clerk.taps("#2 Bukti Kerja")
    assert "Foto 2/2" in office.clerk.sees


async def test_a_reply_to_a_card_belongs_to_its_run(office: Office) -> None:
    letters, photos = await begin_two(office)

    await office.clerk.sends_photo(THUMBNAIL, reply_to=photos)
    assert "Foto 1/2" in office.clerk.sees

    await office.clerk.says("selesai", reply_to=letters)
    assert "Menyimpan surat" in office.clerk.sees


async def test_a_reply_goes_past_the_question_of_another_run_which_is_then_closed(office: Office) -> None:
    letters, photos = await begin_two(office)
    await office.clerk.taps_data(photos, data_of(office, photos, "Kendala"))

    await office.clerk.says("selesai", reply_to=letters)

    assert "Menyimpan surat" in office.clerk.sees
    assert "Foto 0/2" in office.world.message(101, photos)["text"]


async def test_words_that_are_for_no_run_search(office: Office) -> None:
    await begin_two(office)

    await office.clerk.says("buku jaga")

    assert "Isian Harian" in office.clerk.screen


async def test_words_that_could_be_an_answer_may_be_searched_for_after_all(office: Office) -> None:
    await begin(office, "surat-baru")
    await begin(office, "isian")

    await office.clerk.says("surat masuk")
    assert "Untuk pelaksanaan yang mana?" in office.clerk.sees
    await office.clerk.taps("Cari SOP")

    assert "Surat Masuk" in office.clerk.screen
    assert "Ruang: " not in office.clerk.chat


async def test_batal_says_that_what_was_sent_was_not_used(office: Office) -> None:
    await begin_two(office)
    await office.clerk.says("selesai")

    await office.clerk.says("/batal")

    assert "tidak dipakai untuk pelaksanaan mana pun" in office.clerk.chat
    await office.clerk.says("/lanjut")
    await office.clerk.taps("#1")
    assert "Mencatat surat" in office.clerk.sees


async def test_the_same_sop_offers_the_open_run_or_a_new_one(office: Office) -> None:
    await begin(office, "surat-baru")
    await office.clerk.says("selesai")

    await office.clerk.says("/start sop_surat-baru")
    assert "Lanjutkan #1" in office.clerk.screen
    assert "Mulai baru" in office.clerk.screen

    await office.clerk.taps("Lanjutkan #1")
    assert "Menyimpan surat" in office.clerk.sees


async def test_a_new_run_of_the_same_sop_stands_beside_the_old_one(office: Office) -> None:
    await begin(office, "surat-baru")

    await office.clerk.says("/start sop_surat-baru")
    await office.clerk.taps("Mulai baru")

    assert "#2" in office.clerk.sees
    await office.clerk.says("/lanjut")
    assert "#1 Surat Masuk" in office.clerk.sees
    assert "#2 Surat Masuk" in office.clerk.sees


async def test_after_days_and_a_restart_every_run_is_there(start_office: StartOffice) -> None:
    async with start_office() as office:
        await begin_two(office)
        await office.clerk.says("selesai")
        await office.clerk.taps("#1 Surat Masuk")
        office.clock.advance(days=5)
    async with start_office() as office:
        await office.clerk.says("/lanjut")
        assert "2/2 Menyimpan surat" in office.clerk.sees

        await office.clerk.taps("#1")
        await office.clerk.taps("Selesai")
        assert "Pelaksanaan selesai" in office.clerk.sees


async def test_a_cleared_chat_loses_nothing(office: Office) -> None:
    await begin(office, "surat-baru")
    await office.clerk.says("selesai")
    office.world.delete_chat(101)

    await office.clerk.says("/lanjut")

    assert "Menyimpan surat" in office.clerk.sees
