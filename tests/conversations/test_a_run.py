"""A clerk walks an SOP on the phone, through the same door as in the office."""

import pytest

from tests.conftest import Office, StartOffice

LAPTOP = "lptop rusak"


async def begin(office: Office) -> None:
    await office.clerk.says(LAPTOP)
    await office.clerk.taps("Pemeliharaan Komputer")
    await office.clerk.taps("Mulai")


async def fill_first_step(office: Office) -> None:
    for words in ("Ruang Umum", "120", "Tidak menyala"):
        await office.clerk.says(words)


async def test_typed_words_with_a_slip_find_the_sop_and_start_it(office: Office) -> None:
    await begin(office)

    assert "Langkah 1 dari 16" in office.clerk.sees
    assert "Pengguna Komputer" in office.clerk.sees


async def test_selesai_leads_to_the_next_step(office: Office) -> None:
    await begin(office)
    await fill_first_step(office)

    await office.clerk.taps("Selesai")

    assert "Langkah 2 dari 16" in office.clerk.sees


async def test_the_typed_word_does_what_the_button_does(office: Office) -> None:
    await begin(office)
    await fill_first_step(office)

    await office.clerk.says("selesai")

    assert "Langkah 2 dari 16" in office.clerk.sees


async def test_a_step_that_wants_something_says_what(office: Office) -> None:
    await begin(office)

    await office.clerk.says("selesai")

    assert "Masih kurang" in office.clerk.sees


async def test_kendala_asks_a_reason_and_records_it(office: Office) -> None:
    await begin(office)

    await office.clerk.taps("Kendala")
    await office.clerk.taps("Lewati")
    await office.clerk.taps("Tidak diperlukan")
    assert "Sudah tercatat" in office.clerk.sees

    await office.clerk.says("Formulir sudah ada di meja")
    assert "Langkah 2 dari 16" in office.clerk.sees


async def test_urungkan_brings_the_step_back(office: Office) -> None:
    await begin(office)
    await fill_first_step(office)
    await office.clerk.taps("Selesai")

    await office.clerk.taps("Urungkan")

    assert "Langkah 1 dari 16" in office.clerk.sees
    assert "Ruang Umum" in office.clerk.sees


async def test_a_run_rests_and_goes_on(office: Office) -> None:
    await begin(office)
    await office.clerk.taps("Lainnya")
    await office.clerk.taps("Jeda")
    await office.clerk.taps("Jam kerja habis")
    await office.clerk.taps("Cukup")
    assert "Dijeda" in office.clerk.sees

    await office.clerk.taps("Lanjutkan")

    assert "Langkah 1 dari 16" in office.clerk.sees


async def test_a_restart_in_the_middle_loses_nothing(start_office: StartOffice) -> None:
    async with start_office() as office:
        await begin(office)
        await fill_first_step(office)
    async with start_office() as office:
        await office.clerk.taps("Selesai")
        assert "Langkah 2 dari 16" in office.clerk.sees


async def test_lanjut_brings_the_card_below(office: Office) -> None:
    await begin(office)
    await office.later(days=3)

    await office.clerk.says("/lanjut")

    assert "Langkah 1 dari 16" in office.clerk.sees


async def test_a_wrong_procedure_is_reported_in_two_taps_and_the_admin_hears(office: Office) -> None:
    await office.manager.says("/start")
    await begin(office)

    await office.clerk.taps("Kendala")
    await office.clerk.taps("Prosedur salah")
    await office.clerk.taps("Waktu tidak realistis")
    assert "laporan nomor 1" in office.clerk.sees
    await office.clerk.says("Sepuluh menit tidak cukup")

    assert "Sepuluh menit tidak cukup" in office.manager.sees
    assert "Laporan nomor 1 sudah sampai" in office.clerk.chat


async def test_a_stranger_gets_one_polite_line_an_hour(office: Office) -> None:
    stranger = office.person(999)
    await stranger.says("/start")
    await stranger.says("halo")

    lines = [one for one in stranger.messages if "belum terdaftar" in one.get("text", "")]
    assert len(lines) == 1


async def test_a_trial_brings_its_reminder_once_when_its_window_opens(office: Office) -> None:
    await office.manager.says("/start")
    await office.later(days=35)
    await office.later(minutes=5)

    lists = [one for one in office.manager.messages if "Yang perlu dilihat" in one.get("text", "")]
    assert len(lists) == 1
    assert "1 lagi ada di daftar tinjauan" in lists[0]["text"]


@pytest.mark.parametrize("word", ["/bantuan", "/tinjauan", "/bahasa", "/sop", "/lapor", "/batal"])
async def test_every_command_answers(office: Office, word: str) -> None:
    before = len(office.clerk.messages)
    await office.clerk.says(word)
    assert len(office.clerk.messages) > before


async def test_a_card_is_sent_anew_below_what_the_person_wrote(office: Office) -> None:
    await begin(office)
    await office.clerk.says("Ruang Umum")

    newest = office.clerk.messages[-1]
    assert newest["from"]["is_bot"]
    assert sum("reply_markup" in one for one in office.clerk.messages if "Langkah 1" in one.get("text", "")) == 1
