"""SOP files become versions; a trial brings its review, and a review its reminders."""

from datetime import date

from bot.engine import questions as q
from bot.engine.people import REVIEWERS, Role
from bot.engine.review import (
    USUAL_TRIAL,
    Moment,
    Reminded,
    TrialStarted,
    VersionLoaded,
    moments,
    trial_review,
    worth_sending,
)
from bot.engine.sop import Sop, Status
from bot.services import cards, menu
from bot.services.house import Answer, House
from bot.services.people import tell
from bot.storage.database import Transaction
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import menu as view
from bot.views import taps as t


class SameVersion(Exception):
    """A file has new content under the id and version of a version that has already been run."""


def load(tx: Transaction, house: House, sop: Sop) -> bool:
    """Take in an SOP as its file has it. True where anything changed.

    The file's status counts only for the first version of an id that this database sees; every later one comes as a
    draft. Raises SameVersion where the content changed under a version that has been run."""
    known = tx.versions.digest_of(sop.id, sop.version)
    if known is not None:
        return known != sop.digest and _changed(tx, known, sop)
    status = Status.DRAFT if tx.versions.knows(sop.id) else sop.status
    tx.versions.keep(sop, status, None, tx.at)
    tx.journal.append(None, [Entry(VersionLoaded(status, sop.digest), _where(sop))])
    if status is Status.TRIAL:
        _begin_trial(tx, house, sop, sop.dates.trial or house.office.day(tx.at), None)
    if status is Status.DRAFT:
        for other in tell(tx, house, (Role.ADMIN, Role.AUTHOR), but=0):
            screen = view.new_version(house.words(other), house.pack, sop, status)
            tx.cards.put(f"version:{sop.digest}", other.chat, screen, seen_id=other.seen_id)
    return True


def _changed(tx: Transaction, known: str, sop: Sop) -> bool:
    if tx.versions.has_run(known):
        raise SameVersion(sop.id)
    tx.versions.replace(known, sop)
    tx.reviews.follow(known, sop.digest)
    tx.journal.append(None, [Entry(VersionLoaded(sop.status, sop.digest), _where(sop))])
    return True


def _where(sop: Sop) -> Where:
    return Where(None, sop.id, sop.version, None, None, sop.unit)


def _begin_trial(tx: Transaction, house: House, sop: Sop, start: date, person: int | None) -> None:
    """Put a version on trial. One that was on trial before it ends there; one in force stays so until the decision."""
    for before in tx.versions.all_of(sop.id):
        if before.status is Status.TRIAL and before.sop.digest != sop.digest:
            tx.versions.move(before.sop.digest, Status.SUPERSEDED, before.trial_from)
            tx.reviews.close(before.sop.digest)
    review = trial_review(sop, start)
    tx.versions.move(sop.digest, Status.TRIAL, start)
    tx.reviews.plan(sop.id, sop.digest, review, moments(review, start, house.office))
    tx.journal.append(person, [Entry(TrialStarted(start, review.opens, review.due), _where(sop))])


def start_trial(tx: Transaction, house: House, me: Person, tap: t.StartTrial) -> Answer:
    """An admin or author puts a draft on trial, from its card."""
    words = house.words(me)
    draft = tx.versions.draft_of(tap.sop)
    match me.asked:
        case Asked(ask=tap.ask, what=q.Looking(sop=tap.sop)) if draft is not None:
            _begin_trial(tx, house, draft.sop, house.office.day(tx.at), me.id)
            menu.show_sop(tx, house, me, tap.sop)
            return Answer(words("The trial has begun."))
        case _:
            menu.show_sop(tx, house, me, tap.sop)
            return Answer(words("That card was old. Please look at the new one."), alert=True)


def fire_one(tx: Transaction, house: House) -> bool:
    """Remind of one review whose moment has come. True where there may be more.

    The claim and the messages are one transaction: after a downtime only the latest moment is still sent, and none
    is sent twice, whoever else looks at the same rows."""
    due = tx.reviews.claim_due()
    if due is None:
        return False
    moment = worth_sending(due.moments)
    sop = tx.versions.sop(due.digest)
    tx.journal.append(None, [Entry(Reminded(due.review, moment), _where(sop))])
    runs, performers = tx.runs.completed(due.digest)
    rule = sop.review.trial or USUAL_TRIAL
    seen = view.Evidence(runs, performers, rule.runs, rule.performers)
    for other in tell(tx, house, REVIEWERS, but=0):
        _remind(tx, house, other, sop, moment, due.review, due.due, seen)
    return True


def _remind(
    tx: Transaction, house: House, to: Person, sop: Sop, moment: Moment, review: int, due: date, seen: view.Evidence
) -> None:
    today = house.office.day(tx.at)
    screen = view.reminder(house.words(to), house.pack, sop, moment, due, today, seen)
    # it has a button, so it is a card; its subject makes it one message however often it is put
    tx.cards.put(f"review:{review}:{moment.value}", to.chat, screen, seen_id=to.seen_id)


def show_all(tx: Transaction, house: House, me: Person) -> None:
    """/tinjauan: the SOPs whose review is to come, the next one first."""
    listed = [(tx.versions.sop(one.digest), one.opens, one.due) for one in tx.reviews.open()]
    today = house.office.day(tx.at)
    screen = view.reviews(house.words(me), house.pack, listed, today)
    tx.cards.put(cards.MENU, me.chat, screen, seen_id=me.seen_id, anew=True)
