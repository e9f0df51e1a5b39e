"""A list of people as a spreadsheet writes it: read whatever it is, each wrong line named, nothing guessed."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.engine.desk import Flaw, Listed, ListRead, Snag
from bot.engine.people import Role
from bot.engine.staffing import NipFault, read_nip
from bot.engine.units import Units
from bot.engine.values import clean
from bot.library.problems import alike

LARGEST = 1_000_000
"""Bytes; a line of an office's list has some hundred."""
MOST = 1000
"""Lines, the first not counted."""
LONGEST_NAME = 120

_COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("nama", "nama lengkap", "name"), "name"),
    **dict.fromkeys(("nip", "ni pppk", "nip/ni pppk"), "nip"),
    **dict.fromkeys(("unit", "unit kerja", "bagian", "seksi"), "unit"),
    **dict.fromkeys(("jabatan", "posisi", "positions", "position"), "positions"),
    **dict.fromkeys(("peran", "roles", "role"), "roles"),
}
_ROLES: Mapping[str, Role] = {
    "pelaksana": Role.PERFORMER,
    "penulis": Role.AUTHOR,
    "penyusun": Role.AUTHOR,
    "pengawas": Role.SUPERVISOR,
    "pimpinan": Role.MANAGER,
    **{role.value: role for role in Role},
}
_FORMULA = ("=", "+", "-", "@")
_SHORTENED = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]+", re.IGNORECASE)
_SEVERAL = re.compile(r"[;,|\n]")


@dataclass(frozen=True, slots=True)
class Known:
    """What a list may name: the office's units, the titles of positions by id, and the day on which it is read."""

    units: Units
    titles: Mapping[str, str]
    today: date


class _Wrong(Exception):
    """Something on a line is wrong."""

    def __init__(self, snag: Snag, words: str = "", meant: str = "") -> None:
        super().__init__(snag)
        self.flaw = snag, words[:60], meant


def read_list(content: bytes, known: Known) -> ListRead:
    """The good lines of a list, and what is wrong with the others. Whatever the bytes, nothing is raised."""
    try:
        rows = _rows(content)
        columns = _columns(rows)
    except _Wrong as wrong:
        return ListRead((), (Flaw(0, *wrong.flaw),))
    lines: list[Listed] = []
    flaws: list[Flaw] = []
    for number, cells in rows[1:]:
        try:
            lines.append(_line(number, dict(zip(columns, cells, strict=False)), known))
        except _Wrong as wrong:
            flaws.append(Flaw(number, *wrong.flaw))
    return _without_doubles(lines, flaws)


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, with the lines on which they end."""
    if len(content) > LARGEST:
        raise _Wrong(Snag.TOO_LONG)
    text = _text(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        rows = [(reader.line_num, [clean(cell).removeprefix("'") for cell in row]) for row in reader]
    except csv.Error as error:
        raise _Wrong(Snag.NO_TEXT) from error
    filled = [(number, row) for number, row in rows if any(row)]
    if len(filled) > MOST + 1:
        raise _Wrong(Snag.TOO_LONG)
    if len(filled) < 2:
        raise _Wrong(Snag.NO_LINES)
    return filled


def _text(content: bytes) -> str:
    """What the bytes say: UTF-8, what Excel calls Unicode, or else the code page of Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content or content.startswith(b"PK"):
        raise _Wrong(Snag.NO_TEXT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(";,\t", key=first.count)


def _columns(rows: Sequence[tuple[int, list[str]]]) -> list[str]:
    columns = [_COLUMNS.get(" ".join(cell.casefold().split()), "") for cell in rows[0][1]]
    if "name" not in columns:
        raise _Wrong(Snag.NO_NAMES)
    return columns


def _line(number: int, cells: Mapping[str, str], known: Known) -> Listed:
    return Listed(
        number,
        _name(cells.get("name", "")),
        _nip(cells.get("nip", ""), known.today),
        _unit(cells.get("unit", ""), known.units),
        tuple(dict.fromkeys(_position(one, known.titles) for one in _parts(cells.get("positions", "")))),
        tuple(dict.fromkeys(_role(one) for one in _parts(cells.get("roles", "")))),
    )


def _name(cell: str) -> str:
    name = " ".join(cell.split())
    if not name or len(name) > LONGEST_NAME or not any(char.isalpha() for char in name):
        raise _Wrong(Snag.NAME, name)
    if name.startswith(_FORMULA):
        raise _Wrong(Snag.FORMULA, name)
    return name


def _nip(cell: str, today: date) -> str:
    if not cell:
        return ""
    if _SHORTENED.fullmatch(cell.replace(" ", "")):
        raise _Wrong(Snag.NIP_SHORTENED, cell)
    read = read_nip(cell, today)
    if isinstance(read, NipFault):
        raise _Wrong(Snag.NIP, cell)
    return read


def _parts(cell: str) -> Iterator[str]:
    return (part.strip() for part in _SEVERAL.split(cell) if part.strip())


def _unit(cell: str, units: Units) -> str | None:
    if not cell:
        return None
    unit = units.get(cell.casefold())
    found = unit.id if unit else units.titled(cell)
    if found is None:
        raise _Wrong(Snag.UNIT, cell, alike(cell, [one.title for one in units]) or "")
    return found


def _position(words: str, titles: Mapping[str, str]) -> str:
    wanted = words.casefold()
    found = next((one for one, title in titles.items() if wanted in (one, title.casefold())), None)
    if found is None:
        raise _Wrong(Snag.POSITION, words, alike(words, titles.values()) or "")
    return found


def _role(words: str) -> Role:
    found = _ROLES.get(words.casefold())
    if found is None:
        raise _Wrong(Snag.ROLE, words, alike(words, _ROLES) or "")
    return found


def _without_doubles(lines: Sequence[Listed], flaws: list[Flaw]) -> ListRead:
    """Whoever stands in a list twice stands in it once: the first line counts."""
    kept: list[Listed] = []
    numbers: set[str] = set()
    nameless: set[str] = set()
    for line in lines:
        name = line.name.casefold()
        if line.nip and line.nip in numbers:
            flaws.append(Flaw(line.line, Snag.NIP_TWICE, line.nip))
        elif not line.nip and name in nameless:
            flaws.append(Flaw(line.line, Snag.NAME_TWICE, line.name))
        else:
            kept.append(line)
            numbers.add(line.nip)
            nameless.add(name)
    return ListRead(tuple(kept), tuple(sorted(flaws, key=lambda flaw: flaw.line)))
