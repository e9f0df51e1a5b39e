"""The figures as files: a picture, the forms that offices hand in, the report of a trial."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from bot.documents.setting import made
from bot.engine.deviations import Kind
from bot.engine.figures import (
    Departures,
    Figures,
    Overview,
    Period,
    Span,
    Stage,
    StepTimes,
    Verdict,
    proposed,
    verdict,
)
from bot.engine.units import Units
from bot.library.folder import Folder
from bot.sandbox.files import picture_size
from bot.views.figures import Frame, Seen
from bot.views.names import title
from bot.views.papers import picture
from bot.views.taps import Packer
from bot.views.words import Words
from tests.conftest import Office, StartOffice
from tests.figures.conftest import CLEAN, HERE, SKIPPING, walk


async def test_a_picture_and_the_forms_come_below_as_files(office: Office) -> None:
    for commands in (CLEAN, CLEAN, CLEAN, CLEAN, SKIPPING):
        await walk(office, 101, "harian", commands)
    await office.later(minutes=2)
    await office.supervisor.says("/rekap")

    await office.supervisor.taps("Gambar")
    await office.settle()
    sent = office.supervisor.messages[-1]
    assert "Rekap · November 2026" in sent["caption"]
    assert sent["photo"][-1]["width"] == 1080

    await office.supervisor.taps("Dokumen")
    await office.supervisor.taps("Tabel 7: monitoring · PDF")
    await office.settle()
    assert office.supervisor.messages[-1]["document"]["file_name"] == "tabel-7-monitoring.pdf"

    await office.supervisor.taps("Tabel 7: monitoring · Excel")
    await office.settle()
    file = office.world.files.by_id(office.supervisor.messages[-1]["document"]["file_id"])
    assert file is not None
    cells = [str(cell.value or "") for row in openpyxl.load_workbook(BytesIO(file.data)).active.rows for cell in row]  # type: ignore[union-attr]
    assert "Pencatatan Harian" in cells
    assert "[X] Berjalan dengan baik\n[  ] Tidak berjalan dengan baik" in cells
    assert "5 pelaksanaan; kesesuaian 96 %\nLangkah 3: Menyimpan surat (1×)" in cells


DATA: dict[str, Any] = {
    "title": "=1+1",
    "subtitle": ["#[panic()]"],
    "language": "id",
    "head": ["No", "#panic()"],
    "rows": [["1", "=cmd|'/c calc'!A0"], ["2", "$x$ *tebal* https://example.invalid"]],
    "widths": [0, 3],
    "centred": [0],
    "notes": [],
    "nothing": "",
    "signature": [],
    "footer": "",
}


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_the_same_words_give_the_same_bytes_and_are_never_taken_for_commands(form: str) -> None:
    assert made("table", form, DATA) == made("table", form, DATA)


def test_a_cell_holds_text_and_no_formula() -> None:
    page = openpyxl.load_workbook(BytesIO(made("table", "xlsx", DATA))).active
    assert page is not None

    assert {cell.data_type for row in page.rows for cell in row if cell.value is not None} == {"s"}
    assert [cell.hyperlink for row in page.rows for cell in row if cell.hyperlink] == []


def test_a_picture_is_the_same_each_time() -> None:
    empty: dict[str, Any] = {"title": "", "bars": []}
    data: dict[str, Any] = {"title": "x", "subtitle": "y", "nothing": "-", "notes": [], "months": empty, "steps": empty}
    data |= {"times": {**empty, "legend": ""}, "numbers": [{"value": "1", "label": "z", "alarming": False}]}

    drawn = made("figures", "png", data)

    assert drawn == made("figures", "png", data)
    size = picture_size(drawn)
    assert size is not None
    assert size[0] == 1080


def test_a_picture_of_several_sops_says_whose_step_it_is() -> None:
    sop = Folder(HERE / "sops").load().sops[0]
    step = sop.steps[0]
    figures = Figures(done=1, departures=(Departures(sop.id, step.id, Kind.SKIPPED, 2),))
    frame = Frame(Words("id", ZoneInfo("Asia/Makassar")), Packer(0), 1, date(2026, 11, 1), Units(), {sop.id: sop})

    def bar(of: str | None) -> str:
        seen = Seen(Overview(Period(Span.MONTH, date(2026, 11, 1)), of), Stage.REGULAR, figures, 0, 0, 0)
        return str(picture(frame, seen, ()).data["steps"]["bars"][0]["label"])

    assert bar(None).startswith(f"{title(sop)} · 1. ")
    assert bar(sop.id).startswith("1. ")


def test_a_verdict_needs_enough_runs_conformity_and_nothing_grave() -> None:
    assert verdict(Figures(done=4, fitness=1.0), 0, 85) is None
    assert verdict(Figures(done=5, fitness=0.85), 0, 85) is Verdict.WELL
    assert verdict(Figures(done=5, fitness=0.849), 0, 85) is Verdict.NOT_WELL
    assert verdict(Figures(done=5, fitness=1.0), 1, 85) is Verdict.NOT_WELL


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (1, "5 menit"),
        (5, "5 menit"),
        (6, "10 menit"),
        (56, "1 jam"),
        (61, "1,5 jam"),
        (450, "7,5 jam"),
        (451, "2 hari"),
    ],
)
def test_a_proposed_time_is_one_that_nine_of_ten_would_have_kept(minutes: int, text: str) -> None:
    found = proposed(StepTimes("s", ((minutes * 60, 9), (9000 * 60, 1))))

    assert found is not None
    assert found.text == text
    assert proposed(StepTimes("s", ((minutes * 60, 4),))) is None


async def test_managers_get_the_month_once_on_the_first_working_morning_of_the_next(start_office: StartOffice) -> None:
    async with start_office() as office:
        await office.manager.says("/start")
        await office.works_in("kantor", 104)
        await walk(office, 104, "harian", CLEAN)
        office.clock.now = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)  # 1 December, 07.00: half an hour too early
        await office.later()
        assert "photo" not in office.manager.messages[-1]
        await office.later(minutes=31)
        assert "Rekap · November 2026" in office.manager.messages[-1]["caption"]
    async with start_office() as office:
        await office.later(days=1)
        assert sum("photo" in one for one in office.manager.messages) == 1
