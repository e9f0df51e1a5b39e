"""Onto each one's list of the day, which is one message whatever stands on it; `reminders` sends it."""

from collections.abc import Mapping

from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.digests import Noted, Notice


def add(tx: Transaction, house: House, lines: Mapping[int, Notice], urgency: int) -> None:
    """Put on each one's list their line; it comes in office hours and once they want it. Another on the same changes
    nothing but when it comes."""
    if not lines:
        return
    hushed = tx.digests.hushed(lines)
    comes = {person: house.office.opening(max(tx.at, hushed.get(person, tx.at))) for person in lines}
    tx.digests.add([Noted(one, house.office.day(at), at, urgency, lines[one]) for one, at in sorted(comes.items())])
