"""Who holds which position and who is away, kept over time; and who is there on a day, asked in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zlib import crc32

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Integer,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)

from bot.engine.people import Away, Role
from bot.engine.staffing import Absence, Acting, Holding, Seat, Span
from bot.storage.tables import AbsenceRow, HoldingRow, PersonRow, added, table

holding = table(HoldingRow)
absence = table(AbsenceRow)
person = table(PersonRow)
stand_in = person.alias("stand_in")
theirs = absence.alias("theirs")

_DAY = bindparam("day", type_=Date())


def _lasts(spans: FromClause) -> ColumnElement[bool]:
    return and_(spans.c.since <= _DAY, _goes_on(spans, _DAY))


def _goes_on(spans: FromClause, day: Any) -> ColumnElement[bool]:
    return or_(spans.c.until.is_(None), spans.c.until >= day)


def serves(people: FromClause) -> ColumnElement[bool]:
    """Of people: that they can be had. They are let in, not stopped, and Telegram lets something through to them."""
    return and_(people.c.roles != "", people.c.blocked_at.is_(None), people.c.reachable)


_IS_THERE = and_(absence.c.id.is_(None), person.c.reachable)
_IS_AWAY_TOO = exists().where(theirs.c.person == stand_in.c.id, _lasts(theirs))
_STANDS_IN = and_(stand_in.c.id == absence.c.stand_in, serves(stand_in), ~_IS_AWAY_TOO)
_SEATED = (
    select(
        holding.c.id.label("place"),
        holding.c.position.label("position"),
        func.coalesce(holding.c.unit, person.c.unit).label("unit"),
        case((absence.c.id.is_(None), person.c.id), else_=stand_in.c.id).label("person"),
    )
    .join(person, person.c.id == holding.c.person)
    .outerjoin(absence, and_(absence.c.person == person.c.id, _lasts(absence)))
    .outerjoin(stand_in, _STANDS_IN)
    .where(
        holding.c.position.in_(bindparam("positions", expanding=True)),
        _lasts(holding),
        person.c.roles != "",
        person.c.blocked_at.is_(None),
        or_(_IS_THERE, stand_in.c.id.is_not(None)),
    )
)
_NOWHERE, _NEVER, _NOBODY = literal(""), cast(null(), Date()), cast(null(), Integer())
_KNOWN: BindParameter[Any] = bindparam("known", expanding=True)
_ADMINS = select(literal(0), _NOWHERE, _NOWHERE, person.c.id, _NEVER, _NOBODY).where(
    serves(person), person.c.roles.contains(Role.ADMIN.value)
)
_OUT = select(literal(-1), _NOWHERE, _NOWHERE, person.c.id, _NEVER, _NOBODY).where(
    person.c.id.in_(_KNOWN), ~serves(person)
)
_AWAY = (
    select(literal(-2), _NOWHERE, _NOWHERE, absence.c.person, absence.c.since, stand_in.c.id)
    .select_from(absence)
    .outerjoin(stand_in, _STANDS_IN)
    .where(absence.c.person.in_(_KNOWN), _lasts(absence))
)
_WORKING = union_all(_SEATED.add_columns(_NEVER.label("since"), _NOBODY.label("stand_in")), _ADMINS, _OUT, _AWAY)


@dataclass(frozen=True, slots=True)
class Working:
    """Who is there on a day: those who sit on positions, in the order in which these were given to them, and the
    admins; and of some people who cannot be had, and who is away."""

    seats: list[Seat]
    admins: tuple[int, ...]
    out: frozenset[int]
    away: Mapping[int, Away]


def working(connection: Connection, positions: Sequence[str], day: date, known: Iterable[int]) -> Working:
    """Who is there on `day` for one of the positions, and what is so of the `known`."""
    found = connection.execute(_WORKING, {"positions": positions, "day": day, "known": list(known)}).all()
    seated = sorted((row for row in found if row.place > 0), key=lambda row: row.place)
    return Working(
        seats=[Seat(row.position, row.unit, row.person) for row in seated],
        admins=tuple(sorted(row.person for row in found if row.place == 0)),
        out=frozenset(row.person for row in found if row.place == -1),
        away={row.person: Away(row.since, row.stand_in) for row in found if row.place == -2},
    )


_WHO = (
    select(person.c.id, person.c.roles, person.c.unit, person.c.blocked_at, person.c.reachable).order_by(person.c.id),
    select(holding).order_by(holding.c.id),
    select(absence).order_by(absence.c.id),
)


def fingerprint(connection: Connection, day: date) -> int:
    """A number that changes when who is there on `day` for what may have changed."""
    rows = [connection.execute(one).all() for one in _WHO]
    return crc32(repr((day, rows)).encode())


_HOLDINGS = select(holding).order_by(holding.c.since, holding.c.id)
AWAY = select(absence.c.person).where(_lasts(absence))
"""Everybody who is away on `day`."""
_ABSENCES = select(absence).order_by(absence.c.since, absence.c.id)


class Holdings:
    """Reads and keeps who holds what."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person_id: int) -> tuple[Holding, ...]:
        """Every holding of a person, past and to come, the oldest first."""
        rows = self._connection.execute(_HOLDINGS.where(holding.c.person == person_id))
        return tuple(_holding(row) for row in rows)

    def lasting(self, day: date) -> tuple[Holding, ...]:
        """Every holding that is not over on `day`."""
        rows = self._connection.execute(_HOLDINGS.where(_goes_on(holding, day)))
        return tuple(_holding(row) for row in rows)

    def add(self, person_id: int, position: str, span: Span, acting: Acting, unit: str | None = None) -> int:
        """Keep that a person holds a position, and return the number of it."""
        values = {"person": person_id, "position": position, "since": span.since, "until": span.until}
        return added(self._connection, holding, **values, acting=acting.value, unit=unit)

    def end(self, holding_id: int, until: date) -> None:
        """Its last day is `until`."""
        self._connection.execute(update(holding).where(holding.c.id == holding_id).values(until=until))

    def drop(self, holding_id: int) -> None:
        """It never began."""
        self._connection.execute(delete(holding).where(holding.c.id == holding_id))


