"""What waits or takes too long is told to those concerned: in office hours, once, never when it is so no more."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.sandbox.person import Person
from tests.conftest import Office, StartOffice, folder_of
from tests.people.records import kinds
from tests.people.test_handing_over import SURAT, write

YOURS, THEIRS = "Menunggu jawaban Anda", "Belum dijawab sejak"
MEMO = """\
id: nota-dinas
title: SOP Nota Dinas
version: "1"
status: trial
kind: administrative
scope: micro
unit: Subbagian Tata Usaha
team: {author: pengonsep, supervisor: kasubbag-tu, manager: kepala-kantor}
positions: {pengonsep: Pengonsep, pemeriksa: Pemeriksa, kasubbag-tu: Kasubbag TU, kepala-kantor: Kepala Kantor}
phases: [Persiapan, Pelaksanaan]
steps:
  - {id: bahan, do: Menyiapkan bahan, by: initiator, phase: Persiapan, within: 1 jam}
  - {id: susun, do: Menyusun nota, by: initiator, phase: Persiapan, within: 1 jam}
  - {id: kirim, do: Mengirim nota, by: initiator, phase: Pelaksanaan, within: 3 jam}
  - {id: arsip, do: Mengarsipkan nota, by: pemeriksa, phase: Pelaksanaan}
"""

UNDANGAN = """\
id: undangan
title: SOP Undangan
version: "1"
status: trial
kind: administrative
scope: micro
unit: Subbagian Tata Usaha
team: {author: pengonsep, supervisor: kepala-kantor, manager: kepala-kantor}
positions: {pengonsep: Pengonsep, kepala-kantor: Kepala Kantor}
phases: [Pelaksanaan]
steps:
  - id: acara
    do: Mencatat acara
    by: initiator
    phase: Pelaksanaan
    critical: true
    record:
      - {name: nomor, label: Nomor surat, type: text}
      - {name: tanggal, label: Tanggal acara, type: date}
    deadline: {before: tanggal, by: 2 hari}
  - {id: kirim, do: Mengirim undangan, by: initiator, phase: Pelaksanaan}
