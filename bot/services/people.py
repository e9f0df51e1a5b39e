"""Who is at the door: the admitted come in, a stranger may ask for it, and who was stopped is told so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.engine.people import Role, in_order
from bot.engine.rights import Action
from bot.engine.staffing import Admitted, RolesChanged
from bot.services import commands, record
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.views import menu
from bot.views import people as view
from bot.views.screen import Screen
from bot.views.words import LANGUAGES

ONCE_AN_HOUR = timedelta(hours=1)

DOOR = "door"
"""What the card is called that a stranger sees."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent an update, as Telegram tells it."""

    chat: int
    name: str
    language: str


def know(tx: Transaction, house: House, given: Mapping[int, frozenset[Role]]) -> None:
    """Those to whom the settings give roles, by their chats, have them from the start on, and keep what else they have.

    They are known before they write, so that what concerns them waits for them."""
    tx.journal.hold()  # several processes may start at once
    for chat, roles in given.items():
        person = tx.people.by_chat(chat)
        if person is None:
            number = tx.people.add(chat, "", house.language, roles, reachable=False)
            tx.journal.append(None, [Entry(Admitted(number, in_order(roles)), Where())])
        elif not roles <= person.roles:
            after = in_order(roles | person.roles)
            tx.people.give_roles(person.id, after)
            changed = RolesChanged(person.id, in_order(person.roles), after)
            tx.journal.append(None, [Entry(changed, Where(unit=person.unit))])


def arrive(tx: Transaction, house: House, caller: Caller) -> Person:
    """The person behind a caller, kept from the first time on, whoever it is."""
    person = tx.people.by_chat(caller.chat)
    if person is None:
        language = caller.language if caller.language in LANGUAGES else house.language
        tx.people.add(caller.chat, caller.name, language, ())
        person = tx.people.by_chat(caller.chat)
        assert person is not None
    if not person.name:
        tx.people.change(person.id, name=caller.name)
        person = replace(person, name=caller.name)
    if not person.reachable:
        _reach(tx, house, person)
    return person


def _reach(tx: Transaction, house: House, person: Person) -> None:
    """What waited for them can arrive, as can what Telegram refused meanwhile."""
    tx.people.change(person.id, reachable=True)
    tx.letters.release(person.chat)
    tx.cards.release(person.chat)
    commands.offer(tx, house, person.id)


def may_enter(person: Person, action: Action) -> bool:
    """Whether somebody may do that at all: strangers may only ask to be let in, and who was stopped nothing."""
    return person.may(action) or (action is Action.ENTER and person.blocked_at is None)


def turn_away(tx: Transaction, house: House, person: Person, action: Action, written: int) -> Answer:
    """Say politely why somebody gets nothing: on a tap at once, else in the chat, to who is not in once an hour.
    As often it is journalled that they tried `action`.

    `written` is the number of what they wrote, 0 for a tap."""
    words = house.words(person)
    if person.admitted or not _spoken_to(tx, person):
        record.attempt(tx, person, action)
    if person.admitted:
        no = view.not_for_you(words)
        if written:
            tx.letters.put(f"no:{person.id}:{written}", person.chat, no, must=False)
        return Answer(no.text, alert=True)
    if person.blocked_at is not None:
        if written:
            _greet(tx, person, view.stopped(words))
        elif not _spoken_to(tx, person):
            tx.people.change(person.id, greeted_at=tx.at)
        return Answer(view.stopped(words).text, alert=True)
    _greet(tx, person, view.stranger(words, house.pack, person.chat))
    return Answer()


def _greet(tx: Transaction, person: Person, screen: Screen) -> None:
    if not _spoken_to(tx, person):
        answer_at_door(tx, person, screen)


def _spoken_to(tx: Transaction, person: Person) -> bool:
    greeted = person.greeted_at
    return greeted is not None and timedelta() <= tx.at - greeted < ONCE_AN_HOUR


def answer_at_door(tx: Transaction, person: Person, screen: Screen) -> None:
    """Tell somebody who is not in: by a message, and for an hour after it in place of what that one said."""
    if _spoken_to(tx, person):
        tx.cards.put(DOOR, person.chat, screen, seen_id=0)
    else:
        tx.people.change(person.id, greeted_at=tx.at)
        tx.cards.put(DOOR, person.chat, screen, seen_id=person.seen_id, anew=True)


def lost(tx: Transaction, chat: int) -> None:
    """The person blocked the bot: nothing can be sent to them until they come back."""
    person = tx.people.by_chat(chat)
    if person is not None:
        tx.people.change(person.id, reachable=False)


def back(tx: Transaction, chat: int, house: House) -> None:
    """The person let the bot in again."""
    person = tx.people.by_chat(chat)
    if person is not None:
        _reach(tx, house, person)


def left_group(tx: Transaction, house: House, chat: int) -> None:
    """Somebody took the bot into a group and it left: those who are let in hear why, at most once an hour."""
    person = tx.people.by_chat(chat)
    if person is not None and person.admitted:
        tx.letters.put(f"group:{person.id}:{tx.at:%Y%m%d%H}", chat, menu.left_group(house.words(person)), must=False)


def tell(tx: Transaction, house: House, roles: tuple[Role, ...], but: int) -> tuple[Person, ...]:
    """Those of the roles who can be told something, at once or when they first write, but not the person `but`."""
    return tuple(one for one in tx.people.with_role(roles) if one.id != but and (one.reachable or one.awaited))


def warn_admins(tx: Transaction, house: House, update_id: int) -> None:
    """An update was set aside after too many tries: the admins are told."""
    for admin in tell(tx, house, (Role.ADMIN,), but=0):
        tx.letters.put(f"poison:{update_id}:{admin.id}", admin.chat, menu.poison(house.words(admin), update_id))
