"""Words for what had its end while they were being typed: kept where they belong, and answered truly."""

from pathlib import Path

import pytest

from tests.conftest import Office


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parents[1] / "conversations" / "sops"


SETTLED = "Laporan nomor 1 sudah mendapat jawaban. Tambahan Anda tersimpan di dalamnya."


async def test_what_is_added_to_a_report_that_was_rejected_meanwhile_is_kept_in_it(office: Office) -> None:
    clerk, budi = office.clerk, office.author
    await budi.says("/start")
    await clerk.says("/lapor")
    await clerk.says("surat masuk")
    await clerk.says("2")
    await clerk.taps("Urutan salah")
    await budi.taps("Lihat laporan")
    await budi.taps("Ditolak")
    await budi.says("Urutannya sengaja begitu")

    await clerk.says("Langkah 2 dan 3 tertukar")

    assert SETTLED in clerk.sees
    assert "Langkah 2 dan 3 tertukar" in budi.chat
    said = await office.app.database.run(lambda tx: [one.text for one in tx.reports.written([1])])
    assert said == ["Langkah 2 dan 3 tertukar"]
    await clerk.taps("Buat laporan baru")
    assert "Langkah mana" in clerk.sees


async def test_a_wording_for_a_report_that_was_rejected_meanwhile_is_kept_in_it_too(office: Office) -> None:
    clerk, budi = office.clerk, office.author
    await budi.says("/start")
    await clerk.says("/lapor")
    await clerk.says("surat masuk")
    await clerk.says("2")
    await clerk.taps("Urutan salah")
    await clerk.taps("Usulkan kalimat baru")
    await budi.taps("Lihat laporan")
    await budi.taps("Ditolak")
    await budi.says("Urutannya sengaja begitu")

    await clerk.says("Menyimpan lalu mencatat")

    assert SETTLED in clerk.sees
    said = await office.app.database.run(lambda tx: [one.text for one in tx.reports.written([1])])
    assert said == ["Menyimpan lalu mencatat"]
