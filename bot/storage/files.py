"""Files that people sent: kept by number at once, fetched from Telegram soon after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.engine.run import Attachment
from bot.storage.tables import FileRow, table

file = table(FileRow)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as a message brings it. `size` is None where Telegram does not say."""

    attachment: Attachment
    file_id: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class ToFetch:
    """A file that still has to be fetched."""

    id: int
    file_id: str
    tries: int


@dataclass(frozen=True, slots=True)
class Used:
    """Where a file was used before."""

    run: int
    step: str | None


class Files:
    """Keeps files' rows; the bytes lie in the data folder under their SHA-256."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def keep(self, incoming: Incoming, person: int, **about: Any) -> None:
        """Keep the row of a file; `about` names run, visit and step, or the report."""
        values = {"unique_id": incoming.attachment.unique, "file_id": incoming.file_id, "size": incoming.size}
        values |= {"kind": incoming.attachment.kind.value, "person": person, "state": "new", "tries": 0, "visit": 0}
        if not incoming.file_id:
            values["state"] = "kept"  # a location has no bytes
        self._connection.execute(insert(file).values(**(values | about), at=self._at, next_at=self._at))

    def used_before(self, unique: str, run: int) -> Used | None:
        """Where the same file was evidence in another run."""
        other = select(file.c.run, file.c.step).where(file.c.unique_id == unique, file.c.run.is_not(None))
        row = self._connection.execute(other.where(file.c.run != run).limit(1)).first()
        return None if row is None else Used(row.run, row.step)

    def to_fetch(self, limit: int = 8) -> tuple[ToFetch, ...]:
        """Files whose bytes are still missing and whose turn it is."""
        due = select(file.c.id, file.c.file_id, file.c.tries).where(file.c.state == "new", file.c.next_at <= self._at)
        rows = self._connection.execute(due.order_by(file.c.next_at).limit(limit))
        return tuple(ToFetch(row.id, row.file_id, row.tries) for row in rows)

    def fetched(self, file_id: int, sha256: str, size: int) -> None:
        """The bytes are on the disk."""
        self._change(file_id, state="kept", sha256=sha256, size=size)

    def later(self, file_id: int, at: datetime) -> None:
        """Try again at `at`."""
        self._change(file_id, tries=file.c.tries + 1, next_at=at)

    def lost(self, file_id: int) -> None:
        """It cannot be had any more."""
        self._change(file_id, state="lost")

    def _change(self, file_id: int, **values: Any) -> None:
        self._connection.execute(update(file).where(file.c.id == file_id).values(**values))
