"""Who is at the door: the admitted come in, everyone else gets one polite line."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.engine.people import Role
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views import menu

ONCE_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent an update, as Telegram tells it."""

    chat: int
    name: str
    language: str


def admit(tx: Transaction, house: House, caller: Caller) -> Person | None:
    """The person behind a caller, or None for a stranger, who gets one polite line at most once an hour.

    Until people are kept by the bot itself, the settings say who is in and with which roles."""
    roles = house.admitted.get(caller.chat, frozenset())
    person = tx.people.by_chat(caller.chat)
    if person is None:
        language = house.language if caller.language not in ("id", "en") or roles else caller.language
        tx.people.add(caller.chat, caller.name, language, roles)
        person = tx.people.by_chat(caller.chat)
        assert person is not None
    if person.roles != roles:
        tx.people.give_roles(person.id, roles)
        person = replace(person, roles=roles)
    if not person.reachable:
        tx.people.change(person.id, reachable=True)
    if person.admitted:
        return person
    _turn_away(tx, house, person)
    return None


def _turn_away(tx: Transaction, house: House, person: Person) -> None:
    if person.greeted_at is not None and timedelta() <= tx.at - person.greeted_at < ONCE_AN_HOUR:
        return
    tx.people.change(person.id, greeted_at=tx.at)
    key = f"stranger:{person.id}:{tx.at.isoformat()}"
    tx.letters.put(key, person.chat, menu.stranger(house.words(person), person.chat), must=False)


def lost(tx: Transaction, chat: int) -> None:
    """The person blocked the bot: nothing can be sent to them until they come back."""
    person = tx.people.by_chat(chat)
    if person is not None:
        tx.people.change(person.id, reachable=False)


def back(tx: Transaction, chat: int) -> None:
    """The person let the bot in again."""
    person = tx.people.by_chat(chat)
    if person is not None:
        tx.people.change(person.id, reachable=True)


def left_group(tx: Transaction, house: House, chat: int) -> None:
    """Somebody took the bot into a group and it left: those who are let in hear why, at most once an hour."""
    person = tx.people.by_chat(chat)
    if person is not None and person.admitted:
        tx.letters.put(f"group:{person.id}:{tx.at:%Y%m%d%H}", chat, menu.left_group(house.words(person)), must=False)


def tell(tx: Transaction, house: House, roles: tuple[Role, ...], but: int) -> tuple[Person, ...]:
    """Those of the roles who can be told something, but not the person `but`."""
    return tuple(one for one in tx.people.with_role(roles) if one.id != but and one.reachable)


def warn_admins(tx: Transaction, house: House, update_id: int) -> None:
    """An update was set aside after too many tries: the admins are told."""
    for admin in tell(tx, house, (Role.ADMIN,), but=0):
        tx.letters.put(f"poison:{update_id}:{admin.id}", admin.chat, menu.poison(house.words(admin), update_id))
