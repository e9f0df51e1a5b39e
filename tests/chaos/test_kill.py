"""The bot is killed again and again, with kill -9 at any moment, while Telegram fails and staff go on: nothing is lost.

CHAOS_SEED repeats the same dice, CHAOS_KILLS makes it longer."""

import asyncio
import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.settings import Settings  # first: it settles how python-telegram-bot tells durations

from bot.app import office_of  # isort: skip
from bot.engine.people import Role
from bot.engine.run import Accepted, Approved, Completed, LeaveAsked, Rejected, Released, Returned
from bot.engine.staffing import Acting, Span
from bot.library.folder import Folder
from bot.library.office import OfficeSettings
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.server import Server
from bot.sandbox.world import World
from bot.services import personnel
from bot.services.house import House
from bot.storage.database import Database, Transaction, read_only
from bot.views.taps import Packer
from tests.chaos import errands
from tests.chaos.errands import Errands
from tests.chaos.ledger import Ledger, copies, keep_minutes, letters_waiting, run_cards, settled
from tests.chaos.lives import Zygote, until, zygote
from tests.chaos.staff import Person, Witness
from tests.conftest import TOKEN

HERE = Path(__file__).parent
SEED = int(os.environ.get("CHAOS_SEED") or time.time())
KILLS = int(os.environ.get("CHAOS_KILLS") or 80)
STAFF = {101: "Andi", 102: "Siti", 103: "Budi", 104: "Nur"}
HOLD = {
    101: ("pengguna-komputer", "petugas-ti"),
    102: ("petugas-bmn", "petugas-ti"),
    103: ("pengguna-komputer", "petugas-bmn"),
    104: ("kasubbag-tu", "ppk", "kepala-kantor"),
}
"""What each does: runs go from hand to hand, and two people race for most steps."""
ADMIN = 104

LIFE, BIRTH = 0.4, 0.2
"""Seconds that a life may last at most, counted from when it serves, or, a quarter of them, from its birth."""
FAULTS = 0.12
"""Of all calls that the bot makes, so many go wrong."""
A_MINUTE = 60.0
PATIENCE = 30.0
"""Seconds after the last fault within which every phone shows what is true."""
LATER = 100.0
"""Seconds after which every letter that perhaps arrived has been sent once more. Not yet a silence to be told of."""
LONG_AGO, JUST_NOW = timedelta(days=36), 120.0
"""Since when the SOPs of the errands are on trial, and so many seconds ago their first runs are."""
AWAY = 10
"""After so many lives somebody goes on leave, or is back."""
UNKNOWN = (Fault.CUT_AFTER, Fault.GARBLED)
"""After these the bot cannot know that Telegram did what it was asked for."""


@dataclass
class Telegram:
    """What goes on while the bot lives and dies."""

    world: World
    faults: Faults
    staff: list[Person]
    errands: Errands
    url: str
    witness: Witness = field(default_factory=Witness)
    first_update: int = 0
    """Which is so new that it is still kept at the end."""
    copies: int = 0
    """How many cards had a living copy when the bot was left alone."""

    @property
    def typed(self) -> list[str]:
        """Every answer that anybody typed."""
        return [answer for person in self.staff for answer in person.typed]

    @property
    def unknown(self) -> int:
        """How many messages the bot wrote without hearing of it, kills aside."""
        return sum(one.method == "sendMessage" and one.fault in UNKNOWN for one in self.faults.log)


@asynccontextmanager
async def telegram() -> AsyncIterator[Telegram]:
    """A Telegram that fails, and those who use it."""
    world = World(lambda: datetime.now(UTC), TOKEN)
    for user_id, name in (STAFF | errands.NAMES).items():
        world.add_person(user_id, name)
    faults = Faults(SEED, 0.0, slowness=0.3)
    sop = Folder(HERE).load().sops[0]
    staff = [Person(world, user_id, sop, Random(SEED + user_id)) for user_id in STAFF]
    async with Server(world, faults, flood=False) as server:
        yield Telegram(world, faults, staff, Errands(world, Random(SEED)), server.url)


