"""SOP files become versions; a version goes on trial, comes into force, and is reviewed until another replaces it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.engine import review as r
from bot.engine.errands import ErrandKind
from bot.engine.people import Role
from bot.engine.review import Review, ReviewKind, Verdict
from bot.engine.sop import Child, Sop, Status
from bot.services import approval_card, deciders, feedback
from bot.services.house import House
from bot.services.people import tell
from bot.storage.database import Transaction
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.storage.reviews import Planned, When
from bot.views import menu as view

EARLY_DAYS = 14
"""Within these a review is due that opens early."""


class SameVersion(Exception):
    """A file has new content under the id and version of a version that has already been run."""


# Files


def load(tx: Transaction, house: House, sop: Sop, source: str | None = None) -> bool:
    """Take in an SOP as its file has it, which reads `source`. True where anything changed.

    The file's status counts only for the first version of an id that this database sees; every later one comes as a
    draft. Raises SameVersion where the content changed under a version that has been run."""
    known = tx.versions.digest_of(sop.id, sop.version)
    if known is not None:
        return known != sop.digest and _changed(tx, house, known, sop, source)
    status = Status.DRAFT if tx.versions.knows(sop.id) else sop.status
    tx.versions.keep(sop, status, None, tx.at, source)
    tx.journal.append(None, [Entry(r.VersionLoaded(status, sop.digest), where(sop))])
    today = house.office.day(tx.at)
    match status:
        case Status.TRIAL:
            begin_trial(tx, house, sop, sop.dates.trial or today, None)
        case Status.IN_FORCE:
            since = sop.dates.effective or today
            _plan(tx, house, sop, since, r.regular_reviews(house.intervals(sop), since, since))
        case Status.DRAFT:
            _announce_draft(tx, house, sop)
        case Status.SUPERSEDED | Status.WITHDRAWN:
            pass
    return True


def plan_missing(tx: Transaction, house: House) -> None:
    """Plan the reviews of every version that is in use and has none, as an older release left it. What should have been
    looked at by now is late, and is spoken of once."""
    tx.journal.hold()  # another process that begins at the same moment does the same
    planned = {one.digest for one in tx.reviews.open()}
    for one in tx.versions.in_state((Status.TRIAL, Status.IN_FORCE)):
        if one.sop.digest in planned:
            continue
        loaded = house.office.day(one.loaded_at)
        if one.status is Status.TRIAL:
            begun = one.trial_from or loaded
            _plan(tx, house, one.sop, begun, [r.trial_review(house.intervals(one.sop), begun)])
        else:
            since = one.sop.dates.effective or loaded
            _plan(tx, house, one.sop, since, r.regular_reviews(house.intervals(one.sop), since, since))


def _announce_draft(tx: Transaction, house: House, sop: Sop) -> None:
    for other in tell(tx, house, (Role.ADMIN, Role.AUTHOR), but=0):
        screen = view.new_version(house.words(other), house.pack, sop, Status.DRAFT)
        tx.cards.put(f"version:{sop.digest}", other.chat, screen, seen_id=other.seen_id)


def _changed(tx: Transaction, house: House, known: str, sop: Sop, source: str | None) -> bool:
    if tx.versions.has_run(known) or tx.approvals.froze(known):
        raise SameVersion(sop.id)
    approval_card.changes(tx, house, known)
    before = tx.versions.of(known)
    tx.versions.replace(known, sop, source)
    if before is not None and before.status is Status.WITHDRAWN:  # whoever gave it up goes on with its file
        stand(tx, sop, Status.DRAFT, None)
        _announce_draft(tx, house, sop)
    tx.reviews.follow(known, sop.digest)
    tx.drafts.follow(known, sop.digest)
    tx.journal.append(None, [Entry(r.VersionLoaded(sop.status, sop.digest), where(sop))])
    _follow_intervals(tx, house, sop)
    for planned in _undecided(tx, sop):
        deciders.entrust(tx, house, planned.id)
    return True


def follow_office(tx: Transaction, house: House) -> None:
    """The office may count other intervals now: what is still to be decided is planned by them."""
    tx.journal.hold()  # another process that begins at the same moment does the same
    for digest in {one.digest for one in tx.reviews.open()}:
        _follow_intervals(tx, house, tx.versions.sop(digest))


def _follow_intervals(tx: Transaction, house: House, sop: Sop) -> None:
    """What was planned of a version by other intervals is planned anew, but what was put off or comes early by
    somebody's word."""
    known = {one.kind: one for one in _undecided(tx, sop)}
    wanted = _by_intervals(tx, house, sop, known)
    for kind, planned in known.items():
        if planned.dates.put_off or _comes_early(tx, house, planned):
            continue
        if kind not in wanted:
            _drop(tx, planned.id)
        elif _differs(tx, house, sop, planned, wanted[kind]):
            _plan_anew(tx, house, sop, planned, replace(wanted[kind], round=planned.dates.round + 1))
    since = max((one.since for one in known.values()), default=None)
    if since is not None:
        _plan(tx, house, sop, since, [review for kind, review in wanted.items() if kind not in known])


