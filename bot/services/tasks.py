"""/tugas: everything that waits for somebody, whatever it is about."""

from datetime import datetime
from typing import assert_never

from bot.engine.reports import Standing
from bot.engine.sop import Sop
from bot.services import cards
from bot.services.house import House
from bot.services.report_cards import step_of
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.storage.tasks import OfDraft, OfFollowUp, OfReport, OfReview, OfRun, OfVersion, Waits
from bot.views import approval, drafts, followups, reports, review
from bot.views import tasks as view
from bot.views.tasks import Task


def show(tx: Transaction, house: House, me: Person, page: int, *, anew: bool = False) -> None:
    """A page of what waits for somebody. Where it has emptied meanwhile, the first."""
    found, total = tx.tasks.of(me.id, page * view.PAGE, view.PAGE)
    if page and not total:
        show(tx, house, me, 0, anew=anew)
        return
    sops = tx.versions.sops(one.digest for one in found)
    listed = [_told(house, me, sops[one.digest], one, tx.at) for one in found]
    screen = view.tasks(house.words(me), house.pack, listed, total, page, tx.at)
    tx.cards.put(cards.MENU, me.chat, screen, seen_id=me.seen_id, anew=anew)


def _told(house: House, me: Person, sop: Sop, waits: Waits, now: datetime) -> Task:
    words, since = house.words(me), waits.since
    match waits.about:
        case OfRun(run):
            return view.run_task(words, sop, run, me.id, since)
        case OfFollowUp(seq, run, at, what):
            return followups.task(words, followups.Departed(seq, sop, run, what, at), since)
        case OfVersion(number):
            return approval.task(words, sop, number, since)
        case OfDraft(undecided):
            return drafts.task(words, sop, undecided, since)
        case OfReview(number, dates):
            return review.task(words, review.Listed(number, sop, dates), house.office.day(now), since)
        case OfReport(number, step, fault, people):
            listed = reports.Listed(number, sop, step_of(sop, step), fault, Standing.OPEN, people)
            return reports.task(words, listed, since)
        case other:
            assert_never(other)
