"""/rekap: the figures of what one may see, and the runs behind every number."""

from dataclasses import replace

from bot.engine import commands as c
from bot.engine.reports import Fault
from bot.engine.run import Attachment, FileKind, Seen
from bot.engine.sop import Status
from bot.services import hands, reviews
from bot.storage.database import Transaction
from tests.conftest import Office
from tests.figures.conftest import AGAIN, CLEAN, SKIPPING, go_on, walk


async def test_every_number_leads_to_its_runs(office: Office) -> None:
    slow = await walk(office, 101, "harian", SKIPPING, minutes=45)
    for commands in (CLEAN, CLEAN, CLEAN, CLEAN, AGAIN):
        await walk(office, 101, "harian", commands)
    await walk(office, 101, "percobaan", CLEAN)
    await walk(office, 101, "harian", (c.Finish(),))
    await walk(office, 103, "harian", CLEAN)
    await office.later(minutes=2)

    await office.supervisor.says("/rekap")
    assert "7 pelaksanaan berakhir" not in office.supervisor.sees
    assert "6 pelaksanaan berakhir" in office.supervisor.sees
    assert "Kesesuaian: rata-rata 96 % dari 6" in office.supervisor.sees
    assert "Tanpa penyimpangan: 83 % (5 dari 6)" in office.supervisor.sees
    assert "uji coba dihitung terpisah: 1" in office.supervisor.sees

    await office.supervisor.taps("Penyimpangan")
    await office.supervisor.taps("dilewati")
    await office.supervisor.taps(f"#{slow}")
    assert f"#{slow}" in office.supervisor.sees
    assert "dilewati" in office.supervisor.sees

    await office.supervisor.says("/rekap")
    await office.supervisor.taps("Per SOP")
    await office.supervisor.taps("Pencatatan Harian")
    assert "separuh dalam 10 menit, 9 dari 10 dalam 45 menit; baku 30 menit (7×)" in office.supervisor.sees
    await office.supervisor.taps("‹ Semua")
    await office.supervisor.taps("Uji coba")
    assert "belum ditampilkan" in office.supervisor.sees
    await office.supervisor.taps("‹ Oktober 2026")
    assert "0 pelaksanaan berakhir" in office.supervisor.sees

    await office.manager.says("/rekap")
    assert "7 pelaksanaan berakhir" in office.manager.sees
    await office.manager.taps("Per unit")
    await office.manager.taps("Seksi PAKIS")
    assert "1 pelaksanaan berakhir" in office.manager.sees

    await office.author.says("/rekap")
    assert "1 pelaksanaan berakhir" in office.author.sees


async def test_what_waits_between_performers_is_told_by_both_clocks(office: Office) -> None:
    await office.supervisor.says("/start")  # else nothing is offered to her
    await office.holds(102, "pemeriksa")
    for _ in range(5):
        number = await walk(office, 101, "estafet", (c.Finish(),), minutes=4.1)
        await go_on(office, 102, number, (c.Accept(),), minutes=8)
        await go_on(office, 102, number, (c.Finish(),), minutes=1.9)
    await office.later(minutes=2)

    await office.supervisor.says("/rekap")
    assert "Kantor rata-rata: dikerjakan 6 menit, menunggu antarpelaksana 8 menit." in office.supervisor.sees
    assert "Waktu pemohon rata-rata: 14 menit." in office.supervisor.sees
    await office.supervisor.taps("Per SOP")
    await office.supervisor.taps("Estafet")
    first, second = office.supervisor.sees.split("Langkah 2: Memeriksa berkas")
    assert "sebelumnya menunggu" not in first
    assert "9 dari 10 dalam 2 menit; sebelumnya menunggu 8 menit (5×)" in second


async def test_what_a_file_shows_that_came_after_the_measuring_is_counted(office: Office) -> None:
    number = await walk(office, 101, "harian", CLEAN)
    await office.later(minutes=2)
    await office.app.database.run(_shows_late, office, number)

    await office.supervisor.says("/rekap")
    await office.supervisor.taps("Per SOP")
    assert "1 pelaksanaan · 1 penyimpangan" in office.supervisor.sees


def _shows_late(tx: Transaction, office: Office, number: int) -> None:
    """The bytes of a file come at last, and it had served before."""
    run, me = tx.runs.get(number), tx.people.by_chat(101)
    assert run is not None
    assert me is not None
    house, known = office.app.house, tx.versions.sop(run.digest)
    command = c.Recognise(Attachment(FileKind.PHOTO, "late"), "catat", Seen(number, "catat", tx.at))
    hands.move(tx, house, me, run, known, c.decide(hands.situation(tx, house, me.id, run, known), run.visit, command))


async def test_an_end_that_is_undone_is_counted_nowhere(office: Office) -> None:
    number = await walk(office, 101, "harian", CLEAN)
    await office.app.database.run(_undo, office, number)
    await office.later(minutes=2)
    await office.supervisor.says("/rekap")
    assert "0 pelaksanaan berakhir" in office.supervisor.sees
    assert "terbuka: 1 pelaksanaan" in office.supervisor.sees


async def test_two_versions_stand_side_by_side_and_too_few_runs_are_said(office: Office) -> None:
    for _ in range(5):
        await walk(office, 101, "harian", CLEAN)
    await office.app.database.run(_next_version, office)
    await walk(office, 101, "harian", SKIPPING)
    await office.later(minutes=2)

    await office.supervisor.says("/rekap")
    await office.supervisor.taps("Per SOP")
    await office.supervisor.taps("Pencatatan Harian")
    await office.supervisor.taps("Bandingkan versi")

    before, after = office.supervisor.sees.split("Versi 2")
    assert "Versi 1" in before
    assert "Kesesuaian 100 %; tanpa penyimpangan 100 %." in before
    assert "terlalu sedikit untuk dibandingkan" in after


def _next_version(tx: Transaction, office: Office) -> None:
    old = tx.versions.live_of("harian")
    assert old is not None
    new = replace(old.sop, version="2", digest="2" * 64)
    reviews.load(tx, office.app.house, new)
    tx.versions.move(old.sop.digest, Status.SUPERSEDED)
    tx.versions.move(new.digest, Status.IN_FORCE)


def _undo(tx: Transaction, office: Office, number: int) -> None:
    me, run = tx.people.by_chat(101), tx.runs.get(number)
    assert me is not None
    assert run is not None
    sop = tx.versions.sop(run.digest)
    hands.move(tx, office.app.house, me, run, sop, hands.ordered(tx, office.app.house, me, run, sop, c.Undo()))


async def test_reports_are_counted_of_the_unit_that_is_looked_at_or_one_s_own(office: Office) -> None:
    def report(tx: Transaction) -> None:
        for chat in (101, 103):
            who = tx.people.by_chat(chat)
            assert who is not None
            tx.reports.add("harian", "1", Fault.ORDER, who.id, step=None, run=None, due=tx.at)

    await office.app.database.run(report)

    await office.supervisor.says("/rekap")
    assert "2 laporan" in office.supervisor.sees
    await office.manager.says("/rekap")
    assert "2 laporan" in office.manager.sees
    await office.works_in("seksi-pakis", 102)
    await office.supervisor.says("/rekap")
    assert "0 laporan" in office.supervisor.sees
    await office.clerk.says("/rekap")
    assert "1 laporan" in office.clerk.sees
