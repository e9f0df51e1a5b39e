"""The tables in code and in the database are the same, up, down and up again, on both databases."""

from datetime import UTC, datetime

from bot.storage import migrate

AT = datetime(2026, 11, 24, tzinfo=UTC)


def test_migrations_go_up_and_down_and_up_again(database_url: str) -> None:
    assert migrate.upgrade(database_url, AT) == 1
    migrate.differences(database_url)
    migrate.downgrade(database_url)
    assert migrate.upgrade(database_url, AT) == 1
