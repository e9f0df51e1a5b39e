"""Whatever is done to a journal is found, up to the last anchor that is kept elsewhere; and what cannot be found."""

import json
import random
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from bot.engine.records import AttemptDenied
from bot.engine.reports import ReportExplained
from bot.storage.anchors import Anchor, read
from bot.storage.audit import agree, verify, walk
from bot.storage.database import Database, Transaction
from bot.storage.journal import GENESIS, Entry, Where, chain
from tests.conftest import Office
from tests.journals import unguarded

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TIMES = 10_000
LENGTH = 40


@dataclass(frozen=True)
class Kept:
    """An entry and its words, as rows are; like a row, it is read by the names of its columns."""

    seq: int
    at: datetime
    run: int | None
    turn: int | None
    sop: str | None
    version: str | None
    step: str | None
    kind: str
    person: int | None
    position: str | None
    unit: str | None
    body: str
    prev: str
    hash: str


Log = list[tuple[Kept, list[Any]]]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, lambda: NOW)
    yield opened
    opened.close()


def fill(tx: Transaction) -> Log:
    """A journal of some length, as it was written."""
    for number in range(LENGTH // 2):
        explained = Entry(ReportExplained(number, f"Catatan {number}", None), Where(sop="a", version="1"))
        tx.journal.append(number % 3 + 1, [Entry(AttemptDenied("export", number), Where(unit="tu")), explained])
    entries = tx.connection.execute(text("SELECT * FROM journal ORDER BY seq")).mappings().all()
    words = tx.connection.execute(text("SELECT * FROM journal_text ORDER BY seq")).mappings().all()
    beside: dict[int, list[Any]] = {}
    for one in words:
        beside.setdefault(one["seq"], []).append(SimpleNamespace(**one))
    return [(Kept(**dict(one) | {"at": NOW}), beside.get(one["seq"], [])) for one in entries]


# What somebody may do to it


def edit(log: Log, place: int, chance: random.Random) -> Log:
    entry, words = log[place]
    column = chance.choice(["person", "step", "at", "kind", "unit", "body", "prev", "hash", "words"])
    match column:
        case "words" if words:
            changed = [SimpleNamespace(**vars(words[0]) | {"text": '"Lain"'}), *words[1:]]
            return [*log[:place], (entry, changed), *log[place + 1 :]]
        case "person":
            now: dict[str, Any] = {"person": (entry.person or 0) + 1}
        case "at":
            now = {"at": entry.at + timedelta(seconds=1)}
        case "body":
            spot = chance.randrange(len(entry.body))
            now = {"body": entry.body[:spot] + chr((ord(entry.body[spot]) + 1) % 128) + entry.body[spot + 1 :]}
        case "words":
            now = {"kind": "other"}
        case _:
            now = {column: f"{getattr(entry, column) or ''}x"}
    return [*log[:place], (replace(entry, **now), words), *log[place + 1 :]]


def delete(log: Log, place: int, chance: random.Random) -> Log:
    return [*log[:place], *log[place + 1 :]]


def swap(log: Log, place: int, chance: random.Random) -> Log:
    other = chance.choice([number for number in range(len(log)) if number != place])
    changed = list(log)
    changed[place], changed[other] = changed[other], changed[place]
    return changed


def insert(log: Log, place: int, chance: random.Random) -> Log:
    return [*log[:place], chance.choice(log), *log[place:]]


def truncate(log: Log, place: int, chance: random.Random) -> Log:
    return log[:place]


def forge(log: Log, place: int, chance: random.Random) -> Log:
    """Put something that nobody can read in place of an entry, and make the chain anew."""
    entry, words = log[place]
    body = chance.choice([*FORGED, *nested(entry.body, chance)])
    return made_anew([*log[:place], (replace(entry, body=body), words), *log[place + 1 :]])


FORGED = (
    *(
        "",
        "{",
        "null",
        "7",
        "[]",
        "{}",
        '"kata"',
        "NaN",
        "9" * 5000,
        "1e999",
        "[" * 100_000,
        "\ud800",
        '{"seq": 1e400}',
    ),
    '{"data": []}',
    '{"data": {"is": 7}}',
)
STRANGE: Sequence[Any] = (None, True, -1, 10**400, 1e308, "", "9999-99-99", "\x00", [], [[]], {}, {"digest": 7})


def nested(body: str, chance: random.Random) -> list[str]:
    """The body with something strange where something else stood, and with something left out."""
    told = json.loads(body)
    name = chance.choice(list(told))
    strange = told | {name: chance.choice(STRANGE)}
    inside = told | {"data": told["data"] | {chance.choice([*told["data"], "entries"]): chance.choice(STRANGE)}}
    return [
        *(json.dumps(one) for one in (strange, inside)),
        json.dumps({key: told[key] for key in told if key != name}),
    ]


WAYS: Sequence[Callable[[Log, int, random.Random], Log]] = (edit, delete, swap, insert, truncate, forge)


def made_anew(log: Log) -> Log:
    """The chain computed once more over what is told now."""
    prev, anew = GENESIS, []
    for entry, words in log:
        linked = replace(entry, prev=prev, hash=chain(prev, entry.body))
        anew.append((linked, words))
        prev = linked.hash
    return anew


def anchors(log: Log, *places: int) -> list[Anchor]:
    return [Anchor(log[place - 1][0].seq, log[place - 1][0].hash) for place in places]


async def test_ten_thousand_random_changes_are_all_found_up_to_the_last_anchor(database: Database) -> None:
    log = await database.run(fill)
    kept, chance = anchors(log, 10, 25, LENGTH), random.Random(20261124)
    assert walk(log, kept).broken is None

    for number in range(TIMES):
        way = WAYS[number % len(WAYS)]
        place = chance.randrange(LENGTH)
        changed = way(log, place, chance)
        assert walk(changed, kept).broken is not None, (way.__name__, place)


async def test_what_cannot_be_read_is_named_and_ends_in_no_traceback(database: Database) -> None:
    log = await database.run(fill)

    for body in FORGED:
        entry, words = log[4]
        forged = made_anew([*log[:4], (replace(entry, body=body), words), *log[5:]])
        assert walk(forged).broken == (5, "it cannot be read"), body[:20]
    for number in range(2000):
        walk(forge(log, number % LENGTH, random.Random(number)))


UNREADABLE = (
    "UPDATE journal SET at = 'kemarin' WHERE seq = 30",
    "UPDATE journal SET body = CAST(x'ff' AS TEXT) WHERE seq = 30",
    "UPDATE journal SET body = x'00' WHERE seq = 30",
    "UPDATE journal SET seq = 'x' WHERE seq = 30",
    "UPDATE journal_text SET salt = x'00' WHERE seq = 30",
    "UPDATE journal_text SET text = CAST(x'ff' AS TEXT) WHERE seq = 30",
)


async def test_types_that_no_column_should_hold_are_named(tmp_path: Path, sqlite_tables: Path) -> None:
    shutil.copyfile(sqlite_tables, tmp_path / "pandu.db")
    database = Database(f"sqlite:///{tmp_path}/pandu.db", lambda: NOW)
    await database.run(fill)

    def forge(tx: Transaction, statement: str) -> Any:
        with tx.apart() as apart:
            tx.connection.execute(text(statement))
            found = verify(tx.connection).broken
            apart.rollback()
        return found

    await database.run(lambda tx: unguarded(tx.connection))
    for statement in UNREADABLE:
        broken = await database.run(forge, statement)
        assert broken is not None and (broken.seq, broken.what) in (
            (30, "it cannot be read"),
            (30, "its text was changed"),
            (31, "entry 30 is missing"),
        ), statement
    database.close()


async def test_a_run_whose_row_is_forged_is_named(office: Office) -> None:
    await office.clerk.says("/sop uji fungsi")
    await office.clerk.taps("Uji Fungsi Komputer")
    await office.clerk.taps("Mulai")

    for state in ("", "7", "{", '{"is": "Run"}', '{"is": "nothing"}'):

        def change(tx: Transaction, state: str = state) -> Any:
            tx.connection.execute(text("UPDATE run SET state = :state"), {"state": state})
            return agree(tx.connection)

        broken = await office.app.database.run(change)
        assert broken is not None and "run 1 does not stand" in broken.what


async def test_a_chain_made_anew_is_found_by_an_anchor_alone(database: Database) -> None:
    log = await database.run(fill)
    entry, words = log[4]
    body = entry.body.replace('"person":', '"person": ')  # the same, but for its hash
    forged = made_anew([*log[:4], (replace(entry, body=body), words), *log[5:]])

    assert walk(forged).broken is None
    assert walk(forged, anchors(log, 25)).broken == (25, "an anchor tells another hash")


async def test_no_anchor_overrides_another_of_the_same_entry(database: Database) -> None:
    log = await database.run(fill)

    told = [Anchor(25, "0" * 64), *anchors(log, 25)]
    assert walk(log, told).broken == (25, "an anchor tells another hash")


async def test_the_first_blind_spot_what_came_after_the_last_anchor_can_be_cut_off(database: Database) -> None:
    log = await database.run(fill)

    assert walk(log[:25], anchors(log, 10, 25)).broken is None
    assert walk(log[:24], anchors(log, 10, 25)).broken == (25, "the end is cut off: an anchor tells of entry 25")


async def test_the_second_blind_spot_what_came_after_the_last_anchor_can_be_made_anew(database: Database) -> None:
    log = await database.run(fill)
    entry, words = log[30]
    body = entry.body.replace('"person":', '"person": ')
    forged = made_anew([*log[:30], (replace(entry, body=body), words), *log[31:]])

    assert walk(forged, anchors(log, 10, 25)).broken is None
    assert walk(forged, anchors(log, 10, 25, LENGTH)).broken is not None


async def test_erased_words_are_counted_and_are_no_break(database: Database) -> None:
    await database.run(fill)

    await database.run(lambda tx: tx.connection.execute(text("DELETE FROM journal_text WHERE seq <= 6")))

    found = await database.run(lambda tx: verify(tx.connection))
    assert (found.entries, found.broken, found.erased) == (LENGTH, None, 3)


CROSSED = {
    "UPDATE deviation SET step = 'x'": "its deviation tells otherwise",
    "DELETE FROM deviation": "its deviation is missing",
    "UPDATE run SET state = replace(state, 'active', 'paused')": "run 1 does not stand where its entries lead",
    "INSERT INTO journal_text (seq, name, salt, text) VALUES (9999, 'a', '', '')": "there are words to an entry",
}


async def test_tables_that_tell_otherwise_are_found(office: Office) -> None:
    await office.clerk.says("/sop uji fungsi")
    await office.clerk.taps("Uji Fungsi Komputer")
    for word in ("Mulai", "Kendala", "Lewati", "Waktu tidak cukup", "Lanjut"):
        await office.clerk.taps(word)
    run = office.app.database.run
    assert await run(lambda tx: agree(tx.connection)) is None

    for statement, told in CROSSED.items():

        def change(tx: Transaction, statement: str = statement) -> Any:
            with tx.apart() as apart:
                tx.connection.execute(text(statement))
                found = agree(tx.connection)
                apart.rollback()
            return found

        broken = await run(change)
        assert broken is not None and told in broken.what, statement


async def test_who_owns_the_database_is_found_out_all_the_same(database: Database) -> None:
    await database.run(fill)

    def forge(tx: Transaction) -> Any:
        unguarded(tx.connection)
        tx.connection.execute(text("UPDATE journal SET unit = 'lain' WHERE seq = 3"))
        return verify(tx.connection).broken

    assert await database.run(forge) == (3, "its columns differ from its text")


async def test_every_day_an_anchor_is_kept_and_sent_once(office: Office) -> None:
    file = office.app.settings.data_dir / "anchors.log"
    await office.app.tick()
    assert len(read(file.read_text())) == 1

    await office.clerk.says("/orang")  # which is not for them, and so is written down
    await office.later(hours=20)
    await office.app.tick()

    kept = read(file.read_text())
    assert len(kept) == 2
    found = await office.app.database.run(lambda tx: verify(tx.connection, kept))
    assert found.broken is None
