"""People: who may use the bot, in which language, with which roles, and who does what today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from bot.engine.people import Role, Staff, in_order
from bot.engine.rights import About, Action, Reach, Who, reach
from bot.engine.sop import Sop
from bot.engine.staffing import Seat, nearest
from bot.storage import codec, staffing
from bot.storage.questions import Asked, question
from bot.storage.tables import FavouriteRow, PersonRow, added, table

person = table(PersonRow)
favourite = table(FavouriteRow)

_PEOPLE = (
    select(person, question.c.ask, question.c.run, question.c.visit, question.c.body)
    .outerjoin(question, question.c.person == person.c.id)
    .order_by(person.c.id)
)
_BY_CHAT = _PEOPLE.where(person.c.telegram_id == bindparam("chat"))
_BY_ID = _PEOPLE.where(person.c.id == bindparam("id"))
_SOME = _PEOPLE.where(person.c.id.in_(bindparam("ids", expanding=True)))
_OF_CHATS = select(person.c.id).where(person.c.telegram_id.in_(bindparam("chats", expanding=True)))
_BY_NIP = _PEOPLE.where(person.c.nip == bindparam("number"))
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
    unit: str | None = None
    nip: str | None = None
    blocked_at: datetime | None = None

    @property
    def admitted(self) -> bool:
        """True where they may use the bot at all."""
        return bool(self.roles) and self.blocked_at is None

    @property
    def awaited(self) -> bool:
        """True where they were made known but never wrote, so that Telegram lets nothing through to them yet."""
        return not self.reachable and not self.seen_id

    @property
    def who(self) -> Who:
        """They, as far as rights go: whoever is blocked has none."""
        return Who(self.id, self.roles if self.admitted else frozenset(), self.unit)

    def may(self, action: Action) -> bool:
        """Whether they may do that at all, be it on little."""
        return reach(self.who.roles, action) > Reach.NOTHING

    @property
    def about(self) -> About:
        """They, as what something is about."""
        return About(self.unit, self.id)


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

    def some(self, people: Iterable[int]) -> tuple[Person, ...]:
        """These people, in the order of their ids."""
        ids = list(people)
        return tuple(self._people(_SOME, ids=ids)) if ids else ()

    def of_chats(self, chats: Iterable[int]) -> tuple[int, ...]:
        """The ids of those whose private chats these are."""
        theirs = list(chats)
        return tuple(self._connection.execute(_OF_CHATS, {"chats": theirs}).scalars()) if theirs else ()

    def by_nip(self, nip: str) -> Person | None:
        """The person of that NIP."""
        return next(iter(self._people(_BY_NIP, number=nip)), None)

    def everyone(self) -> tuple[Person, ...]:
        """Everybody who was ever admitted, those who are blocked among them."""
        return tuple(self._people(_WITH_ROLES))

    def with_role(self, roles: Iterable[Role]) -> tuple[Person, ...]:
        """Everybody who has one of the roles, and is not blocked."""
        wanted = set(roles)
        return tuple(one for one in self.everyone() if one.admitted and one.roles & wanted)

    def staff(
        self, sop: Sop, unit: str | None, day: date, sops_unit: str | None = None, known: Iterable[int] = ()
    ) -> Staff:
        """Who does on `day` what the SOP's positions do: whoever holds one in `unit`, else in `sops_unit`, else in the
        office. Whoever is away is not among them, but their stand-in is; nor is anyone who is blocked or cannot be
        reached; of the `known` it is told who that is, and who is away."""
        names = {position.id for position in sop.positions} | {sop.team.author, sop.team.supervisor, sop.team.manager}
        there = staffing.working(self._connection, [name for name in names if name], day, known)
        return Staff(nearest(there.seats, (unit, sops_unit)), there.admins, there.out, there.away)

    def seats(self, positions: Iterable[str], day: date) -> list[Seat]:
        """Who sits on `day` on one of the positions, wherever; as `staff` counts them."""
        return staffing.working(self._connection, sorted(set(positions)), day, ()).seats

    def fingerprint(self, day: date) -> int:
        """A number that changes when who is there on `day` for what may have changed."""
        return staffing.fingerprint(self._connection, day)

    def _people(self, which: Select[Any], **values: Any) -> Sequence[Person]:
        return [_person(row) for row in self._connection.execute(which, values)]

    def add(self, chat: int, name: str, language: str, roles: Iterable[Role], *, reachable: bool = True) -> int:
        """Keep somebody new and return their id. Who never wrote to the bot is not reachable yet."""
        values = {"telegram_id": chat, "name": name, "language": language, "roles": joined(roles)}
        return added(self._connection, person, **values, reachable=reachable, seen_id=0, misses=0)

    def change(self, person_id: int, **values: Any) -> None:
        """Change columns of a person: name, nip, unit, language, reachable, seen_id, greeted_at, blocked_at."""
        self._connection.execute(update(person).where(person.c.id == person_id).values(**values))

    def give_roles(self, person_id: int, roles: Iterable[Role]) -> None:
        """Set the person's roles."""
        self.change(person_id, roles=joined(roles))

    def misses(self, person_id: int, since: datetime) -> int:
        """How many invitations the person has tried in vain, where the first of them was after `since`."""
        mine = select(person.c.misses).where(person.c.id == person_id, person.c.missed_at > since)
        return self._connection.execute(mine).scalar() or 0

    def missed(self, person_id: int, misses: int) -> None:
        """The person tried an invitation in vain, after `misses` others; the first one begins the hour."""
        begun = {"missed_at": self._at} if not misses else {}
        self.change(person_id, misses=misses + 1, **begun)

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


def joined(roles: Iterable[Role]) -> str:
    """Roles as one column keeps them."""
    return ",".join(role.value for role in in_order(roles))


def parted(roles: str) -> tuple[Role, ...]:
    """What `joined` wrote."""
    return tuple(Role(role) for role in roles.split(",") if role)


def _person(row: Any) -> Person:
    asked = None if row.body is None else Asked(row.ask, row.run, row.visit, codec.load(row.body))
    return Person(
        row.id,
        row.telegram_id,
        row.name,
        row.language,
        frozenset(parted(row.roles)),
        row.reachable,
        row.seen_id,
        row.greeted_at,
        asked,
        row.unit,
        row.nip,
        row.blocked_at,
    )
