"""The tables in code and in the database are the same, up and down and up again, and whatever breaks off, on both."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, inspect
from sqlmodel import SQLModel

from bot.storage import migrate

AT = datetime(2026, 11, 24, tzinfo=UTC)


def test_migrations_go_up_and_down_and_up_again(empty_database_url: str) -> None:
    assert migrate.upgrade(empty_database_url, AT) == 1
    migrate.differences(empty_database_url)
    migrate.downgrade(empty_database_url)
    assert migrate.upgrade(empty_database_url, AT) == 1


class Broken(Exception):
    """What breaks a migration off."""


@contextmanager
def broken_off_after(number: int) -> Iterator[None]:
    """Break off whatever is under way after so many statements."""
    left = number

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Broken

    event.listen(Engine, "after_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", count)


def test_a_migration_that_breaks_off_has_changed_nothing(empty_database_url: str) -> None:
    for number in range(4, 34, 3):
        with broken_off_after(number), pytest.raises(Broken):
            migrate.upgrade(empty_database_url, AT)
        engine = create_engine(empty_database_url)
        assert not set(inspect(engine).get_table_names()) & set(SQLModel.metadata.tables)
        engine.dispose()

    assert migrate.upgrade(empty_database_url, AT) == 1
    migrate.differences(empty_database_url)
