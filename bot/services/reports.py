"""Somebody says that a procedure itself is wrong: it gets a number, and those who can mend it hear of it."""

from bot.engine import questions as q
from bot.engine.people import WATCHERS
from bot.engine.reports import Fault, Reported, ReportExplained
from bot.engine.sop import Sop
from bot.services.house import Answer, House
from bot.services.people import tell
from bot.storage.database import Transaction
from bot.storage.files import Incoming
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import menu

CARD = "report"


def ask_which(tx: Transaction, house: House, me: Person) -> None:
    """/lapor without a run: which SOP is it about?"""
    asked = tx.questions.ask(me.id, q.WhichSop())
    used = [one for name in tx.runs.last_used(me.id) if (one := tx.versions.live_of(name))]
    screen = menu.which_sop(house.words(me), house.pack, asked.ask, [one.sop for one in used[:5]])
    tx.cards.put(CARD, me.chat, screen, seen_id=me.seen_id, anew=True)


def ask_what_is_wrong(
    tx: Transaction, house: House, me: Person, sop: Sop, step: str | None, run: int | None = None
) -> None:
    """What kind of fault is it?"""
    asked = tx.questions.ask(me.id, q.WhatIsWrong(sop.id, sop.digest, step), run)
    screen = menu.what_is_wrong(house.words(me), house.pack, asked.ask, sop, sop.step(step) if step else None)
    tx.cards.put(CARD, me.chat, screen, seen_id=me.seen_id, anew=True)


def begin(tx: Transaction, house: House, me: Person, sop_id: str) -> Answer:
    """An SOP was chosen for a report, from its card or from the list."""
    version = tx.versions.live_of(sop_id)
    if version is None:
        return Answer(house.words(me)("That SOP is not in use."), alert=True)
    ask_what_is_wrong(tx, house, me, version.sop, None)
    return Answer()


def leave(tx: Transaction, house: House, me: Person, ask: int) -> Answer:
    """The button that ends a report's question."""
    match me.asked:
        case Asked(ask=current, what=q.Wording(number=number)) if current == ask:
            close(tx, house, me, number)
        case Asked(ask=current, what=q.WhichSop() | q.WhatIsWrong()) if current == ask:
            close(tx, house, me, None)
        case _:
            return Answer(house.words(me)("That question is closed. Send /lapor to begin again."), alert=True)
    return Answer()


def fault(tx: Transaction, house: House, me: Person, ask: int, number: int) -> Answer:
    """The kind was tapped: the report is made, and its number told. Words may follow."""
    words = house.words(me)
    match me.asked:
        case Asked(ask=current, run=run, what=q.WhatIsWrong(digest=digest, step=step)) if current == ask:
            chosen = list(Fault)[number] if number < len(Fault) else Fault.OTHER
            sop = tx.versions.sop(digest)
            report = make(tx, house, me, sop, step, run, chosen)
            again = tx.questions.ask(me.id, q.Wording(report, chosen, sop.id), run)
            screen = menu.reported(words, house.pack, again.ask, report)
            tx.cards.put(CARD, me.chat, screen, seen_id=me.seen_id)
            return Answer(words("Recorded as report {number}.", number=report))
        case _:
            return Answer(words("That question is closed. Send /lapor to begin again."), alert=True)


def make(tx: Transaction, house: House, me: Person, sop: Sop, step: str | None, run: int | None, kind: Fault) -> int:
    """Keep a report, tell those who watch, and return its number."""
    number = tx.reports.add(sop.id, sop.version, kind, me.id, step=step, run=run)
    where = Where(None, sop.id, sop.version, step, None, sop.unit)
    tx.reports.journalled(number, tx.journal.append(me.id, [Entry(Reported(number, kind, step), where)]))
    for other in tell(tx, house, WATCHERS, but=me.id):
        letter = menu.report_letter(house.words(other), number, sop, sop.step(step) if step else None, kind)
        tx.letters.put(f"report:{number}:{other.id}", other.chat, letter)
    return number


def explain(tx: Transaction, house: House, me: Person, what: q.Wording, text: str, file: Incoming | None) -> None:
    """Words, a photo or a voice note for a report that was just made."""
    version = tx.versions.live_of(what.sop)
    if file is not None:
        tx.files.keep(file, me.id, report=what.number)
    if text or file is not None:
        where = Where(None, what.sop, version.sop.version if version else None)
        tx.journal.append(me.id, [Entry(ReportExplained(what.number, text), where)])
    for other in tell(tx, house, WATCHERS, but=me.id):
        letter = menu.report_words(house.words(other), what.number, text, with_file=file is not None)
        tx.letters.put(f"report:{what.number}:{tx.at.isoformat()}:{other.id}", other.chat, letter)
    close(tx, house, me, what.number)


def close(tx: Transaction, house: House, me: Person, number: int | None) -> None:
    """The report is complete: its card says so and the question goes."""
    tx.questions.drop(me.id)
    tx.cards.put(CARD, me.chat, menu.report_done(house.words(me), number), seen_id=me.seen_id)
