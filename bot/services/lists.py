"""Onto each one's list of the day, which is one message whatever stands on it; `reminders` sends it."""

from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.digests import Notice


def add(tx: Transaction, house: House, person: int, line: Notice, urgency: int) -> None:
    """Put a line on somebody's list, which comes in office hours and once they want it. Another on the same changes
    nothing but when it comes."""
    until = tx.digests.hushed([person]).get(person, tx.at)
    send_at = house.office.opening(max(tx.at, until))
    tx.digests.add(person, house.office.day(send_at), send_at, urgency, line)