"""


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    return folder_of(tmp_path, {"surat-keluar.yaml": SURAT, "nota-dinas.yaml": MEMO, "undangan.yaml": UNDANGAN})


Man = Callable[[Office], Awaitable[None]]


async def man(office: Office) -> None:
    """Andi writes, Siti and Budi check, Nur approves; Siti watches over it, and Nur above her."""
    for person in (office.clerk, office.supervisor, office.author, office.manager):
        await person.says("/start")
    await office.holds(101, "pengonsep")
    await office.holds(102, "kasubbag-tu")
    await office.holds(103, "pemeriksa")
    await office.holds(104, "kepala-kantor")


@pytest.fixture
async def manned(office: Office) -> Office:
    await man(office)
    return office


def lists(person: Person) -> list[str]:
    """The lists of the day that somebody was sent."""
    return [one["text"] for one in person.messages if one.get("text", "").startswith("🔔")]


async def test_an_offer_is_reminded_of_once_and_then_goes_up_the_line_in_working_time(manned: Office) -> None:
    manned.clock.advance(days=3)  # Friday 09.00
    await write(manned)
    await manned.later(hours=5)  # 14.00, after two and a half hours of work and one since
    await manned.later(days=1)  # Saturday
    assert not lists(manned.author)

    await manned.later(days=1, hours=18, minutes=31)  # Monday 08.31: six hours on Friday, one today
    assert not lists(manned.author)
    await manned.later(hours=1, minutes=30)
    assert [YOURS in one for one in lists(manned.author)] == [True]
    assert "27 Nov 09.00" in lists(manned.author)[0]
    for _ in range(3):
        await manned.later(minutes=30)
    assert len(lists(manned.author)) == 1 and not lists(manned.supervisor)

    await manned.later(hours=23)  # Tuesday, another eight hours of work later
    assert [THEIRS in one for one in lists(manned.supervisor)] == [True]
    assert "Pemeriksa" in lists(manned.supervisor)[0]
    assert len(lists(manned.author)) == 1 and not lists(manned.manager)
    await manned.supervisor.taps("Surat Keluar")
    await manned.supervisor.taps("Tunjuk")
    await manned.supervisor.taps("Budi")
    await manned.later(days=14)

    assert not lists(manned.manager)
    assert (await kinds(manned)).count("long_awaited") == 3  # of which the last is Budi's of what he has by now


async def test_after_a_week_of_downtime_there_is_one_reminder_and_nobody_else_is_told_at_once(
    start_office: StartOffice,
) -> None:
    async with start_office() as office:
        await man(office)
        await write(office)
        office.clock.advance(days=5)  # Sunday
    async with start_office() as office:
        await office.settle()
        assert not lists(office.author)
        office.clock.advance(days=3)
    async with start_office() as office:
        await office.settle()
        assert (len(lists(office.author)), lists(office.supervisor)) == (1, [])
    async with start_office() as office:
        await office.later(minutes=1)
        assert (len(lists(office.author)), lists(office.supervisor)) == (1, [])
        await office.later(days=2)
        assert (len(lists(office.author)), len(lists(office.supervisor))) == (1, 1)


async def test_what_was_answered_meanwhile_is_on_no_list(manned: Office) -> None:
    await write(manned)
    await manned.author.says("/diam")
    await manned.author.taps("Diam 1 minggu")
    await manned.later(days=2)
    assert "long_awaited" in await kinds(manned)

    await manned.author.says("terima")
    await manned.author.says("selesai")
    await manned.later(days=14)

    assert not lists(manned.author)


async def test_an_offer_does_not_wait_for_whoever_said_that_it_is_not_theirs(manned: Office) -> None:
    await manned.holds(102, "pemeriksa")
    await write(manned)
    await manned.author.says("/diam")
    await manned.author.taps("Diam 1 minggu")
    await manned.later(hours=28)
    assert YOURS in lists(manned.supervisor)[0] and not lists(manned.author)

    await manned.author.says("/lanjut")
    await manned.author.taps("Bukan saya")
    await manned.later(days=9)

    assert not lists(manned.author)


async def test_where_nobody_else_could_give_leave_whoever_was_asked_is_reminded(manned: Office) -> None:
    await manned.clerk.says("undangan")
    for word in ("Undangan", "Mulai", "Kendala", "Minta izin", "Waktu tidak cukup", "Lanjut"):
        await manned.clerk.taps(word)
    await manned.later(hours=2, minutes=5)

    assert YOURS in lists(manned.manager)[0]
    await manned.later(days=7)
    assert len(lists(manned.manager)) == 1


async def test_a_deadline_that_is_recorded_last_is_watched_too(manned: Office) -> None:
    await manned.clerk.says("undangan")
    for word in ("Undangan", "Mulai"):
        await manned.clerk.taps(word)
    await manned.clerk.says("12")
    await manned.later(minutes=1)
    await manned.clerk.says("30-11-2026")
    await manned.later(days=1)
    assert not lists(manned.manager)

    await manned.later(days=2)

    assert "Langkah 1 melewati waktu bakunya" in lists(manned.manager)[0]


async def test_what_comes_at_once_about_a_run_stands_on_the_list_together(manned: Office) -> None:
    await start_memo(manned)
    await manned.later(hours=6, minutes=50)

    told = lists(manned.supervisor)[-1]
    assert [one in told for one in ("Langkah 1 melewati", "Tahap Persiapan melewati", "Seluruh")] == [True] * 3


async def test_leave_that_nobody_gives_is_asked_of_the_next_in_line_as_well(manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    for word in ("Kendala", "Minta izin", "Waktu tidak cukup", "Lanjut"):
        await manned.author.taps(word)
    assert "Menunggu izin dari ⁨Siti⁩ sejak" in manned.author.sees
    await manned.later(hours=1, minutes=50)
    assert "Izinkan" not in manned.manager.screen

    await manned.later(minutes=15)

    assert "maka izin Anda juga diminta" in manned.manager.sees
    assert "Menunggu izin dari ⁨Siti⁩ dan ⁨Nur⁩ sejak 09.00" in manned.author.sees
    await manned.manager.says("/tugas")
    assert "Minta izin Anda pada langkah 2" in manned.manager.sees
    await manned.supervisor.says("/tugas")
    assert "Surat Keluar" in manned.supervisor.sees
    await manned.manager.says("izinkan")
    assert "Langkah 3 dari 4" in manned.manager.sees
    await manned.later(days=1)
    assert (await kinds(manned)).count("long_awaited") == 1


async def test_an_approval_that_was_accepted_waits_like_any_other(manned: Office) -> None:
    await write(manned)
    for word in ("Terima", "Selesai"):
        await manned.author.taps(word)
    await manned.manager.taps("Terima")

    await manned.later(days=1, hours=1)
    assert YOURS in lists(manned.manager)[0]
    await manned.later(days=2)

    assert THEIRS in lists(manned.supervisor)[0]


async def test_a_step_is_warned_of_before_its_end_and_told_to_the_supervisor_after_it(manned: Office) -> None:
    await start_memo(manned)
    await manned.later(minutes=47)
    assert "hampir habis" not in manned.clerk.chat
    await manned.clerk.taps("Lainnya")
    await manned.clerk.taps("Jeda")
    await manned.clerk.taps("Menunggu pihak lain")
    await manned.clerk.taps("Cukup")
    await manned.later(hours=5)  # a pause over lunch
    await manned.clerk.taps("Lanjutkan")
    await manned.later(minutes=2)

    assert "Waktu langkah ini hampir habis" in manned.clerk.sees
    assert not lists(manned.supervisor)
    for _ in range(2):
        await manned.later(minutes=12)

    assert manned.clerk.chat.count("hampir habis") == 1
    assert "Langkah 1 melewati waktu bakunya" in lists(manned.supervisor)[0]
    assert "Andi" in lists(manned.supervisor)[0]
    assert (await kinds(manned)).count("took_long") == 2


async def test_a_phase_and_the_run_are_late_once_their_steps_took_longer_than_all_of_their_times(
    manned: Office,
) -> None:
    await start_memo(manned)
    await manned.later(minutes=61)
    await manned.clerk.taps("Selesai")
    await manned.later(minutes=50)
    assert "Tahap" not in "".join(lists(manned.supervisor))
    await manned.later(minutes=9, seconds=30)
    assert "Tahap Persiapan melewati waktu bakunya" in lists(manned.supervisor)[-1]
    assert "Langkah 2 melewati" not in lists(manned.supervisor)[-1]
    await manned.clerk.taps("Selesai")

    await manned.later(hours=3, minutes=50)  # an hour of it is lunch
    assert "Seluruh" not in "".join(lists(manned.supervisor))
    await manned.later(minutes=9, seconds=45)
    assert "Seluruh pelaksanaan melewati waktu bakunya" in lists(manned.supervisor)[-1]
    assert "Langkah 3 melewati" not in lists(manned.supervisor)[-1]
    await manned.clerk.taps("Selesai")
    told = len(lists(manned.supervisor))
    await manned.later(days=3)

    assert len(lists(manned.supervisor)) == told


async def start_memo(office: Office) -> None:
    await office.clerk.says("nota dinas")
    await office.clerk.taps("Nota Dinas")
    await office.clerk.taps("Mulai")


async def test_whoever_has_a_step_without_a_time_is_reminded_of_it_and_then_the_next_in_line(manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    await manned.later(days=1)
    await manned.later(hours=9)  # 18.00, nine hours of work later
    assert not lists(manned.author)

    await manned.later(hours=15)
    assert "Pada Anda sejak 24 Nov 09.00" in lists(manned.author)[0] and "Langkah 2" in lists(manned.author)[0]
    assert "Waktu" not in lists(manned.author)[0] and not lists(manned.supervisor)
    await manned.later(days=1, hours=1)
    assert "Belum selesai, dikerjakan sejak 24 Nov" in lists(manned.supervisor)[0]
    assert "Budi" in lists(manned.supervisor)[0]

    await manned.author.taps("Selesai")
    await manned.later(days=1)
    assert len(lists(manned.author)) == 1


async def test_a_run_that_took_too_long_is_told_though_nobody_has_its_step(manned: Office) -> None:
    await start_memo(manned)
    for word in ("Selesai", "Selesai"):
        await manned.clerk.taps(word)
    manned.clock.advance(hours=6, minutes=30)  # 15.30: it took five and a half hours, of five in all
    await manned.clerk.taps("Selesai")
    assert not lists(manned.supervisor)

    await manned.later(seconds=30)

    assert "Seluruh pelaksanaan melewati waktu bakunya" in lists(manned.supervisor)[0]
    assert "Pemeriksa" in lists(manned.supervisor)[0]


async def test_that_nobody_holds_the_position_of_a_step_is_told_to_supervisor_and_admin_once_each(
    office: Office,
) -> None:
    for person in (office.clerk, office.supervisor, office.author, office.manager):
        await person.says("/start")
    await office.holds(102, "kasubbag-tu")
    await write(office)
    await office.later(seconds=30)

    for one in (office.supervisor, office.manager):
        assert (
            lists(one)[0].count("Belum ada yang dapat mengerjakan langkah ini") == 1
            and "Memeriksa konsep surat" in lists(one)[0]
        )
        assert "Andi" in lists(one)[0]
    assert not lists(office.author) and not lists(office.clerk)
    await office.supervisor.taps("Surat Keluar")
    await office.supervisor.taps("Ambil alih")
    await office.supervisor.taps("Selesai")
    assert "Mengapa" not in office.supervisor.chat