@pytest.fixture
def sops(tmp_path: Path) -> Path:
    """The SOPs of the errands, and a broken file of which the admins are told."""
    folder = tmp_path / "sops"
    folder.mkdir()
    errands.write_files(folder, tmp_path / "office.yaml")
    (folder / "rusak.yaml").write_text("id: [", encoding="utf-8")
    return folder


async def test_nothing_is_lost_however_often_the_bot_is_killed(tmp_path: Path, sops: Path, database_url: str) -> None:
    print(f"CHAOS_SEED={SEED}")
    keep_minutes(database_url)
    office = Workplace(database_url, _house(tmp_path, database_url))
    await office.change(_employ, office.house)
    await office.change(errands.employ, (datetime.now(UTC) - LONG_AGO).date())
    began = time.monotonic()
    async with (
        telegram() as there,
        zygote(tmp_path / "bot.log", _settings(there, tmp_path, database_url)) as mother,
    ):
        engine = read_only(database_url)
        watching = asyncio.create_task(there.witness.watch(there.world))
        await _become_known(there, mother, sops)
        await _work_and_die(there, mother, office)
        drained_in = await _drain(there, mother, engine)
        watching.cancel()

    with engine.connect() as connection:
        counted = _judged(there, Ledger.of(connection), office.house)
    engine.dispose()
    known = {"seed": SEED, "database": engine.dialect.name, "kills": KILLS, "served": mother.served}
    took = {"seconds": round(time.monotonic() - began, 1), "drained_in": round(drained_in, 1)}
    print(json.dumps(known | took | counted))
    assert min(mother.served // 3, counted["endings"], counted["confirmed"]) > KILLS / 12  # else it proves little


def _settings(there: Telegram, sops: Path, database_url: str) -> dict[str, str]:
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": there.url,
        "DATABASE_URL": database_url,
        "DATA_DIR": str(sops.parent),
        "SOPS_DIR": str(sops),
        "ADMIN_IDS": str(ADMIN),
    }


@dataclass(frozen=True)
class Workplace:
    """Who works here, to be changed while no bot lives."""

    url: str
    house: House

    async def change(self, work: Callable[..., None], *about: object) -> None:
        """Do it in one transaction."""
        database = Database(self.url, lambda: datetime.now(UTC))
        await database.run(work, *about)
        await asyncio.to_thread(database.close)


def _house(folder: Path, database_url: str) -> House:
    settings = Settings(telegram_bot_token=SecretStr(TOKEN), data_dir=folder, database_url=database_url)
    return House(OfficeSettings(office_of(settings).office), "id", Packer(1))


def _employ(tx: Transaction, house: House) -> None:
    for chat, positions in HOLD.items():
        roles = (Role.PERFORMER, Role.ADMIN) if chat == ADMIN else (Role.PERFORMER,)
        person = tx.people.add(chat, STAFF[chat], "id", roles, reachable=False)
        for position in positions:
            tx.holdings.add(person, position, Span(house.office.day(tx.at)), Acting.DEFINITIVE)


def _go_or_be_back(tx: Transaction, house: House, chat: int) -> None:
    """Somebody goes on leave; if somebody has gone, they are back."""
    known = {one.chat: one for one in tx.people.everyone()}
    today = house.office.day(tx.at)
    for absence in tx.absences.lasting(today):
        whom = next(one for one in known.values() if one.id == absence.person)
        personnel.call_back(tx, house, known[ADMIN], whom, absence)
        return
    personnel.send_away(tx, house, known[ADMIN], known[chat], Span(today), None)


