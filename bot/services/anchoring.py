"""Once a day the journal is anchored: in the data folder, and in a chat of the office's choice."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.engine.people import Role
from bot.services import people
from bot.services.house import House
from bot.storage.anchors import Anchor, Cast
from bot.storage.database import Transaction
from bot.views import anchors as view
from bot.views.screen import Screen
from bot.views.words import Words

OWED = timedelta(days=31)
"""So long a chat that could not be reached is still sent the anchors that it missed."""


def cast(tx: Transaction, house: House) -> Sequence[Cast]:
    """Make the anchor of the day and send it to the chat, silently; of several processes the first one does.

    Where it was made now, all of them are returned, for a file that may lack some."""
    day = house.office.day(tx.at)
    made = tx.anchors.cast(day)
    if house.settings.anchors is not None:
        lost = _lost(tx, day)
        if lost:
            _tell_admins(tx, house, house.settings.anchors, lost[0].day)
        if made is not None:
            for one in lost:
                tx.letters.revive(_key(one.day), house.settings.anchors, _message(house, one.day, one.anchor))
            tx.letters.put(_key(day), house.settings.anchors, _message(house, day, made))
    return () if made is None else tx.anchors.all()


def _lost(tx: Transaction, day: date) -> list[Cast]:
    """The anchors of late that could not arrive, the oldest first."""
    late = tx.anchors.since(day - OWED)
    dead = tx.letters.dead_ones(_key(one.day) for one in late)
    return [one for one in late if _key(one.day) in dead]


def _tell_admins(tx: Transaction, house: House, chat: int, since: date) -> None:
    """Tell it once, and once a month where it lasts."""
    for admin in people.tell(tx, house, (Role.ADMIN,), but=0):
        told = view.unreachable(house.words(admin), chat, since)
        tx.letters.put(f"no-anchors:{chat}:{since:%Y-%m}:{admin.id}", admin.chat, told)


def _key(day: date) -> str:
    return f"anchor:{day}"


def _message(house: House, day: date, made: Anchor) -> Screen:
    return view.message(Words(house.language, house.office.zone), day, made.seq, made.hash)


def all_of(tx: Transaction) -> Sequence[Cast]:
    """Every anchor that was ever made."""
    return tx.anchors.all()
