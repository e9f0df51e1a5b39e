"""Which facts somebody may have, and how the persons in them are called."""

import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, Table, select

from bot.engine.figures import Scope
from bot.storage.figures import ended
from bot.storage.tables import REHEARSED, Install, PersonRow, RunRow, table

T = TypeVar("T")

run = table(RunRow)
person = table(PersonRow)
install = table(Install)

_REHEARSALS = select(run.c.id).where(run.c.stage == REHEARSED)


@dataclass(frozen=True, slots=True)
class Part:
    """The facts that `person` may have: those of the runs that `scope` counts, and the reports of its time that are of
    `readable` SOPs or their own."""

    scope: Scope
    person: int
    readable: frozenset[str]


class TooMany(Exception):
    """There are more rows than are wanted at most."""


def at_most(rows: Iterable[T], most: int | None) -> Iterator[T]:
    """Rows as they come. Raises TooMany at the first beyond `most`, and reads no further."""
    for place, row in enumerate(rows):
        if place == most:
            raise TooMany
        yield row


def secret(connection: Connection) -> str:
    """What pseudonyms and ids are made with, so that only whoever has this database can tell whose they are."""
    return str(connection.execute(select(install.c.secret)).scalar_one())


def caller(connection: Connection, names: bool) -> Callable[[int | None], str]:
    """How persons are called: by name, or by a pseudonym that is the same in every export of this database, until what
    is known of them is erased: then they get another one."""
    own = secret(connection).encode()
    people = connection.execute(select(person.c.id, person.c.name, person.c.erased_at)).all()
    known = {row.id: row.name for row in people} if names else {}
    erased = {row.id for row in people if row.erased_at is not None}

    def call(person_id: int | None) -> str:
        if person_id is None:
            return "bot"
        whose = f"{person_id}{' erased' if person_id in erased else ''}"
        return known.get(person_id) or "p-" + hmac.digest(own, whose.encode(), "sha256").hex()[:10]

    return call


def of_runs(rows: Table, part: Part | None) -> tuple[ColumnElement[bool], ...]:
    """Which rows are of the runs that a part has; without one, of all that count."""
    return (rows.c.run.not_in(_REHEARSALS) if part is None else rows.c.run.in_(ended(part.scope)),)
