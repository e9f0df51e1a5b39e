"""Many steps in a few seconds: a kind question, once a run, that neither blames nor blocks."""

from pathlib import Path

import pytest

from bot.sandbox.person import Person
from bot.storage.export import deviations
from tests.conftest import Office, folder_of

STEPS = "\n".join(f"  - {{id: s{number}, do: Mengisi kolom {number}, by: petugas}}" for number in range(1, 9))
SOP = f"""\
id: isi-buku
title: SOP Mengisi Buku
version: "1"
status: trial
kind: technical
unit: Tata Usaha
team: {{author: penulis, supervisor: kepala, manager: kepala}}
positions: {{petugas: Petugas, penulis: Penulis, kepala: Kepala}}
steps:
{STEPS}
"""


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    return folder_of(tmp_path, {"buku.yaml": SOP})


async def hurry(clerk: Person, steps: int) -> None:
    await clerk.says("/start sop_isi-buku")
    await clerk.taps("Mulai")
    for _ in range(steps):
        await clerk.taps("Selesai")


async def kinds(office: Office) -> list[str]:
    rows = await office.app.database.run(lambda tx: list(deviations(tx.connection, names=False)))
    return [row["kind"] for row in rows]


async def test_who_recorded_afterwards_says_when_and_that_is_one_late_entry(office: Office) -> None:
    clerk = office.clerk
    await hurry(clerk, 5)
    office.clock.advance(seconds=39)
    await clerk.taps("Selesai")
    assert "6 langkah dalam 39 detik." in clerk.sees
    assert "Sudah dikerjakan sebelumnya?" in clerk.sees

    await clerk.taps("Ya, saya catat belakangan")
    await clerk.says("25/11 pukul 08.10")
    assert "Langkah 7" in clerk.sees
    assert await kinds(office) == []  # not in the future
    await clerk.says("08.10")

    assert "Terima kasih, sudah dicatat." in clerk.sees
    assert "Langkah 7 dari 8" in clerk.sees
    assert await kinds(office) == ["late_entry"]
    await clerk.taps("Selesai")
    await clerk.taps("Selesai")
    assert "Langkah 6 dicatat belakangan" in clerk.sees
    await clerk.taps("Penjelasan")
    assert "dicatat belakangan: dikerjakan 08.10 WITA, dicatat 09.00 WITA" in clerk.sees


async def test_who_really_was_that_quick_leaves_a_hint_for_the_author_and_no_deviation(office: Office) -> None:
    clerk, budi = office.clerk, office.author
    await budi.says("/start")
    await office.holds(103, "penulis")
    await hurry(clerk, 6)
    message, data = next(
        (one["message_id"], row[0]["callback_data"])
        for one in reversed(clerk.messages)
        for row in one.get("reply_markup", {}).get("inline_keyboard", [])
        if "Tidak, memang cepat" in row[0]["text"]
    )
    await clerk.taps("Tidak, memang cepat")
    await clerk.taps_data(message, data)

    assert "6 langkah dalam 1 detik." in budi.sees
    assert "bukan penyimpangan" in budi.sees
    await clerk.taps("Selesai")
    await clerk.taps("Selesai")
    assert "Sesuai 100 %. Semua sesuai SOP." in clerk.sees
    assert await kinds(office) == []


async def test_the_question_blocks_nothing_and_is_not_asked_of_who_takes_their_time(office: Office) -> None:
    clerk = office.clerk
    await hurry(clerk, 6)
    await clerk.says("selesai")
    assert "Langkah 8 dari 8" in clerk.sees
    await clerk.says("selesai")
    assert "Sesuai 100 %" in clerk.sees

    await hurry(clerk, 5)
    office.clock.advance(seconds=41)
    await clerk.taps("Selesai")
    assert "Sudah dikerjakan sebelumnya?" not in clerk.sees
