"""Anchors: once a day how far the journal had come, and its hash there, to be kept where nobody changes both."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, select

from bot.storage.journal import journal
from bot.storage.tables import AnchorRow, PerDialect, table

anchor = table(AnchorRow)
FILE = "anchors.log"
"""What the file of anchors is called, in the data folder."""

_HEAD = select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)
_WRITTEN = re.compile(r"\b(\d+) ([0-9a-f]{64})\b")


def _put(insert: Any) -> Executable:
    statement: Executable = insert(anchor).on_conflict_do_nothing().returning(anchor.c.day)
    return statement


_PUT = PerDialect(_put)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The hash of an entry."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Cast:
    """An anchor, and when it was made."""

    day: date
    at: datetime
    anchor: Anchor


class Anchors:
    """Casts anchors."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def cast(self, day: date) -> Anchor | None:
        """The anchor of a day; None where that day has one, whichever process made it, or nothing is written yet."""
        head = self._connection.execute(_HEAD).first()
        if head is None:
            return None
        row = {"day": day, "seq": head.seq, "hash": head.hash, "at": self._at}
        made = self._connection.execute(_PUT.on(self._connection), row).first()
        return Anchor(head.seq, head.hash) if made else None

    def since(self, day: date) -> Sequence[Cast]:
        """The anchors from that day on, the oldest first."""
        return _casts(self._connection, anchor.c.day >= day)

    def all(self) -> Sequence[Cast]:
        """Every anchor, the oldest first."""
        return kept(self._connection)


def kept(connection: Connection) -> Sequence[Cast]:
    """Every anchor that the database knows, the oldest first."""
    return _casts(connection)


def _casts(connection: Connection, *which: ColumnElement[bool]) -> Sequence[Cast]:
    rows = connection.execute(select(anchor).where(*which).order_by(anchor.c.day))
    return [Cast(row.day, row.at, Anchor(row.seq, row.hash)) for row in rows]


def read(text: str) -> list[Anchor]:
    """The anchors in a text: lines of the file, or messages copied from a chat."""
    return [Anchor(int(seq), digest) for seq, digest in _WRITTEN.findall(text)]


def up_to(text: str, seq: int) -> str:
    """Of the lines of the file, those that tell of no entry after `seq`."""
    return "".join(line for line in text.splitlines(keepends=True) if all(one.seq <= seq for one in read(line)))


def keep_up(file: Path, made: Iterable[Cast]) -> None:
    """Write to the file the anchors that it does not have."""
    known = {one.seq for one in read(file.read_text("utf-8"))} if file.exists() else {}
    new = [one for one in made if one.anchor.seq not in known]
    if new:
        with file.open("a", encoding="utf-8") as stream:
            stream.writelines(f"{one.at.isoformat()} {one.anchor.seq} {one.anchor.hash}\n" for one in new)
