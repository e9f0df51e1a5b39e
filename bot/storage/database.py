"""Transactions: synchronous SQL in worker threads, one unit of work a call, tried again where another was faster."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, NestedTransaction, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, InternalError, OperationalError
from sqlalchemy.pool import StaticPool

from bot.storage.anchors import Anchors
from bot.storage.approvals import Approvals
from bot.storage.digests import Digests
from bot.storage.drafts import Drafts
from bot.storage.errands import Errands
from bot.storage.facts import Facts
from bot.storage.feedback import Feedback
from bot.storage.figures import Tallies
from bot.storage.files import Files
from bot.storage.followups import FollowUps
from bot.storage.inbox import Inbox
from bot.storage.install import Installation
from bot.storage.invitations import Invitations, Requests
from bot.storage.journal import Journal
from bot.storage.outbox import Cards, Letters
from bot.storage.people import People
from bot.storage.pins import Pins
from bot.storage.pulse import Pulse
from bot.storage.questions import Questions
from bot.storage.reports import Reports
from bot.storage.reviews import Reviews
from bot.storage.runs import Raced, Runs
from bot.storage.staffing import Absences, Holdings
from bot.storage.tasks import Tasks
from bot.storage.versions import Versions

T = TypeVar("T")
Clock = Callable[[], datetime]
Failed = Callable[[object, Exception], None]
"""Told what of much failed, and of what."""

TRIES = 6
THREADS = 8
READERS = 2
"""Readings at once that look through much, such as figures."""
GROUP = 64
"""Pieces of work that share one commit at most, so that nobody waits long for it."""
STANDS_STILL = 30_000
"""Milliseconds after which PostgreSQL takes back what a process holds that stands still inside a transaction."""
_OVERTAKEN = (OperationalError, InterfaceError, Raced)
"""Another process was faster, or the database was away for a moment: load and decide again."""


class Transaction:
    """One unit of work: everything in it becomes true together or not at all. `at` is its moment."""

    def __init__(self, connection: Connection, versions: Versions, at: datetime) -> None:
        self.connection = connection
        self.at = at
        self.update: int | None = None  # the number of the update that this acts on
        self.sent_at: datetime | None = None  # when the message was sent that this acts on; a tap does not tell
        self.versions = versions
        self.journal = Journal(connection, at)
        self.runs = Runs(connection, self.journal, at)
        self.errands = Errands(connection)
        self.tasks = Tasks(connection)
        self.people = People(connection, at)
        self.holdings = Holdings(connection)
        self.absences = Absences(connection)
        self.invitations = Invitations(connection, at)
        self.requests = Requests(connection, at)
        self.pins = Pins(connection, at)
        self.questions = Questions(connection)
        self.cards = Cards(connection, at)
        self.letters = Letters(connection, at)
        self.inbox = Inbox(connection, at)
        self.pulse = Pulse(connection)
        self.anchors = Anchors(connection, at)
        self.install = Installation(connection)
        self.files = Files(connection, at)
        self.reports = Reports(connection, at)
        self.reviews = Reviews(connection, at)
        self.follow_ups = FollowUps(connection, at)
        self.approvals = Approvals(connection, at)
        self.drafts = Drafts(connection, at)
        self.digests = Digests(connection, at)
        self.facts = Facts(connection, at)
        self.figures = Tallies(connection)
        self.feedback = Feedback(connection, at)

    @contextlib.contextmanager
    def apart(self) -> Iterator[NestedTransaction]:
        """What is done inside becomes true together with the rest, or, where it raises, alone not at all."""
        try:
            with self.connection.begin_nested() as nested:
                yield nested
        finally:
            self.journal.forget()

    @contextlib.contextmanager
    def spared(self, one: object, failed: Failed) -> Iterator[None]:
        """The same, where what is done inside is one of many: what it raises is told to `failed`, and the others go on.
        What the whole is to be tried again for goes on to whoever tries."""
        try:
            with self.apart():
                yield
        except (DBAPIError, Raced):
            raise
        except Exception as error:
            failed(one, error)


class AlreadyDone(Exception):
    """The update was handled before; nothing is to be done."""


@dataclass(slots=True)
class _Job:
    """One piece of work on its way to the writing thread, and what became of it."""

    work: Callable[[Transaction], Any]
    update: int | None
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None

    def resolve(self) -> None:
        """Tell whoever waits, unless they gave up."""
        if self.future.done():
            return
        match self.error:
            case None:
                self.future.set_result(self.result)
            case StopIteration():  # which no future takes
                self.future.set_exception(RuntimeError("the work ended in StopIteration"))
            case error:
                self.future.set_exception(error)


class Database:
    """The one door to storage. On SQLite one thread and one connection write; on PostgreSQL a few do side by side.

    What waits for SQLite's one thread is written in one go and synchronised once, each piece inside a savepoint of its
    own: everyone is told only after the commit, and a piece that fails takes nothing else with it."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.engine = make_engine(url)
        self.clock = clock
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # on PostgreSQL another process may add what we just found missing, or find that we stood still
        self._overtaken = _OVERTAKEN if self.is_sqlite else (*_OVERTAKEN, IntegrityError, InternalError)
        self._threads = ThreadPoolExecutor(1 if self.is_sqlite else THREADS, thread_name_prefix="sql")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self.beside = read_only(url)
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._called = False
        self._bodies: dict[str, Any] = {}

    async def run(self, work: Callable[..., T], *args: Any, update: int | None = None) -> T:
        """`work(tx, *args)` as one transaction, in a worker thread.

        With `update` the inbox row of that id is done when, and only when, the transaction commits. Raises AlreadyDone
        where it was done before, and whatever `work` raises, with nothing changed."""
        loop = asyncio.get_running_loop()
        job = _Job(lambda tx: work(tx, *args), update, loop.create_future())
        self._jobs.put(job)
        if not self.is_sqlite:
            self._threads.submit(self._work_off, loop)
        elif not self._called:
            # one call is enough for everything that comes before it is answered
            self._called = True
            self._threads.submit(self._work_off, loop)
        result: T = await job.future
        return result

    async def read(self, work: Callable[..., T], *args: Any) -> T:
        """`work(tx, *args)`, which only reads: beside the writing, which it does not hold up, as of one moment."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self._read(work, *args))

    def _read(self, work: Callable[..., T], *args: Any) -> T:
        with self.beside.begin() as connection:
            return work(Transaction(connection, Versions(connection, self._bodies), self.clock()), *args)

    def _work_off(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do what waits: on SQLite all of it together, on PostgreSQL the next piece."""
        self._called = False  # from here on a call may be needed again
        while jobs := self._taken():
            if len(jobs) > 1:
                self._together(jobs)
            else:
                self._alone(jobs[0])
            loop.call_soon_threadsafe(_resolve, jobs)
            if not self.is_sqlite:
                return

    def _taken(self) -> list[_Job]:
        jobs: list[_Job] = []
        with contextlib.suppress(Empty):
            while len(jobs) < (GROUP if self.is_sqlite else 1):
                jobs.append(self._jobs.get_nowait())
        return jobs

    def _together(self, jobs: list[_Job]) -> None:
        try:
            with self.engine.begin() as connection:
                for job in jobs:
                    self._inside(connection, job)
        except Exception:
            # the whole is undone, whoever was at fault: now each for itself
            for job in jobs:
                job.result, job.error = None, None
                self._alone(job)

    def _inside(self, connection: Connection, job: _Job) -> None:
        # said to SQLite itself, since this is done at every tap
        say: Any = connection.connection.driver_connection
        say.execute("SAVEPOINT piece")
        try:
            job.result = self._do(connection, job)
        except _OVERTAKEN:
            raise
        except Exception as error:
            job.error = error
            say.execute("ROLLBACK TO piece")
        say.execute("RELEASE piece")

    def _alone(self, job: _Job) -> None:
        try:
            job.result = self._tried(job)
        except BaseException as error:
            job.error = error

    def _tried(self, job: _Job) -> Any:
        for attempt in range(1, TRIES + 1):
            try:
                with self.engine.begin() as connection:
                    return self._do(connection, job)
            except self._overtaken:
                if attempt == TRIES:
                    raise
                time.sleep(0.02 * 2**attempt)
        raise AssertionError("unreachable")

    def _do(self, connection: Connection, job: _Job) -> Any:
        tx = Transaction(connection, Versions(connection, self._bodies), self.clock())
        tx.update = job.update
        if job.update is not None and not tx.inbox.finish(job.update):
            raise AlreadyDone
        return job.work(tx)

    def close(self) -> None:
        """Wait for what is under way, then let go of the file or the server."""
        for threads in (self._threads, self._readers):
            threads.shutdown(wait=True)
        self.beside.dispose()
        self.engine.dispose()


