"""An author answers a report: everyone who made it hears it, and what is accepted waits for the next version."""

from collections.abc import Iterable
from datetime import timedelta

from bot.engine import questions as q
from bot.engine.errands import ErrandKind
from bot.engine.people import Role
from bot.engine.reports import ANSWERS, ReportAnswered, ReportMerged, ReportPublished, ReportReminded, Standing
from bot.engine.review import URGENT
from bot.engine.rights import Action
from bot.engine.sop import Sop
from bot.services import cards, lists, reminders, report_cards
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.digests import Notice
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.storage.reports import Report
from bot.views import report_taps as r
from bot.views import reports as view

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


def begin(tx: Transaction, house: House, me: Person, tap: r.AnswerIs) -> Answer:
    """The answer was tapped: with which words? Where somebody else was faster, theirs is shown."""
    lead = _answerable(tx, house, me, tap.number)
    if lead is None or tap.answer >= len(ANSWERS):
        return report_cards.refused(tx, house, me)
    if lead.answers != tap.answers or lead.merged_into is not None:
        return _too_late(tx, house, me, lead)
    asked = cards.ask(tx, house, me, q.Answering(lead.number, ANSWERS[tap.answer], lead.answers))
    shown = report_cards.shown(tx, lead)
    screen = view.answering(house.words(me), house.pack, asked.ask, shown, ANSWERS[tap.answer])
    tx.cards.put(cards.REPORT, me.chat, screen, seen_id=me.seen_id)
    return Answer()


def without_words(tx: Transaction, house: House, me: Person, ask: int) -> Answer:
    """The button that answers without words; a rejection has none."""
    match me.asked:
        case Asked(ask=current, what=q.Answering() as what) if (
            current == ask and what.standing is not Standing.REJECTED
        ):
            return give(tx, house, me, what, "")
        case _:
            return Answer(house.words(me)("That question is closed. Send /report to begin again."), alert=True)


def give(tx: Transaction, house: House, me: Person, what: q.Answering, text: str) -> Answer:
    """Answer a report with these words. Of two authors at once the first one's answer counts."""
    tx.journal.hold()  # first, as whoever merges reports does: or the two could wait for each other
    lead = _answerable(tx, house, me, what.number)
    tx.questions.drop(me.id)
    if lead is None:
        return report_cards.refused(tx, house, me)
    if not tx.reports.answer(lead.number, what.answers, what.standing, me.id):
        return _too_late(tx, house, me, lead)
    _tell_answer(tx, house, me, lead, what.standing, text)
    me = tx.people.get(me.id)
    said = house.words(me)("The answer is sent to everyone who reported it.")
    return report_cards.show(tx, house, me, lead.number, anew=False, said=said)


def settle(tx: Transaction, house: House, me: Person, lead: Report, standing: Standing, text: str) -> None:
    """Answer a report by what is done with it in a draft. Whoever calls holds the journal."""
    if tx.reports.answer(lead.number, lead.answers, standing, me.id):
        _tell_answer(tx, house, me, lead, standing, text)


def _tell_answer(tx: Transaction, house: House, me: Person, lead: Report, standing: Standing, text: str) -> None:
    answered = ReportAnswered(lead.number, lead.standing, standing, text)
    tx.errands.done(ErrandKind.REPORT, lead.number)
    tx.reports.answered(lead.number, tx.journal.append(me.id, [Entry(answered, _where(tx, lead))]))
    for one in tx.reports.group(lead.number):
        report_cards.tell_reporter(tx, house, one.number)
    report_cards.repaint_notices(tx, house, lead.number)
    reminders.repaint(tx, house, ErrandKind.REPORT, lead.number)


def _answerable(tx: Transaction, house: House, me: Person, number: int) -> Report | None:
    found = tx.reports.get(number)
    if found is None or not report_cards.may(tx, house, me, Action.ANSWER_REPORTS, report_cards.sop_of(tx, found)):
        return None
    return found


