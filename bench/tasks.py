"""What /tugas costs an office of 300 people with 5,000 open runs: `python -m bench.tasks [FINISHED]`.

One database holds no finished runs, the other 50,000. Printed are the statements of one list, and medians."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, event, text

from bench.office import SOP
from bot.engine.commands import start
from bot.engine.people import Role, Staff
from bot.engine.sop import Sop, Status
from bot.library.office import load_office
from bot.library.reader import read_sop
from bot.services import hands, tasks
from bot.services.house import House
from bot.storage import migrate
from bot.storage.database import Transaction, make_engine
from bot.storage.people import Person
from bot.storage.versions import Versions
from bot.views.taps import Packer

PEOPLE, OPEN, ROUNDS = 300, 5_000, 300
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

FINISHED = text("""
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :runs),
     model AS (SELECT * FROM run ORDER BY id LIMIT 1)
INSERT INTO run (id, sop, digest, stage, starter, holder, progress, turn, state, started_at, moved_at)
SELECT 1000000 + n, sop, digest, stage, 1 + n % :people, 1 + n % :people, 'done', turn, state, started_at, moved_at
FROM number, model""")


@contextmanager
def transaction(engine: Engine) -> Iterator[Transaction]:
    """A transaction of a process that has just started: it has read no procedure yet."""
    with engine.begin() as connection:
        yield Transaction(connection, Versions(connection, {}), AT)


def fill(engine: Engine, house: House, sop: Sop, finished: int) -> None:
    """Everybody has their share of the open runs."""
    with transaction(engine) as tx:
        tx.versions.keep(sop, Status.TRIAL, None, AT)
        ids = [tx.people.add(1000 + n, f"Pegawai {n}", "id", [Role.PERFORMER]) for n in range(PEOPLE)]
        people = tx.people.some(ids)
        for number in range(OPEN):
            me = people[number % PEOPLE]
            hands.start(tx, house, me, sop, start(sop, me.id, Staff()))
        if finished:
            tx.connection.execute(FINISHED, {"runs": finished, "people": PEOPLE})


def listed(engine: Engine, house: House) -> tuple[int, float]:
    """How many statements a list takes, the painting of the card among them, and the median of its milliseconds."""
    told: list[str] = []
    event.listen(engine, "after_cursor_execute", lambda _c, _cursor, statement, *_: told.append(statement))
    spent, most = [], 0
    for number in range(ROUNDS):
        with transaction(engine) as tx:
            me: Person = tx.people.get(1 + number % PEOPLE)
            told.clear()
            began = time.perf_counter()
            tasks.show(tx, house, me, 0, anew=True)
            spent.append((time.perf_counter() - began) * 1000)
            most = max(most, len(told))
    return most, median(spent)


def main(finished: int = 50_000) -> None:
    """Compare, and print."""
    settings, _ = load_office(Path("data/office.yaml"), ZoneInfo("Asia/Makassar"))
    sop, _ = read_sop(SOP.encode(), "bench.yaml")
    assert settings is not None
    assert sop is not None
    house = House(settings, "id", Packer(1))
    found = []
    with tempfile.TemporaryDirectory() as place:
        for number in (0, finished):
            url = f"sqlite:///{place}/{number}.db"
            migrate.upgrade(url, AT)
            engine = make_engine(url)
            fill(engine, house, sop, number)
            found.append(listed(engine, house))
            engine.dispose()
    (few, quick), (many, slow) = found
    print(f"/tugas with no finished runs: {few} statements, {quick:.2f} ms")
    print(f"/tugas with {finished} finished runs: {many} statements, {slow:.2f} ms: ratio {slow / quick:.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
