"""Facts in every form: no formula in a spreadsheet, moments with their offset, and a log that keeps to the standard."""

import csv
import json
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from sqlalchemy import text

from bot.storage import export, spreadsheet
from bot.storage.database import Transaction
from bot.storage.xes import NAMESPACE
from tests.conftest import Office

XSD = etree.XMLSchema(etree.parse(str(Path(__file__).parent / "xes.xsd")))
EVENT = f"{{{NAMESPACE}}}event"


async def exported(office: Office, what: str, form: str) -> bytes:
    def work(tx: Transaction) -> bytes:
        out = BytesIO()
        stream = TextIOWrapper(out, encoding="utf-8", newline="")
        export.write(tx.connection, what, form, stream, names=False)
        stream.flush()
        assert "yield_per" not in tx.connection.get_execution_options()
        return out.getvalue()

    return await office.app.database.run(work)


async def walk(office: Office) -> None:
    """A run with a step left out, and a pause."""
    await office.clerk.says("/sop uji fungsi")
    await office.clerk.taps("Uji Fungsi Komputer")
    for word in ("Mulai", "Kendala", "Lewati", "Waktu tidak cukup", "Lanjut", "Lainnya", "Jeda"):
        await office.clerk.taps(word)
    for word in ("Jam kerja habis", "Cukup", "Lanjutkan"):
        await office.clerk.taps(word)


def attributes(element: Any) -> dict[str, str]:
    return {one.get("key"): one.get("value") for one in element if one.get("key")}


async def test_runs_are_a_log_of_the_standard_by_pseudonyms(office: Office) -> None:
    await walk(office)

    out = await exported(office, "runs", "xes")
    log = etree.fromstring(out)

    XSD.assertValid(log)
    events = [attributes(event) for event in log.iter(EVENT)]
    kinds = [event["event:kind"] for event in events]
    assert len(events) == (await exported(office, "runs", "jsonl")).count(b"\n")
    assert [event["deviation:kind"] for event in events if event["event:kind"] == "deviated"] == ["skipped"]
    life = [event["lifecycle:transition"] for event in events]
    assert [one for one in life if one in ("suspend", "resume")] == ["suspend", "resume"]
    assert kinds[0] == "started" and "manualskip" in life
    assert all(event["time:timestamp"].endswith("+00:00") for event in events)
    assert all(event["org:resource"].startswith("p-") for event in events)
    assert b"Andi" not in out


async def test_every_thing_is_had_as_a_workbook_without_formulas(office: Office) -> None:
    await walk(office)
    await office.app.database.run(
        lambda tx: tx.connection.execute(text("UPDATE deviation SET detail = '=1+1', unit = 'http://a.b'"))
    )

    for what in export.ROWS:
        book = openpyxl.load_workbook(BytesIO(await exported(office, what, "xlsx")))
        [sheet] = book.worksheets
        rows = list(sheet.iter_rows())
        lines = (await exported(office, what, "jsonl")).splitlines()
        assert [cell.value for cell in rows[0]][: len(export.FIRST)] == list(export.FIRST)
        assert len(rows) == len(lines) + 1
        assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}
        assert all(cell.hyperlink is None for row in rows for cell in row)
        if what == "deviations":
            told = dict(zip([cell.value for cell in rows[0]], [cell.value for cell in rows[1]], strict=True))
            assert (told["detail"], told["unit"]) == ("=1+1", "http://a.b")
            assert told["at"] == json.loads(lines[0])["at"]


def test_what_has_no_room_is_cut_visibly_or_goes_on_the_next_sheet(monkeypatch: Any) -> None:
    monkeypatch.setattr(spreadsheet, "ROWS_A_SHEET", 2)
    out = BytesIO()

    spreadsheet.write(iter([{"a": "x" * 40_000}, {"a": 2}, {"a": True}, {"a": None}]), out, ["a"])

    first, second = openpyxl.load_workbook(out).worksheets
    assert first["A2"].value == "x" * 32_766 + "…"
    assert [first.max_row, second["A2"].value] == [3, True]


async def test_a_review_is_one_row_with_its_dates_and_what_was_decided(office: Office) -> None:
    rows = [json.loads(line) for line in (await exported(office, "reviews", "jsonl")).splitlines()]

    first = next(row for row in rows if row["sop"] == "uji-fungsi-komputer")
    assert list(first)[: len(export.FIRST)] == list(export.FIRST)
    assert (first["kind"], first["verdict"], first["reminders"]) == ("trial", None, 0)
    assert first["opens"] < first["due"] and first["seq"] > 0

    await office.later(days=80)
    await office.manager.says("/tinjauan")
    rows = [json.loads(line) for line in (await exported(office, "reviews", "jsonl")).splitlines()]
    assert max(row["reminders"] for row in rows) > 0


async def test_pseudonyms_are_made_with_a_secret_that_nothing_tells(office: Office) -> None:
    await walk(office)
    before = await exported(office, "runs", "csv")
    assert before == await exported(office, "runs", "csv")

    await office.app.database.run(lambda tx: tx.connection.execute(text("UPDATE install SET secret = 'other'")))

    assert before != await exported(office, "runs", "csv")
    assert b"other" not in await exported(office, "audit", "jsonl")


RISKY = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://a.b";"x")')


async def test_a_csv_holds_no_formula_and_loses_no_word(office: Office) -> None:
    await walk(office)

    change = text("UPDATE deviation SET detail = :words")
    for words in RISKY:
        await office.app.database.run(lambda tx, words=words: tx.connection.execute(change, {"words": words}))
        rows = list(csv.DictReader(StringIO((await exported(office, "deviations", "csv")).decode(), newline="")))
        assert [row["detail"][0] for row in rows] == ["'"]
        assert [row["detail"].replace("'", "") for row in rows] == [words]


@pytest.mark.parametrize("words", ["a;=1+1", 'a;"=1+1"', "a\n=1+1", "a;-1", "a\t@b", "a|+1", "=1;=2"])
@pytest.mark.parametrize("end", [",", ";", "\t", "|"])
def test_a_csv_holds_no_formula_whatever_a_spreadsheet_takes_for_the_end_of_a_cell(words: str, end: str) -> None:
    out = StringIO(newline="")
    export.WRITERS["csv"](iter([{"seq": 1, "detail": words, "unit": "Bengkel"}]), out)

    lines = csv.reader(StringIO(out.getvalue(), newline=""), delimiter=end)
    assert [cell for line in lines for cell in line if cell.lstrip('"').startswith(("=", "+", "-", "@"))] == []
