"""Checks the journal: one pass from first to last, in constant memory, and whether other tables agree with it."""

import contextlib
import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, func, or_, select
from sqlalchemy.exc import DBAPIError

from bot.engine.run import Event, Run, Started, begin, evolve
from bot.storage import codec
from bot.storage.anchors import Anchor
from bot.storage.journal import GENESIS, Where, chain, digest_of, is_digest, journal, journal_text, kind_named, told
from bot.storage.tables import DeviationRow, RunRow, table

deviation = table(DeviationRow)
run = table(RunRow)

_TOLD = ("seq", "person", "turn", *Where.__slots__)
_WORDS = (journal_text.c.name, journal_text.c.salt, journal_text.c.text)
_WHOLE = (
    select(journal, *_WORDS)
    .outerjoin(journal_text, journal.c.seq == journal_text.c.seq)
    .order_by(journal.c.seq, journal_text.c.name)
)
_MISREAD = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RecursionError)
"""What reading an entry may end in that somebody forged: no JSON, other types, numbers without end."""
_COMPARED = ("progress", "turn", "step", "visit", "holder", "ticks", "values", "files", "done")


class Broken(NamedTuple):
    """The first entry at which the journal does not hold, and what is wrong with it."""

    seq: int
    what: str


class Verdict(NamedTuple):
    """How many entries hold, and what does not; of how many the words were erased, and the hash of the last entry.

    `ordered` is of how many the journal says that their words were erased on somebody's order."""

    entries: int
    broken: Broken | None
    erased: int
    head: str
    ordered: int = 0


class Unreadable(Exception):
    """An entry cannot even be read."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq)
        self.seq = seq


def verify(connection: Connection, anchors: Iterable[Anchor] = ()) -> Verdict:
    """Walk the whole journal. Erased words are no break.

    Anchors that were kept elsewhere also tell of an end that was cut off, and of a chain that was made anew, up to the
    last of them. Without any, neither shows."""
    with contextlib.closing(_whole(connection)) as rows:
        return walk(rows, anchors)


def _whole(connection: Connection) -> Generator[tuple[Any, Sequence[Any]], None, None]:
    """Every entry with its words, all as they are at one moment. Raises Unreadable."""
    try:
        with connection.execute(_WHOLE.execution_options(yield_per=1000)) as result:
            for _, rows in groupby(result, attrgetter("seq")):
                entry, *more = rows
                yield entry, [] if entry.name is None else [entry, *more]
    except (DBAPIError, *_MISREAD) as error:
        raise _unreadable(connection, error) from error


def _unreadable(connection: Connection, error: Exception) -> Exception:
    """Which entry it is that cannot be read; `error` itself where each can, since then it is the database's."""
    for seq in connection.execute(select(journal.c.seq).order_by(journal.c.seq)).scalars().all():
        try:
            connection.execute(_WHOLE.where(journal.c.seq == seq)).all()
        except (DBAPIError, *_MISREAD):
            return Unreadable(seq)
    return error


def walk(entries: Iterable[tuple[Any, Sequence[Any]]], anchors: Iterable[Anchor] = ()) -> Verdict:
    """Walk entries, each with the words that stand beside it, as they are given."""
    anchored: dict[int, set[str]] = {}
    for one in anchors:
        anchored.setdefault(one.seq, set()).add(one.hash)
    count, head, erased, ordered = 0, GENESIS, 0, 0
    try:
        for entry, words in entries:
            wrong, lost, said = _looked_at(entry, words, count + 1, head)
            if wrong is None and anchored.get(entry.seq, set()) - {entry.hash}:
                wrong = "an anchor tells another hash"
            if wrong is not None:
                return Verdict(count, Broken(entry.seq, wrong), erased, head, ordered)
            count, head, erased, ordered = count + 1, entry.hash, erased + lost, ordered + said
    except Unreadable as found:
        return Verdict(count, Broken(found.seq, "it cannot be read"), erased, head, ordered)
    last = max(anchored, default=0)
    cut = Broken(count + 1, f"the end is cut off: an anchor tells of entry {last}") if last > count else None
    return Verdict(count, cut, erased, head, ordered)


def _looked_at(entry: Any, words: Sequence[Any], expected: int, prev: str) -> tuple[str | None, bool, int]:
    """What is wrong with an entry, whether some of its words were erased, and of how many it says so."""
    try:
        body = json.loads(entry.body)
        wrong = _wrong(entry, body, expected, prev) or _wrong_words(body, words)
        return wrong, len(_digests(body)) > len(words), _ordered(entry, body)
    except _MISREAD:
        return _not_chained(entry, expected, prev) or "it cannot be read", False, 0


