"""A list of people as a spreadsheet writes it: read whatever it is, each wrong line named, nothing guessed."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.engine.desk import Flaw, Listed, ListRead, Snag
from bot.engine.people import Role
from bot.engine.staffing import Acting, NipFault, Post, Span, read_nip
from bot.engine.units import Units
from bot.engine.values import Misread, clean, read_day
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
    **dict.fromkeys(("cuti", "absence"), "away"),
    **dict.fromkeys(("pengganti", "stand-in"), "stand_in"),
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
_POST = re.compile(r"(?:(plt|plh)\b\.? *)?(.*?)(?: *\(([^()]*)\))?", re.IGNORECASE)
"""A position as it is written: Plh. Kasubbag TU (1/12/2026 s.d. 5/12/2026)."""
_SINCE = re.compile(r"(?:sejak|mulai|since|from)\b *", re.IGNORECASE)
_UNTIL = re.compile(r" *(?:–|\.\.| - |\b(?:s\.d\.?|s/d|sd|sampai|until|to)(?= )) *", re.IGNORECASE)


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
        tuple(dict.fromkeys(_post(one, known) for one in _parts(cells.get("positions", "")))),
        tuple(dict.fromkeys(_role(one) for one in _parts(cells.get("roles", "")))),
        _away(cells.get("away", ""), known.today),
        " ".join(cells.get("stand_in", "").split()),
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


def _post(words: str, known: Known) -> Post:
    """A position as it is to be held: its title, before it Plt. or Plh., behind it its days in brackets."""
    found = _titled(words, known.titles)
    if found is not None:
        return Post(found)
    parts = _POST.fullmatch(words)
    title = parts[2] if parts else words
    found = _titled(title, known.titles)
    if parts is None or found is None:
        raise _Wrong(Snag.POSITION, title, alike(title, known.titles.values()) or "")
    acting = Acting(parts[1].casefold()) if parts[1] else Acting.DEFINITIVE
    return Post(found, *_days(parts[3] or "", known.today), acting)


def _titled(words: str, titles: Mapping[str, str]) -> str | None:
    wanted = words.casefold()
    return next((one for one, title in titles.items() if wanted in (one, title.casefold())), None)


def _days(words: str, today: date) -> tuple[date | None, date | None]:
    """A first and a last day, of which either may be missing: `1/12/2026 s.d. 5/12/2026`, `sejak 1 Des`."""
    first, _, last = _UNTIL.sub("\n", words.strip(), count=1).partition("\n")
    try:
        since = read_day(_SINCE.sub("", first), today) if first else None
        until = read_day(last, today) if last else None
    except Misread as error:
        raise _Wrong(Snag.DAYS, words) from error
    if since and not Span(since, until).is_real:
        raise _Wrong(Snag.DAYS, words)
    return since, until


def _away(words: str, today: date) -> Span | None:
    """When somebody is away. Without a first day it is from today on."""
    if not words:
        return None
    since, until = _days(words, today)
    span = Span(since or today, until)
    if not span.is_real:
        raise _Wrong(Snag.DAYS, words)
    return span


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
