"""How long it takes to write out a hundred thousand runs in each form, and how much memory, which must not grow.

Each form is written by the command of its own process, as an office would, to a file that is thrown away.

    python -m bench.exports [RUNS]"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot.engine.run import Completed, Entered, Finished, Recorded, Started
from bot.storage import migrate
from bot.storage.database import make_engine
from bot.storage.journal import Entry, Journal, Where
from bot.storage.tables import RunRow, table

BEGAN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
STEPS = 5
AT_ONCE = 100
FORMS = ("csv", "jsonl", "xlsx", "xes")


def fill(url: str, runs: int) -> int:
    """Write the journal of so many runs, and return how many entries that is."""
    migrate.upgrade(url, BEGAN)
    engine, entries = make_engine(url), 0
    for first in range(1, runs + 1, AT_ONCE):
        at = BEGAN + timedelta(minutes=first)
        some = [entry for number in range(first, min(first + AT_ONCE, runs + 1)) for entry in _run(number)]
        with engine.begin() as connection:
            Journal(connection, at).append(1 + first % 200, some)
            connection.execute(insert(table(RunRow)), [_row(one, at) for one in range(first, first + AT_ONCE)])
        entries += len(some)
    engine.dispose()
    return entries


def _run(number: int) -> list[Entry]:
    events: list[Any] = [Started("pemeliharaan-komputer", "d", 1)]
    for visit in range(1, STEPS + 1):
        step = f"langkah-{visit}"
        events += [Entered(step, visit, False, 1), Recorded("merek", f"=1+{number}"), Finished(step)]
    events.append(Completed())
    where = Where(number, "pemeliharaan-komputer", "1", "periksa", "petugas-ti", "Subbagian Tata Usaha")
    return [Entry(event, where, turn) for turn, event in enumerate(events, 1)]


def _row(number: int, at: datetime) -> dict[str, Any]:
    about = {"id": number, "sop": "pemeliharaan-komputer", "digest": "d", "starter": 1, "stage": "in force"}
    return about | {"progress": "done", "turn": 17, "state": "", "started_at": at, "moved_at": at}


def written(form: str, folder: Path) -> tuple[float, int, int]:
    """Seconds, the peak of memory in MB, and the size of the file in MB."""
    target = folder / f"runs.{form}"
    command = [sys.executable, "-m", "bot", "export", "runs", "--format", form, "-o", str(target)]
    began = time.perf_counter()
    child = subprocess.Popen(command, env=os.environ | {"DATA_DIR": str(folder)})
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0, form
    size = target.stat().st_size
    target.unlink()
    return time.perf_counter() - began, used.ru_maxrss // 1024, size // 1_000_000


def main(runs: int) -> None:
    """Write a few and all of them, and tell."""
    for count in (max(1, runs // 100), runs):
        with tempfile.TemporaryDirectory() as folder:
            entries = fill(f"sqlite:///{folder}/pandu.db", count)
            for form in FORMS:
                took, peak, size = written(form, Path(folder))
                print(f"{count:,} runs, {entries:,} rows, {form}: {took:.1f} s, at most {peak} MB of memory, {size} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
