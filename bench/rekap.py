"""What figures cost after years: `python -m bench.rekap [RUNS]`.

A database with 100,000 finished runs of 8 SOPs of 15 steps over three years, a deviation in every fourth. Printed are
the statements and the milliseconds of each screen, and of the picture in its own process; the memory is this one's."""

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import create_engine, event, insert

from bot.engine.figures import Behind, Overview, Period, Scope, Span, Stage, Which
from bot.storage import migrate
from bot.storage.database import Database, Transaction
from bot.storage.tables import DeviationRow, RunFactRow, StepFactRow, table

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
TABLES = table(RunFactRow), table(StepFactRow), table(DeviationRow)
SOPS, STEPS, YEARS = 8, 15, 3
AT_ONCE = 2000
YEAR = Scope(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
OF_SOP = Scope(YEAR.since, YEAR.until, "sop-1")
ALWAYS = Scope(datetime(2000, 1, 1, tzinfo=UTC), YEAR.until)
DONE = Behind(Overview(Period(Span.YEAR, YEAR.since.date())), Which.DONE)

Rows = list[dict[str, Any]]


def fill(url: str, runs: int) -> None:
    """Add so many finished runs."""
    engine, random = create_engine(url), Random(7)
    with engine.begin() as connection:
        for first in range(1, runs + 1, AT_ONCE):
            found = [_run(number, random) for number in range(first, min(first + AT_ONCE, runs + 1))]
            for place, rows in enumerate(TABLES):
                connection.execute(insert(rows), [one for three in found for one in three[place]])
    engine.dispose()


def _run(number: int, random: Random) -> tuple[Rows, Rows, Rows]:
    at, sop = NOW - timedelta(minutes=random.randrange(YEARS * 365 * 24 * 60)), f"sop-{random.randrange(SOPS)}"
    deviates = random.random() < 0.25
    same = {"run": number, "sop": sop}
    fact = same | {"digest": sop, "unit": f"unit-{number % 6}", "starter": number % 120, "progress": "done"}
    fact |= {"started_at": at, "ended_at": at, "due_at": None, "trial": False, "fitness": 0.9 if deviates else 1.0}
    fact |= {"performed": STEPS, "again": number % 3, "late": 0, "deviations": int(deviates)}
    fact |= {"worked_seconds": STEPS * 900, "waited_seconds": 300}
    deviation = same | {"seq": number, "at": at, "turn": 5, "version": "1", "step": f"s{number % STEPS}", "person": 1}
    deviation |= {"kind": "skipped", "detail": "", "undone": False, "severity": "ringan"}
    return [fact], [*_steps(number, random)], [deviation] if deviates else []


def _steps(run: int, random: Random) -> Iterator[dict[str, Any]]:
    for visit in range(STEPS):
        seconds = {"worked_seconds": int(random.lognormvariate(6.5, 0.7)), "standard_seconds": 1800}
        yield {"run": run, "visit": visit, "step": f"s{visit}", "waited_seconds": 20, **seconds}


SCREENS: dict[str, Callable[[Transaction], object]] = {
    "a year of all SOPs": lambda tx: tx.figures.of(YEAR),
    "all years of all SOPs": lambda tx: tx.figures.of(ALWAYS),
    "a year of one SOP, with times": lambda tx: tx.figures.of(OF_SOP),
    "a year by SOP": lambda tx: tx.figures.by_sop(YEAR, Stage.REGULAR),
    "a year by unit": lambda tx: tx.figures.by_unit(YEAR, Stage.REGULAR),
    "the runs behind a number": lambda tx: tx.figures.behind(YEAR, Stage.REGULAR, DONE, 7),
    "versions of an SOP": lambda tx: tx.figures.versions(OF_SOP),
}


async def main(runs: int) -> None:
    """Fill, read, print."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder)}/pandu.db"
        migrate.upgrade(url, NOW)
        fill(url, runs)
        database, statements = Database(url, lambda: NOW), 0

        def count(*_: Any) -> None:
            nonlocal statements
            statements += 1

        event.listen(database.beside, "before_cursor_execute", count)
        print(f"{runs:,} finished runs, {runs * STEPS:,} steps")
        for name, work in SCREENS.items():
            await database.read(work)
            statements, began = 0, time.perf_counter()
            await database.read(work)
            print(f"{name:32} {statements:3} statements {(time.perf_counter() - began) * 1000:8.1f} ms")
        database.close()
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most, with what was filled in")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
