"""Reports are for those who look after the SOP: of its unit, or by the position of its author."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.engine.people import Role
from bot.storage.database import Transaction
from bot.storage.tables import ReportRow, table
from bot.views import report_taps as r
from tests.conftest import Office
from tests.people.records import kinds, known

report = table(ReportRow)


@pytest.fixture(autouse=True)
def divided(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parents[2] / "data" / "office.yaml", tmp_path / "office.yaml")


async def test_elsewhere_an_author_reads_and_answers_nothing_unless_they_hold_its_position(office: Office) -> None:
    for person in (office.author, office.supervisor):
        await person.says("/start")
    await office.works_in("seksi-pakis", 103)
    await office.works_in("subbag-tu", 102)
    await office.clerk.says("/lapor")
    await office.clerk.says("uji fungsi")
    await office.clerk.taps("Seluruh SOP")
    await office.clerk.taps("Langkah kurang")
    assert "Lihat laporan" in office.supervisor.screen
    assert "nomor 1" not in office.author.chat

    for tap in (r.ShowReport(1), r.AnswerIs(1, 0, 0), r.SendReportFiles(1), r.ReportsOf("uji-fungsi-komputer", 0)):
        before = await office.app.database.run(_standing)
        await office.author.taps_data(1, office.app.house.pack.plain(tap))
        assert "bukan untuk Anda" in office.author.alert
        assert await office.app.database.run(_standing) == before
    assert (await kinds(office)).count("attempt_denied") == 4

    await office.holds(103, "petugas-ti")
    await office.author.says("/lapor")
    await office.author.taps("Laporan masuk (1)")
    await office.author.taps("1 · ")
    await office.author.taps("Masuk revisi")
    await office.author.taps("Jawab tanpa keterangan")
    assert "Laporan Anda nomor 1: Masuk revisi" in office.clerk.chat


async def test_whoever_is_no_author_any_more_answers_nothing(office: Office) -> None:
    await office.author.says("/start")
    await office.clerk.says("/lapor")
    await office.clerk.says("uji fungsi")
    await office.clerk.taps("Seluruh SOP")
    await office.clerk.taps("Langkah kurang")
    await office.works_in("subbag-tu", 103)
    await office.author.says("/lapor")
    await office.author.taps("Laporan masuk")
    await office.author.taps("1 · ")
    await office.author.taps("Diterima")
    me = (await known(office, 103)).id
    await office.app.database.run(lambda tx: tx.people.give_roles(me, [Role.PERFORMER]))

    await office.author.says("Saya terima")

    assert await office.app.database.run(_standing) == ["open"]
    assert "Laporan Anda" not in office.clerk.chat


def _standing(tx: Transaction) -> list[str]:
    return list(tx.connection.execute(select(report.c.state)).scalars())