class Absences:
    """Reads and keeps who is away."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person_id: int) -> tuple[Absence, ...]:
        """Every absence of a person, past and to come, the oldest first."""
        rows = self._connection.execute(_ABSENCES.where(absence.c.person == person_id))
        return tuple(_absence(row) for row in rows)

    def lasting(self, day: date) -> tuple[Absence, ...]:
        """Every absence that is not over on `day`."""
        rows = self._connection.execute(_ABSENCES.where(_goes_on(absence, day)))
        return tuple(_absence(row) for row in rows)

    def away(self, day: date) -> frozenset[int]:
        """Everybody who is away on `day`."""
        return frozenset(self._connection.execute(AWAY, {"day": day}).scalars())

    def add(self, person_id: int, span: Span, stands_in: int | None) -> int:
        """Keep that a person is away, and return the number of it."""
        values = {"person": person_id, "since": span.since, "until": span.until, "stand_in": stands_in}
        return added(self._connection, absence, **values)

    def end(self, absence_id: int, until: date) -> None:
        """Its last day is `until`."""
        self._connection.execute(update(absence).where(absence.c.id == absence_id).values(until=until))

    def drop(self, absence_id: int) -> None:
        """It never began."""
        self._connection.execute(delete(absence).where(absence.c.id == absence_id))


def _holding(row: Any) -> Holding:
    return Holding(row.id, row.person, row.position, Span(row.since, row.until), Acting(row.acting), row.unit)


def _absence(row: Any) -> Absence:
    return Absence(row.id, row.person, Span(row.since, row.until), row.stand_in)
