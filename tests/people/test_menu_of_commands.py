"""The menu of the chat: each finds the commands that they can use, as they are today, in their language."""

import asyncio

from bot.sandbox.faults import Fault
from tests.conftest import Office, StartOffice
from tests.people.test_orang import opens
from tests.people.test_orang import staffed as staffed  # everybody has opened the bot

SHORT = ["sop", "lanjut", "tugas", "lapor", "tinjauan", "diam", "bahasa", "batal", "bantuan"]
LONG = ["sop", "lanjut", "tugas", "lapor", "tinjauan", "diam", "rekap", "ganti", "orang", "bahasa", "batal", "bantuan"]


def menu(office: Office, user_id: int) -> list[str]:
    return [one["command"] for one in office.world.commands(user_id)]


async def test_each_finds_what_their_roles_are_for(staffed: Office) -> None:
    await staffed.person(999).says("/start")

    assert menu(staffed, 101) == SHORT
    assert menu(staffed, 103) == [name for name in LONG if name not in ("rekap", "orang")]
    assert menu(staffed, 102) == menu(staffed, 104) == LONG
    assert menu(staffed, 999) == ["bantuan"]


async def test_it_follows_roles_language_and_access(staffed: Office) -> None:
    await opens(staffed, "Andi")
    for tap in ("Peran", "Pengawas", "Simpan"):
        await staffed.manager.taps(tap)
    assert menu(staffed, 101) == LONG
    await staffed.clerk.says("/bahasa")
    await staffed.clerk.taps("English")
    assert menu(staffed, 101)[:3] == ["find", "resume", "tasks"]

    await staffed.manager.says("/orang blokir andi")
    await staffed.manager.taps("Blokir")
    assert menu(staffed, 101) == ["bantuan"]
    await staffed.manager.taps("Pulihkan")
    assert menu(staffed, 101)[:3] == ["find", "resume", "tasks"]
    for tap in ("Peran", "Pengawas", "Simpan"):
        await staffed.manager.taps(tap)
    assert "stats" not in menu(staffed, 101)


async def test_what_telegram_refuses_stops_nothing_and_is_made_good(start_office: StartOffice) -> None:
    async with start_office() as office:
        for person in (office.clerk, office.manager):
            await person.says("/start")
        office.world.chats[101].started = False
        await opens(office, "Andi")
        for tap in ("Peran", "Penulis", "Simpan"):
            await office.manager.taps(tap)
        assert "Penulis" in office.manager.sees
        assert menu(office, 101) == SHORT
        office.world.chats[101].started = True
        office.world.set_commands("chat 104|", [])

    async with start_office() as office:
        await office.settle()
        assert "ganti" in menu(office, 101)
        assert menu(office, 104) == ["bantuan"]  # what arrived is not sent again
        office.faults.methods = frozenset({"deletemycommands"})
        office.faults.next(Fault.FLOOD)
        await office.manager.says("/orang blokir andi")
        office.manager.presses("Blokir")
        async with asyncio.timeout(60):
            while "ganti" in menu(office, 101):
                office.clock.advance(seconds=1)
                office.app.sender.wake()
                await asyncio.sleep(0.05)
        assert menu(office, 101) == ["bantuan"]
