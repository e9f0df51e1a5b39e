"""How long it takes to check a journal of a million entries, and how much memory.

Its entries are made in bulk, as those of runs are: one in ten has words beside it, and every thousandth is anchored.

    python -m bench.verify [ENTRIES]"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.engine.run import Recorded, Ticked
from bot.storage import migrate
from bot.storage.anchors import Anchor
from bot.storage.audit import verify
from bot.storage.database import make_engine, read_only
from bot.storage.journal import Entry, Journal, Where, journal

BEGAN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
AT_ONCE = 1000


def fill(url: str, entries: int) -> None:
    """Write the journal."""
    migrate.upgrade(url, BEGAN)
    engine = make_engine(url)
    for first in range(0, entries, AT_ONCE):
        with engine.begin() as connection:
            some = range(first, min(first + AT_ONCE, entries))
            Journal(connection, BEGAN + timedelta(seconds=first)).append(1 + first % 200, [_entry(one) for one in some])
    engine.dispose()


def _entry(number: int) -> Entry:
    run, turn = divmod(number, 30)
    event: Any = Recorded("merek", f"Catatan {number}") if number % 10 == 0 else Ticked(number % 5, True)
    where = Where(run, "pemeliharaan-komputer", "1", "periksa", "petugas-ti", "Subbagian Tata Usaha")
    return Entry(event, where, turn + 1)


def _anchors(connection: Any) -> Iterator[Anchor]:
    for row in connection.execute(select(journal.c.seq, journal.c.hash).where(journal.c.seq % 1000 == 0)):
        yield Anchor(row.seq, row.hash)


def main(entries: int) -> None:
    """Fill, then check and tell."""

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/pandu.db"
        fill(url, entries)
        with read_only(url).connect() as connection:
            anchors = list(_anchors(connection))
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            began = time.perf_counter()
            found = verify(connection, anchors)
            took = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert found.broken is None, found
    print(
        f"{found.entries:,} entries checked in {took:.1f} s, {found.entries / took:,.0f} a second; "
        f"the peak of memory is {peak / 1024:.0f} MB, {(peak - before) / 1024:.0f} MB more than before"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
