"""Somebody says that a procedure itself is wrong: it gets a number, and those who can mend it hear of it."""

from dataclasses import replace
from datetime import timedelta

from bot.engine import questions as q
from bot.engine.messages import Incoming, Said
from bot.engine.reports import PENDING, Fault, Remark, Reported, ReportExplained, ReportMerged, ReportReworded
from bot.engine.run import FileKind
from bot.engine.sop import Sop
from bot.services import cards, report_cards
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.storage.reports import Report
from bot.views import report_taps as r
from bot.views import reports as view
from bot.views.screen import Known, Screen

MOST_AT_HAND = 3
"""Open runs whose steps are offered for a report."""


def _put(tx: Transaction, me: Person, screen: Screen, *, anew: bool = False) -> None:
    tx.cards.put(cards.REPORT, me.chat, screen, seen_id=me.seen_id, anew=anew)


def _closed(house: House, me: Person) -> Answer:
    return Answer(house.words(me)("That question is closed. Send /report to begin again."), alert=True)


# What it is about


def ask_which(tx: Transaction, house: House, me: Person) -> None:
    """/lapor: which SOP is it about? The steps that one has in hand come first; what was reported is shown too."""
    asked = cards.ask(tx, house, me, q.WhichSop())
    used = [one.sop for name in tx.runs.last_used(me.id) if (one := tx.versions.live_of(name))]
    _put(tx, me, _which(tx, house, me, asked.ask, used[:5]), anew=True)


def offer(tx: Transaction, house: House, me: Person, ask: int, found: list[Sop], text: str) -> None:
    """Several SOPs, or none, were found for typed words."""
    _put(tx, me, _which(tx, house, me, ask, found, text))


def _which(tx: Transaction, house: House, me: Person, ask: int, offered: list[Sop], text: str = "") -> Screen:
    here = [] if text else _at_hand(tx, me)
    mine, waiting = tx.reports.count_of(me.id), report_cards.waiting(tx, house, me)
    return view.which_sop(house.words(me), house.pack, ask, here, offered, mine, waiting, text)


def _at_hand(tx: Transaction, me: Person) -> list[view.AtStep]:
    found = [run for one in tx.runs.open_of(me.id) if one.holder == me.id and (run := tx.runs.get(one.id))]
    return [
        view.AtStep(sop := tx.versions.sop(run.digest), sop.step(run.step), run.id, run.visit)
        for run in found[:MOST_AT_HAND]
        if run.step is not None
    ]


def begin(tx: Transaction, house: House, me: Person, sop_id: str) -> Answer:
    """An SOP was chosen for a report, from its card or from the list."""
    version = tx.versions.live_of(sop_id)
    if version is None:
        return Answer(house.words(me)("That SOP is not in use."), alert=True)
    ask_which_step(tx, house, me, version.sop)
    return Answer()


def ask_which_step(tx: Transaction, house: House, me: Person, sop: Sop) -> None:
    """Which step of it?"""
    asked = cards.ask(tx, house, me, q.WhichStep(sop.id, sop.digest))
    _put(tx, me, view.which_step(house.words(me), house.pack, asked.ask, sop, 0), anew=True)


def turn(tx: Transaction, house: House, me: Person, tap: r.Steps) -> Answer:
    """Another page of steps."""
    match me.asked:
        case Asked(ask=tap.ask, what=q.WhichStep(digest=digest)):
            _put(tx, me, view.which_step(house.words(me), house.pack, tap.ask, tx.versions.sop(digest), tap.page))
            return Answer()
        case _:
            return _closed(house, me)


def choose_step(tx: Transaction, house: House, me: Person, tap: r.StepIs) -> Answer:
    """The step was tapped, or the SOP as a whole."""
    match me.asked:
        case Asked(ask=tap.ask, what=q.WhichStep(digest=digest)) if tap.number <= len(tx.versions.sop(digest).steps):
            sop = tx.versions.sop(digest)
            ask_what_is_wrong(tx, house, me, sop, sop.steps[tap.number - 1].id if tap.number else None, anew=False)
            return Answer()
        case _:
            return _closed(house, me)


def ask_what_is_wrong(
    tx: Transaction,
    house: House,
    me: Person,
    sop: Sop,
    step: str | None = None,
    run: int | None = None,
    *,
    anew: bool = True,
) -> None:
    """What kind of fault is it?"""
    asked = _ask(tx, house, me, q.WhatIsWrong(sop.id, sop.digest, step, run))
    at = sop.step(step) if step else None
    _put(tx, me, view.what_is_wrong(house.words(me), house.pack, asked.ask, sop, at), anew=anew)


