"""The bytes of what people sent are fetched in the end, whatever stands in the way, and lie safe on the disk."""

import asyncio
import os
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.sandbox.faults import Fault
from bot.services import evidence
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.tables import FileRow, table
from tests.conftest import Office

file = table(FileRow)

PICTURES = [b"first picture", b"second picture"]


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parents[1] / "conversations" / "sops"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/pandu.db"


def states(tx: Transaction) -> list[str]:
    return list(tx.connection.execute(select(file.c.state).order_by(file.c.id)).scalars())


async def proof(office: Office) -> None:
    """Begin the SOP that wants photos."""
    await office.clerk.says("/start sop_bukti")
    await office.clerk.taps("Mulai")


async def hours_pass(office: Office, hours: int) -> None:
    """Let them pass, a minute and more at a time, until there is nothing left to fetch or they are over."""
    for _ in range(hours * 30):
        office.clock.advance(minutes=2)
        office.app.fetcher.wake()
        await asyncio.sleep(0.02)
        if "new" not in await office.app.database.run(states):
            return


def on_disk(office: Office) -> set[str]:
    return {one.name for one in (office.app.settings.data_dir / "files").glob("*")}


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.NOT_FOUND])
async def test_a_file_is_fetched_however_long_telegram_is_away(office: Office, fault: Fault) -> None:
    await proof(office)
    office.faults.methods = frozenset({"getfile"})
    office.faults.next(*[fault] * 30)

    await office.clerk.sends_photo(PICTURES[0])
    await hours_pass(office, 4)

    assert await office.app.database.run(states) == ["kept"]
    assert on_disk(office) == {sha256(PICTURES[0]).hexdigest()}


async def test_a_file_that_cannot_be_taken_in_holds_up_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = evidence.fetched

    def stumbles(tx: Transaction, house: House, file_id: int, digest: str, size: int) -> None:
        if digest == sha256(PICTURES[0]).hexdigest():
            raise ValueError(file_id)
        fetched(tx, house, file_id, digest, size)

    monkeypatch.setattr(evidence, "fetched", stumbles)
    await proof(office)

    await office.clerk.sends_photo(PICTURES[0])
    await office.clerk.sends_photo(PICTURES[1])

    assert await office.app.database.run(states) == ["new", "kept"]


async def test_a_clock_that_was_set_back_delays_no_file(office: Office) -> None:
    await proof(office)
    office.clock.advance(days=40)
    office.faults.methods = frozenset({"getfile"})
    office.faults.next(Fault.ERROR)
    await office.clerk.sends_photo(PICTURES[0])
    assert await office.app.database.run(states) == ["new"]

    office.clock.advance(days=-40)
    office.app.fetcher.wake()
    await office.settle()

    assert await office.app.database.run(states) == ["kept"]


async def test_a_file_is_on_the_disk_before_it_counts_as_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    synchronised: list[str] = []
    fsync = os.fsync

    def seen(descriptor: int) -> None:
        fsync(descriptor)
        synchronised.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)

    monkeypatch.setattr(os, "fsync", seen)
    await proof(office)

    await office.clerk.sends_photo(PICTURES[0])

    assert synchronised == [f"{sha256(PICTURES[0]).hexdigest()}.part", "files"]
