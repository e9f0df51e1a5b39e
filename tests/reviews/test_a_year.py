"""Some months of an office with two processes and downtimes, in short; the whole year is in `bench`."""

from bench.year import simulate
from tests.postgres import Postgres


def test_months_of_reminders_fire_once_in_office_hours_and_within_the_cap(postgres: Postgres) -> None:
    counts = simulate(postgres.new_database(), sops=12, people=10, days=75)

    assert counts.reminded > 12
    assert sum(counts.decided.values()) > 0
    assert counts.wrong == 0