def _ask(tx: Transaction, house: House, me: Person, what: q.Question) -> Asked:
    """Go on from one question of a report to the next, on the same card; from any other question that one is left."""
    about_reports = me.asked is not None and isinstance(me.asked.what, report_cards.QUESTIONS)
    return tx.questions.ask(me.id, what) if about_reports else cards.ask(tx, house, me, what)


def leave(tx: Transaction, house: House, me: Person, ask: int) -> Answer:
    """The button that ends a report's question."""
    match me.asked:
        case Asked(ask=current, what=what) if current == ask and isinstance(what, report_cards.QUESTIONS):
            cards.leave(tx, house, me)
            return Answer()
        case _:
            return _closed(house, me)


# Making it


def fault(tx: Transaction, house: House, me: Person, tap: r.FaultIs) -> Answer:
    """The kind was tapped: the report is made, unless the same has been reported already."""
    match me.asked:
        case Asked(ask=tap.ask, what=q.WhatIsWrong() as what):
            kind = list(Fault)[tap.number] if tap.number < len(Fault) else Fault.OTHER
            make(tx, house, me, what, kind)
            return Answer()
        case _:
            return _closed(house, me)


def make(tx: Transaction, house: House, me: Person, about: q.WhatIsWrong, kind: Fault, *said: Said) -> None:
    """Keep a report with what was `said` in it; where this was reported already, ask first whether it is the same."""
    found = tx.reports.mine(me.id, about.sop, about.step) or tx.reports.alike(about.sop, about.step, kind)
    if found is None:
        _keep(tx, house, me, about, kind, said)
        return
    ask_whether_same(tx, house, me, q.Alike(about, kind, found.number, said))


def ask_whether_same(tx: Transaction, house: House, me: Person, what: q.Alike) -> None:
    """Is it what is reported already, by oneself or by others?"""
    asked, found, words = _ask(tx, house, me, what), _of(tx, what.number), house.words(me)
    if found.person == me.id:
        _put(tx, me, view.again(words, house.pack, asked.ask, report_cards.alone(tx, found)))
    else:
        _put(tx, me, view.join(words, house.pack, asked.ask, report_cards.shown(tx, _of(tx, found.lead))))


def same(tx: Transaction, house: House, me: Person, ask: int) -> Answer:
    """It is the same: one's own report gets more words, somebody else's one more reporter."""
    match me.asked:
        case Asked(ask=current, what=q.Alike() as what) if current == ask:
            found = tx.reports.get(what.number)
            assert found is not None
            if found.person == me.id:
                _let_add(tx, house, me, found, what.said)
            else:
                _keep(tx, house, me, what.about, what.fault, what.said, like=found)
            return Answer()
        case _:
            return _closed(house, me)


def another(tx: Transaction, house: House, me: Person, ask: int) -> Answer:
    """It is something else: a report of its own."""
    match me.asked:
        case Asked(ask=current, what=q.Alike() as what) if current == ask:
            _keep(tx, house, me, what.about, what.fault, what.said)
            return Answer()
        case _:
            return _closed(house, me)


def _keep(
    tx: Transaction,
    house: House,
    me: Person,
    about: q.WhatIsWrong,
    kind: Fault,
    said: tuple[Said, ...],
    like: Report | None = None,
) -> None:
    """Keep a report, tell those who may answer it, and ask for words. `like` says the same and stands for both."""
    sop = tx.versions.sop(about.digest)
    tx.journal.hold()  # `like` may just now be merged or answered by others
    due = tx.at + timedelta(days=house.settings.report_days)
    number = tx.reports.add(sop.id, sop.version, kind, me.id, step=about.step, run=about.run, due=due)
    where = Where(None, sop.id, sop.version, about.step, None, sop.unit)
    tx.reports.journalled(number, tx.journal.append(me.id, [Entry(Reported(number, kind, about.step), where)]))
    if like is None or not _join(tx, house, me, number, like, where):
        report_cards.await_answer(tx, house, [_of(tx, number)])
        report_cards.announce(tx, house, number, but=me.id)
    _let_add(tx, house, me, _of(tx, number), said, run=about.run)


def _join(tx: Transaction, house: House, me: Person, number: int, like: Report, where: Where) -> bool:
    """Let the report that says the same stand for the new one. False where that one is past its end by now."""
    lead = _of(tx, _of(tx, like.number).lead)
    if lead.standing not in PENDING or not tx.reports.merge(number, lead.number):
        return False
    tx.journal.append(me.id, [Entry(ReportMerged(number, lead.number), where)])
    report_cards.repaint_notices(tx, house, lead.number)
    if lead.answers:
        report_cards.tell_reporter(tx, house, number)
    return True


def _of(tx: Transaction, number: int) -> Report:
    found = tx.reports.get(number)
    assert found is not None
    return found


# Words


