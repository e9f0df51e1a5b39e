"""Files whose bytes have come: what was proof before is recognised, whatever Telegram calls it now."""

from bot.engine import commands as c
from bot.engine.commands import decide
from bot.engine.run import Deviated
from bot.services import cards, hands
from bot.services.house import House
from bot.storage.database import Transaction


def fetched(tx: Transaction, house: House, file_id: int, sha256: str, size: int) -> None:
    """Keep what is known of the bytes. Where they served before, the card asks whether they are meant again; where the
    step has ended since, the card tells that it was noted."""
    found = tx.files.recognise(file_id) if tx.files.fetched(file_id, sha256, size) else None
    if found is None:
        return
    stored, seen = found
    run, person = tx.runs.get(stored.run), tx.people.get(stored.person)
    assert run is not None
    if run.rehearsal:
        return
    sop = tx.versions.sop(run.digest)
    command = c.Recognise(stored.attachment, stored.step, seen)
    events = decide(hands.situation(tx, house, stored.person, run, sop), run.visit, command)
    after = hands.move(tx, house, person, run, sop, events)
    words = house.words(person)
    late = any(isinstance(event, Deviated) for event in events)
    number = sop.step(stored.step).number
    note = words("A file of step {number} had been used before; that is noted.", number=number) if late else ""
    cards.show(tx, house, person, after, sop, asked=cards.about(person, after), said=note)
