"""Files that people sent: kept by number at once, fetched from Telegram soon after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, func, or_, select, update

from bot.engine.messages import Form, Incoming
from bot.engine.run import Attachment, FileKind, Seen
from bot.storage.outbox import FARTHEST
from bot.storage.tables import REHEARSED, FileRow, PerDialect, RunRow, ShredRow, added, table
from bot.views.screen import Known

file = table(FileRow)
run = table(RunRow)
shred = table(ShredRow)

_SHRED = PerDialect(lambda insert: insert(shred).on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class ToFetch:
    """A file that still has to be fetched; a `loose` one belongs to no run and no report, and is not kept."""

    id: int
    file_id: str
    tries: int
    at: datetime
    loose: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of a run. `known` is None for a location, which cannot be sent again."""

    id: int
    attachment: Attachment
    person: int
    run: int
    step: str
    name: str
    at: datetime
    known: Known | None


@dataclass(frozen=True, slots=True)
class OfReport:
    """A file of a report."""

    id: int
    report: int
    known: Known


class Files:
    """Keeps files' rows; the bytes lie in the data folder under their SHA-256."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def keep(self, incoming: Incoming, person: int, **about: Any) -> int:
        """Keep the row of a file, and return its number; `about` names run and step, and the visit where it is proof,
        or the report. With neither it is read once and forgotten."""
        values = {"unique_id": incoming.attachment.unique, "file_id": incoming.file_id, "size": incoming.size}
        values |= {"kind": incoming.attachment.kind.value, "form": incoming.form, "name": incoming.name}
        values |= {"person": person, "state": "new", "tries": 0, "visit": 0}
        if not incoming.file_id:
            values["state"] = "kept"  # a location has no bytes
        return added(self._connection, file, **(values | about), at=self._at, next_at=self._at)

    def seen(self, unique: str) -> Seen | None:
        """Where the same file first came in a run that counts, as Telegram knows it."""
        return self._seen(file.c.unique_id == unique)

    def recognise(self, file_id: int) -> tuple[Stored, Seen] | None:
        """Proof whose bytes came in a run before, though Telegram has another id for them, and where that was."""
        row = self._connection.execute(select(file).where(file.c.id == file_id)).one()
        earlier = file.c.id < file_id
        if row.run is None or not row.visit or self._seen(earlier & (file.c.unique_id == row.unique_id)) is not None:
            return None
        seen = self._seen(earlier & (file.c.sha256 == row.sha256))
        return None if seen is None else (_stored(row), seen)

    def _seen(self, same: ColumnElement[bool]) -> Seen | None:
        only_rehearsed = exists().where(run.c.id == file.c.run, run.c.stage == REHEARSED)
        in_a_run = file.c.run.is_not(None) & file.c.step.is_not(None) & ~only_rehearsed
        first = select(file.c.run, file.c.step, file.c.at).where(same, in_a_run).order_by(file.c.id).limit(1)
        row = self._connection.execute(first).first()
        return None if row is None else Seen(row.run, row.step, row.at)

    def of_run(self, run: int) -> Sequence[Stored]:
        """The files of a run, in the order in which they came."""
        mine = select(file).where(file.c.run == run, file.c.step.is_not(None)).order_by(file.c.id)
        return [_stored(row) for row in self._connection.execute(mine)]

    def of_reports(self, numbers: Iterable[int]) -> Sequence[OfReport]:
        """The files of these reports that can be sent again, in the order in which they came."""
        theirs = select(file).where(file.c.report.in_(list(numbers)), file.c.form.is_not(None)).order_by(file.c.id)
        rows = self._connection.execute(theirs)
        return [OfReport(row.id, row.report, Known(Form(row.form), row.file_id)) for row in rows]

    def discard(self, run: int, unique: str) -> None:
        """The proof was sent by mistake: the run has it no more, but for where it served before. Its bytes stay."""
        proof = select(func.max(file.c.id)).where(file.c.run == run, file.c.unique_id == unique, file.c.visit > 0)
        self._connection.execute(update(file).where(file.c.id == proof.scalar_subquery()).values(run=None, visit=0))

    def to_fetch(self, limit: int = 8) -> tuple[ToFetch, ...]:
        """Files whose bytes are still missing and whose turn it is."""
        ripe = or_(file.c.next_at <= self._at, file.c.next_at > self._at + FARTHEST)
        loose = (file.c.run.is_(None) & file.c.report.is_(None) & file.c.step.is_(None)).label("loose")
        due = select(file.c.id, file.c.file_id, file.c.tries, file.c.at, loose).where(file.c.state == "new", ripe)
        rows = self._connection.execute(due.order_by(file.c.next_at).limit(limit))
        return tuple(ToFetch(row.id, row.file_id, row.tries, row.at, bool(row.loose)) for row in rows)

    def forget(self, file_id: int) -> int | None:
        """The file was read, and is needed no more. Returns who sent it, None where it is forgotten already."""
        gone = delete(file).where(file.c.id == file_id).returning(file.c.person)
        return self._connection.execute(gone).scalar()

    def fetched(self, file_id: int, sha256: str, size: int) -> bool:
        """The bytes are on the disk. False where the file was erased meanwhile: then they go again."""
        mine = update(file).where(file.c.id == file_id, file.c.state != "erased")
        kept = self._connection.execute(mine.values(state="kept", sha256=sha256, size=size)).rowcount == 1
        if not kept:
            shred_those(self._connection, [sha256])
        return kept

    def to_shred(self) -> tuple[str, ...]:
        """Bytes that are to go from the disk; those that somebody else sent too stay."""
        kept = exists().where(file.c.sha256 == shred.c.sha256)
        self._connection.execute(delete(shred).where(kept))
        return tuple(self._connection.execute(select(shred.c.sha256)).scalars())

    def shredded(self, sha256: str) -> None:
        """They are gone."""
        self._connection.execute(delete(shred).where(shred.c.sha256 == sha256))

    def later(self, file_id: int, at: datetime) -> None:
        """Try again at `at`."""
        self._change(file_id, tries=file.c.tries + 1, next_at=at)

    def lost(self, file_id: int) -> None:
        """It cannot be had any more."""
        self._change(file_id, state="lost")

    def _change(self, file_id: int, **values: Any) -> None:
        self._connection.execute(update(file).where(file.c.id == file_id).values(**values))


def shred_those(connection: Connection, digests: Iterable[str]) -> None:
    """Let these bytes go from the disk."""
    rows = [{"sha256": digest} for digest in set(digests)]
    if rows:
        connection.execute(_SHRED.on(connection), rows)


def _stored(row: Any) -> Stored:
    attachment = Attachment(FileKind(row.kind), row.unique_id)
    known = Known(Form(row.form), row.file_id) if row.form else None
    return Stored(row.id, attachment, row.person, row.run, row.step, row.name, row.at, known)
