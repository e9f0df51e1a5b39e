"""Telegram was away, or we were: what was written is handled, and cards say that taps may be lost."""

import asyncio
import json
from datetime import time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.engine.calendar import Office as Hours
from bot.engine.people import Role
from bot.library.office import OfficeSettings
from bot.services import runs
from bot.services.house import House
from bot.storage.database import Transaction, read_only
from bot.storage.tables import JournalRow, LetterRow, table
from bot.views.screen import Screen
from bot.views.taps import Packer
from tests.conftest import Office, StartOffice
from tests.intake.conftest import Telegram, eventually

entries, letters = table(JournalRow), table(LetterRow)
NOTE = "mungkin tidak sampai"


async def begin(office: Office, person_id: int, what: str = "Uji Fungsi Komputer") -> None:
    person = office.person(person_id)
    await person.says(what)
    await person.taps(what)
    await person.taps("Mulai")


def cards(office: Office, person_id: int) -> list[dict[str, Any]]:
    return [one for one in office.person(person_id).messages if "Langkah" in one.get("text", "")]


async def silence(office: Office, telegram: Telegram, **span: float) -> None:
    """Telegram is away that long, by the clock of the office."""
    await telegram.goes()
    with capture_logs() as lines:
        await eventually(lambda: any(line["event"] == "telegram.missed" for line in lines))
    office.clock.advance(**span)


async def returns(office: Office, telegram: Telegram) -> None:
    alive = office.app.settings.data_dir / "alive"
    alive.unlink(missing_ok=True)
    await telegram.comes()
    await eventually(alive.exists)
    await office.settle()


@pytest.mark.parametrize("hours", [1 / 6, 3, 30])
async def test_after_a_silence_every_open_card_says_so_until_the_next_tap(
    office: Office, telegram: Telegram, hours: float
) -> None:
    await begin(office, 101)
    await begin(office, 102)
    messages = len(office.clerk.messages)

    await silence(office, telegram, hours=hours)
    await returns(office, telegram)

    for person in (101, 102):
        [card] = cards(office, person)
        assert NOTE in card["text"]
    assert "09.00 WITA" in office.clerk.sees
    assert len(office.clerk.messages) == messages  # edited where it is, without a sound

    await office.clerk.taps("Kendala")

    assert NOTE not in office.clerk.sees
    assert NOTE in office.supervisor.sees


async def test_a_card_with_messages_below_it_is_edited_where_it_is(office: Office, telegram: Telegram) -> None:
    await begin(office, 101)
    office.world.say(101, "/bantuan")
    await office.settle()
    messages = len(office.clerk.messages)

    await silence(office, telegram, minutes=10)
    await returns(office, telegram)

    assert NOTE in cards(office, 101)[0]["text"]
    assert len(office.clerk.messages) == messages


async def test_an_open_question_stays_open(office: Office, telegram: Telegram) -> None:
    await begin(office, 101)
    await office.clerk.taps("Kendala")
    await office.clerk.taps("Lewati")

    await silence(office, telegram, minutes=10)
    await returns(office, telegram)
    assert NOTE in office.clerk.sees
    await office.clerk.taps("Waktu tidak cukup")

    assert "Sudah tercatat" in office.clerk.sees


async def test_a_short_gap_is_no_silence(office: Office, telegram: Telegram) -> None:
    await begin(office, 101)

    await silence(office, telegram, seconds=100)
    await returns(office, telegram)

    assert NOTE not in office.clerk.sees


async def test_a_clock_that_is_moved_is_no_silence(office: Office) -> None:
    await begin(office, 101)

    office.clock.advance(days=3)
    await office.clerk.taps("Kendala")
    await office.clerk.taps("Kembali")

    assert NOTE not in office.clerk.sees


@pytest.mark.parametrize("minutes", [1, 55])
async def test_our_own_absence_is_known_to_the_next_life(start_office: StartOffice, minutes: int) -> None:
    async with start_office() as office:
        await begin(office, 101)
    office.clock.advance(minutes=minutes)

    async with start_office() as office:
        await office.settle()
        await office.clerk.says("/bahasa")

        assert (NOTE in cards(office, 101)[0]["text"]) == (minutes == 55)


async def test_the_admins_get_one_letter(office: Office, telegram: Telegram) -> None:
    await office.manager.says("/start")

    await silence(office, telegram, minutes=55)
    await returns(office, telegram)
    await office.clerk.says("/bantuan")

    letters = [one["text"] for one in office.manager.messages if "tidak tersambung" in one.get("text", "")]
    assert len(letters) == 1
    assert "09.00 WITA" in letters[0]
    assert "09.55 WITA" in letters[0]
    assert "24 November 2026" in letters[0]


async def test_messages_of_a_day_are_handled_and_taps_are_lost(office: Office, telegram: Telegram) -> None:
    await begin(office, 101)
    await begin(office, 102)
    [mine] = cards(office, 101)
    await silence(office, telegram, minutes=1)
    problem = next(
        button["callback_data"]
        for row in mine["reply_markup"]["inline_keyboard"]
        for button in row
        if "Kendala" in button["text"]
    )
    office.world.tap(101, mine["message_id"], problem)
    office.world.say(102, "kendala")
    office.clock.advance(hours=20)

    await returns(office, telegram)

    assert "Apa yang berbeda" not in office.clerk.sees
    assert NOTE in office.clerk.sees
    assert "Apa yang berbeda" in office.supervisor.sees


