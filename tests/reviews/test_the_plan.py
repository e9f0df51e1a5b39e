"""Whatever is decided or put off, by whatever intervals, is reminded of as a plain reference has it.

It knows nothing of the program's own rules; and the clock may be set back, or nobody look for long."""

import json
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.engine import review as r
from bot.engine.calendar import Duration
from bot.engine.people import Role
from bot.engine.sop import Do, Kind, Position, ReviewRule, Sop, Status, Step, Team, TrialRule
from bot.library.office import OfficeSettings, read_office
from bot.services import reminders, reviews
from bot.services.house import House
from bot.storage.database import Database, Transaction
from bot.storage.tables import JournalRow, table
from bot.storage.versions import Versions
from bot.views.taps import Packer
from tests.conftest import Clock

T = TypeVar("T")
journal = table(JournalRow)
ZONE, START = ZoneInfo("Asia/Makassar"), date(2026, 11, 24)
WEEKS = 300
"""Of lateness that are counted out; no history here is longer."""
OFFERED = {
    "trial": ("in force", "revise", "withdraw"),
    "monitoring": ("well", "badly", "revise"),
    "evaluation": ("keep", "revise", "withdraw"),
    "revision": ("keep", "withdraw"),
}
LENGTHS = ("opens", "due", "monitor", "evaluate")
Settings = dict[str, Any]


# The plain reference


