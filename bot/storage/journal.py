"""The journal: everything that anyone did, in order, each entry hashed over the one before."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any, get_args, get_type_hints

from sqlalchemy import Connection, func, insert, select

from bot.engine.events import Told
from bot.engine.run import ERASABLE
from bot.storage import codec
from bot.storage.tables import JournalRow, JournalTextRow, table

GENESIS = "0" * 64
CHAIN_LOCK = 7_262_051  # any number, the same in every process

journal = table(JournalRow)
journal_text = table(JournalTextRow)

_LOCK = select(func.pg_advisory_xact_lock(CHAIN_LOCK))
_HEAD = select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)
_APPEND = insert(journal)


@dataclass(frozen=True, slots=True)
class Where:
    """What an entry is about. Everything may be missing."""

    run: int | None = None
    sop: str | None = None
    version: str | None = None
    step: str | None = None
    position: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry to be written: what happened, and in a run its turn."""

    event: Told
    where: Where
    turn: int | None = None


class Journal:
    """Appends to the chain, inside the transaction that the entries tell of."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at
        self._last: tuple[int, str] | None = None  # what this transaction wrote, behind which nobody else can write
        self._held = False

    def forget(self) -> None:
        """A part of this transaction may have been taken back, with what it wrote."""
        self._last = None
        self._held = False  # what was held inside that part is not any more

    def hold(self) -> None:
        """Let nobody else change anything that the journal tells until this transaction ends."""
        if self._connection.dialect.name == "postgresql" and not self._held:
            self._connection.execute(_LOCK)
            self._held = True

    def append(self, person: int | None, entries: Sequence[Entry]) -> int:
        """Write `entries` as done by `person` (None: the bot itself) and return the number of the first."""
        seq, prev = self._head()
        rows, texts = [], []
        for number, entry in enumerate(entries, seq + 1):
            body, words = self._body(number, person, entry)
            digest = chain(prev, body)
            texts += words
            rows.append(self._row(number, person, entry, body, prev, digest))
            prev = digest
        self._connection.execute(_APPEND, rows)
        self._last = seq + len(rows), prev
        if texts:
            self._connection.execute(insert(journal_text), texts)
        return seq + 1

    def _head(self) -> tuple[int, str]:
        if self._last is not None:
            return self._last
        self.hold()  # one chain, one writer at a time; released with the transaction
        row = self._connection.execute(_HEAD).first()
        return (row.seq, row.hash) if row else (0, GENESIS)

    def _body(self, seq: int, person: int | None, entry: Entry) -> tuple[str, list[dict[str, Any]]]:
        data = codec.plain(entry.event)
        texts = []
        kind: Any = type(entry.event)
        for name in erasable(kind):
            salt = secrets.token_hex(16)
            words = json.dumps(data[name], ensure_ascii=True, sort_keys=True)
            texts.append({"seq": seq, "name": name, "salt": salt, "text": words})
            data[name] = {"digest": digest_of(salt, words)}
        head = {"seq": seq, "at": self._at.isoformat(), "person": person, "turn": entry.turn}
        body = head | {name: getattr(entry.where, name) for name in Where.__slots__} | {"data": data}
        return json.dumps(body, ensure_ascii=True, sort_keys=True, separators=(",", ":")), texts

    def _row(self, seq: int, person: int | None, entry: Entry, body: str, prev: str, digest: str) -> dict[str, Any]:
        where = {name: getattr(entry.where, name) for name in Where.__slots__}
        return where | {
            "seq": seq,
            "at": self._at,
            "turn": entry.turn,
            "kind": kind_of(entry.event),
            "person": person,
            "body": body,
            "prev": prev,
            "hash": digest,
        }


def events_of(connection: Connection, run_id: int) -> Iterator[tuple[Any, datetime]]:
    """All that happened in a run, in order, each with its moment."""
    joined = select(journal.c.seq, journal.c.at, journal.c.body, journal_text.c.name, journal_text.c.text)
    # what was said about the run since, such as how grave something in it was, has no turn
    about = (journal.c.run == run_id) & journal.c.turn.is_not(None)
    mine = joined.outerjoin(journal_text, journal_text.c.seq == journal.c.seq).where(about)
    for _, rows in groupby(connection.execute(mine.order_by(journal.c.turn)), lambda row: row.seq):
        parts = list(rows)
        data = told(parts[0].body, {row.name: row.text for row in parts if row.name is not None})
        yield codec.load(json.dumps(data)), parts[0].at


def told(body: str, words: Mapping[str, str]) -> dict[str, Any]:
    """What an entry tells, with the words that stand beside it; in place of those that were erased it has none."""
    data: dict[str, Any] = json.loads(body)["data"]
    texts = {name: json.loads(text) for name, text in words.items()}
    return {name: None if is_digest(value) else value for name, value in data.items()} | texts


def is_digest(value: Any) -> bool:
    """Whether this stands in an entry for words that are kept beside it."""
    return isinstance(value, dict) and value.keys() == {"digest"}


def chain(prev: str, body: str) -> str:
    """The hash of an entry: over the hash before it and its own body."""
    return hashlib.sha256(f"{prev}{body}".encode("utf-8", "surrogatepass")).hexdigest()


def digest_of(salt: str, words: str) -> str:
    """What the chain knows of erasable words."""
    return hmac.new(salt.encode(), words.encode(), hashlib.sha256).hexdigest()


def kind_of(event: Any) -> str:
    """The name of an event in the journal and in exports: `step_entered` style, from its class."""
    return kind_named(type(event).__name__)


def kind_named(name: str) -> str:
    """The same from the name of its class."""
    return "".join(f"_{char.lower()}" if char.isupper() and at else char.lower() for at, char in enumerate(name))


@cache
def erasable(kind: Any) -> tuple[str, ...]:
    """The fields of an event that hold a person's own words."""
    if not is_dataclass(kind):
        return ()
    hints = get_type_hints(kind, include_extras=True)
    return tuple(field.name for field in fields(kind) if _is_erasable(hints[field.name]))


def _is_erasable(hint: Any) -> bool:
    return ERASABLE in getattr(hint, "__metadata__", ()) or any(_is_erasable(part) for part in get_args(hint))
