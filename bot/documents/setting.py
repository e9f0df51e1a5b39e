"""From a template and its words to bytes; the same words always give the same bytes."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "templates"
DOTS = 216
"""Dots an inch: a picture of 360 points is 1080 dots wide, as phones show it."""
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
"""When every file says that it was made, so that two of the same are the same."""

Json = Mapping[str, Any]


def made(template: str, form: str, data: Json) -> bytes:
    """The file: `png` or `pdf` as the template sets it, `xlsx` of whatever is a table."""
    return sheet(data) if form == "xlsx" else typeset(template, form, data)


def typeset(template: str, form: str, data: Json) -> bytes:
    """A picture or a PDF. Words come in as data, so that nothing in them is taken for a command."""
    import typst

    known = TEMPLATES / f"{template}.typ"
    words = {"data": json.dumps(data, ensure_ascii=False)}
    compiler = typst.Compiler(known.read_bytes(), ignore_system_fonts=True, sys_inputs=words)
    pages = compiler.compile(format="png" if form == "png" else "pdf", ppi=DOTS, timestamp=ALWAYS)
    assert isinstance(pages, bytes)
    return pages


def sheet(data: Json) -> bytes:
    """A workbook with one table. Every cell is text: no word can become a formula or a link."""
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": data["title"], "created": ALWAYS.replace(tzinfo=None)})
    page = book.add_worksheet()
    bold, framed = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter"})
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.write_string(0, 0, data["title"], bold)
    for number, line in enumerate(data["subtitle"], 1):
        page.write_string(number, 0, line)
    first = len(data["subtitle"]) + 2
    for column, (words, width) in enumerate(zip(data["head"], data["widths"], strict=True)):
        page.set_column(column, column, 12 * width or 8)
        page.write_string(first, column, words, head)
    for number, row in enumerate(data["rows"], first + 1):
        for column, words in enumerate(row):
            page.write_string(number, column, words, framed)
    last = first + len(data["rows"]) + 2
    for number, note in enumerate([*data["notes"], "", *data["signature"]], last):
        page.write_string(number, 0, note)
    book.close()
    return file.getvalue()
