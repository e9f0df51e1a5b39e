"""Everybody's menu of commands: a letter to Telegram whenever their roles or their language change."""

import hashlib

from bot.services.house import House
from bot.storage import codec
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views.commands import menu
from bot.views.screen import Menu


def offer(tx: Transaction, house: House, person: int) -> None:
    """Let somebody find in their menu what they may use as they are now; once they are stopped, nothing."""
    me = tx.people.get(person)
    wanted = _wanted(house, me)
    tx.letters.put_last(_series(me), _mark(wanted), me.chat, wanted)


def offer_all(tx: Transaction, house: House) -> None:
    """The bot has started, and may know other commands than before: whoever has another menu gets the new one."""
    people = {f"{_series(one)}:{_mark(_wanted(house, one))}": one.id for one in tx.people.everyone() if one.admitted}
    for key in (people.keys() - tx.letters.wanted(people)) | tx.letters.dead_ones(people):
        offer(tx, house, people[key])


def _wanted(house: House, me: Person) -> Menu:
    return menu(house.words(me), me.who.roles)


def _series(me: Person) -> str:
    return f"menu:{me.id}"


def _mark(wanted: Menu) -> str:
    return hashlib.sha256(codec.dump(wanted).encode()).hexdigest()[:16]
