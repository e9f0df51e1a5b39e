"""Whether a tap costs the same after years: `python -m bench.flat [RUNS [REPEATS]]`.

One database holds 100 finished runs, the other 100,000; both are tapped on in turn. Printed are medians."""

import asyncio
import sqlite3
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.office import bench, phones
from bot.sandbox.world import World

EVENTS = 12
TAPS = 1500

CLONES = """
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :runs),
     model AS (SELECT * FROM run ORDER BY id LIMIT 1)
"""
RUNS = (
    CLONES
    + """INSERT INTO run (id, sop, digest, stage, starter, progress, turn, state, started_at, moved_at)
    SELECT 1000000 + n, sop, digest, stage, starter, 'done', turn, state, started_at, moved_at FROM number, model"""
)
JOURNAL = (
    CLONES
    + """INSERT INTO journal (seq, at, run, turn, sop, version, step, kind, person, position, unit, body, prev, hash)
    SELECT (SELECT max(seq) FROM journal) + (n - 1) * :events + j.turn, j.at, 1000000 + n, j.turn, j.sop, j.version,
           j.step, j.kind, j.person, j.position, j.unit, j.body, j.prev, j.hash
    FROM number, model JOIN journal j ON j.run = model.id AND j.turn <= :events"""
)
CARDS = (
    CLONES
    + """INSERT INTO card (subject, chat, screen, want, rendered, anew, visit, message_id, next_at, tries)
    SELECT 'run:' || (1000000 + n), c.chat, c.screen, 1, 1, 0, c.visit, 1000000 + n, c.next_at, 0
    FROM number, model JOIN card c ON c.subject = 'run:' || model.id"""
)


@dataclass(frozen=True)
class Office:
    """A database that has seen `finished` runs, and its phones."""

    finished: int
    folder: Path
    world: World

    async def prepare(self) -> None:
        """Let everybody begin, then add the finished runs, like theirs."""
        self.folder.mkdir()
        async with bench("ours", folder=self.folder, world=self.world) as it:
            await it.crowd.tap(64 * EVENTS)
        with closing(sqlite3.connect(self.folder / "pandu.db")) as connection, connection:
            for statement in (RUNS, JOURNAL, CARDS):
                connection.execute(statement, {"runs": self.finished, "events": EVENTS})

    async def measure(self) -> float:
        """Processor seconds for 1,000 taps."""
        async with bench("ours", folder=self.folder, world=self.world) as it:
            await it.crowd.tap(300)
            before = it.cpu
            await it.crowd.tap(TAPS)
            return (it.cpu - before) * 1000 / TAPS


async def main(runs: int = 100_000, repeats: int = 5) -> None:
    """Compare, and print."""
    with tempfile.TemporaryDirectory() as place:
        offices = [Office(finished, Path(place) / str(finished), phones()) for finished in (100, runs)]
        for office in offices:
            await office.prepare()
        costs = [[await office.measure() for office in offices] for _ in range(repeats)]
    few, many = (median(column) for column in zip(*costs, strict=True))
    print(f"CPU for 1,000 taps with 100 finished runs {few:.2f} s, with {runs} {many:.2f} s: ratio {many / few:.2f}")


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
