"""What waits together is written together, and yet each piece stands or falls alone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, text

from bot.engine.commands import start
from bot.engine.people import Staff
from bot.engine.run import Started, begin, evolve
from bot.engine.sop import Status
from bot.library.folder import Folder
from bot.storage import migrate
from bot.storage.database import AlreadyDone, Database, Transaction
from bot.storage.inbox import Received
from bot.storage.runs import Raced
from tests.conftest import SOPS

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    migrate.upgrade(database_url, NOW)
    opened = Database(database_url, lambda: NOW)
    yield opened
    opened.close()


def add(tx: Transaction, chat: int) -> int:
    return tx.people.add(chat, f"Pegawai {chat}", "id", ())


def add_and_fail(tx: Transaction, chat: int) -> int:
    add(tx, chat)
    raise ValueError(chat)


def chats(tx: Transaction) -> list[int]:
    return list(tx.connection.execute(text("SELECT telegram_id FROM person ORDER BY 1")).scalars())


async def test_a_piece_that_fails_takes_nothing_else_with_it(database: Database) -> None:
    work = [database.run(add_and_fail if chat % 3 == 0 else add, chat) for chat in range(1, 31)]

    outcomes = await asyncio.gather(*work, return_exceptions=True)

    assert [one for one in range(1, 31) if isinstance(outcomes[one - 1], ValueError)] == list(range(3, 31, 3))
    assert await database.run(chats) == [chat for chat in range(1, 31) if chat % 3]


async def test_pieces_that_wait_together_share_a_commit(database: Database) -> None:
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)

    await asyncio.gather(*(database.run(add, chat) for chat in range(1, 41)))

    assert len(await database.run(chats)) == 40
    # PostgreSQL groups the commits of its sessions itself
    assert len(commits) < 40 or not database.is_sqlite


async def test_a_piece_that_was_overtaken_is_done_again(database: Database) -> None:
    tries: list[int] = []

    def overtaken_once(tx: Transaction, chat: int) -> int:
        tries.append(chat)
        if tries.count(chat) == 1:
            raise Raced
        return add(tx, chat)

    await asyncio.gather(*(database.run(overtaken_once, chat) for chat in range(1, 6)), database.run(add, 9))

    assert await database.run(chats) == [1, 2, 3, 4, 5, 9]


async def test_an_update_is_done_once_and_only_with_its_work(database: Database) -> None:
    await database.run(lambda tx: tx.inbox.store([Received(7, 1, "{}")]))

    with pytest.raises(ValueError, match="1"):
        await database.run(add_and_fail, 1, update=7)
    await database.run(add, 2, update=7)
    with pytest.raises(AlreadyDone):
        await database.run(add, 3, update=7)

    assert await database.run(chats) == [2]


def end_early(tx: Transaction) -> int:
    return next(iter(()))


async def test_a_piece_that_finds_nothing_to_take_leaves_nobody_waiting(database: Database) -> None:
    work = [database.run(one, *args) for one, args in ((end_early, ()), (add, (1,)), (add, (2,)))]

    async with asyncio.timeout(30):
        outcomes = await asyncio.gather(*work, return_exceptions=True)

    assert isinstance(outcomes[0], RuntimeError)
    assert await database.run(chats) == [1, 2]


async def test_whoever_gives_up_waiting_leaves_the_work_whole(database: Database) -> None:
    waiting = asyncio.ensure_future(database.run(add, 1))
    await asyncio.sleep(0)
    waiting.cancel()

    assert await database.run(chats) in ([], [1])
    await database.run(add, 2)
    assert 2 in await database.run(chats)


async def test_a_run_that_somebody_else_moved_meanwhile_is_overtaken(database: Database) -> None:
    sop = Folder(SOPS).load().sops[0]
    started, entered = start(sop, 1, Staff())
    assert isinstance(started, Started)

    def move_twice_from_the_same_turn(tx: Transaction) -> None:
        tx.versions.keep(sop, Status.TRIAL, None, tx.at)
        run = begin(tx.runs.new_id(sop, 1, None), started, tx.at)
        for _ in range(2):
            tx.runs.save(sop, 0, evolve(run, entered, tx.at), [started, entered], 1)

    with pytest.raises(Raced):
        await database.run(move_twice_from_the_same_turn)
