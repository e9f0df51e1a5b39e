"""SOP rapat: its file in one version and another, and how far its versions are."""

from pathlib import Path

from sqlalchemy import select

from bot.engine.errands import ErrandKind
from bot.engine.sop import Status
from bot.storage.database import Transaction
from bot.storage.tables import ErrandRow, table
from tests.conftest import Office
from tests.library.test_folder import text


def content(version: str, does: str) -> str:
    """SOP rapat."""
    whole = text("rapat", version=version).replace("kind:", "status: trial\nkind:")
    return whole.replace("Bekerja", does)


def standing(tx: Transaction) -> dict[str, Status]:
    return {one.sop.version: one.status for one in tx.versions.all_of("rapat")}


async def waiting(office: Office) -> list[int]:
    """For whom versions wait."""
    errand = table(ErrandRow)
    mine = select(errand.c.person).where(errand.c.kind == ErrandKind.VERSION.value)
    return await office.app.database.run(lambda tx: list(tx.connection.execute(mine).scalars()))


async def submitted(office: Office, folder: Path, does: str = "Mencatat") -> None:
    """The author writes version 2, and submits it."""
    for one in (office.supervisor, office.manager):
        await one.says("/start")
    (folder / "a.yaml").write_text(content("2", does))
    await office.app.read_files()
    await office.author.says("/start sop_rapat")
    await office.author.taps("Ajukan")
