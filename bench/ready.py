"""How soon the bot is ready after years, and what it holds at rest: the median of five starts.

Its database holds 100,000 entries of the journal, as some years of an office leave them."""

import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median

STARTS = 5
REST = 3.0
"""Seconds after which it is at rest."""


ENTRIES = 100_000
FILL = """
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :entries)
INSERT INTO journal (seq, at, run, turn, kind, body, prev, hash)
SELECT (SELECT coalesce(max(seq), 0) FROM journal) + n, '2026-11-24 01:00:00', 1000000, n, 'done',
       printf('%.200c', 'x'), printf('%.64c', 'a'), printf('%.64c', 'b')
FROM number
"""


def start(port: int, data: str) -> tuple[float, float]:
    """Seconds until the demo answers, and MB that it holds at rest."""
    command = [sys.executable, "-m", "bot", "demo", "--port", str(port), "--data", data]
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("Pandu: http"):
                break
        ready = time.monotonic() - began
        time.sleep(REST)
        held = resident(process.pid)
        process.terminate()
    return ready, held


def grow_old(data: str) -> None:
    """Fill the journal of a database that was begun."""
    with closing(sqlite3.connect(Path(data) / "pandu.db")) as connection, connection:
        connection.execute(FILL, {"entries": ENTRIES})


def resident(pid: int) -> float:
    """The resident memory of a process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        start(8700, place)
        grow_old(place)
        seconds, megabytes = zip(*(start(8701 + number, place) for number in range(STARTS)), strict=True)
    print(f"ready in {median(seconds):.1f} s, {median(megabytes):.0f} MB at rest (median of {STARTS})")
