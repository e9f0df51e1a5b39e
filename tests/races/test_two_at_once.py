"""At the same moment in two processes: one effect, and a true answer to whoever was second."""

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.engine.people import Role
from bot.engine.staffing import Span
from bot.telegram.intake import Intake
from tests.conftest import Office, folder_of
from tests.people.records import kinds, known
from tests.people.test_handing_over import SURAT, write
from tests.people.test_ways_in import invited
from tests.races.conftest import Two

OFFICE = Path(__file__).parents[2] / "data" / "office.yaml"
PEOPLE = (101, 102, 103, 104)


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    shutil.copy(OFFICE, tmp_path / "office.yaml")
    return folder_of(tmp_path, {"surat-keluar.yaml": SURAT})


@pytest.fixture
async def manned(two: Two) -> Office:
    """Andi writes, Siti and Budi check, Nur approves; Siti watches over it."""
    office = two.office
    for number in PEOPLE:
        await office.person(number).says("/start")
    for number, *positions in (
        (101, "pengonsep"),
        (102, "kasubbag-tu", "pemeriksa"),
        (103, "pemeriksa"),
        (104, "kepala-kantor"),
    ):
        await office.holds(number, *positions)
    return office


async def test_ten_taps_on_one_button_through_two_processes_have_one_effect(two: Two, manned: Office) -> None:
    await write(manned)

    taps = [two.presses(manned.author, "Terima") for _ in range(10)]
    await two.at_once(taps[::2], taps[1::2])

    assert (await kinds(manned)).count("accepted") == 1
    assert "Memeriksa konsep surat" in manned.author.sees
    answered = [manned.world.answers(tap["callback_query"]["id"]) for tap in taps]
    assert all(len(answer) == 1 for answer in answered)


async def test_of_two_who_accept_the_same_step_at_once_one_has_it(two: Two, manned: Office) -> None:
    await write(manned)

    await two.at_once([two.presses(manned.author, "Terima")], [two.presses(manned.supervisor, "Terima")])

    assert (await kinds(manned)).count("accepted") == 1
    has, late = manned.author, manned.supervisor
    if "Selesai" not in has.screen:
        has, late = late, has
    assert "[✅ Selesai]" in has.screen and not has.alert
    assert "Terima]" not in late.screen and "sekarang di tangan" in late.alert


async def test_a_run_is_approved_or_stopped_and_never_both(two: Two, manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    await manned.author.taps("Selesai")
    await manned.manager.taps("Terima")
    await manned.supervisor.taps("Hentikan")

    await two.at_once([two.presses(manned.manager, "Setujui")], [two.presses(manned.supervisor, "dibatalkan")])

    told, answers = await kinds(manned), (manned.manager.alert, manned.supervisor.alert)
    if told.count("approved"):
        assert "stopped" not in told and answers[0] == "" != answers[1]
        assert "Langkah 4 dari 4" in manned.supervisor.sees
    else:
        assert told.count("stopped") == 1 and answers[0] != "" == answers[1]
        assert "Setujui" not in manned.manager.screen


async def test_a_stand_in_begins_while_the_holder_accepts(two: Two, manned: Office) -> None:
    await manned.works_in("subbag-tu", *PEOPLE)
    await write(manned)
    admin = manned.manager
    await admin.says("/orang Budi")
    for tap in ("Budi", "Cuti", "Catat cuti", "Hari pertama", "Hari ini", "Pengganti", "Andi"):
        await admin.taps(tap)

    await two.at_once([two.presses(manned.author, "Terima")], [two.presses(admin, "Simpan")])

    told = await kinds(manned)
    assert told.count("went_away") == 1 and "Andi" in admin.sees
    if told.count("accepted"):
        assert "[✅ Selesai]" in manned.author.screen
    else:
        assert "Terima]" not in manned.author.screen and manned.author.alert


async def test_a_leave_begins_while_the_holder_ends_the_step(two: Two, manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    budi, andi = (await known(manned, 103)).id, (await known(manned, 101)).id
    today = manned.app.house.office.day(manned.clock.now)
    await manned.app.database.run(lambda tx: tx.absences.add(budi, Span(today, today), andi))

    tap = two.presses(manned.author, "Selesai")
    await Intake(manned.app.database, manned.app.updates.wake).keep([tap])
    await two.second.tick()
    await two.settle()

    told = await kinds(manned)
    assert told.count("finished") + told.count("released") == 2  # Andi's own step, and one of the two
    if "released" in told:
        assert "Terima]" in manned.clerk.screen and manned.author.alert
    else:
        assert "Terima]" in manned.manager.screen and not manned.author.alert


async def test_what_waits_too_long_is_told_by_one_of_two_processes_and_by_none_once_it_is_accepted(
    two: Two, manned: Office
) -> None:
    await write(manned)
    manned.clock.advance(days=1, hours=1)

    await asyncio.gather(*(app.tick() for app in (manned.app, two.second)))
    await two.settle()
    assert (await kinds(manned)).count("long_awaited") == 1
    assert manned.author.chat.count("Menunggu jawaban Anda") == 1

    manned.clock.advance(days=2)
    tap = two.presses(manned.author, "Terima")
    await Intake(manned.app.database, manned.app.updates.wake).keep([tap])
    await two.second.tick()
    await two.settle()
    told = await kinds(manned)
    waited = [at for at, kind in enumerate(told) if kind == "long_awaited"]
    assert told.count("accepted") == 1
    assert max(waited) < told.index("accepted")


async def test_of_two_who_bring_one_invitation_one_comes_in(two: Two, manned: Office) -> None:
    manned.world.add_person(998, "Orang Kedua")
    link = await invited(manned)
    payload = link.rpartition("=")[2]

    await two.at_once(
        [two.writes(manned.person(999), f"/start {payload}")], [two.writes(manned.person(998), f"/start {payload}")]
    )

    assert (await kinds(manned)).count("admitted") - len(PEOPLE) == 1
    came = [number for number in (998, 999) if (await known(manned, number)).admitted]
    assert len(came) == 1
    (other,) = {998, 999} - set(came)
    assert "Undangan ini tidak dapat dipakai" in manned.person(other).sees


async def test_of_two_admins_who_remove_each_other_at_once_one_is_left(two: Two, manned: Office) -> None:
    for number in (101, 102):
        await give_admin(manned, number)
    for admin, other in ((manned.clerk, "Siti"), (manned.supervisor, "Andi")):
        await admin.says(f"/orang {other}")
        for tap in (other, "Peran", "Admin"):
            await admin.taps(tap)

    await two.at_once([two.presses(manned.clerk, "Simpan")], [two.presses(manned.supervisor, "Simpan")])

    admins = {number: Role.ADMIN in (await known(manned, number)).roles for number in (101, 102)}
    assert sorted(admins.values()) == [False, True]
    late = manned.supervisor if admins[101] else manned.clerk
    assert "bukan bagian dari peran Anda" in late.alert


async def give_admin(office: Office, number: int) -> None:
    name = office.person(number).messages[0]["from"]["first_name"]
    await office.manager.says(f"/orang {name}")
    for tap in (name, "Peran", "Admin", "Simpan"):
        await office.manager.taps(tap)