def _not_chained(entry: Any, expected: int, prev: str) -> str | None:
    if entry.seq != expected:
        return f"entry {expected} is missing"
    if entry.prev != prev:
        return "it does not follow the entry before it"
    if chain(prev, f"{entry.body}") != entry.hash:
        return "its text was changed"
    return None


def _wrong(entry: Any, body: dict[str, Any], expected: int, prev: str) -> str | None:
    chained = _not_chained(entry, expected, prev)
    if chained is not None:
        return chained
    if any(body[name] != getattr(entry, name) for name in _TOLD) or datetime.fromisoformat(body["at"]) != entry.at:
        return "its columns differ from its text"
    if kind_named(body["data"][codec.IS].rpartition(".")[2]) != entry.kind:
        return "its kind differs from its text"
    return None


def _ordered(entry: Any, body: dict[str, Any]) -> int:
    return int(body["data"]["entries"]) if entry.kind == "person_erased" else 0


def _digests(body: dict[str, Any]) -> dict[str, str]:
    """What the chain knows of the words of an entry, by the names of their fields."""
    data = body["data"].items()
    return {name: value["digest"] for name, value in data if is_digest(value)}


def _wrong_words(body: dict[str, Any], words: Sequence[Any]) -> str | None:
    for one in words:
        if _digests(body).get(one.name) != digest_of(one.salt, one.text):
            return f"the words of {one.name} were changed"
    return None


# What the tables tell beside it


def agree(connection: Connection) -> Broken | None:
    """The first entry of which another table tells otherwise: words or deviations without an entry, or the other way
    round, or a run that does not stand where its entries lead."""
    return _strays(connection) or _deviations(connection) or _runs(connection)


def _strays(connection: Connection) -> Broken | None:
    told = exists().where(journal.c.seq == journal_text.c.seq)
    found = connection.execute(select(journal_text.c.seq).where(~told).limit(1)).scalar()
    return None if found is None else Broken(found, "there are words to an entry that there is not")


def _deviations(connection: Connection) -> Broken | None:
    kept = exists().where(deviation.c.seq == journal.c.seq)
    missing = select(journal.c.seq).where(journal.c.kind == "deviated", ~kept).order_by(journal.c.seq).limit(1)
    found = connection.execute(missing).scalar()
    if found is not None:
        return Broken(found, "its deviation is missing")
    joined = deviation.outerjoin(journal, journal.c.seq == deviation.c.seq)
    names = ("run", "turn", "sop", "version", "step", "person")
    differs = or_(
        journal.c.kind.is_distinct_from("deviated"),
        *(deviation.c[name].is_distinct_from(journal.c[name]) for name in names),
    )
    found = connection.execute(select(deviation.c.seq).select_from(joined).where(differs).limit(1)).scalar()
    return None if found is None else Broken(found, "its deviation tells otherwise")


def _runs(connection: Connection) -> Broken | None:
    every = select(run.c.id, run.c.state).order_by(run.c.id).execution_options(yield_per=200)
    with connection.execute(every) as states:
        for row in states:
            if not _stands(connection, row.id, row.state):
                last = connection.execute(select(func.max(journal.c.seq)).where(journal.c.run == row.id)).scalar()
                return Broken(last or 0, f"run {row.id} does not stand where its entries lead")
    return None


def _stands(connection: Connection, number: int, state: str) -> bool:
    try:
        return _compared(replayed(connection, number)) == _compared(codec.load(state))
    except _MISREAD:
        return False


def _compared(one: Run) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in _COMPARED)


def replayed(connection: Connection, number: int) -> Run:
    """A run as its entries in the journal make it, with the words that there still are."""
    rows = connection.execute(_WHOLE.where(journal.c.run == number, journal.c.turn.is_not(None)))
    (first, began), *rest = _events(rows)
    assert isinstance(first, Started)
    run_as_told = begin(number, first, began)
    for event, at in rest:
        run_as_told = evolve(run_as_told, event, at)
    return run_as_told


def _events(rows: Iterable[Any]) -> Iterator[tuple[Event, datetime]]:
    for _, parts in groupby(rows, attrgetter("seq")):
        entry, *more = parts
        data = told(entry.body, {one.name: one.text for one in (entry, *more) if one.name is not None})
        if entry.kind == "entered":
            data.setdefault("holder", entry.person)  # before steps went from hand to hand, whoever acted had them
        yield codec.load(json.dumps(data)), entry.at
