"""The whole state as one file, made while the bot works, and put back into an empty place, on either kind of database.

The file is a zip: each table as lines of JSON, the files that people sent, the office's settings, the anchors and the
procedures. It holds names, and is to be kept like the database itself; the token and `.env` are not in it."""

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from alembic.util import CommandError
from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    MetaData,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from bot.engine.records import Restored
from bot.storage import anchors, migrate
from bot.storage.database import make_engine
from bot.storage.journal import GENESIS, Entry, Journal, Where
from bot.storage.tables import CardRow, FileRow, Install, JournalRow, LetterRow, RunRow, table
from bot.views.taps import LIVES, Packer

FORM = 1
"""Of the file. A program reads those of its own form and below."""
FILES = "files"
OFFICE = "office.yaml"
_MANIFEST, _TABLES, _SOPS = "manifest.json", "tables/", "sops/"
_AT_ONCE = 500

install, journal, file = table(Install), table(JournalRow), table(FileRow)
card, letter, run = table(CardRow), table(LetterRow), table(RunRow)


class NoBackup(Exception):
    """The file is no backup that can be restored. Its text says why."""


class NotEmpty(Exception):
    """There is something where a backup was to be restored to. Its text says what."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of the whole state are."""

    url: str
    data_dir: Path
    sops_dir: Path


@dataclass(frozen=True, slots=True)
class Made:
    """What is in a backup: of which moment, up to which entry, how many files; and how many of them were not found."""

    made_at: datetime
    seq: int
    hash: str
    files: int
    missing: int = 0


# Out