async def _become_known(there: Telegram, mother: Zygote, sops: Path) -> None:
    """Their SOPs are on trial for so long that they are to be reviewed; and there are runs to speak about."""
    async with mother.alive(ahead=-LONG_AGO.total_seconds()):
        for chat in errands.NAMES:
            there.world.say(chat, "/start")
        await until(lambda: all(len(there.world.history(chat)) > 1 for chat in errands.NAMES), A_MINUTE)
    there.first_update = there.world.updates.next_id
    shutil.copy(HERE / "pemeliharaan.yaml", sops)
    async with mother.alive(ahead=-JUST_NOW), asyncio.timeout(A_MINUTE), asyncio.TaskGroup() as working:
        for steps in errands.BEFORE:
            working.create_task(there.errands.once(*steps))


async def _work_and_die(there: Telegram, mother: Zygote, office: Workplace) -> None:
    random = Random(SEED)
    working = [asyncio.create_task(person.work()) for person in there.staff]
    working += [asyncio.create_task(there.errands.again(*steps)) for steps in errands.AGAIN]
    once = [asyncio.create_task(there.errands.once(*steps)) for steps in errands.ONCE]
    async with mother.alive():
        await until(lambda: len({run for run, _ in there.witness.steps}) >= len(STAFF), A_MINUTE)
    for person in there.staff:
        person.careful = False
    there.faults.rate = FAULTS
    for number in range(KILLS):
        if number % AWAY == AWAY - 1:
            await office.change(_go_or_be_back, office.house, random.choice([101, 102, 103]))
        served = random.random() < 0.75
        await mother.lives(random.uniform(0, LIFE if served else BIRTH), served=served)
    there.faults.rate = 0.0
    assert not [task for task in working if task.done()]
    assert not [task for task in once if task.done() and task.exception()]
    for task in working + once:
        task.cancel()
    for person in there.staff:
        there.world.unblock(person.id)


async def _drain(there: Telegram, mother: Zygote, engine: Engine) -> float:
    """Let the bot live. How many seconds it took until every phone was right."""
    async with mother.alive():
        took = await until(lambda: settled(engine, there.world), PATIENCE)
    async with mother.alive(ahead=LATER):
        await until(lambda: settled(engine, there.world) and not letters_waiting(engine), PATIENCE)
        while touched := _touch_old_cards(there, engine):
            there.copies += touched
            await until(lambda: settled(engine, there.world) and not letters_waiting(engine), PATIENCE)
    return took


def _touch_old_cards(there: Telegram, engine: Engine) -> int:
    """A copy of a card, of which the bot never heard, goes when it is touched. How many there were."""
    with engine.connect() as connection:
        cards = run_cards(connection)
    touched = 0
    for chat, number, known in cards:
        for button in copies(there.world, chat, number):
            if button.message_id != known:
                there.world.tap(chat, button.message_id, button.data)
                touched += 1
    return touched


def _judged(there: Telegram, ledger: Ledger, house: House) -> dict[str, int]:
    """Nothing is lost, nothing is done twice; what there was."""
    ledger.check_the_chain()
    ledger.check_the_runs()
    ledger.check_the_minutes(there.world)
    ledger.check_the_phones(there.world)
    ledger.check_who_is_called(house)
    return {
        "faults": len(there.faults.log),
        "updates": ledger.check_the_inbox(there.world, there.first_update),
        "taps": sum(person.taps for person in there.staff),
        "typed": len(there.typed),
        "confirmed": ledger.check_what_was_seen(there.witness, there.typed),
        "runs": len(ledger.runs),
        "endings": ledger.endings,
        "completed": ledger.count(Completed),
        "accepted": ledger.count(Accepted),
        "returned": ledger.count(Returned),
        "approved": ledger.count(Approved, Rejected),
        "leave": ledger.count(LeaveAsked),
        "released": ledger.count(Released),
        "reports": ledger.check_the_reports(),
        **ledger.check_the_errands(there.errands),
        "copies_of_cards": there.copies,
        "extra_letters": ledger.check_the_letters(there.world),
        "unknown": there.unknown,
    }