def months(day: date, number: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass
class Planned:
    """A review as the reference has it: what is still to be spoken of, on which working day."""

    kind: str
    since: date
    opens: date
    due: date
    put_off: int = 0
    waits: list[tuple[date, str]] = field(default_factory=list)


@dataclass
class Reference:
    """One SOP: what is to be decided of it, and what was told when."""

    count: Settings
    works_on: Callable[[date], bool]
    status: str = "trial"
    open: list[Planned] = field(default_factory=list)
    told: list[tuple[str, str, date]] = field(default_factory=list)

    def plan(self, kind: str, since: date, opens: date, due: date) -> None:
        one = Planned(kind, since, opens, due)
        self.open.append(one)
        self.speak_of(one, since)

    def speak_of(self, one: Planned, start: date) -> None:
        days = [] if one.put_off else [(one.opens - timedelta(days=7), "opens-7"), (one.opens, "opens")]
        found = [(day, name) for day, name in days if day >= start]
        first = start if one.put_off else max(start, one.opens)
        ahead = [(one.due - timedelta(days=each), f"due-{each}") for each in self.count["remind"]]
        found += [(day, name) for day, name in [*ahead, (one.due, "due")] if day >= first]
        late = [(one.due + timedelta(weeks=week), f"late-{week}") for week in range(1, WEEKS)]
        found += [(day, name) for day, name in late if day >= start]
        one.waits = [(self.working(day), name) for day, name in sorted(found, key=lambda each: each[0])]

    def working(self, day: date) -> date:
        return next(each for each in map(day.__add__, map(timedelta, count())) if self.works_on(each))

    def look(self, today: date) -> None:
        if not self.works_on(today):
            return
        for one in self.open:
            due = [name for day, name in one.waits if day <= today]
            one.waits = [(day, name) for day, name in one.waits if day > today]
            self.told += [(one.kind, name, today) for name in due[-1:]]

    def regular(self, since: date, evaluated: date, *, whole: bool) -> None:
        due, part = months(evaluated, self.count["evaluate"]), months(since, self.count["monitor"])
        if (due.year, due.month) != (part.year, part.month):
            self.plan("monitoring", since, max(since, months(part, -1)), part)
        if whole:
            self.plan("evaluation", since, max(since, months(due, -1)), due)

    def decide(self, one: Planned, verdict: str, today: date) -> None:
        if verdict == "postpone":
            one.due, one.put_off = max(one.due, today) + timedelta(days=14), one.put_off + 1
            self.speak_of(one, today + timedelta(days=1))
            return
        self.open.remove(one)
        if verdict == "withdraw":
            self.status, self.open = "withdrawn", []
        elif self.status == "trial" and verdict in ("in force", "keep"):
            self.status, self.open = "in force", []
            self.regular(today, today, whole=True)
        elif verdict == "revise" and not any(each.kind == "revision" for each in self.open):
            self.plan("revision", today, today, today + timedelta(days=self.count["revise"]))
        if self.status == "in force" and one.kind == "monitoring":
            [kept] = [each for each in self.open if each.kind == "evaluation"]
            self.regular(today, kept.since, whole=False)
        elif self.status == "in force" and one.kind == "evaluation":
            self.open = [each for each in self.open if each.kind != "monitoring"]
            self.regular(today, today, whole=True)


# The program


NUMBERS = count(1)


def inside(database: Database, work: Callable[..., T], *args: Any) -> T:
    with database.engine.begin() as connection:
        return work(Transaction(connection, Versions(connection, {}), database.clock()), *args)


def look(database: Database, house: House) -> None:
    while inside(database, reminders.fire_one, house):
        pass


def begin(tx: Transaction, house: House, sop: Sop) -> None:
    if tx.people.by_chat(1000) is None:
        tx.people.add(1000, "Siti", "id", (Role.ADMIN,))
    reviews.load(tx, house, sop)


def decide(tx: Transaction, house: House, sop: Sop, kind: str, verdict: str) -> None:
    me = tx.people.by_chat(1000)
    [planned] = [one for one in tx.reviews.open() if one.sop == sop.id and one.kind.value == kind]
    assert me is not None
    wanted = r.Verdict(verdict)
    judging = r.Judging(planned.id, planned.dates.round, wanted, (), r.GROUNDS[wanted][0])
    assert reviews.decide(tx, house, me, planned, judging)


def reminded(tx: Transaction, house: House, sop: Sop) -> list[tuple[str, str, date]]:
    kinds = {one.id: one.kind.value for one in tx.reviews.all_of(sop.digest)}
    mine = (journal.c.kind == "reminded") & (journal.c.sop == sop.id)
    rows = tx.connection.execute(select(journal.c.at, journal.c.body).where(mine).order_by(journal.c.seq))
    told = [(row.at, json.loads(row.body)["data"]) for row in rows]
    return [(kinds[data["review"]], data["moment"]["name"], house.office.day(at)) for at, data in told]


def undecided(tx: Transaction, sop: Sop) -> set[tuple[str, date, date]]:
    mine = [one for one in tx.reviews.open() if one.sop == sop.id]
    return {(one.kind.value, one.dates.opens, one.due) for one in mine}


def end(tx: Transaction, sop: Sop) -> None:
    tx.reviews.close(sop.digest)


# Both


GAPS = (0, 1, 1, 2, 7, 7, 14, 31, 45, -5)
HISTORIES, LOOKS = 30, 60


def drawn(random: Random) -> Settings:
    """What an office sets, and of it what an SOP sets itself."""
    return {
        "opens": random.randint(1, 3),
        "due": random.randint(3, 5),
        "monitor": random.choice((1, 2, 3, 6)),
        "evaluate": random.choice((1, 2, 3, 6, 12, 13)),  # one month holds both, or the same month of two years
        "revise": random.randint(1, 60),
        "remind": sorted(random.sample((1, 2, 5, 7, 14, 21, 30, 45), random.randint(0, 4)), reverse=True),
    }


def counted(told: Settings) -> r.Intervals:
    opens, due, monitor, evaluate = (Duration.parse(f"{told[key]} bulan") for key in LENGTHS)
    revise = Duration.parse(f"{told['revise']} hari")
    return r.Intervals(opens, due, 5, 2, monitor, evaluate, revise, tuple(told["remind"]))


def procedure(own: Settings, said: frozenset[str]) -> Sop:
    mine = counted(own)
    trial = TrialRule(mine.opens, mine.due) if "trial" in said else None
    rule = ReviewRule(trial, **{key: getattr(mine, key) for key in said - {"trial"}})
    number = next(NUMBERS)
    return Sop(
        id=f"sop-{number}", title="SOP", version="1", kind=Kind.ADMINISTRATIVE, unit="Kantor", team=Team("p", "p", "p"),
        positions=(Position("p", "P"),), digest=f"{number:064}", status=Status.TRIAL, review=rule,
        steps=(Step(id="satu", number=1, text="Memeriksa", does=Do(None), by=("p",)),),
    )  # fmt: skip


@pytest.fixture
def office() -> OfficeSettings:
    found, _ = read_office(None, "office.yaml", ZONE)
    assert found is not None
    return found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(database_url: str, clock: Clock) -> Iterator[Database]:
    found = Database(database_url, clock)
    yield found
    found.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_reminded_of_is_what_a_plain_reference_has(
    database: Database, clock: Clock, office: OfficeSettings
) -> None:
    for seed in range(HISTORIES):
        one_history(database, clock, office, Random(seed))


def one_history(database: Database, clock: Clock, office: OfficeSettings, random: Random) -> None:
    offices, own = drawn(random), drawn(random)
    said = frozenset(one for one in ("trial", "monitor", "evaluate", "revise", "remind") if random.random() < 0.5)
    house, sop = House(replace(office, reviews=counted(offices)), "id", Packer(1)), procedure(own, said)
    theirs = said | ({"opens", "due"} if "trial" in said else set())
    reference = Reference({key: (own if key in theirs else offices)[key] for key in own}, office.office.is_working_day)

    def at(day: date) -> None:
        clock.now = datetime.combine(day, time(10), tzinfo=ZONE).astimezone(UTC)

    today = START
    at(today)
    inside(database, begin, house, sop)
    whole = reference.count
    reference.plan("trial", today, months(today, whole["opens"]), months(today, whole["due"]))
    for _ in range(LOOKS):
        today += timedelta(days=random.choice(GAPS))
        at(today)
        look(database, house)
        reference.look(today)
        opened = [one for one in reference.open if one.opens <= today]
        if opened and random.random() < 0.6:
            one = random.choice(opened)
            later = ("postpone",) if one.put_off < 2 else ()
            verdicts = (*OFFERED[one.kind], *later)
            [verdict] = random.choices(verdicts, [1 if one == "withdraw" else 8 for one in verdicts])
            if one.kind == "revision" and reference.status == "trial" and verdict == "keep":
                verdict = "in force"
            inside(database, decide, house, sop, one.kind, verdict)
            reference.decide(one, verdict, today)

    found = inside(database, reminded, house, sop)
    left = inside(database, undecided, sop)
    inside(database, end, sop)
    assert sorted(found) == sorted(reference.told)
    assert left == {(one.kind, one.opens, one.due) for one in reference.open}
