"""A report without an answer is reminded of: once to its authors, a week later to those above them, in office hours."""

from pathlib import Path

import pytest

from bot.storage import export
from bot.storage.database import Transaction
from tests.conftest import Office


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parents[1] / "conversations" / "sops"


@pytest.fixture
async def reported(office: Office) -> Office:
    """Andi and Siti reported the same; Budi is the author."""
    for listener in (office.author, office.supervisor, office.manager):
        await listener.says("/start")
    for reporter in (office.clerk, office.supervisor):
        await reporter.says("/lapor")
        await reporter.says("surat masuk")
        await reporter.says("2")
        await reporter.taps("Urutan salah")
        if reporter is office.supervisor:
            await reporter.taps("Ikut melaporkan")
        await reporter.says("=Terbalik")
    return office


WAITS = "Laporan nomor 1 menunggu jawaban"


async def test_the_author_is_reminded_once_then_the_supervisor_and_nobody_at_night(reported: Office) -> None:
    await reported.later(days=13, hours=23)
    assert WAITS not in reported.author.chat
    await reported.later(hours=13)  # past fourteen days, at 21.00
    assert WAITS not in reported.author.chat

    await reported.later(hours=11)
    await reported.later(minutes=1)
    assert reported.author.chat.count(WAITS) == 1
    assert "2 orang melaporkan" in reported.author.sees
    assert WAITS not in reported.supervisor.chat
    assert "Laporan nomor 2 menunggu" not in reported.author.chat

    await reported.later(days=8)
    await reported.later(days=30)
    assert reported.supervisor.chat.count(WAITS) == 1
    assert reported.author.chat.count(WAITS) == 1
    assert WAITS not in reported.manager.chat


async def test_where_the_author_wants_quiet_the_next_in_line_hears_of_it(reported: Office) -> None:
    await reported.author.says("/diam")
    await reported.author.taps("Diam 1 bulan")
    for _ in range(2):
        await reported.later(days=8)

    assert WAITS not in reported.author.chat
    assert reported.supervisor.chat.count(WAITS) == 1


async def test_whoever_answers_in_time_is_not_reminded_and_the_export_tells_it_all(reported: Office) -> None:
    await reported.author.taps("Lihat laporan")
    await reported.author.taps("Diterima")
    await reported.author.says("Akan ditukar")
    await reported.supervisor.taps("Usulkan kalimat baru")
    await reported.supervisor.says("Menyimpan lalu mencatat")
    await reported.later(days=20)
    assert WAITS not in reported.author.chat

    rows = await reported.app.database.run(_exported)

    assert [(row["number"], row["state"], row["people"], row["merged_into"]) for row in rows] == [
        (1, "accepted", 2, None),
        (2, "accepted", 2, 1),
    ]
    assert [row["words"] for row in rows] == ["=Terbalik", "=Terbalik"]
    assert [row["wording"] for row in rows] == ["", "Menyimpan lalu mencatat"]
    assert all(row["answer"] == "Akan ditukar" and row["answered_by"].startswith("p-") for row in rows)


def _exported(tx: Transaction) -> list[export.Row]:
    return list(export.reports(tx.connection, False))
