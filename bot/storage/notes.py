"""What the command line did while it may not write to the database: it leaves a note, and the bot journals it.

A server takes it at once. A SQLite file has one process that writes, so there the note waits in the data folder."""

import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, exists, select
from sqlalchemy.engine import make_url

from bot.engine.records import TakenOut
from bot.storage import codec
from bot.storage.database import make_engine
from bot.storage.journal import Entry, Journal, Where, journal

FOLDER = "notes"
"""Where notes wait, in the data folder."""


def leave(url: str, data_dir: Path, at: datetime, what: str, form: str, *, names: bool) -> None:
    """Tell that something was taken out. Raises OSError where that cannot be kept."""
    told = TakenOut(what, form, names, at, secrets.token_hex(8))
    if make_url(url).get_backend_name() == "sqlite":
        _write(data_dir / FOLDER, told)
        return
    engine = make_engine(url)
    with engine.begin() as connection:
        take(connection, told, at)
    engine.dispose()


def _write(folder: Path, told: TakenOut) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{told.note}.part"
    with part.open("w", encoding="utf-8") as stream:
        stream.write(codec.dump(told))
        stream.flush()
        os.fsync(stream.fileno())
    part.rename(folder / f"{told.note}.json")


def waiting(data_dir: Path) -> Iterator[tuple[Path, TakenOut]]:
    """The notes that wait in the data folder, each with its file."""
    for file in sorted((data_dir / FOLDER).glob("*.json")):
        yield file, codec.load(file.read_text("utf-8"))


def take(connection: Connection, told: TakenOut, at: datetime) -> None:
    """Journal a note, unless it is there: the file of one may outlive the process that took it."""
    own = Journal(connection, at)
    own.hold()
    same = (journal.c.kind == "taken_out") & journal.c.body.contains(told.note, autoescape=True)
    if not connection.execute(select(exists().where(same))).scalar():
        own.append(None, [Entry(told, Where())])
