"""Once a day the journal is anchored: in the data folder, and in a chat of the office's choice."""

from collections.abc import Sequence

from bot.services.house import House
from bot.storage.anchors import Cast
from bot.storage.database import Transaction
from bot.views.anchors import message
from bot.views.words import Words


def cast(tx: Transaction, house: House) -> Sequence[Cast]:
    """Make the anchor of the day and send it to the chat, silently; of several processes the first one does.

    Where it was made now, all of them are returned, for a file that may lack some."""
    day = house.office.day(tx.at)
    made = tx.anchors.cast(day)
    if made is None:
        return ()
    if house.anchors is not None:
        words = Words(house.language, house.office.zone)
        tx.letters.put(f"anchor:{day}", house.anchors, message(words, day, made.seq, made.hash))
    return tx.anchors.all()


def all_of(tx: Transaction) -> Sequence[Cast]:
    """Every anchor that was ever made."""
    return tx.anchors.all()
