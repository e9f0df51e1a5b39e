"""Whatever clock, downtime and restart do: what is due is told once, exactly as a plain count has it."""

import asyncio
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile
from random import Random

from sqlalchemy import func, insert, select

from bot.engine import review as r
from bot.engine.review import DUE, Ground, Judging, Review, Verdict
from bot.services import reviews
from bot.storage.database import Database, Transaction
from bot.storage.reviews import Planned
from bot.storage.tables import JournalRow, ReminderRow, ReviewRow, table
from tests.conftest import Clock, Office, StartOffice
from tests.reviews.test_lists_of_the_day import lists

journal, reminder, review = table(JournalRow), table(ReminderRow), table(ReviewRow)
MANY = 500
Told = tuple[int, str, datetime]


def told(tx: Transaction, kind: str = "reminded") -> list[Told]:
    """What was told of which review or report, and when, as the journal has it."""
    found = select(journal.c.at, journal.c.body).where(journal.c.kind == kind).order_by(journal.c.seq)
    rows = [(row.at, json.loads(row.body)["data"]) for row in tx.connection.execute(found)]
    return [(data.get("review", data.get("number")), str(data.get("moment", {}).get("name")), at) for at, data in rows]


def open_looks(office: Office, looks: Iterable[datetime]) -> list[datetime]:
    hours = office.app.house.office
    return [look for look in looks if hours.opening(look) == look]


def plainly(office: Office, dates: Review, start: datetime, looks: Iterable[datetime]) -> list[tuple[str, datetime]]:
    """What is told at these looks: of whatever became due since the look before, the latest."""
    hours, seen = office.app.house.office, open_looks(office, looks)
    plan = [*takewhile(lambda one: one[1] <= seen[-1], r.moments(dates, hours.day(start), hours, r.USUAL.remind))]
    found, before = [], start
    for look in seen:
        due = [moment.name for moment, at in plan if before < at <= look]
        found += [(due[-1], look)] if due else []
        before = look
    return found


def headlines(office: Office, user_id: int) -> list[str]:
    """The day of each list that somebody was sent."""
    return [text.split("\n")[0] for text in lists(office, user_id)]


async def settle_in(office: Office) -> None:
    for person in (office.clerk, office.supervisor, office.author, office.manager):
        await person.says("/start")
    await office.holds(102, "kasubbag-tu", "kepala-seksi")
    await office.holds(103, "petugas-ti", "staf-pelaksana")
    await office.holds(104, "kepala-kantor")


async def test_sixty_days_with_three_downtimes_tell_exactly_what_was_due(start_office: StartOffice) -> None:
    random, looks, down = Random(11), [], {12: timedelta(hours=1), 25: timedelta(days=2), 40: timedelta(days=10)}

    async with start_office() as office:
        await settle_in(office)
        begun = office.clock.now
        await office.later(days=20)
        looks.append(office.clock.now)
        await office.clerk.says("/lapor")
        await office.clerk.says("uji fungsi")
        await office.clerk.says("1")
        await office.clerk.taps("Waktu tidak realistis")
        reported, end, lengths = office.clock.now, office.clock.now + timedelta(days=60), sorted(down.items())

        async def go_on(running: Office, until: datetime) -> None:
            while running.clock.now < until:
                await running.later(hours=random.choice((2, 5, 7, 11)))
                looks.append(running.clock.now)

        await go_on(office, reported + timedelta(days=lengths[0][0]))
    for place, (_, away) in enumerate(lengths):
        office.clock.advance(seconds=away.total_seconds())
        looks.append(office.clock.now)  # it looks as it begins anew
        async with start_office() as office:
            await office.settle()
            following = lengths[place + 1][0] if place + 1 < len(lengths) else 60
            await go_on(office, min(end, reported + timedelta(days=following)))
            found = await office.app.database.run(told)
            reports = await office.app.database.run(told, "report_reminded")
            dates = await office.app.database.run(lambda tx: {one.id: one.dates for one in tx.reviews.open()})

    wanted = [(number, *one) for number, each in dates.items() for one in plainly(office, each, begun, looks)]
    assert sorted(found) == sorted(wanted)
    assert {"opens", "due-14", "late-1"} <= {moment for _, moment, _ in found}
    first = next(look for look in looks if look >= reported + timedelta(days=14))  # onto the list of the morning after
    second = next(look for look in looks if look >= first + timedelta(days=7))
    assert [at for _, _, at in reports] == [first, second]
    for person in (102, 103, 104):
        assert len(set(headlines(office, person))) == len(headlines(office, person)) > 2


