"""The journal: everything that anyone did, in order, each entry hashed over the one before."""

import contextlib
import hashlib
import hmac
import json
import secrets
from collections.abc import Generator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, get_args, get_type_hints

from sqlalchemy import Connection, func, insert, select

from bot.engine.run import ERASABLE
from bot.storage import codec
from bot.storage.tables import JournalRow, JournalTextRow, table

GENESIS = "0" * 64
_CHAIN_LOCK = 7_262_051  # any number, the same in every process

journal = table(JournalRow)
journal_text = table(JournalTextRow)

_LOCK = select(func.pg_advisory_xact_lock(_CHAIN_LOCK))
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

    event: Any
    where: Where
    turn: int | None = None


class Journal:
    """Appends to the chain, inside the transaction that the entries tell of."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def hold(self) -> None:
        """Let nobody else change anything that the journal tells until this transaction ends."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_LOCK)

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
        if texts:
            self._connection.execute(insert(journal_text), texts)
        return seq + 1

    def _head(self) -> tuple[int, str]:
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


def chain(prev: str, body: str) -> str:
    """The hash of an entry: over the hash before it and its own body."""
    return hashlib.sha256(prev.encode() + body.encode()).hexdigest()


def digest_of(salt: str, words: str) -> str:
    """What the chain knows of erasable words."""
    return hmac.new(salt.encode(), words.encode(), hashlib.sha256).hexdigest()


def kind_of(event: Any) -> str:
    """The name of an event in the journal and in exports: `step_entered` style, from its class."""
    name = type(event).__name__
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


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry at which the chain does not hold, and what is wrong with it."""

    seq: int
    what: str


def verify(connection: Connection) -> tuple[int, Broken | None]:
    """Walk the whole chain in one pass and constant memory: how many entries hold, and the first that does not.

    Notices an edit, a removal, a swap, and words changed beside the chain; erased words are no break. A cut-off end and
    a chain recomputed from the start need a hash that is kept elsewhere."""
    count, prev = 0, GENESIS
    with contextlib.closing(_rows(connection)) as rows:
        for row in rows:
            wrong = _wrong(row, count + 1, prev)
            if wrong:
                return count, Broken(row.seq, wrong)
            count, prev = count + 1, row.hash
    stray = _changed_words(connection)
    return count, stray


def _rows(connection: Connection) -> Generator[Any, None, None]:
    statement = select(journal).order_by(journal.c.seq)
    with connection.execution_options(yield_per=1000).execute(statement) as result:
        yield from result


def _wrong(row: Any, expected: int, prev: str) -> str | None:
    if row.seq != expected:
        return f"entry {expected} is missing"
    if row.prev != prev:
        return "it does not follow the entry before it"
    if chain(row.prev, row.body) != row.hash:
        return "its text was changed"
    body = json.loads(row.body)
    told = {name: getattr(row, name) for name in ("seq", "person", "turn", *Where.__slots__)}
    if any(body[name] != value for name, value in told.items()) or datetime.fromisoformat(body["at"]) != row.at:
        return "its columns differ from its text"
    return None


def _changed_words(connection: Connection) -> Broken | None:
    joined = select(journal_text, journal.c.body).join(journal, journal.c.seq == journal_text.c.seq)
    for row in connection.execution_options(yield_per=1000).execute(joined.order_by(journal_text.c.seq)):
        known = json.loads(row.body)["data"].get(row.name)
        if not isinstance(known, dict) or known.get("digest") != digest_of(row.salt, row.text):
            return Broken(row.seq, f"the words of {row.name} were changed")
    return None
