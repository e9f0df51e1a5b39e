"""A year of an office's reviews on PostgreSQL, with two processes: `python -m bench.year [SOPS PEOPLE DAYS]`.

Runs are inserted in bulk; reviews, decisions and reminders go through the services. Now and then both processes are
killed while they work, or are away for days. Every message is counted as it is to be sent, and what must hold at the
end."""

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, text, update

from bot.engine import review as r
from bot.engine.people import Role
from bot.engine.run import Progress, Run
from bot.engine.sop import Do, Kind, Position, Sop, Status, Step, Team
from bot.engine.staffing import Acting, Span
from bot.library.office import read_office
from bot.services import deciders, reminders, reviews
from bot.services.house import House
from bot.storage import codec, migrate
from bot.storage.database import Database, Transaction
from bot.storage.tables import CardRow, DigestRow, JournalRow, NoticeRow, ReminderRow, ReviewRow, RunRow, table
from bot.storage.versions import Versions
from bot.views.taps import Packer
from tests.postgres import Postgres

T = TypeVar("T")
BEGIN = datetime(2026, 1, 4, 16, 0, tzinfo=UTC)
RUNS_A_DAY, CAP = 40, 5
A_LOOK = 0.05
A_MONTH = timedelta(days=30)
"""Seconds within which both are killed that look."""
POSITIONS = 30
BODIES: dict[str, Sop] = {}
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(  # so that a process that begins anew need not read them again
    ["bot.library.office", "bot.services.reviews", "bot.storage.migrate", "holidays.countries", "tests.postgres"]
)

card, review, reminder, journal = table(CardRow), table(ReviewRow), table(ReminderRow), table(JournalRow)
digest, notice = table(DigestRow), table(NoticeRow)


