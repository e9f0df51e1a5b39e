"""People: who may use the bot, in which language, with which roles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from bot.engine.people import Role
from bot.storage import codec
from bot.storage.questions import Asked, question
from bot.storage.tables import FavouriteRow, PersonRow, table

person = table(PersonRow)
favourite = table(FavouriteRow)

_PEOPLE = (
    select(person, question.c.ask, question.c.run, question.c.visit, question.c.body)
    .outerjoin(question, question.c.person == person.c.id)
    .order_by(person.c.id)
)
_BY_CHAT = _PEOPLE.where(person.c.telegram_id == bindparam("chat"))
_BY_ID = _PEOPLE.where(person.c.id == bindparam("id"))
_WITH_ROLES = _PEOPLE.where(person.c.roles != "")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known. `seen_id` is the highest message id known in their chat, whose id is their own."""

    id: int
    chat: int
    name: str
    language: str
    roles: frozenset[Role]
    reachable: bool
    seen_id: int
    greeted_at: datetime | None
    asked: Asked | None

    @property
    def admitted(self) -> bool:
        """True where they may use the bot at all."""
        return bool(self.roles)


class People:
    """Reads and keeps people."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def by_chat(self, chat: int) -> Person | None:
        """The person whose private chat this is, with their open question."""
        return next(iter(self._people(_BY_CHAT, chat=chat)), None)

    def get(self, person_id: int) -> Person:
        """The person of that id. Raises LookupError where there is none."""
        for found in self._people(_BY_ID, id=person_id):
            return found
        raise LookupError(f"no person {person_id}")

    def with_role(self, roles: Iterable[Role]) -> tuple[Person, ...]:
        """Everybody who has one of the roles."""
        wanted = set(roles)
        return tuple(one for one in self._people(_WITH_ROLES) if one.roles & wanted)

    def _people(self, which: Select[Any], **values: Any) -> Sequence[Person]:
        return [_person(row) for row in self._connection.execute(which, values)]

    def add(self, chat: int, name: str, language: str, roles: Iterable[Role]) -> int:
        """Keep somebody new and return their id."""
        values = {"telegram_id": chat, "name": name, "language": language, "roles": _joined(roles)}
        result = self._connection.execute(insert(person).values(**values, reachable=True, seen_id=0))
        key = result.inserted_primary_key
        assert key is not None
        return int(key[0])

    def change(self, person_id: int, **values: Any) -> None:
        """Change columns of a person: name, language, reachable, seen_id, greeted_at."""
        self._connection.execute(update(person).where(person.c.id == person_id).values(**values))

    def give_roles(self, person_id: int, roles: Iterable[Role]) -> None:
        """Set the person's roles."""
        self.change(person_id, roles=_joined(roles))

    def favourites(self, person_id: int) -> frozenset[str]:
        """The ids of the SOPs that the person wants on top."""
        mine = select(favourite.c.sop).where(favourite.c.person == person_id)
        return frozenset(self._connection.execute(mine).scalars())

    def favour(self, person_id: int, sop: str, *, on: bool) -> None:
        """Put an SOP among the favourites, or take it out."""
        mine = delete(favourite).where(favourite.c.person == person_id, favourite.c.sop == sop)
        self._connection.execute(mine)
        if on:
            self._connection.execute(insert(favourite).values(person=person_id, sop=sop))


def _joined(roles: Iterable[Role]) -> str:
    return ",".join(sorted(role.value for role in roles))


def _person(row: Any) -> Person:
    roles = frozenset(Role(role) for role in row.roles.split(",") if role)
    asked = None if row.body is None else Asked(row.ask, row.run, row.visit, codec.load(row.body))
    return Person(
        row.id,
        row.telegram_id,
        row.name,
        row.language,
        roles,
        row.reachable,
        row.seen_id,
        row.greeted_at,
        asked,
    )
