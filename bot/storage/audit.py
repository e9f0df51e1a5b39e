"""Checks the journal: one pass from first to last, in constant memory, and whether other tables agree with it."""

import contextlib
import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, or_, select

from bot.engine.run import Event, Run, Started, begin, evolve
from bot.storage import codec
from bot.storage.anchors import Anchor
from bot.storage.journal import GENESIS, Where, chain, digest_of, journal, journal_text, kind_named
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
_COMPARED = ("progress", "turn", "step", "visit", "holder", "ticks", "values", "files", "done")


class Broken(NamedTuple):
    """The first entry at which the journal does not hold, and what is wrong with it."""

    seq: int
    what: str


class Verdict(NamedTuple):
    """How many entries hold, and what does not; how many of their texts were erased, and the hash of the last entry."""

    entries: int
    broken: Broken | None
    erased: int
    head: str


def verify(connection: Connection, anchors: Iterable[Anchor] = ()) -> Verdict:
    """Walk the whole journal. Erased words are no break.

    Anchors that were kept elsewhere also tell of an end that was cut off, and of a chain that was made anew, up to the
    last of them. Without any, neither shows."""
    with contextlib.closing(_whole(connection)) as rows:
        return walk(rows, anchors)


def _whole(connection: Connection) -> Generator[tuple[Any, Sequence[Any]], None, None]:
    """Every entry with its words, all as they are at one moment."""
    with connection.execute(_WHOLE.execution_options(yield_per=1000)) as result:
        for _, rows in groupby(result, attrgetter("seq")):
            entry, *more = rows
            yield entry, [] if entry.name is None else [entry, *more]


def walk(entries: Iterable[tuple[Any, Sequence[Any]]], anchors: Iterable[Anchor] = ()) -> Verdict:
    """Walk entries, each with the words that stand beside it, as they are given."""
    anchored: dict[int, set[str]] = {}
    for one in anchors:
        anchored.setdefault(one.seq, set()).add(one.hash)
    count, head, erased = 0, GENESIS, 0
    for entry, words in entries:
        body = _body(entry)
        wrong = _wrong(entry, body, count + 1, head) or _wrong_words(body, words)
        if wrong is None and anchored.get(entry.seq, set()) - {entry.hash}:
            wrong = "an anchor tells another hash"
        if wrong is not None:
            return Verdict(count, Broken(entry.seq, wrong), erased, head)
        count, head, erased = count + 1, entry.hash, erased + len(_digests(body)) - len(words)
    last = max(anchored, default=0)
    cut = Broken(count + 1, f"the end is cut off: an anchor tells of entry {last}") if last > count else None
    return Verdict(count, cut, erased, head)


def _body(entry: Any) -> dict[str, Any]:
    try:
        body = json.loads(entry.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _wrong(entry: Any, body: dict[str, Any], expected: int, prev: str) -> str | None:
    if entry.seq != expected:
        return f"entry {expected} is missing"
    if entry.prev != prev:
        return "it does not follow the entry before it"
    if chain(entry.prev, entry.body) != entry.hash:
        return "its text was changed"
    if any(body[name] != getattr(entry, name) for name in _TOLD) or datetime.fromisoformat(body["at"]) != entry.at:
        return "its columns differ from its text"
    if kind_named(body["data"][codec.IS].rpartition(".")[2]) != entry.kind:
        return "its kind differs from its text"
    return None


def _digests(body: dict[str, Any]) -> dict[str, str]:
    """What the chain knows of the words of an entry, by the names of their fields."""
    data = body["data"].items()
    return {name: value["digest"] for name, value in data if isinstance(value, dict) and value.keys() == {"digest"}}


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
            history = _history(connection, row.id)
            if not history or _compared(_replayed(row.id, history)) != _compared(codec.load(row.state)):
                last = history[-1][0] if history else 0
                return Broken(last, f"run {row.id} does not stand where its entries lead")
    return None


def _compared(one: Run) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in _COMPARED)


def _history(connection: Connection, number: int) -> list[tuple[int, Event, datetime]]:
    rows = connection.execute(_WHOLE.where(journal.c.run == number, journal.c.turn.is_not(None)))
    return list(_events(rows))


def _events(rows: Iterable[Any]) -> Iterator[tuple[int, Event, datetime]]:
    """What happened, with the words that there still are."""
    for seq, parts in groupby(rows, attrgetter("seq")):
        entry, *more = parts
        data = json.loads(entry.body)["data"]
        data |= {one.name: json.loads(one.text) for one in (entry, *more) if one.name is not None}
        if entry.kind == "entered":
            data.setdefault("holder", entry.person)  # before steps went from hand to hand, whoever acted had them
        yield seq, codec.load(json.dumps(data)), entry.at


def _replayed(number: int, history: Sequence[tuple[int, Event, datetime]]) -> Run:
    (_, first, began), *rest = history
    assert isinstance(first, Started)
    replayed = begin(number, first, began)
    for _, event, at in rest:
        replayed = evolve(replayed, event, at)
    return replayed