def _resolve(jobs: list[_Job]) -> None:
    for job in jobs:
        job.resolve()


def make_engine(url: str) -> Engine:
    """An engine that keeps what it commits: on SQLite WAL, full synchronisation, no half-locked transactions."""
    if make_url(url).get_backend_name() != "sqlite":
        return _server(url)
    engine = create_engine(
        url, poolclass=StaticPool, hide_parameters=True, connect_args={"check_same_thread": False, "timeout": 30}
    )

    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {pragma}")
        (level,) = connection.execute("PRAGMA synchronous").fetchone()
        if level != 2:
            raise OSError("SQLite does not keep synchronous=FULL: a power cut would lose what was confirmed")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # a transaction that reads first and writes later is refused at once when another wrote between, unwaited
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _server(url: str) -> Engine:
    engine = create_engine(
        url, pool_size=THREADS, pool_pre_ping=True, hide_parameters=True, isolation_level="READ COMMITTED"
    )

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: object) -> None:
        connection.execute(f"SET idle_in_transaction_session_timeout = {STANDS_STILL}")
        (keeps,) = connection.execute("SHOW synchronous_commit").fetchone()
        if keeps == "off":  # or a power cut would lose what was confirmed
            connection.execute("SET synchronous_commit = on")
        connection.commit()

    return engine


def read_only(url: str) -> Engine:
    """A second door for exports and checks, that cannot write and does not hold up the bot."""
    if make_url(url).get_backend_name() != "sqlite":
        reading = {"postgresql_readonly": True}
        return create_engine(url, pool_pre_ping=True, isolation_level="REPEATABLE READ", execution_options=reading)
    engine = create_engine(f"sqlite:///file:{make_url(url).database}?mode=ro&uri=true")

    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")  # all of it is read as it was at one moment

    return engine
