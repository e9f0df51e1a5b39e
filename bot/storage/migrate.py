"""Brings a database to the shape that this version of the program knows."""

import contextlib
import secrets
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.pool import NullPool

from bot.storage.tables import Install, table

install = table(Install)
MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "head"
BASE = "base"
_LOCK = 7_262_052


def upgrade(url: str, at: datetime, revision: str = HEAD) -> int:
    """Migrate up and return the epoch that is written into buttons. Two processes do it one after the other."""
    to(url, revision)
    with connected(url) as connection:
        epoch = connection.execute(select(install.c.epoch)).scalar()
        if epoch is None:
            connection.execute(insert(install).values(id=1, epoch=1, created_at=at, secret=secrets.token_hex(32)))
            epoch = 1
        return int(epoch)


def to(url: str, revision: str = HEAD) -> None:
    """Migrate up, and write nothing into it."""
    with connected(url) as connection:
        up(connection, revision)


def up(connection: Connection, revision: str = HEAD) -> None:
    """Migrate up inside the transaction of a connection that `connected` gave."""
    if revision == HEAD and MigrationContext.configure(connection).get_current_revision() == _newest():
        return
    command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str = BASE) -> None:
    """Migrate down."""
    with connected(url) as connection:
        command.downgrade(_config(connection), revision)


def differences(url: str) -> None:
    """Raise where the tables in code and in the database differ."""
    with connected(url) as connection:
        command.check(_config(connection))


@contextlib.contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A transaction in which tables may be changed: all of it becomes true together or not at all."""
    engine: Engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _settle(connection: sqlite3.Connection, _record: object) -> None:
            # left alone, the driver commits before each CREATE TABLE: a kill in between would leave half a schema
            connection.isolation_level = None
            # a copy-and-move change of a parent table would otherwise delete its children
            connection.execute("PRAGMA foreign_keys=OFF")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield connection


@cache
def _newest() -> str | None:
    """The last of all migrations. To know it, the files of all of them are read."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