@dataclass
class Clock:
    """A clock that is set."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Counts:
    """What the year brought, and what must be none of it."""

    reviews: int = 0
    decided: Counter[str] = field(default_factory=Counter)
    reminded: int = 0
    messages: int = 0
    killed: int = 0
    most_a_day: int = 0
    outside_hours: int = 0
    after_decision: int = 0
    twice: int = 0
    missing: int = 0

    @property
    def wrong(self) -> int:
        """How many things happened that must not."""
        return self.outside_hours + self.after_decision + self.twice + self.missing + max(0, self.most_a_day - CAP)


class Process:
    """A process that looks what is due, whenever it is told the time."""

    def __init__(self, url: str) -> None:
        self._here, there = FORKS.Pipe()
        self._process = FORKS.Process(target=serve, args=(url, there), daemon=True)
        self._process.start()
        there.close()

    def wake(self, now: datetime) -> None:
        """It is `now`: look."""
        self._here.send(now)

    def wait(self) -> None:
        """Wait until it has looked. Raises EOFError where it failed."""
        self._here.recv()

    def kill(self) -> None:
        """Whatever it does, it does no more."""
        self._process.kill()
        self._process.join()
        self._here.close()


def serve(url: str, told: Connection) -> None:
    """What such a process does, until it is killed."""
    clock, house = Clock(), _house()
    database = Database(url, clock)
    while True:
        clock.now = told.recv()
        _look(database, house)
        told.send(None)


class Year:
    """The office, and the two processes that serve it."""

    def __init__(self, url: str, sops: int, people: int, seed: int) -> None:
        self._url, self._random, self.clock = url, Random(seed), Clock()
        migrate.upgrade(url, BEGIN)
        self._house = _house()
        self._database = Database(url, self.clock)
        self._processes = [Process(url) for _ in range(2)]
        self._sent: Counter[tuple[int, date]] = Counter()
        self._at_night = 0
        self._killed = 0
        self._sops = [_sop(number) for number in range(sops)]
        self._people = self.do(self._employ, people)
        for sop in self._sops:
            self.do(reviews.load, self._house, sop)
        self.looked_at = BEGIN

    def do(self, work: Callable[..., T], *args: Any) -> T:
        """Do that as one transaction."""
        return _inside(self._database, work, *args)

    def _employ(self, tx: Transaction, people: int) -> list[int]:
        roles = (Role.PERFORMER, Role.AUTHOR, Role.SUPERVISOR, Role.MANAGER)
        found = [tx.people.add(1000 + number, f"Pegawai {number}", "id", roles) for number in range(people)]
        for place in range(POSITIONS):
            tx.holdings.add(found[place % people], f"p{place}", Span(BEGIN.date()), Acting.DEFINITIVE, None)
        return found

    def day(self) -> None:
        """One day: runs, decisions, and what the two processes see of it unless they are away or killed."""
        self.do(self._run)
        decided_after, killed_at = self._random.randrange(4), self._random.randrange(120)
        for number, hours in enumerate((9, 3, 4, 8)):
            self.clock.now += timedelta(hours=hours, minutes=self._random.randrange(10) if hours == 9 else 0)
            if number == killed_at:
                self._die()
            else:
                self._tick()
            self.do(self.carry)
            if number == decided_after:
                self.do(self._decide)
        self.clock.now = (self.clock.now + timedelta(hours=1)).replace(hour=16, minute=0)

    def away(self, length: timedelta) -> None:
        """Both processes are down, and begin anew."""
        self.clock.now += length
        self._begin_anew()

    def _begin_anew(self) -> None:
        for one in self._processes:
            one.kill()
        while self.do(_others):
            time.sleep(0.001)  # for the server, which takes back what they had in hand, a moment is no three hours
        self._processes = [Process(self._url) for _ in range(2)]

    def look_once_more(self) -> None:
        """What was planned after the last look is seen as well; then it is night."""
        self.clock.now = self._house.office.opening(self.clock.now)
        self._tick()
        self.do(self.carry)
        self.clock.now += timedelta(hours=12)

    def _tick(self) -> None:
        for one in self._processes:
            one.wake(self.clock.now)
        for one in self._processes:
            one.wait()
        if self._is_open:
            self.looked_at = self.clock.now

    def _die(self) -> None:
        """Both are killed as they look, wherever they are by then, and begin anew."""
        for one in self._processes:
            one.wake(self.clock.now)
        time.sleep(self._random.random() * A_LOOK)
        self._killed += 1
        self._begin_anew()

    @property
    def _is_open(self) -> bool:
        return self._house.office.opening(self.clock.now) == self.clock.now

    def carry(self, tx: Transaction) -> None:
        """Everything that is to be sent arrives."""
        unsent = card.c.want > card.c.rendered
        sounds = card.c.message_id.is_(None) | card.c.anew
        today = self._house.office.day(tx.at)
        for chat in tx.connection.execute(select(card.c.chat).where(unsent, sounds)).scalars():
            self._sent[chat, today] += 1
            self._at_night += not self._is_open
        shown = {"rendered": card.c.want, "anew": False, "message_id": func.coalesce(card.c.message_id, card.c.id)}
        tx.connection.execute(update(card).where(unsent).values(**shown))

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
            version = tx.versions.of(planned.digest)
            assert version is not None
            offered = r.verdicts(planned.dates, version.status)
            if self._random.random() > 0.06:
                continue
            verdict = self._random.choice((offered[0], offered[0], *offered))
            sop = tx.versions.sop(planned.digest)
            me = tx.people.get(deciders.seated(tx, self._house, sop)[r.Seat.SUPERVISOR][0])
            judging = r.Judging(planned.id, planned.dates.round, verdict, (True,) * 7, r.GROUNDS[verdict][0])
            assert reviews.decide(tx, self._house, me, planned, judging)

    def count(self, tx: Transaction) -> Counts:
        """What the database and the phones say at the end."""
        office = self._house.office
        ends = {row.id: row.decided_at for row in tx.connection.execute(select(review))}
        verdicts = tx.connection.execute(select(review.c.verdict).where(review.c.verdict.is_not(None))).scalars()
        moments = tx.connection.execute(select(reminder)).all()
        told = [(number, at) for number, at, _ in self._told(tx, "reminded")]
        return Counts(
            reviews=len(ends),
            decided=Counter(verdicts),
            reminded=len(told),
            messages=self._sent.total(),
            killed=self._killed,
            most_a_day=max(self._sent.values(), default=0),
            outside_hours=self._at_night + sum(office.opening(at) != at for _, at in told),
            after_decision=sum(ends[number] is not None and at > ends[number] for number, at in told),
            twice=self._twice(tx, moments),
            missing=self._missing(tx, moments, ends),
        )

    def _spans(self, told: Collection[tuple[int, datetime]]) -> Iterator[tuple[int, Sequence[date]]]:
        """Each time that a review was told of, with the days on one of which it stands on a list: the first, or where
        that list could not be sent a later one, until it is told of anew."""
        days: dict[int, set[date]] = defaultdict(set)
        for number, at in told:
            days[number].add(self._house.office.day(at))
        for number, some in days.items():
            for first, after in pairwise([*sorted(some), max(some) + A_MONTH]):
                yield number, [first + timedelta(days=one) for one in range((after - first).days)]

    def _twice(self, tx: Transaction, moments: Sequence[Any]) -> int:
        """How often a moment was told that was told before, or that did not fire then."""
        told = self._told(tx, "reminded")
        fired = {(row.review, row.fired_at, row.moment) for row in moments}
        return len(told) - len(set(told) & fired)

    def _missing(self, tx: Transaction, moments: Sequence[Any], ends: Mapping[int, datetime | None]) -> int:
        """How many moments passed untold of a review that was neither decided nor moved by then, how many that were
        told stand on nobody's list, and how many lists were not sent."""
        told = {(number, at) for number, at, _ in self._told(tx, "reminded")}
        silenced = {(number, at) for number, at, _ in self._told(tx, "review_planned")} | set(ends.items())
        late = [row for row in moments if row.fired_at is None and row.due_at <= self.looked_at]
        untold = {(row.review, row.fired_at) for row in moments if row.fired_at is not None} - told - silenced
        rows = tx.connection.execute(
            select(digest, notice.c.subject).join(notice, notice.c.digest == digest.c.id)
        ).all()
        listed = {(row.subject, row.day) for row in rows}
        unlisted = [one for one in self._spans(told) if not any((one[0], day) in listed for day in one[1])]

        def was_open(number: int, at: datetime) -> bool:
            end = ends[number]
            return end is None or end > at

        unsent = {
            row.id
            for row in rows
            if not row.sent and row.send_at <= self.looked_at and was_open(row.subject, row.send_at)
        }
        return len(late) + len(untold) + len(unlisted) + len(unsent)

    def _told(self, tx: Transaction, kind: str) -> list[tuple[int, datetime, str]]:
        """What the journal tells of reviews: of which, when, and at which of its moments."""
        rows = tx.connection.execute(select(journal.c.at, journal.c.body).where(journal.c.kind == kind)).all()
        told = [(row.at, json.loads(row.body)["data"]) for row in rows]
        return [(data["review"], at, data.get("moment", {}).get("name", "")) for at, data in told]

    def close(self) -> None:
        """Let go of the server."""
        for one in self._processes:
            one.kill()
        self._database.close()