def _by_intervals(
    tx: Transaction, house: House, sop: Sop, known: Mapping[ReviewKind, Planned]
) -> Mapping[ReviewKind, Review]:
    """What there is to decide of a version, by the intervals that count now."""
    count = house.intervals(sop)
    found = []
    for kind, planned in known.items():
        match kind:
            case ReviewKind.TRIAL:
                found.append(r.trial_review(count, planned.since))
            case ReviewKind.REVISION:
                found.append(r.revision(count, planned.since))
            case ReviewKind.EVALUATION:
                found += r.regular_reviews(count, planned.since, _looked_at(tx, house, sop, planned.since))
            case ReviewKind.MONITORING:
                pass  # beside its evaluation
    return {one.kind: one for one in found}


def _looked_at(tx: Transaction, house: House, sop: Sop, evaluated: date) -> date:
    """The day on which somebody decided of an SOP in force last, else since when it is."""
    monitored = [one for one in tx.reviews.all_of(sop.digest) if one.kind is ReviewKind.MONITORING]
    days = [house.office.day(one.decided_at) for one in monitored if one.decided_at is not None and one.verdict]
    return max([evaluated, *days])


def _comes_early(tx: Transaction, house: House, planned: Planned) -> bool:
    """Whether a change that was announced has brought a review forward."""
    begun = house.office.start_of(planned.since)
    changed = {house.office.day(one.at) for one in tx.reviews.changes(planned.sop, begun)}
    return planned.dates.round > 1 and planned.dates.opens in changed


def _differs(tx: Transaction, house: House, sop: Sop, planned: Planned, wanted: Review) -> bool:
    """Whether a review comes, or is reminded of from tomorrow on, otherwise than it is planned."""
    if (wanted.opens, wanted.due) != (planned.dates.opens, planned.due):
        return True
    tomorrow = house.office.start_of(_tomorrow(tx, house))
    moments = r.until_late(planned.dates, planned.since, house.office, house.intervals(sop).remind)
    coming = {moment for moment, at in moments if at >= tomorrow and not moment.week}
    return coming != {moment for moment, at in tx.reviews.untold(planned.id) if at >= tomorrow and not moment.week}


def _plan_anew(tx: Transaction, house: House, sop: Sop, planned: Planned, dates: Review) -> None:
    """Plan a review by other intervals. What was due and nobody was told of yet, as after a downtime, is told still."""
    tomorrow = house.office.start_of(_tomorrow(tx, house))
    owed = [one for one in tx.reviews.untold(planned.id) if one[1] < tomorrow]
    remind = house.intervals(sop).remind
    moments = r.set_anew(dates, planned.since, house.office, remind, tomorrow, owed=bool(owed))
    if owed and (dates.opens, dates.due) == (planned.dates.opens, planned.due):
        moments = (owed[-1], *(one for one in moments if one[1] >= tomorrow))
    _set(tx, house, planned, dates, moments, None)


def where(sop: Sop) -> Where:
    """What an entry about a version is about."""
    return Where(None, sop.id, sop.version, None, None, sop.unit)


# The life of a version


def begin_trial(tx: Transaction, house: House, sop: Sop, start: date, person: int | None) -> None:
    """Put a version on trial. One that was on trial before it ends there; one in force stays so until the decision."""
    _tell_raters(tx, house, sop)
    for before in tx.versions.all_of(sop.id):
        if before.status is Status.TRIAL and before.sop.digest != sop.digest:
            _replace(tx, before.sop, person)
    review = r.trial_review(house.intervals(sop), start)
    tx.versions.move(sop.digest, Status.TRIAL, start)
    _end_draft(tx, sop)
    tx.journal.append(person, [Entry(r.TrialStarted(start, review.opens, review.due), where(sop))])
    _plan(tx, house, sop, start, [review])