async def test_a_long_silence_is_an_alarm_in_the_log(office: Office, telegram: Telegram) -> None:
    await silence(office, telegram, seconds=181)

    with capture_logs() as lines:
        await eventually(lambda: any(line["event"] == "telegram.silent" for line in lines))

    assert [line["log_level"] for line in lines if line["event"] == "telegram.silent"] == ["error"]


async def test_the_file_alive_is_young_while_telegram_answers(office: Office, telegram: Telegram) -> None:
    alive = office.app.settings.data_dir / "alive"
    await office.clerk.says("/bantuan")
    await eventually(alive.exists)
    alive.unlink()

    await silence(office, telegram, seconds=1)
    assert not alive.exists()
    await returns(office, telegram)

    await eventually(alive.exists)


async def test_a_backlog_is_told_to_the_admins_once_a_day(office: Office) -> None:
    await office.manager.says("/start")

    for waiting in (1000, 1001, 1002):
        await office.app.watch.count(waiting)
    await office.later(minutes=1)
    assert sum("menunggu diproses" in one.get("text", "") for one in office.manager.messages) == 1

    office.clock.advance(days=1)
    await office.app.watch.count(1001)
    await office.later(minutes=1)
    assert sum("menunggu diproses" in one.get("text", "") for one in office.manager.messages) == 2


async def at_a_plain_step(office: Office) -> None:
    await office.clerk.says("Pemeliharaan Komputer")
    await office.clerk.taps("Pemeliharaan Komputer")
    await office.clerk.taps("Mulai")
    for words in ("Ruang Umum", "120", "Tidak menyala"):
        await office.clerk.says(words)
    assert "Langkah 1 dari 16" in office.clerk.sees


async def test_a_typed_word_counts_once_and_from_when_it_was_sent(office: Office, telegram: Telegram) -> None:
    await at_a_plain_step(office)
    await silence(office, telegram, minutes=4)
    office.world.say(101, "selesai")
    office.clock.advance(minutes=1)
    office.world.say(101, "selesai")
    office.clock.advance(hours=3)

    await returns(office, telegram)

    assert "Langkah 2 dari 16" in office.clerk.sees
    assert NOTE not in office.clerk.sees
    [finished] = [json.loads(row.body) for row in journal(office) if row.kind == "finished"]
    assert finished["at"] == "2026-11-24T04:05:00+00:00"
    assert finished["data"]["done_at"]["value"] == "2026-11-24T01:04:00+00:00"
    assert not [row for row in journal(office) if row.kind == "deviated"]


async def test_an_answer_that_was_held_up_says_so(office: Office, telegram: Telegram) -> None:
    await begin(office, 101, "Pemeliharaan Komputer")
    await silence(office, telegram, minutes=4)
    office.world.say(101, "Ruang Umum")
    office.clock.advance(hours=3)

    await returns(office, telegram)

    assert "09.04 WITA baru sekarang dicatat" in office.clerk.sees
    assert "Ruang Umum" in office.clerk.sees
    await office.clerk.says("120")
    assert "baru sekarang" not in office.clerk.sees


def journal(office: Office) -> list[Any]:
    engine = read_only(office.app.settings.database_url)
    with engine.connect() as connection:
        rows = list(connection.execute(select(entries).order_by(entries.c.seq)))
    engine.dispose()
    return rows


async def test_many_cards_are_painted_by_and_by(office: Office, telegram: Telegram) -> None:
    for number in range(1000, 1045):
        office.world.add_person(number, "Pegawai")
        office.world.chats[number].started = True
    await office.app.database.run(start_many, range(1000, 1045))
    office.app.sender.wake()
    await office.settle()
    await silence(office, telegram, minutes=10)
    changes = office.world.subscribe()

    alive = office.app.settings.data_dir / "alive"
    alive.unlink()
    await telegram.comes()
    await eventually(alive.exists)

    for painted in (20, 20, 5):
        await eventually(partial(lambda wanted: changes.qsize() >= wanted, painted))
        await asyncio.sleep(0.3)
        assert [changes.get_nowait().kind for _ in range(changes.qsize())] == ["edit"] * painted
        office.clock.advance(seconds=1)
    await office.settle()
    assert changes.empty()


def start_many(tx: Transaction, chats: range) -> None:
    """Runs of people, as if each had started one."""
    sop = tx.versions.live()[0].sop
    hours = Hours(ZoneInfo("Asia/Makassar"), (((time.min, time.max),),) * 7)
    house = House(OfficeSettings(hours), "id", Packer(1))
    for chat in chats:
        person = tx.people.get(tx.people.add(chat, "Pegawai", "id", [Role.PERFORMER]))
        runs.start(tx, house, person, sop)


async def test_what_cannot_be_carried_is_tried_less_and_less_often(office: Office, telegram: Telegram) -> None:
    await begin(office, 101)
    await silence(office, telegram, seconds=1)
    await office.app.database.run(write_to_clerk)

    for tries, gap in enumerate((1, 2, 4), 1):
        office.app.sender.wake()
        async with asyncio.timeout(20):
            while (row := await office.app.database.run(the_letter)).tries < tries:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert row.next_at == office.clock.now + timedelta(seconds=gap)
        office.clock.advance(seconds=gap)


def write_to_clerk(tx: Transaction) -> None:
    tx.letters.put("a letter", 101, Screen("Ada kabar."))


def the_letter(tx: Transaction) -> Any:
    return tx.connection.execute(select(letters).where(letters.c.key == "a letter")).one()
