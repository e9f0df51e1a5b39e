"""What people type in a run: buttons' words, numbers and days as written here, options with a slip, reasons."""

from pathlib import Path

import pytest

from bot.storage.database import Transaction
from bot.storage.tables import DeviationRow, table
from tests.conftest import Office

deviation = table(DeviationRow)


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parent / "sops"


async def begin(office: Office, sop: str = "isian") -> None:
    await office.clerk.says(f"/start sop_{sop}")
    await office.clerk.taps("Mulai")


ANSWERS = {
    "Ruang": "Gudang 2",
    "Suhu": "45,5",
    "Tanggal": "besok",
    "Menyala": "sudah",
    "Keadaan": "rusk ringan",
    "Alat": "1,3",
}


async def answer_until(office: Office, field: str) -> None:
    """Answer what comes before `field`."""
    for name, words in ANSWERS.items():
        if name == field:
            break
        await office.clerk.says(words)


async def test_every_answer_can_be_typed(office: Office) -> None:
    await begin(office)

    await answer_until(office, "")

    for shown in (": Gudang 2", ": 45,5 °C", ": 25 November 2026", "Menyala? Ya", ": Rusak ringan", ": Obeng, Palu"):
        assert shown in office.clerk.sees
    await office.clerk.says("ok")
    assert "Langkah 2 dari 4" in office.clerk.sees


async def test_what_cannot_be_read_is_asked_again_with_the_reason(office: Office) -> None:
    await begin(office)
    await answer_until(office, "Suhu")
    for field, wrong, complaint, right in (
        ("Suhu", "empat puluh", "bukan angka", "45.5"),
        ("Tanggal", "31/2/2026", "tidak terbaca", "24 Nov"),
        ("Menyala", "mungkin", "jawab ya atau tidak", "gak"),
        ("Keadaan", "rusak", "tidak ada dalam pilihan", "rusak berat"),
        ("Alat", "obeng, gergaji", "tidak ada dalam pilihan", "palu, obng"),
    ):
        await office.clerk.says(wrong)
        assert complaint in office.clerk.sees
        assert f"👉 {field}" in office.clerk.sees
        await office.clerk.says(right)
    for shown in (": 45,5 °C", ": 24 November 2026", "Menyala? Tidak", ": Rusak berat", ": Obeng, Palu"):
        assert shown in office.clerk.sees


async def test_a_number_that_may_be_two_is_asked_about(office: Office) -> None:
    await begin(office)
    await answer_until(office, "Suhu")

    await office.clerk.says("1.500")
    assert "Angka mana yang dimaksud?" in office.clerk.sees

    await office.clerk.taps("1.500")
    assert "di luar kisaran biasa" in office.clerk.sees


async def test_a_value_out_of_range_can_be_mended_by_typing_the_right_one(office: Office) -> None:
    await begin(office)
    await answer_until(office, "Suhu")
    await office.clerk.says("95")
    assert "di luar kisaran biasa" in office.clerk.sees

    await office.clerk.says("59")

    assert "Suhu: 59 °C" in office.clerk.sees
    assert await reasons(office) == []


async def test_a_value_beyond_its_limit_is_asked_again(office: Office) -> None:
    await begin(office)
    await answer_until(office, "Suhu")

    await office.clerk.says("-5")

    assert "Suhu harus antara 0 °C dan 2.000 °C" in office.clerk.sees
    assert "👉 Suhu" in office.clerk.sees


async def to_decision(office: Office) -> None:
    await begin(office)
    await answer_until(office, "")
    await office.clerk.says("selesai")


@pytest.mark.parametrize("typed", ["lengkp", "1"])
async def test_a_decision_can_be_typed(office: Office, typed: str) -> None:
    await to_decision(office)

    await office.clerk.says(typed)

    assert "Langkah 3 dari 4" in office.clerk.sees


async def test_a_decision_that_goes_back_asks_its_reason_in_any_words(office: Office) -> None:
    await to_decision(office)

    await office.clerk.says("tidak")
    await office.clerk.says("Halaman dua hilang")

    assert "Langkah 1 dari 4" in office.clerk.sees
    assert "Halaman dua hilang" in await texts(office)


async def test_yes_is_no_way_out_of_a_decision_that_does_not_offer_it(office: Office) -> None:
    await to_decision(office)

    await office.clerk.says("ya")

    assert "pakai tombol" in office.clerk.sees
    assert "Langkah 2 dari 4" in office.clerk.sees