def _inside(database: Database, work: Callable[..., T], *args: Any) -> T:
    with database.engine.begin() as connection:
        return work(Transaction(connection, Versions(connection, BODIES), database.clock()), *args)


def _others(tx: Transaction) -> int:
    """How many connections the server has beside this one."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return int(tx.connection.execute(others).scalar_one())


def _house() -> House:
    office, _ = read_office(None, "office.yaml", ZoneInfo("Asia/Makassar"))
    assert office is not None
    return House(replace(office, messages_a_day=CAP), "id", Packer(1))


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


@contextmanager
def a_year(url: str, sops: int, people: int, days: int, seed: int = 5) -> Iterator[Year]:
    """So many days of an office, and it as it is then."""
    year, random = Year(url, sops, people, seed), Random(seed)
    end = year.clock.now + timedelta(days=days)
    while year.clock.now < end:
        year.day()
        if random.random() < 0.03:
            year.away(random.choice((timedelta(), timedelta(days=1), timedelta(days=2), timedelta(days=10))))
    year.look_once_more()
    try:
        yield year
    finally:
        year.close()


def main(sops: int, people: int, days: int) -> None:
    """Print the table."""
    server = Postgres()
    server.start()
    begun = time.perf_counter()
    with a_year(server.new_database(), sops, people, days) as year:
        counts = year.do(year.count)
    print(f"{sops} SOPs, {people} people, {days} days in {time.perf_counter() - begun:.1f} s")
    for name, value in vars(counts).items():
        print(f"  {name:16} {dict(value) if isinstance(value, Counter) else value}")
    server.stop()
    sys.exit(counts.wrong > 0)


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:4])) if len(sys.argv) > 3 else main(350, 120, 365)