def put_in_force(tx: Transaction, house: House, sop: Sop, person: int | None) -> None:
    """From today on this version is the one that counts; whatever was in use of its SOP before it is superseded."""
    _tell_raters(tx, house, sop)
    for before in tx.versions.all_of(sop.id):
        if before.status in (Status.IN_FORCE, Status.TRIAL) and before.sop.digest != sop.digest:
            _replace(tx, before.sop, person)
    stand(tx, sop, Status.IN_FORCE, person)
    _end_draft(tx, sop)
    _close(tx, sop)
    today = house.office.day(tx.at)
    _plan(tx, house, sop, today, r.regular_reviews(house.intervals(sop), today, today))


def _end_draft(tx: Transaction, sop: Sop) -> None:
    """The version is a draft no more."""
    for number in tx.drafts.close(sop.digest):
        tx.errands.done(ErrandKind.DRAFT, number)


def end_revision(tx: Transaction, sop_id: str) -> None:
    """The version that a revision asked for is there: nobody is reminded of it any more."""
    for one in tx.reviews.open():
        if one.kind is ReviewKind.REVISION and one.sop == sop_id:
            _drop(tx, one.id)


def open_now(tx: Transaction, house: House, sop: Sop, person: int) -> None:
    """Something changed that the SOP relies on: its next review opens today, and is due within two weeks."""
    today = house.office.day(tx.at)
    waiting = [one for one in _undecided(tx, sop) if one.kind is not ReviewKind.REVISION]
    for one in sorted(waiting, key=lambda each: each.due)[:1]:
        if one.dates.opens > today:
            due = min(one.due, date.fromordinal(today.toordinal() + EARLY_DAYS))
            _move(tx, house, one, replace(one.dates, opens=today, due=due, round=one.dates.round + 1), person)


def _tell_raters(tx: Transaction, house: House, sop: Sop) -> None:
    """Whoever said what they think of the versions that were in use until now hears that another begins."""
    used = [one.sop.digest for one in tx.versions.all_of(sop.id) if one.status in (Status.IN_FORCE, Status.TRIAL)]
    feedback.tell_version(tx, house, sop, [digest for digest in used if digest != sop.digest])


def _replace(tx: Transaction, sop: Sop, person: int | None) -> None:
    stand(tx, sop, Status.SUPERSEDED, person)
    _close(tx, sop)


def _withdraw(tx: Transaction, house: House, sop: Sop, person: int) -> None:
    """Nobody starts this version any more; where one is in force beside it, that one serves again, where none is,
    whoever looks after an SOP that runs it hears of it."""
    stand(tx, sop, Status.WITHDRAWN, person)
    _close(tx, sop)
    if tx.versions.live_of(sop.id) is not None:
        return
    for parent in tx.versions.live():
        step = next((one for one in parent.sop.steps if isinstance(one.does, Child) and one.does.sop == sop.id), None)
        if step is not None:
            for other in tx.people.some(deciders.owners(tx, house, parent.sop)):
                letter = view.runs_withdrawn(house.words(other), house.pack, parent.sop, step, sop)
                tx.letters.put(f"withdrawn:{sop.digest}:{parent.sop.digest}:{other.id}", other.chat, letter)


def _close(tx: Transaction, sop: Sop) -> None:
    """Nothing is left to decide of a version."""
    for one in _undecided(tx, sop):
        tx.errands.done(ErrandKind.REVIEW, one.id)
    tx.reviews.close(sop.digest)


def _drop(tx: Transaction, review: int) -> None:
    tx.errands.done(ErrandKind.REVIEW, review)
    tx.reviews.drop(review)


def stand(tx: Transaction, sop: Sop, status: Status, person: int | None) -> None:
    """From now on a version stands so."""
    known = tx.versions.of(sop.digest)
    assert known is not None
    tx.versions.move(sop.digest, status, known.trial_from)
    tx.journal.append(person, [Entry(r.StatusChanged(status), where(sop))])


