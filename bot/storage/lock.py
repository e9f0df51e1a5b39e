"""One process a SQLite file: a second one says who holds it, and goes."""

import contextlib
import fcntl
import os
import socket
from pathlib import Path
from typing import IO

from sqlalchemy.engine import make_url


class Held(Exception):
    """Another process holds the database. Its text says which."""


class Lock:
    """Held as long as the process lives; the system lets go of it even after kill -9."""

    def __init__(self, file: IO[str] | None) -> None:
        self._file = file

    @classmethod
    def of(cls, url: str) -> "Lock":
        """Take the lock of a database; PostgreSQL needs none. Raises Held."""
        database = make_url(url).database
        if make_url(url).get_backend_name() != "sqlite" or not database:
            return cls(None)
        path = Path(f"{database}.lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise Held(file.read().strip() or "another process") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        return cls(file)

    def release(self) -> None:
        """Let go."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
