"""Cards that were emptied as somebody's words were erased are painted anew, a few in each transaction."""

from dataclasses import replace

from bot.services import cards, followups
from bot.services.house import House
from bot.storage import erasure
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views import people as view
from bot.views.words import Words

AT_ONCE = 20


def paint_some(tx: Transaction, house: House) -> bool:
    """Paint some of them. True where there may be more."""
    some = erasure.emptied(tx.connection, AT_ONCE)
    for subject, chat in some:
        person = tx.people.by_chat(chat)
        if person is None or not _shown(tx, house, person, subject):
            _say_so(tx, house, person, subject, chat)
    return bool(some)


def put_off(tx: Transaction, house: House) -> None:
    """Of those that come next one cannot be painted: they say that something stood there."""
    for subject, chat in erasure.emptied(tx.connection, AT_ONCE):
        _say_so(tx, house, tx.people.by_chat(chat), subject, chat)


def _shown(tx: Transaction, house: House, person: Person, subject: str) -> bool:
    """Whether it shows what it is about as that is told now: a run, or a deviation."""
    person = replace(person, seen_id=0)  # in place
    deviation = cards.deviation_of(subject)
    if deviation is not None:
        return followups.show(tx, house, person, deviation)
    run = tx.runs.get(cards.run_of(subject) or 0)
    if run is not None:
        cards.show_in_place(tx, house, person, run, tx.versions.sop(run.digest))
    return run is not None


def _say_so(tx: Transaction, house: House, person: Person | None, subject: str, chat: int) -> None:
    words = house.words(person) if person else Words(house.language, house.office.zone)
    tx.cards.put(subject, chat, view.showed_erased(words), seen_id=0)