async def test_a_hundred_jumps_of_the_clock_hold_nothing_up_lose_nothing_and_repeat_nothing(team: Office) -> None:
    random, farthest = Random(10), team.clock.now
    steps = (1 / 60, -1 / 60, 2, -2, 24, 24, 24, 72, -24, -48)

    for number in range(100):
        far = {40: -10 * 24, 80: 40 * 24}.get(number)
        await team.later(hours=far or random.choice(steps))  # fails where anything is stuck for a minute
        farthest = max(farthest, team.clock.now)
    team.clock.now = team.app.house.office.opening(farthest + timedelta(days=3))
    await team.later()

    found = await team.app.database.run(told)
    unfired = select(func.count()).where(reminder.c.fired_at.is_(None), reminder.c.due_at <= team.clock.now)
    assert await team.app.database.run(lambda tx: tx.connection.execute(unfired).scalar_one()) == 0
    assert len(found) == len({(number, moment) for number, moment, _ in found}) >= 8
    for person in (102, 103, 104):
        assert len(set(headlines(team, person))) == len(headlines(team, person))


async def test_what_is_put_off_withdrawn_or_decided_leaves_no_ghost(team: Office) -> None:
    await team.later(days=31)
    first = await team.app.database.run(_judge, team, Verdict.POSTPONE, Ground.NO_MEETING)
    begun, looks = team.clock.now, []
    for _ in range(45):
        await team.later(days=1)
        looks.append(team.clock.now)
    found = [one for one in await team.app.database.run(told) if one[0] == first.id and one[2] > begun]
    dates = await team.app.database.run(lambda tx: tx.reviews.get(first.id).dates)
    assert dates.round == 2
    assert [(moment, at) for _, moment, at in found] == plainly(team, dates, begun + timedelta(days=1), looks)

    before = len(await team.app.database.run(told))
    for verdict, ground in ((Verdict.WITHDRAW, Ground.UNUSED), (Verdict.IN_FORCE, Ground.FITS)):
        await team.app.database.run(_judge, team, verdict, ground)
    for _ in range(30):
        await team.later(days=2)
    assert len(await team.app.database.run(told)) == before


def _judge(tx: Transaction, office: Office, verdict: Verdict, ground: Ground) -> Planned:
    me, planned = tx.people.by_chat(102), tx.reviews.open()[0]
    assert me is not None
    judging = Judging(planned.id, planned.dates.round, verdict, (), ground)
    assert reviews.decide(tx, office.app.house, me, planned, judging)
    return planned


async def test_of_hundreds_that_are_due_at_once_two_processes_fire_each_once(database_url: str) -> None:
    clock = Clock()
    one = Database(database_url, clock)
    other = Database(database_url, clock) if database_url.startswith("postgres") else one  # SQLite has one process
    await one.run(_owe)

    async def fire(database: Database) -> list[int]:
        found = []
        while (claimed := await database.run(lambda tx: tx.reviews.claim_due())) is not None:
            assert claimed[1] == (DUE,)
            found.append(claimed[0].id)
        return found

    fired = await asyncio.gather(fire(one), fire(other))

    assert sorted([*fired[0], *fired[1]]) == [*range(1, MANY + 1)]
    for database in {one, other}:
        database.close()


def _owe(tx: Transaction) -> None:
    today = tx.at.date()
    same = {"sop": "s", "kind": "trial", "n": 1, "since": today, "opens": today, "due": today, "answers": ""}
    tx.connection.execute(insert(review), [same | {"digest": str(number)} for number in range(MANY)])
    each = {"round": 1, "moment": DUE.name, "due_at": tx.at}
    tx.connection.execute(insert(reminder), [each | {"review": number + 1} for number in range(MANY)])