def add_to(tx: Transaction, house: House, me: Person, number: int) -> Answer:
    """The button that adds to one's own report."""
    found = tx.reports.get(number)
    if found is None or found.person != me.id or found.standing not in PENDING:
        return Answer(house.words(me)("Nothing can be added to that report any more."), alert=True)
    _let_add(tx, house, me, found, ())
    return Answer()


def _let_add(
    tx: Transaction, house: House, me: Person, mine: Report, said: tuple[Said, ...], run: int | None = None
) -> None:
    """Ask for words to a report of one's own; what was `said` before is kept in it, and words at its end are enough."""
    asked = _ask(tx, house, me, q.Wording(mine.number, mine.fault, mine.sop, run))
    for one in said:
        _write(tx, house, me, mine, one)
    if said and said[-1].file is None:
        _end(tx, house, me, mine.number, run)
    else:
        _ask_for_words(tx, house, me, asked.ask, mine)


def _ask_for_words(
    tx: Transaction, house: House, me: Person, ask: int, mine: Report, added: FileKind | None = None
) -> None:
    people = tx.reports.people([mine.lead])[mine.lead]
    _put(tx, me, view.reported(house.words(me), house.pack, ask, mine.number, people, added))


def explain(tx: Transaction, house: House, me: Person, said: Said) -> None:
    """Words, a photo or a voice note for the report that was just made. Words end it; after a file more may follow."""
    assert me.asked is not None and isinstance(me.asked.what, q.Wording)
    mine, run = _of(tx, me.asked.what.number), me.asked.what.run
    _write(tx, house, me, mine, said)
    if said.file is None:
        _end(tx, house, me, mine.number, run)
    else:
        _ask_for_words(tx, house, me, me.asked.ask, mine, said.file.attachment.kind)


def _write(tx: Transaction, house: House, me: Person, mine: Report, said: Said) -> None:
    """Keep what was said in a report, and pass it on."""
    number, file = mine.number, said.file
    if file is not None:
        tx.files.keep(file, me.id, report=number)
    explained = ReportExplained(number, said.text, file.attachment if file else None)
    tx.reports.write(number, Remark.SAID, tx.journal.append(me.id, [Entry(explained, _where(tx, mine))]))
    for other in report_cards.concerned(tx, house, report_cards.sop_of(tx, mine), but=me.id):
        letter = view.words_letter(house.words(other), number, _in_words(said), known(file))
        tx.letters.put(f"report:{number}:{said.message_id}:{other.id}", other.chat, letter)


def ask_wording(tx: Transaction, house: House, me: Person, number: int) -> Answer:
    """How should the SOP read? Asked where the reporter wants to say so."""
    found = tx.reports.get(number)
    if found is None or found.person != me.id or found.standing not in PENDING:
        return Answer(house.words(me)("Nothing can be added to that report any more."), alert=True)
    asked = _ask(tx, house, me, q.Rewording(number))
    step = report_cards.step_of(report_cards.sop_of(tx, found), found.step)
    _put(tx, me, view.how_should_it_read(house.words(me), house.pack, asked.ask, number, step))
    return Answer()


def reword(tx: Transaction, house: House, me: Person, number: int, text: str) -> None:
    """The new wording was typed."""
    mine = _of(tx, number)
    entry = Entry(ReportReworded(number, text), _where(tx, mine))
    seq = tx.journal.append(me.id, [entry])
    tx.reports.write(number, Remark.WORDING, seq)
    for other in report_cards.concerned(tx, house, report_cards.sop_of(tx, mine), but=me.id):
        letter = view.wording_letter(house.words(other), number, text)
        tx.letters.put(f"wording:{seq}:{other.id}", other.chat, letter)
    _end(tx, house, me, number, None)


def _end(tx: Transaction, house: House, me: Person, number: int, run_id: int | None) -> None:
    """The report is complete. What comes below the words is the card that is worked on: in a run that of the run."""
    tx.questions.drop(me.id)
    run = tx.runs.get(run_id) if run_id is not None else None
    if run is None or run.over:
        cards.draw_report(tx, house, me, number)
    else:
        cards.draw_report(tx, house, replace(me, seen_id=0), number)
        cards.show(tx, house, me, run, tx.versions.sop(run.digest))


def _where(tx: Transaction, one: Report) -> Where:
    return Where(None, one.sop, one.version, one.step, None, report_cards.sop_of(tx, one).unit)


def _in_words(said: Said) -> str:
    """The words of a message; of a location, which no letter carries, where it is."""
    return said.file.attachment.unique if said.file and said.file.form is None else said.text


def known(file: Incoming | None) -> Known | None:
    """A file as a letter can carry it."""
    return Known(file.form, file.file_id) if file is not None and file.form is not None else None
