"""What is typed or sent where a question of a report is open that the buttons would answer too."""

import re

from bot.engine import questions as q
from bot.engine.messages import Said
from bot.services import answers, guess, reports
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views import report_taps as r
from bot.views import reports as view

_YES = ("ya", "iya", "y", "yes", "ikut", "sama")
_NO = ("tidak", "bukan", "t", "n", "no", "lain", "baru")


def hear(
    tx: Transaction, house: House, me: Person, what: q.WhichStep | q.Alike | q.Rewording | q.Answering, said: Said
) -> None:
    """Words or a file for the open question."""
    assert me.asked is not None
    ask, plain = me.asked.ask, said.text.casefold().strip(" .!")
    match what:
        case q.WhichStep(digest=digest):
            _step(tx, house, me, ask, digest, said)
        case q.Alike() if said.file is None and plain in _YES:
            reports.same(tx, house, me, ask)
        case q.Alike() if said.file is None and plain in _NO:
            reports.another(tx, house, me, ask)
        case q.Alike(about=about, fault=fault, number=number, said=held):
            # kept until it is told whether it is the same: nobody need say it twice
            reports.ask_whether_same(tx, house, me, q.Alike(about, fault, number, (*held, said)))
        case q.Rewording(number=number) if said.text:
            reports.reword(tx, house, me, number, said.text)
        case q.Answering() if said.text:
            answers.give(tx, house, me, what, said.text)
        case q.Rewording() | q.Answering():
            letter = view.words_wanted(house.words(me))
            tx.letters.put(f"words:{me.id}:{said.message_id}", me.chat, letter, must=False)


def _step(tx: Transaction, house: House, me: Person, ask: int, digest: str, said: Said) -> None:
    """The step by its number, or by how its words begin; other words are about the SOP as a whole."""
    steps = tx.versions.sop(digest).steps
    number = re.fullmatch(r"\D{0,8}(\d{1,3})", said.text.strip())
    place = int(number[1]) - 1 if number else guess.place(said.text, [step.text for step in steps])
    if place is not None and 0 <= place < len(steps):
        reports.choose_step(tx, house, me, r.StepIs(ask, place + 1))
    else:
        reports.ask_which_step(tx, house, me, tx.versions.sop(digest))
