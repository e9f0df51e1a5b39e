"""Steps that were ended within seconds: asked about kindly, and a hint for whoever writes the SOP."""

from collections.abc import Sequence

from bot.engine.run import Backdated, Event, Run, Vouched
from bot.engine.sop import Sop
from bot.services.house import House
from bot.storage.database import Transaction
from bot.views import haste as view
from bot.views.words import Words


def hint(tx: Transaction, house: House, run: Run, sop: Sop, events: Sequence[Event]) -> None:
    """Where steps really were that quick, the authors hear of it once a month: the SOP may ask for too much."""
    for event in events:
        match event:
            case Vouched(steps=steps, span=span):
                for author in tx.people.some(house.staff_of(tx, sop, run).holding(sop.team.author)):
                    letter = view.hint(house.words(author), sop, run.id, len(steps), span)
                    tx.letters.put(f"quick:{sop.id}:{tx.at:%Y%m}:{author.id}", author.chat, letter, must=False)
            case _:
                pass


def thanks(words: Words, events: Sequence[Event]) -> str:
    """What an answer to the question is met with."""
    return view.thanks(words) if any(isinstance(event, Backdated | Vouched) for event in events) else ""
