"""What performers think of an SOP: asked on the run's card, kept with their name or without, and answered for later."""

from collections.abc import Iterable
from datetime import timedelta

from bot.engine import questions as q
from bot.engine.commands import Refused, Why
from bot.engine.feedback import BEST, NOTHING, WORST, Opinions, Rated, RatedInWords, step_named
from bot.engine.figures import Scope, Stage
from bot.engine.review import Verdict
from bot.engine.run import Progress, Run
from bot.engine.sop import Sop, Status
from bot.services import cards
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.storage.reviews import Planned
from bot.views import feedback as view
from bot.views import taps as t

FRESH = timedelta(days=1)
"""Of a run that ended longer ago nobody is asked: they have forgotten it."""

LONGEST = 300
"""Characters of a sentence that are kept."""


def ask(tx: Transaction, house: House, run: Run) -> None:
    """Ask those who worked on a run that is done: on its card, without a sound, and not whoever wants quiet."""
    if run.progress is not Progress.DONE or run.ended_at is None or tx.at - run.ended_at > FRESH:
        return
    workers = tx.feedback.unasked(hand.person for hand in run.hands.values())
    shown, hushed = tx.cards.chats(cards.subject(run.id)), tx.digests.hushed(workers)
    sop = tx.versions.sop(run.digest)
    for person in tx.people.some(workers):
        if person.admitted and person.chat in shown and person.id not in hushed:
            tx.feedback.ask(person.id, run.id, run.digest)
            cards.show_in_place(tx, house, person, run, sop)


def vanish_one(tx: Transaction, house: House) -> bool:
    """Take a question back that nobody answered. True where there may be more."""
    found = tx.feedback.claim_old()
    if found is None:
        return False
    person, run = tx.people.get(found[0]), tx.runs.get(found[1])
    assert run is not None
    cards.show_in_place(tx, house, person, run, tx.versions.sop(run.digest))
    return True


def put_off(tx: Transaction, house: House) -> None:
    """That question could not be taken off its card: it is closed all the same, and lets the others through."""
    tx.feedback.claim_old()


def rate(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, tap: t.Rate) -> None:
    """One tap is an answer; a sentence may follow. Raises Refused where nothing is asked of me any more."""
    if not WORST <= tap.score <= BEST:
        raise Refused(Why.UNFIT)
    if not tx.feedback.answer(me.id, run.id):
        raise Refused(Why.STALE)
    person, unit = (None, None) if tap.nameless else (me.id, run.unit)
    if tap.nameless:
        _forget(tx)
    tx.journal.append(person, [Entry(Rated(tap.score), _where(sop, unit))])
    trial, today = tx.facts.stage(run.id) is Status.TRIAL, house.office.day(tx.at)
    number = tx.feedback.add(sop.id, sop.digest, today, tap.score, trial=trial, person=person, unit=unit)
    asked = cards.ask(tx, house, me, q.Saying(number, tap.nameless), run)
    cards.show(tx, house, me, run, sop, asked=asked)


def add_words(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, saying: q.Saying, text: str) -> None:
    """The sentence that follows."""
    person, unit = (None, None) if saying.nameless else (me.id, run.unit)
    if saying.nameless:
        _forget(tx)
    named = step_named(text)
    step = sop.steps[named - 1].id if named is not None and 0 < named <= len(sop.steps) else None
    seq = tx.journal.append(person, [Entry(RatedInWords(text[:LONGEST]), _where(sop, unit, step))])
    tx.feedback.add_words(saying.feedback, seq, step)
    tx.questions.drop(me.id)
    cards.show(tx, house, me, run, sop, said=house.words(me)("Thank you, it is noted."))


def _forget(tx: Transaction) -> None:
    """What is without a name does not stand in the inbox beside whoever sent it."""
    if tx.update is not None:
        tx.inbox.blank(tx.update)


def _where(sop: Sop, unit: str | None, step: str | None = None) -> Where:
    # never the run, which tells who worked on it
    return Where(None, sop.id, sop.version, step, None, unit)


# What comes of it


def told_in(tx: Transaction, house: House, scope: Scope, stage: Stage) -> Opinions:
    """What was answered about the SOP that figures are of; nothing where they are of several, or of one's own runs."""
    if scope.sop is None or scope.starter is not None:
        return NOTHING
    since, until = house.office.day(scope.since), house.office.day(scope.until)
    trial = stage is Stage.TRIAL
    return tx.feedback.of(scope.sop, since=since, until=until, units=scope.units, trial=trial)


def tell_decision(tx: Transaction, house: House, me: Person, planned: Planned, how: Verdict) -> None:
    """Those who answered about a version hear what its review has decided."""
    sop = tx.versions.sop(planned.digest)
    found = tx.feedback.of(sop.id, digest=sop.digest)
    for other in _answered(tx, [sop.digest], but=me.id):
        letter = view.decided(house.words(other), sop, how, found)
        tx.letters.put(f"heard:{planned.id}:{planned.dates.round}:{other.id}", other.chat, letter, must=False)


def tell_version(tx: Transaction, house: House, sop: Sop, before: Iterable[str]) -> None:
    """Those who answered about the versions `before` hear that a new one begins, once."""
    for other in _answered(tx, before, but=None):
        letter = view.renewed(house.words(other), sop)
        tx.letters.put(f"renewed:{sop.digest}:{other.id}", other.chat, letter, must=False)


def _answered(tx: Transaction, digests: Iterable[str], but: int | None) -> tuple[Person, ...]:
    people = {person for digest in digests for person in tx.feedback.answered(digest)} - {but}
    return tuple(one for one in tx.people.some(person for person in people if person is not None) if one.admitted)
