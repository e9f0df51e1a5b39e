"""Files that cannot be fetched at once: nothing waits for them, and what they show is said when they come."""

from pathlib import Path

import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.files import THUMBNAIL
from bot.storage.database import Transaction
from bot.storage.tables import DeviationRow, table
from tests.conftest import Office

deviation = table(DeviationRow)


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parent / "sops"


def telegram_hands_out_none(office: Office, times: int) -> None:
    """The next so many files are not to be had at once."""
    office.faults.methods = frozenset({"getfile"})
    office.faults.next(*[Fault.GATEWAY] * times)


async def begin(office: Office) -> None:
    await office.clerk.says("/start sop_bukti")
    await office.clerk.taps("Mulai")


async def test_a_step_ends_without_waiting_and_a_photo_used_before_is_noted_later(office: Office) -> None:
    await begin(office)
    telegram_hands_out_none(office, 2)
    await office.clerk.sends_album([THUMBNAIL + b"1", THUMBNAIL + b"1"])
    await office.clerk.taps("Selesai")
    assert "Langkah 2 dari 4" in office.clerk.sees

    await office.later(minutes=5)

    assert "Berkas langkah 1 ternyata pernah dipakai" in office.clerk.sees
    assert "Langkah 2 dari 4" in office.clerk.sees
    assert await office.app.database.run(_kinds) == ["evidence_reused"]
    kept = [path.read_bytes() for path in (office.app.settings.data_dir / "files").iterdir()]
    assert kept == [THUMBNAIL + b"1"]


async def test_a_photo_used_before_is_asked_about_while_its_step_is_open(office: Office) -> None:
    await begin(office)
    telegram_hands_out_none(office, 2)
    await office.clerk.sends_album([THUMBNAIL + b"1", THUMBNAIL + b"1"])
    assert "Foto 2/2" in office.clerk.sees

    await office.later(minutes=5)

    assert "Ternyata foto ini sudah dipakai pada langkah 1" in office.clerk.sees
    await office.clerk.taps("Tidak, saya kirim yang lain")
    assert "Foto 1/2" in office.clerk.sees


def _kinds(tx: Transaction) -> list[str]:
    return list(tx.connection.execute(deviation.select()).columns("kind").scalars())
