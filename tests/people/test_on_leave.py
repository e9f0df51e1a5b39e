"""Somebody is away: what they have goes to their stand-in, else to the position, and nobody waits for them."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.engine import commands
from bot.engine.run import Event, Run
from bot.engine.staffing import Span
from bot.services import hands, leaving
from bot.storage.database import Transaction
from tests.conftest import Office, folder_of
from tests.people.records import kinds, known
from tests.people.test_handing_over import SURAT, letters, write
from tests.people.test_what_waits_too_long import man

TODAY = date(2026, 11, 24)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    return folder_of(tmp_path, {"surat-keluar.yaml": SURAT})


@pytest.fixture
async def manned(office: Office) -> Office:
    """Andi writes, Siti and Budi check, Nur approves; Siti watches over it."""
    await man(office)
    await office.holds(102, "pemeriksa")
    return office


async def goes_away(office: Office, user_id: int, stand_in: int | None, since: date = TODAY) -> None:
    """Somebody is away for a week."""
    me = (await known(office, user_id)).id
    other = None if stand_in is None else (await known(office, stand_in)).id

    def work(tx: Transaction) -> None:
        tx.absences.add(me, Span(since, since + 6 * ONE_DAY), other)

    await office.app.database.run(work)


async def start(office: Office) -> None:
    await office.clerk.says("surat keluar")
    for word in ("Surat Keluar", "Mulai"):
        await office.clerk.taps(word)


async def test_a_step_in_hand_goes_to_the_stand_in_alone_as_the_office_opens_and_both_hear_of_it(
    manned: Office,
) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    await goes_away(manned, 103, 101, TODAY + ONE_DAY)
    await manned.later(hours=16)  # past midnight
    assert "released" not in await kinds(manned)

    await manned.later(hours=8)

    assert "Budi sedang cuti" in manned.clerk.sees.translate({0x2068: None, 0x2069: None})
    assert "Langkah ini untuk Anda" in manned.clerk.sees and "Undangan rapat" in manned.clerk.sees
    assert letters(manned, 103, "langkah Anda diteruskan") == 1 and letters(manned, 103, "kepada Andi") >= 1
    assert "Terima" not in manned.supervisor.screen and letters(manned, 102, "kehilangan pelaksana") == 0
    assert (await kinds(manned)).count("released") == 1
    await manned.author.says("selesai")
    assert (await kinds(manned)).count("finished") == 1

    await manned.clerk.taps("Terima")
    await manned.clerk.taps("Selesai")
    assert "Menyetujui surat" in manned.manager.chat


async def test_a_list_of_files_names_the_stand_in_as_the_card_of_each_does(manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    await goes_away(manned, 103, 102)
    await manned.later(seconds=30)
    await start(manned)
    told = "Ditawarkan kepada ⁨Siti⁩ yang menggantikan ⁨Budi⁩ sejak"

    await manned.clerk.says("di mana berkas ini?")
    assert told in manned.clerk.sees and "#2" in manned.clerk.sees
    await manned.clerk.says("di mana berkas #1")
    assert told in manned.clerk.sees


async def test_without_a_stand_in_it_goes_to_the_position_and_whoever_watches_over_it_hears(manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    await goes_away(manned, 103, None)
    await manned.later(seconds=30)

    assert letters(manned, 102, "Budi sedang cuti, dan tidak ada penggantinya") == 1
    assert letters(manned, 103, "langkah Anda diteruskan") == 1
    await manned.supervisor.taps("Terima")
    await manned.supervisor.taps("Selesai")
    assert "Menyetujui surat" in manned.manager.chat


async def test_the_stand_in_of_whoever_started_it_goes_on_until_they_are_back(manned: Office) -> None:
    await start(manned)
    await goes_away(manned, 101, 103)
    await manned.later(seconds=30)
    assert "Langkah ini untuk Anda" in manned.author.sees
    assert "yang menggantikan ⁨Andi⁩" in manned.clerk.chat
    await manned.author.taps("Terima")
    await manned.author.says("Undangan rapat")

    await manned.later(days=7)
    await manned.later(seconds=30)
    await manned.author.taps("Selesai")

    assert "Langkah 2 dari 4" in manned.author.chat
    assert (await kinds(manned)).count("released") == 1


async def test_what_somebody_takes_up_during_their_leave_they_do_themselves(manned: Office) -> None:
    await goes_away(manned, 101, 102)
    manned.clock.advance(days=1)
    await write(manned)
    await manned.author.taps("Kembalikan")
    await manned.author.taps("Berkas tidak lengkap")
    await start(manned)
    await manned.later(seconds=30)

    assert (await kinds(manned)).count("released") == 1  # what was sent back, and not what was started
    assert "#2" in manned.clerk.sees and "Langkah 1 dari 4" in manned.clerk.sees


@pytest.mark.parametrize("stand_in", [102, None])
async def test_what_is_sent_back_to_somebody_on_leave_goes_to_the_stand_in_or_the_supervisor_and_says_so(
    manned: Office, stand_in: int | None
) -> None:
    await write(manned)
    await goes_away(manned, 101, stand_in)
    await manned.author.taps("Kembalikan")
    await manned.author.taps("Berkas tidak lengkap")

    assert "Andi tidak di tempat" in manned.author.sees.translate({0x2068: None, 0x2069: None})
    told = manned.supervisor.sees.translate({0x2068: None, 0x2069: None})
    assert "Dikembalikan oleh Budi" in told and "tidak di tempat" in told
    await manned.supervisor.taps("Terima" if stand_in else "Ambil alih")
    assert "Menyusun konsep surat" in manned.supervisor.sees
    assert (await kinds(manned)).count("released") == 1


async def test_nobody_is_called_at_night_as_a_leave_begins_or_somebody_stops_the_bot(manned: Office) -> None:
    await write(manned)  # offered to Siti and Budi
    await start(manned)
    await goes_away(manned, 103, 104, TODAY + ONE_DAY)
    clerk = (await known(manned, 101)).id
    await manned.later(hours=13)  # 22.00
    before = [len(manned.person(one).messages) for one in (101, 102, 103, 104)]
    await manned.app.database.run(lambda tx: tx.people.change(clerk, blocked_at=tx.at))
    for hours in (1, 2):
        await manned.later(hours=hours, minutes=1)
    assert [len(manned.person(one).messages) for one in (101, 102, 103, 104)] == before

    await manned.later(hours=7)

    assert "ditinggalkan pelaksananya" in manned.supervisor.chat


async def test_a_run_that_fails_as_it_is_released_or_called_anew_holds_up_no_other(
    manned: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    await start(manned)

    def release(run: Run, *about: Any) -> list[Event]:
        if run.id == 1:
            raise LookupError("no such step")
        return commands.release(run, *about)

    monkeypatch.setattr(leaving, "release", release)
    await goes_away(manned, 103, None)
    await goes_away(manned, 101, 102)
    await manned.later(seconds=30)
    assert (await kinds(manned)).count("released") == 1 and "#2" in manned.supervisor.sees

    def entrust(*_: object) -> None:
        failed.append("no such step")
        raise LookupError(failed[-1])

    failed: list[str] = []
    monkeypatch.setattr(hands, "entrust", entrust)
    await manned.holds(104, "pengonsep")
    await manned.later(seconds=30)
    assert failed


async def test_an_approval_that_somebody_cannot_give_is_given_to_somebody_else(manned: Office) -> None:
    await write(manned)
    for word in ("Terima", "Selesai"):
        await manned.author.taps(word)
    await manned.manager.taps("Terima")
    assert "Urungkan" not in manned.manager.screen  # it was the checker's to take back
    for word in ("Kendala", "Tidak bisa", "Data atau dokumen"):
        await manned.manager.taps(word)

    assert "Izinkan" not in manned.supervisor.screen
    assert "Tunjuk" in manned.supervisor.screen and "Tolak" in manned.supervisor.screen


async def test_a_step_for_which_leave_is_asked_can_be_taken_over_instead(manned: Office) -> None:
    await write(manned)
    for word in ("Terima", "Kendala", "Tidak bisa", "Data atau dokumen"):
        await manned.author.taps(word)

    for word in ("Ambil alih", "Alasan lain", "Lanjut", "Selesai"):
        await manned.supervisor.taps(word)

    assert (await kinds(manned)).count("finished") == 2
