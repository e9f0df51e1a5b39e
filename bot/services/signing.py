"""An approval in a run that waits for the PIN of whoever gives it."""

from dataclasses import replace

from bot.engine import questions as q
from bot.engine.commands import Refused, Sign, Why
from bot.engine.messages import Said
from bot.services import cards, hands, pin
from bot.services import runs as running
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views.refusals import refusal


def hear(tx: Transaction, house: House, me: Person, asked: Asked, signing: q.Signing, said: Said) -> None:
    """What I type while my PIN is asked for."""
    run = tx.runs.get(asked.run or 0)
    assert run is not None
    sop = tx.versions.sop(run.digest)
    me = replace(me, seen_id=0)  # what was typed vanishes, and the card stands last again
    try:
        following = pin.hear(tx, house, me, signing.pin, said)
        if asked.visit != run.visit:
            tx.questions.drop(me.id)
            raise Refused(Why.STALE)
        if following is not None:
            running.ask(tx, house, me, run, sop, q.Signing(following))
        else:
            running.order(tx, house, me, run, sop, Sign(me.nip or ""))
    except Refused as refused:
        note = refusal(house.words(me), hands.named(tx, refused))
        me = replace(tx.people.get(me.id), seen_id=0)
        cards.show(tx, house, me, run, sop, asked=cards.about(me, run), said=note)
