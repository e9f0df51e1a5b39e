"""A year of an office's reviews on PostgreSQL, with two processes: `python -m bench.year [SOPS PEOPLE DAYS]`.

Runs are inserted in bulk; reviews, decisions and reminders go through the services. Now and then both processes are
away for days, or begin anew. What must hold is counted at the end."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from bot.engine import review as r
from bot.engine.people import Role
from bot.engine.run import Progress, Run
from bot.engine.sop import Do, Kind, Position, Sop, Status, Step, Team
from bot.engine.staffing import Acting, Span
from bot.engine.units import Units
from bot.library.office import read_office
from bot.services import deciders, reminders, reviews
from bot.services.house import House
from bot.storage import codec, migrate
from bot.storage.database import Database, Transaction
from bot.storage.tables import AllowanceRow, JournalRow, ReminderRow, ReviewRow, RunRow, table
from bot.storage.versions import Versions
from bot.views.taps import Packer
from tests.postgres import Postgres

T = TypeVar("T")
BEGIN = datetime(2026, 1, 4, 16, 0, tzinfo=UTC)
RUNS_A_DAY, CAP = 40, 5
POSITIONS = 30
BODIES: dict[str, Sop] = {}


@dataclass
class Clock:
    """A clock that both processes share."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Counts:
    """What the year brought, and what must be none of it."""

    reviews: int = 0
    decided: Counter[str] = field(default_factory=Counter)
    reminded: int = 0
    lists: int = 0
    most_a_day: int = 0
    outside_hours: int = 0
    after_decision: int = 0
    twice: int = 0
    missing: int = 0

    @property
    def wrong(self) -> int:
        """How many things happened that must not."""
        return self.outside_hours + self.after_decision + self.twice + self.missing + max(0, self.most_a_day - CAP)


class Year:
    """The office, and the two processes that serve it."""

    def __init__(self, url: str, sops: int, people: int, seed: int) -> None:
        self._url, self._random, self.clock = url, Random(seed), Clock()
        migrate.upgrade(url, BEGIN)
        office, _ = read_office(None, "office.yaml", ZoneInfo("Asia/Makassar"))
        assert office is not None
        self._house = House(office.office, "id", Packer(1), Units(()), messages_a_day=CAP)
        self._processes = [Database(url, self.clock) for _ in range(2)]
        self._threads = ThreadPoolExecutor(2)
        self._sops = [_sop(number) for number in range(sops)]
        self._people = self._do(self._employ, people)
        for sop in self._sops:
            self._do(reviews.load, self._house, sop)
        self.looked_at = BEGIN

    def _do(self, work: Callable[..., T], *args: Any) -> T:
        return _inside(self._processes[0], work, *args)

    def _employ(self, tx: Transaction, people: int) -> list[int]:
        roles = (Role.PERFORMER, Role.AUTHOR, Role.SUPERVISOR, Role.MANAGER)
        found = [tx.people.add(1000 + number, f"Pegawai {number}", "id", roles) for number in range(people)]
        for place in range(POSITIONS):
            tx.holdings.add(found[place % people], f"p{place}", Span(BEGIN.date()), Acting.DEFINITIVE, None)
        return found

    def day(self) -> None:
        """One day: runs, decisions, and what the two processes see of it unless they are away."""
        self._do(self._run)
        decided_after = self._random.randrange(4)
        for number, hours in enumerate((9, 3, 4, 8)):
            self.clock.now += timedelta(hours=hours, minutes=self._random.randrange(10) if hours == 9 else 0)
            self._tick()
            if number == decided_after:
                self._do(self._decide)
        self.clock.now = (self.clock.now + timedelta(hours=1)).replace(hour=16, minute=0)

    def away(self, length: timedelta) -> None:
        """Both processes are down, and begin anew."""
        self.clock.now += length
        for one in self._processes:
            one.close()
        self._processes = [Database(self._url, self.clock) for _ in range(2)]

    def _tick(self) -> None:
        list(self._threads.map(lambda one: _look(one, self._house), self._processes))
        if self._house.office.opening(self.clock.now) == self.clock.now:
            self.looked_at = self.clock.now

    def _run(self, tx: Transaction) -> None:
        rows = []
        for number in range(RUNS_A_DAY):
            sop, starter = self._random.choice(self._sops), self._random.choice(self._people)
            run = Run(
                id=0, sop=sop.id, digest=sop.digest, starter=starter, started_at=tx.at, entered_at=tx.at,
                progress=Progress.DONE, turn=number, step=None, performed=3, ended_at=tx.at,
            )  # fmt: skip
            rows.append(
                {"sop": sop.id, "digest": sop.digest, "starter": starter, "stage": "trial", "progress": "done"}
                | {"turn": 1, "state": codec.dump(run), "started_at": tx.at, "moved_at": tx.at}
            )
        tx.connection.execute(insert(table(RunRow)), rows)

    def _decide(self, tx: Transaction) -> None:
        """Some of what is open is decided by its supervisor, some is put off, and some is left until it is late."""
        today = self._house.office.day(tx.at)
        for planned in tx.reviews.opened(today):
            offered = r.verdicts(planned.dates)
            if not offered or self._random.random() > 0.06:
                continue
            verdict = self._random.choice((offered[0], offered[0], *offered))
            sop = tx.versions.sop(planned.digest)
            me = tx.people.get(deciders.seated(tx, self._house, sop)[r.Seat.SUPERVISOR][0])
            judging = r.Judging(planned.id, planned.dates.round, verdict, (True,) * 7, r.GROUNDS[verdict][0])
            assert reviews.decide(tx, self._house, me, planned, judging)

    def count(self) -> Counts:
        """What the database says at the end."""
        return self._do(self._count)

    def _count(self, tx: Transaction) -> Counts:
        counts, office = Counts(), self._house.office
        review, reminder, allowance = table(ReviewRow), table(ReminderRow), table(AllowanceRow)
        ends = {row.id: row.decided_at for row in tx.connection.execute(select(review))}
        counts.reviews = len(ends)
        verdicts = tx.connection.execute(select(review.c.verdict).where(review.c.verdict.is_not(None))).scalars()
        counts.decided = Counter(verdicts)
        for at, number in self._reminded(tx):
            counts.reminded += 1
            counts.outside_hours += office.opening(at) != at
            counts.after_decision += ends[number] is not None and at > ends[number]
        rows = tx.connection.execute(select(reminder)).all()
        counts.twice = len(rows) - len({(row.review, row.round, row.moment) for row in rows})
        counts.missing = sum(row.fired_at is None and row.due_at <= self.looked_at for row in rows)
        spent = list(tx.connection.execute(select(allowance.c.spent)).scalars())
        counts.lists, counts.most_a_day = sum(spent), max(spent, default=0)
        return counts

    def _reminded(self, tx: Transaction) -> Iterator[tuple[datetime, int]]:
        journal = table(JournalRow)
        found = select(journal.c.at, journal.c.body).where(journal.c.kind == "reminded")
        for row in tx.connection.execute(found):
            yield row.at, json.loads(row.body)["data"]["review"]

    def close(self) -> None:
        """Let go of the server."""
        for one in self._processes:
            one.close()
        self._threads.shutdown()


