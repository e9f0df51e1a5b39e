"""Follow-ups and those who are to act: a graver deviation, the list of the day, people who come and go, long lists."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select

from bot.engine.errands import ErrandKind
from bot.engine.people import Role
from bot.engine.staffing import Span
from bot.sandbox.person import Person
from bot.services import followups, report_cards, tasks
from bot.storage.database import Transaction
from bot.storage.people import Person as Known
from bot.storage.tables import FollowUpRow, ReportRow, table
from tests.conftest import Office, folder_of
from tests.deviations.test_follow_ups import begin, start
from tests.people.records import known

OFFICE = """\
follow_up: {watched: 2}
severities:
  - {kind: out_of_range, severity: sedang}
  - {kind: out_of_range, severity: berat, beyond: 50}
"""

follow_up, report = table(FollowUpRow), table(ReportRow)

SOP = """\
id: periksa-mesin
title: SOP Periksa Mesin
version: "1"
status: trial
kind: technical
unit: Bengkel
team: {author: teknisi, supervisor: kepala, manager: kepala}
positions: {teknisi: Teknisi, kepala: Kepala}
steps:
  - id: ukur
    do: Mengukur suhu
    by: teknisi
    record: [{name: suhu, label: Suhu, type: number, expect: [0, 100]}]
  - {id: tutup, do: Menutup katup, by: teknisi}
