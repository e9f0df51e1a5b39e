"""/diam: no reminders for a while. Steps that are handed over and approvals arrive all the same."""

from datetime import timedelta

from bot.engine.review import Hushed
from bot.services import cards
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.views import review as view

LONGEST = 31
"""Days for which one can have quiet at a time."""


def show(tx: Transaction, house: House, me: Person, *, anew: bool = True) -> None:
    """Until when no reminders come, and how that is changed."""
    until = tx.digests.hushed([me.id]).get(me.id)
    screen = view.quiet(house.words(me), house.pack, until)
    tx.cards.put(cards.MENU, me.chat, screen, seen_id=me.seen_id, anew=anew)


def hush(tx: Transaction, house: House, me: Person, days: int) -> None:
    """No reminders for so many days, to the hour; with none they come again."""
    if 0 < days <= LONGEST:
        until = house.office.opening(tx.at + timedelta(days=days))
        tx.digests.hush(me.id, until)
        tx.journal.append(me.id, [Entry(Hushed(until), Where(unit=me.unit))])
    elif not days:
        tx.digests.unhush(me.id, house.office.opening(tx.at))
        tx.journal.append(me.id, [Entry(Hushed(None), Where(unit=me.unit))])
    show(tx, house, me, anew=False)
