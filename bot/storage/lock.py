"""Which process polls and sends. On SQLite the one that has the file, and a second one is told who that is; on
PostgreSQL the one that leads, and the others stand by."""

import contextlib
import fcntl
import os
import socket
import threading
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, create_engine, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

_LEAD = 7_262_053  # any number, the same in every process
_NOTICE_A_DEAD_MACHINE = (
    "SET tcp_keepalives_idle = 5",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 2",
)


class Held(Exception):
    """Another process holds the database. Its text says which."""


class Lock(Protocol):
    """Held by at most one process at a time, and never longer than it lives."""

    def holds(self) -> bool:
        """True where this process polls and sends. Ask again and again: it takes over where the other one is gone."""

    def release(self) -> None:
        """Let go."""


def lock_of(url: str) -> Lock:
    """The lock of a database. Raises Held where that is a SQLite file which another process has."""
    database = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and database:
        return FileLock(Path(f"{database}.lock"))
    return ServerLock(url)


class FileLock:
    """Of the operating system, which lets go of it even after kill -9."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.seek(0)
            holder = self._file.read().strip() or "another process"
            self._file.close()
            raise Held(holder) from None
        self._file.truncate(0)
        self._file.write(f"process {os.getpid()} on {socket.gethostname()}")
        self._file.flush()

    def holds(self) -> bool:
        """True: without the file there is no such object."""
        return True

    def release(self) -> None:
        """Let go."""
        with contextlib.suppress(OSError):
            self._file.close()


class ServerLock:
    """An advisory lock of PostgreSQL, which ends with the connection that took it, and so with the process.

    Only efficiency depends on it: two that both believe to lead share the work by row locks and leases."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
        self._connection: Connection | None = None
        self._guard = threading.Lock()  # whoever looks in a thread must not come after the end, and open it anew
        self._is_over = False

    def holds(self) -> bool:
        """True where this process leads. To whoever has the lock already it is given once more."""
        with self._guard:
            if self._is_over:
                return False
            try:
                self._connection = self._connection or self._connect()
                return bool(self._connection.execute(select(func.pg_try_advisory_lock(_LEAD))).scalar())
            except DBAPIError:
                self._drop()
                return False

    def release(self) -> None:
        """Let go, for good."""
        with self._guard:
            self._is_over = True
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(DBAPIError):
                connection.close()

    def _connect(self) -> Connection:
        connection = self._engine.connect()
        for setting in _NOTICE_A_DEAD_MACHINE:
            connection.exec_driver_sql(setting)
        return connection