def _plan(tx: Transaction, house: House, sop: Sop, since: date, reviews: Iterable[Review]) -> None:
    for review in reviews:
        moments = r.until_late(review, since, house.office, house.intervals(sop).remind)
        number = tx.reviews.plan(sop.id, sop.digest, since, review, moments)
        entry = Entry(r.ReviewPlanned(number, review.kind, review.opens, review.due), where(sop))
        tx.journal.append(None, [entry])
        if review.opens <= house.office.day(tx.at):
            deciders.entrust(tx, house, number)


def _move(tx: Transaction, house: House, planned: Planned, dates: Review, person: int | None) -> bool:
    """Set a review's dates anew. What lies before tomorrow is not spoken of again."""
    remind = house.intervals(tx.versions.sop(planned.digest)).remind
    moments = r.until_late(dates, _tomorrow(tx, house), house.office, remind)
    return _set(tx, house, planned, dates, moments, person)


def _set(
    tx: Transaction, house: House, planned: Planned, dates: Review, moments: Sequence[When], person: int | None
) -> bool:
    if not tx.reviews.move(planned.id, planned.dates.round, dates, moments):
        return False
    sop = tx.versions.sop(planned.digest)
    moved = Entry(r.ReviewPlanned(planned.id, dates.kind, dates.opens, dates.due), where(sop))
    tx.journal.append(person, [moved])
    deciders.entrust(tx, house, planned.id)
    return True


def _tomorrow(tx: Transaction, house: House) -> date:
    return date.fromordinal(house.office.day(tx.at).toordinal() + 1)


# The decision


def decide(tx: Transaction, house: House, me: Person, planned: Planned, judging: r.Judging) -> bool:
    """Do what was decided of a review. False where somebody else was faster."""
    assert judging.ground is not None
    tx.journal.hold()  # first, as whatever reminds of reviews does
    today, sop = house.office.day(tx.at), tx.versions.sop(planned.digest)
    if judging.verdict is Verdict.POSTPONE:
        decided = _move(tx, house, planned, r.put_off(planned.dates, today), me.id)
    else:
        told = judging.verdict, judging.ground, judging.answers
        decided = tx.reviews.decide(planned.id, judging.round, me.id, *told)
    if decided:
        event = r.Decided(planned.id, judging.verdict, judging.ground, judging.words, judging.action, judging.answers)
        seq = tx.journal.append(me.id, [Entry(event, where(sop))])
        deciders.entrust(tx, house, planned.id)
        if judging.words or judging.action:
            tx.reviews.add_word(planned.id, seq, me.id)
        _follow(tx, house, me, planned, judging.verdict, sop)
    return decided


def _follow(tx: Transaction, house: House, me: Person, planned: Planned, verdict: Verdict, sop: Sop) -> None:
    """What a decision brings."""
    today = house.office.day(tx.at)
    match verdict:
        case Verdict.POSTPONE:
            return
        case Verdict.IN_FORCE:
            put_in_force(tx, house, sop, me.id)
            return
        case Verdict.WITHDRAW:
            _withdraw(tx, house, sop, me.id)
            return
        case Verdict.REVISE:
            if not any(one.kind is ReviewKind.REVISION for one in _undecided(tx, sop)):
                _plan(tx, house, sop, today, [r.revision(house.intervals(sop), today)])
        case Verdict.WELL | Verdict.BADLY | Verdict.KEEP:
            pass
    _plan_next(tx, house, planned.kind, sop, today)


def _plan_next(tx: Transaction, house: House, held: ReviewKind, sop: Sop, today: date) -> None:
    """The next review of an SOP in force. An evaluation begins both anew; after a monitoring the evaluation stays."""
    match held:
        case ReviewKind.MONITORING:
            whole = next(one for one in _undecided(tx, sop) if one.kind is ReviewKind.EVALUATION)
            coming = r.regular_reviews(house.intervals(sop), whole.since, today)
            _plan(tx, house, sop, today, [one for one in coming if one.kind is ReviewKind.MONITORING])
        case ReviewKind.EVALUATION:
            for one in _undecided(tx, sop):
                if one.kind is ReviewKind.MONITORING:
                    _drop(tx, one.id)
            _plan(tx, house, sop, today, r.regular_reviews(house.intervals(sop), today, today))
        case ReviewKind.TRIAL | ReviewKind.REVISION:
            pass


def _undecided(tx: Transaction, sop: Sop) -> list[Planned]:
    return [one for one in tx.reviews.all_of(sop.digest) if one.decided_at is None]
