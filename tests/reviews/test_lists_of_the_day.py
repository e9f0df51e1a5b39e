"""Whatever is due comes as one list a day, in office hours, to whoever is there; and never twice."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.engine.review import Moment
from bot.sandbox.faults import Fault
from bot.services import reminders
from bot.storage.database import Transaction
from bot.storage.tables import ReminderRow, table
from tests.conftest import Office, StartOffice

reminder = table(ReminderRow)


def lists(office: Office, user_id: int) -> list[str]:
    """The lists of the day that somebody was sent."""
    sent = office.person(user_id).messages
    return [one["text"] for one in sent if "Yang perlu dilihat" in one.get("text", "")]


async def test_two_reviews_are_one_message_in_office_hours_and_a_week_of_downtime_is_one_more(
    team: Office, start_office: StartOffice
) -> None:
    await team.later(days=23, hours=10)  # the evening of the day a week before the window: it waits for the office
    opens = await team.app.database.run(reminders.waits_until, team.app.house)
    assert (opens, lists(team, 102)) == (datetime(2026, 12, 17, 23, 30, tzinfo=UTC), [])
    await team.later(hours=13)
    assert len(lists(team, 102)) == 1
    assert "Uji Fungsi Komputer" in lists(team, 102)[0]
    assert "Bimbingan Teknis" in lists(team, 102)[0]
    assert lists(team, 102)[0].count("Tinjauan uji coba · ") == 1  # told once of all that stand alike

    await team.later(days=41)
    await team.later(minutes=5)

    assert len(lists(team, 102)) == 2
    assert len(lists(team, 104)) == 0  # the manager hears of what is late by a week


async def test_who_is_blocked_is_replaced_by_who_is_next_and_that_is_said(team: Office) -> None:
    team.world.block(102)
    await team.settle()
    await team.later(days=35)

    assert len(lists(team, 103)) == 1
    assert len(lists(team, 104)) == 1
    assert "Belum ada pengawas yang dapat dihubungi" in lists(team, 104)[0]


async def test_quiet_holds_the_lists_back_and_can_be_taken_back(team: Office) -> None:
    await team.later(days=22)
    await team.supervisor.says("/diam")
    await team.supervisor.taps("Diam 1 bulan")
    assert "Tidak ada pengingat sampai" in team.supervisor.sees
    await team.later(days=13)
    assert (len(lists(team, 103)), len(lists(team, 102))) == (1, 0)

    await team.supervisor.taps("Ingatkan lagi")
    await team.later(minutes=1)

    assert len(lists(team, 102)) == 1


async def test_an_edited_interval_leaves_no_ghost(team: Office, sops_dir: Path) -> None:
    path = sops_dir / "uji-fungsi-komputer.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("from: 1 bulan", "from: 3 bulan").replace("until: 2 bulan", "until: 4 bulan"))
    await team.app.read_files()
    await team.later(days=35)

    assert "Uji Fungsi Komputer" not in lists(team, 102)[0]
    await team.later(days=50)
    assert "Uji Fungsi Komputer" in lists(team, 102)[-1]


async def test_the_cap_holds_a_list_until_tomorrow(team: Office) -> None:
    def spend(tx: Transaction) -> None:
        me = tx.people.by_chat(102)
        assert me is not None
        day = team.app.house.office.day(tx.at)
        assert [tx.digests.spend(me.id, day, 5) for _ in range(6)] == [True] * 5 + [False]

    team.clock.advance(days=35)
    await team.app.database.run(spend)
    await team.later(minutes=1)
    assert (len(lists(team, 103)), len(lists(team, 102))) == (1, 0)

    await team.later(days=1)

    assert len(lists(team, 102)) == 1


async def test_the_dates_come_as_a_calendar_file(team: Office) -> None:
    await team.supervisor.says("/tinjauan")
    await team.supervisor.taps("Untuk kalender saya")

    assert "2 tinjauan untuk kalender Anda" in team.supervisor.chat


async def test_every_moment_fires_once_whatever_the_clock_does(team: Office) -> None:
    for days in (35, -20, 25, 40, -60, 61, 7, 7):
        await team.later(days=days)

    def fired(tx: Transaction) -> list[str]:
        first = reminder.select().where(reminder.c.review == 1, reminder.c.fired_at.is_not(None))
        return [row.moment for row in tx.connection.execute(first)]

    names = await team.app.database.run(fired)
    assert len(names) == len(set(names))
    assert {"opens", "due", "late-1"} <= set(names)
    assert Moment("late-2").week == 2


async def test_a_list_that_telegram_did_not_take_in_office_hours_waits_until_the_office_opens(team: Office) -> None:
    team.clock.advance(days=35)
    team.faults.methods = frozenset({"sendmessage"})
    team.faults.next(*[Fault.GATEWAY] * 50)
    await team.app.tick()
    async with asyncio.timeout(20):
        while len(team.faults.log) < 2 or not team.app.sender.is_idle:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    team.clock.now = datetime(2026, 12, 29, 16, 0, tzinfo=UTC)  # midnight
    team.faults.methods = frozenset({"nothing"})  # and Telegram is back
    team.app.sender.wake()
    await asyncio.sleep(0.5)
    assert lists(team, 102) == lists(team, 103) == []

    await team.later(hours=8)

    assert len(lists(team, 102)) == len(lists(team, 103)) == 1
