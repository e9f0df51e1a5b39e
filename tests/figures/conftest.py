"""An office of units whose runs are walked by the service, so that many of them take a moment."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.engine import commands as c
from bot.engine.deviations import Reason
from bot.services import hands
from bot.storage.database import Transaction
from tests.conftest import Office

HERE = Path(__file__).parent
CLEAN = (c.Finish(), c.Choose(0), c.Finish())
AGAIN = (c.Finish(), c.Choose(1), *CLEAN)
SKIPPING = (c.Finish(), c.Choose(0), c.Skip(Reason.NO_TIME))


@pytest.fixture
def sops_dir() -> Path:
    return HERE / "sops"


@pytest.fixture
async def office(office: Office, tmp_path: Path) -> Office:
    """Andi and Siti work in Subbagian Tata Usaha, Budi in Seksi PAKIS, Nur leads the office."""
    await office.works_in("subbag-tu", 101, 102)
    await office.works_in("seksi-pakis", 103)
    await office.works_in("kantor", 104)
    return office


@pytest.fixture(autouse=True)
def divided(tmp_path: Path) -> None:
    shutil.copy(HERE.parents[1] / "data" / "office.yaml", tmp_path / "office.yaml")


async def walk(office: Office, user_id: int, sop: str, commands: Sequence[c.Command], minutes: float = 10) -> int:
    """Somebody walks an SOP, so many minutes each step. Returns the number of the run."""
    house = office.app.house

    def start(tx: Transaction) -> int:
        me, live = tx.people.by_chat(user_id), tx.versions.live_of(sop)
        assert me is not None
        assert live is not None
        staff = house.staff(tx, live.sop, me.unit)
        return hands.start(tx, house, me, live.sop, c.start(live.sop, me.id, staff, me.unit))[1].id

    number = await office.app.database.run(start)
    await go_on(office, user_id, number, commands, minutes)
    return number


async def go_on(office: Office, user_id: int, number: int, commands: Sequence[c.Command], minutes: float = 10) -> None:
    """Somebody does their part of a run, so many minutes each step."""
    house = office.app.house

    def order(tx: Transaction, number: int, command: c.Command) -> None:
        me, run = tx.people.by_chat(user_id), tx.runs.get(number)
        assert me is not None
        assert run is not None
        known = tx.versions.sop(run.digest)
        hands.move(tx, house, me, run, known, hands.ordered(tx, house, me, run, known, command))

    for command in commands:
        office.clock.advance(minutes=minutes)
        await office.app.database.run(order, number, command)