def write(connection: Connection, places: Places, target: Path, at: datetime) -> Made:
    """Write the state as the connection sees it, all of one moment, to a file that is there whole or not at all."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.touch(0o600)
        with part.open("wb") as stream:
            with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
                made = _filled(connection, places, archive, at)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return made


def _filled(connection: Connection, places: Places, archive: ZipFile, at: datetime) -> Made:
    counts = {one.name: _dump(connection, one, archive) for one in _tables(connection)}
    kept, missing = 0, 0
    for digest in connection.execute(select(file.c.sha256).where(file.c.state == "kept").distinct()).scalars():
        found = places.data_dir / FILES / f"{digest}"
        if digest is not None and found.is_file():
            archive.write(found, f"{FILES}/{digest}", ZIP_STORED)  # pictures do not get smaller
            kept += 1
        elif digest is not None:
            missing += 1
    head = connection.execute(select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)).first()
    made = Made(at, head.seq if head else 0, head.hash if head else GENESIS, kept, missing)
    if (places.data_dir / OFFICE).is_file():
        archive.write(places.data_dir / OFFICE, OFFICE)
    if (cast := places.data_dir / anchors.FILE).is_file():
        # which may have come further meanwhile than what the connection sees
        archive.writestr(anchors.FILE, anchors.up_to(cast.read_text("utf-8"), made.seq))
    for one in sorted(places.sops_dir.rglob("*.y*ml")):
        archive.write(one, _SOPS + one.relative_to(places.sops_dir).as_posix())
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    told = {"form": FORM, "revision": revision, "made_at": at.isoformat(), "seq": made.seq, "hash": made.hash}
    archive.writestr(_MANIFEST, json.dumps(told | {"files": kept, "tables": counts}, indent=1))
    return made


def _tables(connection: Connection) -> list[Table]:
    """The tables as the database has them, whatever release made it."""
    look, known = inspect(connection), MetaData()
    return [
        Table(name, known, *(Column(one["name"], one["type"]) for one in look.get_columns(name)))
        for name in sorted(look.get_table_names())
        if name != "alembic_version"  # which is made anew by migrating
    ]


def _dump(connection: Connection, rows: Table, archive: ZipFile) -> int:
    count = 0
    with archive.open(f"{_TABLES}{rows.name}.jsonl", "w", force_zip64=True) as out:
        for row in connection.execute(select(rows).execution_options(yield_per=1000)):
            plain = [one.isoformat() if isinstance(one, date) else one for one in row]
            out.write(json.dumps(dict(zip(rows.c.keys(), plain, strict=True))).encode() + b"\n")
            count += 1
    return count


# Back in


def restore(source: Path, places: Places, at: datetime) -> Made:
    """Put a backup into an empty place; buttons that were sent before are dead from then on.

    Raises NoBackup, NotEmpty, OSError. What broke off in the database left nothing there."""
    try:
        with ZipFile(source) as archive:
            told = json.loads(archive.read(_MANIFEST))
            if told["form"] > FORM:
                raise NoBackup("it was made by a later release than this one")
            _require_empty(places)
            _put_files(archive, places)
            made = Made(datetime.fromisoformat(told["made_at"]), told["seq"], told["hash"], told["files"])
            _put_rows(archive, told, made, places.url, at)
            return made
    except (BadZipFile, KeyError, ValueError, TypeError) as error:
        raise NoBackup(f"it is damaged, or no backup at all ({error})") from None


def _require_empty(places: Places) -> None:
    for name in (FILES, anchors.FILE):
        if (places.data_dir / name).exists():
            raise NotEmpty(f"{places.data_dir / name} is there")
    engine = make_engine(places.url)
    with engine.connect() as connection:
        full = [
            one.name
            for one in _tables(connection)
            if one.name != install.name and connection.execute(select(one).limit(1)).first() is not None
        ]
    engine.dispose()
    if full:
        raise NotEmpty(f"the database has rows in {', '.join(full)}")


def _put_files(archive: ZipFile, places: Places) -> None:
    for name in archive.namelist():
        way = PurePosixPath(name)
        match way.parts:
            case (folder, digest) if folder == FILES:
                content = archive.read(name)
                if hashlib.sha256(content).hexdigest() != digest:
                    raise NoBackup(f"{name} is damaged")
                _put(places.data_dir / FILES / digest, content)
            case (only,) if only == OFFICE:
                _set_aside(places.data_dir / OFFICE)
                _put(places.data_dir / OFFICE, archive.read(name))
            case (only,) if only == anchors.FILE:
                _put(places.data_dir / only, archive.read(name))
            case ("sops", *rest) if rest and ".." not in rest and not (places.sops_dir.joinpath(*rest)).exists():
                _put(places.sops_dir.joinpath(*rest), archive.read(name))
            case _:
                pass


def _set_aside(one: Path) -> None:
    """Keep what the program came with beside what the office made of it."""
    if one.exists():
        one.replace(one.with_name(f"{one.name}.before"))


def _put(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _put_rows(archive: ZipFile, told: Mapping[str, Any], made: Made, url: str, at: datetime) -> None:
    # one transaction: rows of before with buttons of before would be taken for a whole office
    with migrate.connected(url) as connection:
        try:
            migrate.up(connection, told["revision"])
        except CommandError:
            raise NoBackup("it was made by a later release than this one") from None
        connection.execute(delete(install))
        for one in _tables(connection):
            count = _fill(connection, one, archive)
            if count != told["tables"].get(one.name, 0):
                raise NoBackup(f"{one.name} has {count} rows in it, where there should be others")
        migrate.up(connection)
        _begin_anew(connection)
        Journal(connection, at).append(None, [Entry(Restored(made.made_at, made.seq, made.hash), Where())])


def _fill(connection: Connection, rows: Table, archive: ZipFile) -> int:
    count, some = 0, list[dict[str, Any]]()
    read = {one.name: _reader(one.type) for one in rows.c}
    for line in _lines(archive, f"{_TABLES}{rows.name}.jsonl"):
        plain = json.loads(line)
        some.append({name: None if plain[name] is None else read[name](plain[name]) for name in read})
        count += 1
        if len(some) == _AT_ONCE:
            connection.execute(insert(rows), some)
            some = []
    if some:
        connection.execute(insert(rows), some)
    if connection.dialect.name == "postgresql" and "id" in rows.c:
        highest = select(func.max(rows.c.id)).scalar_subquery()
        connection.execute(select(func.setval(func.pg_get_serial_sequence(rows.name, "id"), func.coalesce(highest, 1))))
    return count


def _lines(archive: ZipFile, name: str) -> Iterator[bytes]:
    if name in archive.namelist():
        with archive.open(name) as stream:
            yield from stream


def _reader(kind: Any) -> Callable[[Any], Any]:
    match kind:
        case DateTime():
            return _moment
        case Date():
            return date.fromisoformat
        case _:
            return lambda plain: plain


def _moment(written: str) -> datetime:
    at = datetime.fromisoformat(written)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _begin_anew(connection: Connection) -> None:
    """A life of its own: buttons of before are dead. What is still to be carried, and the cards of open runs, get new
    ones; those cards are sent below, since what is shown above may be of later."""
    before = connection.execute(select(install.c.epoch)).scalar_one()
    # a backup may be restored twice, and the second life must not take the buttons of the first
    after = before + 1 + secrets.randbelow(LIVES - 1)
    connection.execute(update(install).values(epoch=after))
    old, new = Packer(before), Packer(after)
    is_open = select(run.c.id).where(run.c.progress.in_(("active", "paused")))
    numbers = [f"run:{number}" for number in connection.execute(is_open).scalars()]
    for first in range(0, len(numbers), _AT_ONCE):
        some = card.c.subject.in_(numbers[first : first + _AT_ONCE])
        connection.execute(update(card).where(some).values(want=card.c.want + 1, anew=True))
    for rows, waits in ((card, card.c.want > card.c.rendered), (letter, letter.c.state.in_(("new", "held")))):
        for row in connection.execute(select(rows.c.id, rows.c.screen).where(waits, rows.c.screen != "")).all():
            connection.execute(update(rows).where(rows.c.id == row.id).values(screen=new.revived(row.screen, old)))