def _too_late(tx: Transaction, house: House, me: Person, lead: Report) -> Answer:
    """Somebody else was faster: what is true now is shown."""
    note = house.words(me)("That report has changed meanwhile. Please look at it as it is now.")
    report_cards.show(tx, house, me, lead.number, anew=False, said=note)
    return Answer(note, alert=True)


def _where(tx: Transaction, one: Report) -> Where:
    return Where(None, one.sop, one.version, one.step, None, report_cards.sop_of(tx, one).unit)


# Several that say the same


def merge(tx: Transaction, house: House, me: Person, number: int, into: int) -> Answer:
    """Let one report stand for another that says the same."""
    tx.journal.hold()  # another author may merge them the other way round
    one, other = _answerable(tx, house, me, number), _answerable(tx, house, me, into)
    if one is None or other is None or one.sop != other.sop:
        return report_cards.refused(tx, house, me)
    merged, past = tx.reports.group(number), other.standing is Standing.PUBLISHED or one.standing is not Standing.OPEN
    if past or not tx.reports.merge(number, into):
        return _too_late(tx, house, me, one)
    tx.errands.done(ErrandKind.REPORT, number)
    tx.journal.append(me.id, [Entry(ReportMerged(number, into), _where(tx, one))])
    if other.answers:
        for each in merged:
            report_cards.tell_reporter(tx, house, each.number)
    report_cards.repaint_notices(tx, house, into)
    reminders.repaint(tx, house, ErrandKind.REPORT, number)
    said = house.words(me)("Merged: {number} now stands for both.", number=into)
    return report_cards.show(tx, house, me, into, anew=False, said=said)


# A version that takes reports in


def publish(tx: Transaction, house: House, me: Person | None, sop: Sop, numbers: Iterable[int]) -> None:
    """A version comes out that takes these reports in: everyone who made one of them is told."""
    tx.journal.hold()
    for number in numbers:
        if tx.reports.publish(number, sop.version):
            where = Where(None, sop.id, sop.version, None, None, sop.unit)
            tx.journal.append(me.id if me else None, [Entry(ReportPublished(number, sop.version), where)])
            for one in tx.reports.group(number):
                to = tx.people.get(one.person)
                letter = view.published_letter(house.words(to), one.number, report_cards.alone(tx, one))
                tx.letters.put(f"published:{one.number}:{sop.version}", to.chat, letter)
            report_cards.repaint_notices(tx, house, number)


# A report that waits too long


def remind_one(tx: Transaction, house: House) -> bool:
    """Put one report that has no answer onto the lists of its authors, and a week later of those above them. True where
    there may be more. Where nobody wants to be told today, it waits until tomorrow."""
    due = tx.reports.next_due()
    if due is None:
        return False
    tx.journal.hold()  # first, as whoever answers does
    if not tx.reports.claim(due, tx.at + A_WEEK if due.reminder == 1 else None):
        return True
    lead = tx.reports.get(due.number)
    assert lead is not None
    told = _reminded(tx, house, report_cards.sop_of(tx, lead), due.reminder)
    if not told:
        tx.reports.postpone(due, tx.at + A_DAY)
        return True
    tx.journal.append(None, [Entry(ReportReminded(lead.number, due.reminder), _where(tx, lead))])
    report_cards.await_answer(tx, house, [lead])
    line = Notice(ErrandKind.REPORT, lead.number)
    lists.add(tx, house, dict.fromkeys([other.id for other in told], line), URGENT - 1)
    return True


def _reminded(tx: Transaction, house: House, sop: Sop, reminder: int) -> list[Person]:
    """Who hears the n-th reminder: the first of those who take each other's place of whom anybody wants to be told."""
    able = report_cards.concerned(tx, house, sop, but=0, roles=tuple(Role))
    hushed = tx.digests.hushed(one.id for one in able)
    return next(report_cards.asked([one for one in able if one.id not in hushed], reminder), [])
