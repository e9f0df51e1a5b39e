"""What a tap on the cards of reports asks of which service."""

from typing import assert_never

from bot.services import answers, cards, report_cards, reports
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views import report_taps as r


def press(tx: Transaction, house: House, me: Person, tap: r.ReportTap, message_id: int | None) -> Answer:
    """A tap: one effect, or a polite true answer."""
    # from a notice or an SOP's card it comes below, where the finger is, and not into a card far above
    anew = not tx.cards.is_in(cards.REPORT, me.chat, message_id)
    match tap:
        case r.Report(sop=sop):
            return reports.begin(tx, house, me, sop)
        case r.Steps():
            return reports.turn(tx, house, me, tap)
        case r.StepIs():
            return reports.choose_step(tx, house, me, tap)
        case r.FaultIs():
            return reports.fault(tx, house, me, tap)
        case r.Same(ask=ask):
            return reports.same(tx, house, me, ask)
        case r.Another(ask=ask):
            return reports.another(tx, house, me, ask)
        case r.Leave(ask=ask):
            return reports.leave(tx, house, me, ask)
        case r.Add(number=number):
            return reports.add_to(tx, house, me, number)
        case r.Reword(number=number):
            return reports.ask_wording(tx, house, me, number)
        case r.Mine(page=page):
            report_cards.show_mine(tx, house, me, page, anew=anew)
        case r.Reports(page=page):
            report_cards.show_incoming(tx, house, me, page, anew=anew)
        case r.ReportsOf(sop=sop, page=page):
            return report_cards.show_of_sop(tx, house, me, sop, page, anew=anew)
        case r.ShowReport(number=number):
            return report_cards.show(tx, house, me, number, anew=anew)
        case r.SendReportFiles(number=number):
            return report_cards.send_files(tx, house, me, number)
        case r.AnswerIs():
            return answers.begin(tx, house, me, tap)
        case r.NoWords(ask=ask):
            return answers.without_words(tx, house, me, ask)
        case r.Merge(number=number, into=into):
            return answers.merge(tx, house, me, number, into)
        case _:
            assert_never(tap)
    return Answer()
