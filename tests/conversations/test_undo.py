"""Urungkan: for a minute, also at the end of a run and after a pause; then a polite word."""

from pathlib import Path

import pytest

from tests.conftest import Office


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parent / "sops"


async def begin(office: Office) -> None:
    await office.clerk.says("/start sop_surat-baru")
    await office.clerk.taps("Mulai")


async def finish(office: Office) -> None:
    await begin(office)
    await office.clerk.taps("Selesai")
    await office.clerk.taps("Selesai")
    assert "Pelaksanaan selesai" in office.clerk.sees


@pytest.mark.parametrize("typed", [True, False])
async def test_the_end_of_a_run_is_taken_back_within_a_minute(office: Office, typed: bool) -> None:
    await finish(office)
    office.clock.advance(seconds=55)

    if typed:
        await office.clerk.says("urungkan")
    else:
        await office.clerk.taps("Urungkan")

    assert "Langkah 2 dari 2" in office.clerk.sees
    await office.clerk.says("/lanjut")
    assert "Langkah 2 dari 2" in office.clerk.sees


async def test_after_a_minute_the_button_and_the_word_answer_politely(office: Office) -> None:
    await finish(office)
    office.clock.advance(seconds=61)

    await office.clerk.taps("Urungkan")
    assert "60 detik" in office.clerk.alert
    assert "Pelaksanaan selesai" in office.clerk.sees

    await office.clerk.says("urungkan")
    assert "60 detik" in office.clerk.sees
    assert "Pelaksanaan selesai" in office.clerk.sees


async def test_a_stopped_run_is_taken_back_too(office: Office) -> None:
    await begin(office)
    await office.clerk.taps("Lainnya")
    await office.clerk.taps("Hentikan")
    await office.clerk.taps("Permintaan dibatalkan")

    await office.clerk.taps("Urungkan")

    assert "Langkah 1 dari 2" in office.clerk.sees


async def test_after_a_pause_it_takes_back_the_pause_and_no_step(office: Office) -> None:
    await begin(office)
    await office.clerk.taps("Selesai")
    await office.clerk.says("jeda")
    await office.clerk.taps("Jam kerja habis")

    await office.clerk.taps("Urungkan")

    assert "Langkah 2 dari 2" in office.clerk.sees
    assert "Dijeda" not in office.clerk.sees


async def test_a_minute_after_a_pause_it_says_how_to_go_on(office: Office) -> None:
    await begin(office)
    await office.clerk.says("jeda")
    await office.clerk.taps("Jam kerja habis")
    await office.clerk.taps("Cukup")
    office.clock.advance(minutes=2)

    await office.clerk.says("urungkan")

    assert "Lanjutkan" in office.clerk.sees
    assert "Dijeda" in office.clerk.sees


async def test_undo_goes_back_one_step_and_no_further(office: Office) -> None:
    await begin(office)
    await office.clerk.taps("Selesai")
    await office.clerk.taps("Urungkan")

    await office.clerk.says("urungkan")

    assert "Tidak ada yang dapat diurungkan" in office.clerk.sees
    assert "Langkah 1 dari 2" in office.clerk.sees
