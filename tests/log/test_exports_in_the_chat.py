"""Facts taken out in the chat: each gets those of their own unit and below, by codes, and it is journalled who did."""

import gzip
import shutil
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from sqlalchemy import select

from bot.engine.figures import Overview, Period, Span
from bot.sandbox.person import Person
from bot.services import exports
from bot.storage.database import Transaction
from bot.storage.tables import JournalRow, table
from bot.storage.xes import NAMESPACE
from tests.conftest import Office
from tests.figures.conftest import CLEAN, SKIPPING, walk
from tests.log.test_exports import XSD, attributes
from tests.people.records import known

ROOT = Path(__file__).parents[2]
TRACE = f"{{{NAMESPACE}}}trace"
journal = table(JournalRow)


@pytest.fixture
def sops_dir() -> Path:
    return ROOT / "tests" / "figures" / "sops"


@pytest.fixture(autouse=True)
def divided(tmp_path: Path) -> None:
    shutil.copy(ROOT / "data" / "office.yaml", tmp_path / "office.yaml")


async def downloads(office: Office, person: Person, label: str) -> bytes:
    """What comes when somebody taps that on the documents of /rekap."""
    await person.says("/rekap")
    await person.taps("Dokumen")
    await person.taps(label)
    await office.settle()
    file = office.world.files.by_id(person.messages[-1]["document"]["file_id"])
    assert file is not None
    return file.data


def column(book: bytes, name: str) -> list[object]:
    """What a column of a workbook holds, top to bottom."""
    [sheet] = openpyxl.load_workbook(BytesIO(book)).worksheets
    head, *rows = sheet.iter_rows(values_only=True)
    return [row[head.index(name)] for row in rows]


async def test_each_downloads_what_is_of_their_unit_by_codes(office: Office) -> None:
    await office.works_in("subbag-tu", 101, 102)
    await office.works_in("seksi-pakis", 103)
    await office.works_in("kantor", 104)
    own = await walk(office, 101, "harian", SKIPPING)
    foreign = await walk(office, 103, "harian", SKIPPING)
    led = await walk(office, 102, "harian", CLEAN)
    await office.later(minutes=2)

    assert set(column(await downloads(office, office.clerk, "Unduh pelaksanaan · Excel"), "run")) == {own}
    assert column(await downloads(office, office.supervisor, "Unduh penyimpangan · Excel"), "run") == [own]
    assert column(await downloads(office, office.manager, "Unduh penyimpangan · Excel"), "run") == [own, foreign]
    assert office.manager.messages[-1]["document"]["file_name"] == "penyimpangan-20261101-20261130.xlsx"
    log = gzip.decompress(await downloads(office, office.supervisor, "Unduh pelaksanaan · XES"))
    tree = etree.fromstring(log)
    XSD.assertValid(tree)
    assert {attributes(trace)["concept:name"] for trace in tree.iter(TRACE)} == {str(own), str(led)}
    assert b"Andi" not in log

    def taken(tx: Transaction) -> list[tuple[int, str]]:
        wanted = select(journal.c.person, journal.c.body).where(journal.c.kind == "facts_exported")
        return [(row.person, row.body) for row in tx.connection.execute(wanted.order_by(journal.c.seq))]

    found = await office.app.database.run(taken)
    assert ["runs" in body for _, body in found] == [True, False, False, True]
    assert len({person for person, _ in found}) == 3


async def test_reports_are_had_by_whoever_may_read_them_and_of_ones_own(office: Office) -> None:
    await office.works_in("subbag-tu", 101)
    await office.works_in("seksi-pakis", 102)
    await office.works_in("kantor", 104)
    await office.clerk.says("/lapor")
    await office.clerk.says("harian")
    await office.clerk.taps("Seluruh SOP")
    await office.clerk.taps("Langkah kurang")

    assert len(column(await downloads(office, office.clerk, "Unduh laporan · Excel"), "person")) == 1
    assert column(await downloads(office, office.supervisor, "Unduh laporan · Excel"), "person") == []
    [code] = column(await downloads(office, office.manager, "Unduh laporan · Excel"), "person")
    assert str(code).startswith("p-")


async def test_what_is_too_much_is_said_and_read_no_further(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.works_in("subbag-tu", 101)
    await walk(office, 101, "harian", SKIPPING)
    await office.later(minutes=2)
    me, of = await known(office, 101), Overview(Period.around(office.clock.now.date(), Span.MONTH))
    in_all = len(column(await downloads(office, office.clerk, "Unduh pelaksanaan · Excel"), "run"))

    for most, rows in ((10, 10 * in_all), (exports.MOST, in_all - 1)):
        monkeypatch.setattr(exports, "MOST", most)
        monkeypatch.setattr(exports, "ROWS", rows)
        for code in ("runs-xlsx", "runs-xes"):
            asked = exports.inquiry(office.app._house, me, of, 1, code)
            assert asked is not None
            assert await office.app.database.read(asked.read) is None, code

    await office.clerk.taps("Unduh pelaksanaan · Excel")
    assert "python -m bot export runs" in str(office.clerk.alert)
