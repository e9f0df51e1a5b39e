"""Errands: one row for each thing that waits for somebody, kept by whoever makes it wait, in the same transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, delete, func, select, update

from bot.engine.errands import ErrandKind
from bot.storage.tables import ErrandRow, PerDialect, table

errand = table(ErrandRow)

_ABOUT = (errand.c.kind == bindparam("of_kind")) & (errand.c.subject == bindparam("about"))
_DONE = delete(errand).where(_ABOUT)
_SINCE = update(errand).where(_ABOUT).values(since=bindparam("anew"))
_NOT_THEIRS = _DONE.where(errand.c.person.not_in(bindparam("people", expanding=True)))
_WHOSE = select(errand.c.person).where(_ABOUT).order_by(errand.c.person)
_OF_KIND = select(errand.c.subject, errand.c.person).where(errand.c.kind == bindparam("of_kind"))
_SUBJECTS = select(errand.c.subject).where(errand.c.kind == bindparam("of_kind"), errand.c.person == bindparam("whose"))
_COUNT = select(func.count()).where(errand.c.person == bindparam("whose"))


def _put(insert: Any) -> Executable:
    new = insert(errand)
    kept: Executable = new.on_conflict_do_update(
        index_elements=["kind", "subject", "person"], set_={"since": new.excluded.since}
    )
    return kept


_PUT = PerDialect(_put)


class Errands:
    """The one registry of what waits for whom."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, kind: ErrandKind, subject: int | str, people: Iterable[int], since: datetime) -> None:
        """From now on this waits for `people`, since `since`, and for nobody else."""
        theirs = tuple(dict.fromkeys(people))
        self._connection.execute(_NOT_THEIRS, {"of_kind": kind.value, "about": str(subject), "people": theirs})
        row = {"kind": kind.value, "subject": str(subject), "since": since}
        if theirs:
            self._connection.execute(_PUT.on(self._connection), [row | {"person": person} for person in theirs])

    def wait_since(self, kind: ErrandKind, subject: int | str, since: datetime) -> None:
        """This waits for the same people as before, anew since `since`."""
        self._connection.execute(_SINCE, {"of_kind": kind.value, "about": str(subject), "anew": since})

    def done(self, kind: ErrandKind, subject: int | str) -> None:
        """This waits for nobody any more."""
        self._connection.execute(_DONE, {"of_kind": kind.value, "about": str(subject)})

    def whose(self, kind: ErrandKind, subject: int | str) -> tuple[int, ...]:
        """For whom this waits."""
        return tuple(self._connection.execute(_WHOSE, {"of_kind": kind.value, "about": str(subject)}).scalars())

    def of_kind(self, kind: ErrandKind) -> Mapping[str, frozenset[int]]:
        """For whom each of that kind waits that waits for anybody."""
        found: dict[str, set[int]] = defaultdict(set)
        for subject, person in self._connection.execute(_OF_KIND, {"of_kind": kind.value}):
            found[subject].add(person)
        return {subject: frozenset(people) for subject, people in found.items()}

    def waiting(self, person: int, kind: ErrandKind) -> frozenset[int]:
        """The numbers of all of that kind that waits for the person."""
        subjects = self._connection.execute(_SUBJECTS, {"whose": person, "of_kind": kind.value}).scalars()
        return frozenset(int(subject) for subject in subjects)

    def count(self, person: int) -> int:
        """How much waits for the person."""
        return int(self._connection.execute(_COUNT, {"whose": person}).scalar_one())
