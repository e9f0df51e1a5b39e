"""After a silence every open card says that taps may be lost. The admins are told, and of a backlog too."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.engine.people import Role
from bot.services import cards
from bot.services.hands import calls
from bot.services.house import House
from bot.services.people import tell
from bot.storage.database import Transaction
from bot.views import silence as view

AWAY = timedelta(seconds=120)
"""Telegram keeps a tap for 150 seconds. A silence longer than this may have lost some."""
BATCH = 20
"""Cards that are painted in one second, so that whoever taps now need not wait for all the others."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was heard from Telegram from `since` until `until`: it was away, or we were."""

    since: datetime
    until: datetime


def tell_admins(tx: Transaction, house: House, over: Silence) -> None:
    """One letter to each admin, however often the end of the silence is noticed."""
    for admin in tell(tx, house, (Role.ADMIN,), but=0):
        letter = view.letter(house.words(admin), over.since, over.until)
        tx.letters.put(f"silence:{over.since.isoformat()}:{admin.id}", admin.chat, letter)


def tell_backlog(tx: Transaction, house: House, waiting: int) -> None:
    """Tell the admins, once a day, that so many updates wait."""
    for admin in tell(tx, house, (Role.ADMIN,), but=0):
        letter = view.backlog(house.words(admin), waiting)
        tx.letters.put(f"backlog:{house.office.day(tx.at)}:{admin.id}", admin.chat, letter, must=False)


def mark_cards(tx: Transaction, house: House, over: Silence, after: int, batch: int) -> int:
    """Say so on the cards of the next open runs after run `after`, until their next tap.

    Returns the number of the last run, 0 where there are no more."""
    seconds = timedelta(seconds=batch)
    last = 0
    for run in tx.runs.open_after(after, BATCH):
        last = run.id
        sop = tx.versions.sop(run.digest)
        for person in tx.people.some(calls(tx, house, run, sop)):
            if person.admitted and person.reachable:
                note = view.note(house.words(person), over.since, over.until)
                cards.say(tx, house, person, run, note, wait=seconds)
    return last
