"""Somebody says that a procedure itself is wrong: it gets a number, and those who can mend it hear of it."""

from dataclasses import replace

from bot.engine import questions as q
from bot.engine.messages import Incoming, Said
from bot.engine.people import REVIEWERS
from bot.engine.reports import Fault, Reported, ReportExplained
from bot.engine.sop import Sop
from bot.services import cards
from bot.services.house import Answer, House
from bot.services.people import tell
from bot.storage.database import Transaction
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import menu
from bot.views.screen import Known


def ask_which(tx: Transaction, house: House, me: Person) -> None:
    """/lapor without a run: which SOP is it about?"""
    asked = cards.ask(tx, house, me, q.WhichSop())
    used = [one for name in tx.runs.last_used(me.id) if (one := tx.versions.live_of(name))]
    screen = menu.which_sop(house.words(me), house.pack, asked.ask, [one.sop for one in used[:5]])
    tx.cards.put(cards.REPORT, me.chat, screen, seen_id=me.seen_id, anew=True)


def ask_what_is_wrong(
    tx: Transaction, house: House, me: Person, sop: Sop, step: str | None = None, run: int | None = None
) -> None:
    """What kind of fault is it?"""
    asked = cards.ask(tx, house, me, q.WhatIsWrong(sop.id, sop.digest, step, run))
    screen = menu.what_is_wrong(house.words(me), house.pack, asked.ask, sop, sop.step(step) if step else None)
    tx.cards.put(cards.REPORT, me.chat, screen, seen_id=me.seen_id, anew=True)


def begin(tx: Transaction, house: House, me: Person, sop_id: str) -> Answer:
    """An SOP was chosen for a report, from its card or from the list."""
    version = tx.versions.live_of(sop_id)
    if version is None:
        return Answer(house.words(me)("That SOP is not in use."), alert=True)
    ask_what_is_wrong(tx, house, me, version.sop)
    return Answer()


def leave(tx: Transaction, house: House, me: Person, ask: int) -> Answer:
    """The button that ends a report's question."""
    match me.asked:
        case Asked(ask=current, what=q.Wording() | q.WhichSop() | q.WhatIsWrong()) if current == ask:
            cards.leave(tx, house, me)
        case _:
            return Answer(house.words(me)("That question is closed. Send /report to begin again."), alert=True)
    return Answer()


def fault(tx: Transaction, house: House, me: Person, ask: int, number: int) -> Answer:
    """The kind was tapped: the report is made, and its number told. Words may follow."""
    words = house.words(me)
    match me.asked:
        case Asked(ask=current, what=q.WhatIsWrong() as what) if current == ask:
            make(tx, house, me, what, list(Fault)[number] if number < len(Fault) else Fault.OTHER)
            return Answer()
        case _:
            return Answer(words("That question is closed. Send /report to begin again."), alert=True)


def make(tx: Transaction, house: House, me: Person, about: q.WhatIsWrong, kind: Fault) -> int:
    """Keep a report, tell those who watch, return its number, and ask for words."""
    sop, words = tx.versions.sop(about.digest), house.words(me)
    number = tx.reports.add(sop.id, sop.version, kind, me.id, step=about.step, run=about.run)
    where = Where(None, sop.id, sop.version, about.step, None, sop.unit)
    tx.reports.journalled(number, tx.journal.append(me.id, [Entry(Reported(number, kind, about.step), where)]))
    for other in tell(tx, house, REVIEWERS, but=me.id):
        step = sop.step(about.step) if about.step else None
        tx.letters.put(
            f"report:{number}:{other.id}", other.chat, menu.report_letter(house.words(other), number, sop, step, kind)
        )
    asked = tx.questions.ask(me.id, q.Wording(number, kind, sop.id, about.run))
    screen = menu.reported(words, house.pack, asked.ask, number)
    tx.cards.put(cards.REPORT, me.chat, screen, seen_id=me.seen_id)
    return number


def explain(tx: Transaction, house: House, me: Person, said: Said) -> None:
    """Words, a photo or a voice note for the report that was just made. Words end it; after a file more may follow."""
    assert me.asked is not None and isinstance(me.asked.what, q.Wording)
    number, sop, run = me.asked.what.number, me.asked.what.sop, me.asked.what.run
    if said.file is not None:
        tx.files.keep(said.file, me.id, report=number)
    where = Where(None, sop, tx.reports.version_of(number))
    explained = ReportExplained(number, said.text, said.file.attachment if said.file else None)
    tx.journal.append(me.id, [Entry(explained, where)])
    for other in tell(tx, house, REVIEWERS, but=me.id):
        letter = menu.report_words(house.words(other), number, _in_words(said), known(said.file))
        tx.letters.put(f"report:{number}:{said.message_id}:{other.id}", other.chat, letter)
    if said.file is None:
        _end(tx, house, me, number, run)
    else:
        screen = menu.reported(house.words(me), house.pack, me.asked.ask, number, added=said.file.attachment.kind)
        tx.cards.put(cards.REPORT, me.chat, screen, seen_id=me.seen_id)


def _end(tx: Transaction, house: House, me: Person, number: int, run_id: int | None) -> None:
    """The report is complete. What comes below the words is the card that is worked on: in a run that of the run."""
    tx.questions.drop(me.id)
    run = tx.runs.get(run_id) if run_id is not None else None
    if run is None or run.over:
        cards.draw_report(tx, house, me, number)
    else:
        cards.draw_report(tx, house, replace(me, seen_id=0), number)
        cards.show(tx, house, me, run, tx.versions.sop(run.digest))


def _in_words(said: Said) -> str:
    """The words of a message; of a location, which no letter carries, where it is."""
    return said.file.attachment.unique if said.file and said.file.form is None else said.text


def known(file: Incoming | None) -> Known | None:
    """A file as a letter can carry it."""
    return Known(file.form, file.file_id) if file is not None and file.form is not None else None
