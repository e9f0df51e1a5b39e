"""Before the first run of a changed SOP one reads what changed, and says so once."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.storage.database import Transaction
from bot.storage.tables import JournalRow, table
from tests.conftest import Office, folder_of
from tests.versions.rapat import content, submitted


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """A folder with one SOP in it."""
    return folder_of(tmp_path, {"a.yaml": content("1", "Bekerja")})


def understood(tx: Transaction) -> int:
    journal = table(JournalRow)
    of_this_kind = select(func.count()).select_from(journal).where(journal.c.kind == "change_understood")
    return int(tx.connection.execute(of_this_kind).scalar_one())


async def test_what_changed_is_read_once_by_whoever_ran_it_before(office: Office, sops_dir: Path) -> None:
    await office.clerk.says("/start sop_rapat")
    await office.clerk.taps("Mulai")
    await office.clerk.taps("Selesai")
    await submitted(office, sops_dir)
    await office.supervisor.taps("Setujui")
    await office.manager.taps("uji coba dulu")

    await office.clerk.says("/start sop_rapat")
    await office.clerk.taps("Mulai")
    assert "Yang berubah" in office.clerk.sees
    assert "kalimat: “Bekerja” menjadi “Mencatat”" in office.clerk.sees
    await office.clerk.taps("Paham")
    assert "Mencatat" in office.clerk.sees
    await office.clerk.taps("Selesai")

    await office.clerk.says("/start sop_rapat")
    await office.clerk.taps("Mulai")
    assert "Langkah 1" in office.clerk.sees
    assert await office.app.database.run(understood) == 1

    await office.manager.says("/start sop_rapat")
    await office.manager.taps("Mulai")
    assert "Yang berubah" not in office.manager.chat