def _inside(database: Database, work: Callable[..., T], *args: Any) -> T:
    with database.engine.begin() as connection:
        return work(Transaction(connection, Versions(connection, BODIES), database.clock()), *args)


def _look(database: Database, house: House) -> None:
    """What a process does as it wakes up."""
    while _inside(database, reminders.fire_one, house):
        pass
    place = 0
    while _inside(database, reminders.send_one, house, place):
        place += 1


def _sop(number: int) -> Sop:
    names = [f"p{(number + place) % POSITIONS}" for place in range(3)]
    return Sop(
        id=f"sop-{number}", title=f"SOP Pekerjaan {number}", version="1", kind=Kind.ADMINISTRATIVE, unit="Kantor",
        team=Team(*names), positions=tuple(Position(name, name) for name in names),
        steps=(Step(id="satu", number=1, text="Memeriksa berkas", does=Do(None), by=(names[0],)),),
        digest=f"{number:064}", status=Status.TRIAL if number % 3 else Status.IN_FORCE,
    )  # fmt: skip


def simulate(url: str, sops: int, people: int, days: int, seed: int = 5) -> Counts:
    """So many days of an office; what they brought."""
    year, random = Year(url, sops, people, seed), Random(seed)
    end = year.clock.now + timedelta(days=days)
    while year.clock.now < end:
        year.day()
        if random.random() < 0.03:
            year.away(random.choice((timedelta(), timedelta(days=1), timedelta(days=2), timedelta(days=10))))
    counts = year.count()
    year.close()
    return counts


def main(sops: int, people: int, days: int) -> None:
    """Print the table."""
    server = Postgres()
    server.start()
    begun = time.perf_counter()
    counts = simulate(server.new_database(), sops, people, days)
    print(f"{sops} SOPs, {people} people, {days} days in {time.perf_counter() - begun:.1f} s")
    for name, value in vars(counts).items():
        print(f"  {name:16} {dict(value) if isinstance(value, Counter) else value}")
    server.stop()
    sys.exit(counts.wrong > 0)


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:4])) if len(sys.argv) > 3 else main(350, 120, 365)