"""


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    (tmp_path / "office.yaml").write_text(OFFICE, encoding="utf-8")
    return folder_of(tmp_path, {"mesin.yaml": SOP})


async def measured(office: Office, degrees: int) -> None:
    """Andi measures so much in the open run."""
    await office.clerk.says(str(degrees))
    await office.clerk.taps("Sudah diperiksa ulang")
    await office.clerk.taps("Lanjut")


async def ended(office: Office, degrees: int) -> None:
    """He measures it and ends the run."""
    await measured(office, degrees)
    for _ in range(2):
        await office.clerk.taps("Selesai")


async def test_a_graver_one_makes_it_grave_due_sooner_told_once_and_closed_by_a_second_person(office: Office) -> None:
    siti, nur = office.supervisor, office.manager
    await begin(office)
    await ended(office, 120)
    await office.later(seconds=61)
    await siti.taps("Saya tangani")
    assert "Tenggat 8 Desember 2026" in siti.sees
    await siti.taps("Rencana")

    await start(office.clerk)
    await ended(office, 300)
    await office.later(seconds=30)
    assert "lebih berat" not in siti.chat  # it can still be undone
    await office.later(seconds=31)
    await office.later(minutes=5)

    for person in (siti, nur):
        assert person.chat.count("Penyimpangan yang lebih berat kini termasuk di dalamnya.") == 1
    assert "Tenggat 1 Desember 2026" in siti.sees
    assert "Yang terberat: berat." in siti.sees
    await siti.says("Memeriksa alat ukur")  # typed while it became graver
    assert "Rencana: Memeriksa alat ukur" in siti.sees
    await siti.taps("Sudah ditindaklanjuti")
    await siti.says("Alat ukur sudah diganti")
    assert "menunggu pemeriksaan orang kedua" in siti.sees
    await nur.taps("Setujui penutupan")
    assert "Dipantau: 0 dari 2 pelaksanaan." in siti.sees


async def test_what_is_graver_than_what_was_closed_opens_it_again(office: Office) -> None:
    siti = office.supervisor
    await begin(office)
    await ended(office, 120)
    await start(office.clerk)  # before the closing, so that it would not count as coming back
    await office.later(seconds=61)
    await siti.taps("Saya tangani")
    await siti.taps("Sudah ditindaklanjuti")
    await siti.says("Sudah diperiksa")
    assert "Dipantau" in siti.sees
    await ended(office, 300)
    await office.later(seconds=61)

    assert "Penyimpangan yang lebih berat kini termasuk di dalamnya." in siti.sees
    assert "Tindak lanjut 1: terbuka" in siti.sees


def lists(person: Person) -> list[str]:
    """The lists of the day that somebody was sent."""
    return [one["text"] for one in person.messages if "Yang perlu dilihat" in one.get("text", "")]


async def test_what_is_overdue_and_what_has_no_answer_are_one_list_in_office_hours(office: Office) -> None:
    siti, budi = office.supervisor, office.author
    await begin(office)
    await budi.says("/start")
    await office.clerk.says("/lapor")
    await office.clerk.says("mesin")
    await office.clerk.says("1")
    await office.clerk.taps("Urutan salah")
    await office.clerk.says("Katup ditutup dahulu")
    await budi.says("/tugas")
    assert "Laporan nomor 1 menunggu jawaban: Urutan salah" in budi.sees
    await office.clerk.says("/lanjut")
    await ended(office, 120)
    await office.later(seconds=61)
    await siti.taps("Saya tangani")
    await siti.taps("Serahkan")
    await siti.taps("Budi")
    await budi.taps("Rencana")

    await office.later(days=14, hours=18)  # 3 o'clock in the morning after both were due
    assert lists(budi) == []
    await office.later(hours=6)
    await office.later(minutes=1)

    assert len(lists(budi)) == 1
    assert "Penyimpangan pada langkah 1: nilai di luar kisaran biasa" in lists(budi)[0]
    assert "Lewat tenggat sejak 8 Desember 2026" in lists(budi)[0]
    assert "Laporan nomor 1 menunggu jawaban: Urutan salah" in lists(budi)[0]
    await budi.says("Memeriksa alat ukur")
    assert "Rencana: Memeriksa alat ukur" in budi.chat  # asked before the reminder, and still heard
    assert lists(siti) == []

    await budi.taps("Sudah ditindaklanjuti")
    await budi.says("Alat ukur sudah diganti")
    assert "Lewat tenggat" not in lists(budi)[0]  # what is done goes from the list where it stands
    await budi.says("/lapor")
    await budi.taps("Laporan masuk")
    await budi.taps("🟡 1")
    await budi.taps("Diterima")
    await budi.taps("Jawab tanpa keterangan")
    await budi.says("/tugas")
    assert "Laporan nomor 1" not in budi.sees


async def test_quiet_and_the_cap_hold_it_back_like_every_reminder(office: Office) -> None:
    siti = office.supervisor
    await begin(office)
    await ended(office, 120)
    await office.later(seconds=61)
    await siti.taps("Saya tangani")
    await siti.says("/diam")
    await siti.taps("Diam 1 bulan")
    await office.later(days=16)
    await office.later(minutes=1)
    assert lists(siti) == []

    me = (await known(office, 102)).id

    def spend(tx: Transaction) -> None:
        for _ in range(5):
            tx.digests.spend(me, office.app.house.office.day(tx.at), 5)

    await office.app.database.run(spend)
    await siti.says("/diam")
    await siti.taps("Ingatkan lagi")
    await office.later(minutes=1)
    assert lists(siti) == []
    await office.later(days=1)

    assert len(lists(siti)) == 1


async def waiting(office: Office) -> list[int]:
    """For whom the follow-up waits."""
    return list(await office.app.database.run(lambda tx: tx.errands.whose(ErrandKind.FOLLOW_UP, 1)))


async def test_whoever_is_away_or_stopped_is_not_waited_for_alone(office: Office) -> None:
    siti, nur = office.supervisor, office.manager
    await begin(office)
    await ended(office, 120)
    await office.later(seconds=61)
    await siti.taps("Saya tangani")
    me, other, clerk = [(await known(office, chat)).id for chat in (102, 104, 101)]
    assert await waiting(office) == [me]

    day = office.app.house.office.day(office.clock.now)
    await office.app.database.run(lambda tx: tx.absences.add(me, Span(day, day), None))
    await office.later(minutes=1)
    assert await waiting(office) == sorted([me, other])
    await office.later(minutes=1)
    assert len(lists(nur)) == 1
    assert "nilai di luar kisaran biasa. Tenggat 8 Desember 2026" in lists(nur)[0]
    await office.later(days=1)
    assert await waiting(office) == [me]

    await office.app.database.run(lambda tx: tx.people.change(me, blocked_at=tx.at))
    await office.later(minutes=1)
    assert await waiting(office) == [other]

    await office.app.database.run(lambda tx: tx.people.give_roles(clerk, [Role.SUPERVISOR]))
    await office.later(minutes=1)
    assert sorted(await waiting(office)) == sorted([other, clerk])
    await office.later(minutes=1)
    await office.clerk.taps("Periksa Mesin")
    await office.clerk.taps("Saya tangani")
    assert await waiting(office) == [clerk]


async def test_who_comes_to_it_at_midnight_hears_of_it_once_the_office_opens(office: Office) -> None:
    siti, nur = office.supervisor, office.manager
    await begin(office)
    await ended(office, 120)
    await office.later(seconds=61)
    await siti.taps("Saya tangani")
    me, other = [(await known(office, chat)).id for chat in (102, 104)]
    tomorrow = office.app.house.office.day(office.clock.now) + timedelta(days=1)
    await office.app.database.run(lambda tx: tx.absences.add(me, Span(tomorrow, tomorrow), None))
    await nur.says("/diam")
    sent = len(nur.messages)

    midnight = office.app.house.office.start_of(tomorrow) + timedelta(minutes=1)
    await office.later(seconds=(midnight - office.clock.now).total_seconds())
    await office.later(minutes=1)
    assert len(nur.messages) == sent
    await office.later(hours=9)
    await office.later(minutes=1)

    assert await waiting(office) == sorted([me, other])
    assert len(nur.messages) == sent + 1
    assert len(lists(nur)) == 1


async def test_however_long_the_lists_are_the_statements_stay_as_many(office: Office) -> None:
    await begin(office)
    await ended(office, 120)
    await office.later(seconds=61)
    await office.clerk.says("/lapor")
    await office.clerk.says("mesin")
    await office.clerk.says("1")
    await office.clerk.taps("Urutan salah")
    me = await known(office, 104)

    await office.app.database.run(lambda tx: many(tx, me.id, range(100, 103)))
    await asked(office, me)  # a list that is shown for the first time takes other statements
    few = await asked(office, me)
    await office.app.database.run(lambda tx: many(tx, me.id, range(103, 130)))
    assert await asked(office, me) == few


def many(tx: Transaction, me: int, numbers: range) -> None:
    """So many more follow-ups and reports, as if as many people had been at it."""
    for number in numbers:
        one = dict(tx.connection.execute(select(follow_up)).mappings().first() or {})
        tx.connection.execute(insert(follow_up).values(one | {"id": number, "unit": f"u{number}", "owner": me}))
        tx.errands.put(ErrandKind.FOLLOW_UP, number, [me], tx.at)
        told = dict(tx.connection.execute(select(report)).mappings().first() or {})
        tx.connection.execute(insert(report).values(told | {"id": number, "person": me}))
        tx.errands.put(ErrandKind.REPORT, number, [me], tx.at)


async def asked(office: Office, me: Known) -> list[int]:
    """How many statements each list takes."""
    house = office.app.house
    shown: list[Callable[[Transaction], object]] = [
        lambda tx: followups.open_list(tx, house, me, 0),
        lambda tx: report_cards.show_incoming(tx, house, me, 0, anew=False),
        lambda tx: report_cards.show_mine(tx, house, me, 0, anew=False),
        lambda tx: report_cards.show_of_sop(tx, house, me, "periksa-mesin", 0, anew=False),
        lambda tx: tasks.show(tx, house, me, 0),
    ]
    return [await statements(office, work) for work in shown]


async def statements(office: Office, work: Callable[[Transaction], object]) -> int:
    """How many statements a list takes."""
    told: list[str] = []

    def counted(tx: Transaction) -> None:
        # of this connection alone: the inbox and the lock of whoever leads are looked at meanwhile
        event.listen(tx.connection, "after_cursor_execute", lambda *told_of: told.append(told_of[2]))
        work(tx)

    await office.app.database.run(counted)
    return len([one for one in told if not one.startswith(("SAVEPOINT", "RELEASE"))])
