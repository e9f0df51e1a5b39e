"""Facts as an Excel workbook, row by row in constant memory: text is text, and nothing in it is a formula or a link."""

from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

ROWS_A_SHEET = 1_000_000
"""A sheet has room for a few more; what goes beyond is on the next."""
LONGEST = 32_767
"""Characters that Excel takes in one cell."""
_PLAIN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(rows: Iterator[Mapping[str, Any]], stream: IO[bytes], columns: Sequence[str]) -> None:
    """Write rows under their names; where there are none, under `columns`."""
    import xlsxwriter  # heavy, and only whoever exports needs it

    with xlsxwriter.Workbook(stream, _PLAIN) as book:
        sheet, place = None, 0
        for row in rows:
            if sheet is None or place > ROWS_A_SHEET:
                sheet, place = _sheet(book, list(row)), 1
            for column, value in enumerate(row.values()):
                _put(sheet, place, column, value)
            place += 1
        if sheet is None:
            _sheet(book, columns)


def _sheet(book: Any, names: Sequence[str]) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(names):
        sheet.write_string(0, column, name)
    return sheet


def _put(sheet: Any, row: int, column: int, value: Any) -> None:
    match value:
        case None:
            pass
        case bool():
            sheet.write_boolean(row, column, value)
        case int():
            sheet.write_number(row, column, value)
        case _:
            text = str(value)
            sheet.write_string(row, column, text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")
