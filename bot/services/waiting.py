"""A run that waits for somebody: the words that answer it, and what they hear of those who had it before."""

from collections.abc import Sequence

from bot.engine import commands as c
from bot.engine.errands import ErrandKind
from bot.engine.messages import Said
from bot.engine.run import Run
from bot.engine.sop import Sop
from bot.services.house import House
from bot.services.reports import known
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views import taps as t
from bot.views.hands import added

MOST = 50
"""Runs that a word is held against; whoever has more chooses from the list."""


def is_answer(word: t.Act | None) -> bool:
    """Whether the word answers what others ask: an offer, leave, an approval."""
    return isinstance(word, c.Accept | c.Decline | c.Return | c.Allow | c.Refuse)


def as_asked(word: t.Act, run: Run) -> t.Act:
    """Tolak is one word for two things: where leave is asked for, it refuses that."""
    return c.Deny() if isinstance(word, c.Refuse) and run.wish is not None else word


def answered_by(tx: Transaction, me: Person, word: t.Act | None) -> Sequence[Run]:
    """The runs that wait for the person, and that the word answers."""
    if not is_answer(word):
        return ()
    waiting = sorted(tx.errands.waiting(me.id, ErrandKind.RUN))[:MOST]
    return [run for run in tx.runs.some(waiting) if _answers(word, run, me)]


def _answers(word: t.Act | None, run: Run, me: Person) -> bool:
    match word:
        case c.Accept() | c.Decline():
            return run.holder is None
        case c.Allow():
            return run.wish is not None
        case c.Refuse():
            return run.wish is not None or run.holder == me.id
        case _:
            return run.wish is None


def hear_more(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, said: Said) -> None:
    """For whom the run waits now, they hear what is added to why it came to them."""
    for other in tx.people.some(tx.errands.whose(ErrandKind.RUN, run.id)):
        if other.id != me.id:
            letter = added(house.words(other), sop, run.id, me.name, said.text, known(said.file))
            tx.letters.put(f"adds:{run.id}:{said.message_id}:{other.id}", other.chat, letter)