@pytest.mark.parametrize("word", ["Beres.", "slesai"])
async def test_a_checklist_says_what_is_not_ticked_whatever_the_word(office: Office, word: str) -> None:
    await to_decision(office)
    await office.clerk.says("lengkap")

    await office.clerk.says(word)
    assert "Masih kurang: Disalin" in office.clerk.sees

    await office.clerk.taps("Disalin")
    await office.clerk.taps("Dikunci")
    await office.clerk.says(word)
    assert "Langkah 4 dari 4" in office.clerk.sees


async def test_lewati_asks_why_and_a_reason_of_the_list_may_be_typed(office: Office) -> None:
    await begin(office)

    await office.clerk.says("lewati")
    await office.clerk.says("waktu tdak cukup")
    assert "Sudah tercatat" in office.clerk.sees

    await office.clerk.says("lanjut")
    assert "Langkah 2 dari 4" in office.clerk.sees
    assert await reasons(office) == ["no_time"]


async def test_a_reason_in_ones_own_words_is_another_reason_with_these_words(office: Office) -> None:
    await begin(office)

    await office.clerk.says("lewati")
    await office.clerk.says("Gedung dikosongkan karena banjir")

    assert "Langkah 2 dari 4" in office.clerk.sees
    assert await reasons(office) == ["other"]
    assert "Gedung dikosongkan karena banjir" in await texts(office)


async def test_a_voice_note_may_be_the_reason(office: Office) -> None:
    await begin(office)
    await office.clerk.says("tidak bisa")

    await office.clerk.sends_voice()
    await office.clerk.says("lanjut")

    assert "Langkah 1 dari 4" in office.clerk.sees
    assert await reasons(office) == ["other"]


async def test_selesai_after_a_record_ends_no_step_that_was_not_shown(office: Office) -> None:
    await begin(office, "surat-baru")
    await office.clerk.says("lewati")
    await office.clerk.says("waktu tidak cukup")

    await office.clerk.says("selesai")

    assert "Langkah 2 dari 2" in office.clerk.sees


async def test_other_words_search_and_can_become_a_note_of_the_step(office: Office) -> None:
    await begin(office, "surat-baru")

    await office.clerk.says("Stempel sedang dipinjam")
    await office.clerk.taps("Jadikan catatan langkah 1")

    assert "Stempel sedang dipinjam" in await texts(office)
    await office.clerk.says("selesai")
    assert "Langkah 2 dari 2" in office.clerk.sees


async def test_batal_without_a_slash_leaves_the_question(office: Office) -> None:
    await begin(office)
    await office.clerk.says("lewati")

    await office.clerk.says("batal")

    assert "Pertanyaan ditutup" in office.clerk.sees
    assert "👉 Ruang" in office.clerk.sees


async def test_the_time_of_a_late_entry_is_asked_again_until_it_can_be_read(office: Office) -> None:
    await begin(office, "surat-baru")
    office.clock.advance(hours=2)
    await office.clerk.says("selesai dengan catatan")
    await office.clerk.taps("Dicatat belakangan")

    await office.clerk.says("tadi pagi")
    assert "Ketik waktunya" in office.clerk.sees
    await office.clerk.says("23.00")
    assert "belum terjadi" in office.clerk.sees

    await office.clerk.says("pukul 09.30")
    assert "Sudah tercatat" in office.clerk.sees
    details = deviation.select().where(deviation.c.kind == "late_entry")
    rows = await office.app.database.run(lambda tx: tx.connection.execute(details).columns("detail").scalars().all())
    assert rows == ["2026-11-24T09:30:00+08:00/2026-11-24T03:00:00+00:00"]


async def reasons(office: Office) -> list[str]:
    """The reasons of the deviations so far."""
    return await office.app.database.run(_reasons)


def _reasons(tx: Transaction) -> list[str]:
    return list(tx.connection.execute(deviation.select().order_by(deviation.c.seq)).columns("reason").scalars())


async def texts(office: Office) -> str:
    """Everything that people wrote in their own words, as the journal keeps it."""
    return await office.app.database.run(_texts)


def _texts(tx: Transaction) -> str:
    return "\n".join(tx.connection.exec_driver_sql("SELECT text FROM journal_text").scalars())
