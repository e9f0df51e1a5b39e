"""/tinjauan: the reviews that are to come, the card of each, what the team says to it, and its decision."""

from collections.abc import Sequence
from dataclasses import replace

from bot.engine import review as r
from bot.engine.errands import ErrandKind
from bot.engine.messages import Said
from bot.engine.review import Ground, Judging, Lacks, Remarking, Verdict
from bot.engine.rights import About, Action
from bot.engine.sop import Sop
from bot.services import cards, deciders, drafts, feedback, papers, reminders, reviews
from bot.services import review_evidence as evidence
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.journal import Entry
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.storage.reviews import Planned
from bot.storage.runs import Completed
from bot.views import review as view
from bot.views import review_taps as v
from bot.views.dates import calendar_of
from bot.views.papers import Form
from bot.views.review_evidence import RunsBehind, step_at, worst
from bot.views.review_evidence import runs as draw_runs

LONGEST = 1000
"""Characters of what is said in a review that are kept."""


# Lists


def show_all(tx: Transaction, house: House, me: Person, page: int = 0) -> None:
    """The reviews that are to come, the next one first."""
    screen = view.reviews(house.words(me), house.pack, _listed(tx), page, house.office.day(tx.at))
    tx.cards.put(cards.MENU, me.chat, screen, seen_id=me.seen_id, anew=page == 0)


def turn(tx: Transaction, house: House, me: Person, page: int, message_id: int | None) -> None:
    """Another page of it, where it stands; from elsewhere it comes below."""
    here = tx.cards.is_in(cards.MENU, me.chat, message_id)
    screen = view.reviews(house.words(me), house.pack, _listed(tx), page, house.office.day(tx.at))
    tx.cards.put(cards.MENU, me.chat, screen, seen_id=me.seen_id, anew=not here)


def send_dates(tx: Transaction, house: House, me: Person) -> Answer:
    """The same as a calendar file; tapped twice in a minute it comes once."""
    listed, words = _listed(tx), house.words(me)
    letter = view.dates_letter(words, calendar_of(words, listed, tx.at, house.bot or "pandu"), len(listed))
    tx.letters.put(f"dates:{me.id}:{tx.at:%Y%m%d%H%M}", me.chat, letter, must=False)
    return Answer(words("The file follows below."))


def _listed(tx: Transaction) -> list[view.Listed]:
    return [view.Listed(one.id, tx.versions.sop(one.digest), one.dates) for one in tx.reviews.open()]


# The card


def show(tx: Transaction, house: House, me: Person, review: int, said: str = "", *, anew: bool = False) -> Answer:
    """The card of a review as it is now. What it rests on is for the SOP's team and who sees figures of its unit."""
    try:
        planned = tx.reviews.get(review)
    except LookupError:
        return Answer(house.words(me)("That card was old. Please look at the new one."), alert=True)
    sop = tx.versions.sop(planned.digest)
    version = tx.versions.of(planned.digest)
    assert version is not None
    completed = evidence.completed(tx, house, planned)
    is_of_team = _is_of_team(tx, house, me, sop, completed)
    about = About(unit=house.units.titled(sop.unit))
    sees = is_of_team or house.allows(me, Action.SEE_FIGURES, about)
    card = view.ReviewCard(
        id=planned.id,
        sop=sop,
        status=version.status,
        since=planned.since,
        dates=planned.dates,
        count=house.intervals(sop),
        today=house.office.day(tx.at),
        evidence=evidence.of_review(tx, house, planned, sop) if sees else None,
        remarks=_remarks(tx, planned) if sees else (),
        offered=_offered(tx, house, me, planned, sop),
        is_of_team=is_of_team,
        outcome=_outcome(tx, house, planned),
        said=said,
    )
    screen = view.review_card(house.words(me), house.pack, card)
    tx.cards.put(cards.REVIEW, me.chat, screen, seen_id=me.seen_id, anew=anew)
    return Answer()


def runs(tx: Transaction, house: House, me: Person, tap: v.RunsBehind) -> Answer:
    """The runs behind the numbers of the card, for those of the SOP's team."""
    planned = _of_team(tx, house, me, tap.review)
    if planned is None:
        return _not_of_team(house, me)
    sop = tx.versions.sop(planned.digest)
    step = step_at(sop, tap.place)
    count, found = evidence.runs(tx, house, planned, step, tap.page)
    figures = evidence.figures(tx, house, planned)
    listed = RunsBehind(planned.id, sop, worst(sop, figures), step, tap.page, count, found)
    tx.cards.put(cards.REVIEW, me.chat, draw_runs(house.words(me), house.pack, listed, tx.at), seen_id=me.seen_id)
    return Answer()


def paper(tx: Transaction, house: House, me: Person, tap: v.ReviewPaper) -> Answer:
    """The form that belongs to a review, for those of the SOP's team. Raises Inquiry, since it takes long to make."""
    planned = _of_team(tx, house, me, tap.review)
    if planned is None:
        return _not_of_team(house, me)
    raise papers.of_review(house, me, planned, Form.SHEET if tap.sheet else Form.PDF)


def _of_team(tx: Transaction, house: House, me: Person, review: int) -> Planned | None:
    """A review of an SOP with which I work."""
    planned = next(iter(tx.reviews.some([review])), None)
    if planned is None:
        return None
    sop, found = tx.versions.sop(planned.digest), evidence.completed(tx, house, planned)
    return planned if _is_of_team(tx, house, me, sop, found) else None


def _not_of_team(house: House, me: Person) -> Answer:
    return Answer(house.words(me)("Only those who work with this SOP see what its review rests on."), alert=True)


def _remarks(tx: Transaction, planned: Planned) -> list[view.Remark]:
    said = tx.reviews.words(planned.id)
    called = {one.id: one.name for one in tx.people.some({word.person for word in said})}
    return [view.Remark(called.get(word.person, ""), word.text) for word in said]


def _outcome(tx: Transaction, house: House, planned: Planned) -> view.Outcome | None:
    if planned.decided_at is None:
        return None
    name = tx.people.get(planned.decided_by).name if planned.decided_by is not None else ""
    return view.Outcome(planned.verdict, planned.ground, name, house.office.day(planned.decided_at))


def _offered(tx: Transaction, house: House, me: Person, planned: Planned, sop: Sop) -> tuple[Verdict, ...]:
    """What I may decide of a review today."""
    version = tx.versions.of(planned.digest)
    mine = version is not None and me.id in deciders.deciding(tx, house, planned, sop)
    return r.verdicts(planned.dates, version.status) if version and mine else ()


def _is_of_team(tx: Transaction, house: House, me: Person, sop: Sop, completed: Sequence[Completed]) -> bool:
    """Whether I am of the SOP's team: its author, supervisor or manager, or one of those who ran it."""
    found = deciders.seated(tx, house, sop)
    return any(me.id in people for people in found.values()) or me.id in evidence.performers(completed)


# What the team says


def remark(tx: Transaction, house: House, me: Person, review: int) -> Answer:
    """Somebody of the team wants to add their word."""
    planned = _open(tx, review)
    if planned is None:
        return show(tx, house, me, review)
    sop = tx.versions.sop(planned.digest)
    if not _is_of_team(tx, house, me, sop, evidence.completed(tx, house, planned)):
        return Answer(house.words(me)("Only those who work with this SOP add to its review."), alert=True)
    asked = cards.ask(tx, house, me, Remarking(review))
    screen = view.remarking(house.words(me), house.pack, asked.ask, sop, planned.dates)
    tx.cards.put(cards.REVIEW, me.chat, screen, seen_id=me.seen_id)
    return Answer()


def _open(tx: Transaction, review: int) -> Planned | None:
    found = next(iter(tx.reviews.some([review])), None)
    return found if found is not None and found.decided_at is None else None


# The decision


def begin(tx: Transaction, house: House, me: Person, tap: v.Decide) -> Answer:
    """One of what can be decided was tapped."""
    planned = _open(tx, tap.review)
    if planned is None or planned.dates.round != tap.round:
        show(tx, house, me, tap.review)
        return Answer(house.words(me)("That was decided meanwhile."), alert=True)
    offered = _offered(tx, house, me, planned, tx.versions.sop(planned.digest))
    if tap.number >= len(offered):
        show(tx, house, me, tap.review)
        return Answer(house.words(me)("That is not yours to decide now."), alert=True)
    asked = cards.ask(tx, house, me, Judging(planned.id, planned.dates.round, offered[tap.number]))
    return _go_on(tx, house, me, asked)


def answer(tx: Transaction, house: House, me: Person, tap: v.AnswerOne) -> Answer:
    """Yes or no to a question of an evaluation. A second tap on the same one changes nothing."""
    match me.asked:
        case Asked(ask=tap.ask, what=Judging(answers=answers) as judging) if len(answers) == tap.place:
            after = tx.questions.go_on(me.id, me.asked, replace(judging, answers=(*answers, tap.yes)))
            return _go_on(tx, house, me, after)
        case Asked(ask=tap.ask, what=Judging(answers=answers)) if len(answers) > tap.place:
            return Answer()
        case _:
            return _old(house, me)


def ground(tx: Transaction, house: House, me: Person, tap: v.Grounded) -> Answer:
    """The n-th of the reasons that are offered."""
    match me.asked:
        case Asked(ask=tap.ask, what=Judging(ground=None) as judging) if tap.number < len(r.GROUNDS[judging.verdict]):
            grounded = replace(judging, ground=r.GROUNDS[judging.verdict][tap.number])
            return _go_on(tx, house, me, tx.questions.go_on(me.id, me.asked, grounded))
        case Asked(ask=tap.ask, what=Judging()):
            return Answer()
        case _:
            return _old(house, me)


def leave(tx: Transaction, house: House, me: Person, ask: int) -> Answer:
    """Back to the card, without deciding anything."""
    match me.asked:
        case Asked(ask=current, what=Judging(review=review) | Remarking(review=review)) if current == ask:
            tx.questions.drop(me.id)
            return show(tx, house, me, review)
        case _:
            return _old(house, me)


def _old(house: House, me: Person) -> Answer:
    return Answer(house.words(me)("That card was old. Please look at the new one."), alert=True)


def hear(tx: Transaction, house: House, me: Person, asked: Asked, said: Said) -> None:
    """What was typed: one's word, a reason of one's own, or what is to be done."""
    text = said.text[:LONGEST]
    match asked.what:
        case Remarking(review=review) if text:
            tx.questions.drop(me.id)
            _keep(tx, house, me, review, text)
        case Judging(ground=None) as judging if text and _lacks(tx, judging) is Lacks.GROUND:
            grounded = replace(judging, ground=Ground.OWN, words=text)
            _go_on(tx, house, me, tx.questions.go_on(me.id, asked, grounded))
        case Judging() as judging if text and _lacks(tx, judging) is Lacks.ACTION:
            _go_on(tx, house, me, tx.questions.go_on(me.id, asked, replace(judging, action=text)))
        case _:
            _go_on(tx, house, me, asked)


def _lacks(tx: Transaction, judging: Judging) -> Lacks | None:
    return r.lacks(tx.reviews.get(judging.review).kind, judging)


def _keep(tx: Transaction, house: House, me: Person, review: int, text: str) -> None:
    """Keep a word in the review that it was for; where that is decided by now, in the next one of the SOP."""
    words, planned = house.words(me), tx.reviews.get(review)
    said, there = words("Your word is added."), planned
    if planned.decided_at is not None:
        coming = [one for one in tx.reviews.open() if one.sop == planned.sop and one.kind is not r.ReviewKind.REVISION]
        there = next(iter(coming), planned)
        said = words("That review was decided meanwhile. Your word is kept in it.")
        if there is not planned:
            said = words("That review was decided meanwhile. Your word stands in the next one.")
    sop = tx.versions.sop(there.digest)
    seq = tx.journal.append(me.id, [Entry(r.Remarked(there.id, text), reviews.where(sop))])
    tx.reviews.add_word(there.id, seq, me.id)
    show(tx, house, me, there.id, said)


def _go_on(tx: Transaction, house: House, me: Person, asked: Asked) -> Answer:
    """Ask what the decision still lacks; where it lacks nothing it is made."""
    words = house.words(me)
    match asked.what:
        case Judging() as judging:
            planned = tx.reviews.get(judging.review)
        case Remarking(review=review):
            planned = tx.reviews.get(review)
            sop = tx.versions.sop(planned.digest)
            screen = view.remarking(words, house.pack, asked.ask, sop, planned.dates)
            tx.cards.put(cards.REVIEW, me.chat, screen, seen_id=me.seen_id)
            return Answer()
        case _:
            raise AssertionError("no question of a review")
    sop = tx.versions.sop(planned.digest)
    if r.lacks(planned.kind, judging) is not None:
        screen = view.deciding(words, house.pack, asked.ask, sop, planned.dates, judging)
        tx.cards.put(cards.REVIEW, me.chat, screen, seen_id=me.seen_id)
        return Answer()
    tx.questions.drop(me.id)
    return _decide(tx, house, me, planned, judging)


def _decide(tx: Transaction, house: House, me: Person, planned: Planned, judging: Judging) -> Answer:
    words, sop = house.words(me), tx.versions.sop(planned.digest)
    stands = planned.dates.round == judging.round and judging.verdict in _offered(tx, house, me, planned, sop)
    if not stands or not reviews.decide(tx, house, me, planned, judging):
        show(tx, house, me, planned.id, words("That was decided meanwhile."))
        return Answer(words("That was decided meanwhile."), alert=True)
    _tell(tx, house, me, planned, judging)
    if judging.verdict is not Verdict.POSTPONE:
        feedback.tell_decision(tx, house, me, planned, judging.verdict)
    if judging.verdict is Verdict.REVISE:
        drafts.begin(tx, house, sop, planned.id)
    reminders.repaint(tx, house, ErrandKind.REVIEW, planned.id)
    return show(tx, house, me, planned.id, words("It is recorded."))


def _tell(tx: Transaction, house: House, me: Person, planned: Planned, judging: Judging) -> None:
    """Author, supervisor and manager hear what was decided."""
    sop = tx.versions.sop(planned.digest)
    found = deciders.seated(tx, house, sop)
    told = {person for seat in (r.Seat.AUTHOR, r.Seat.SUPERVISOR, r.Seat.MANAGER) for person in found[seat]}
    for other in tx.people.some(told - {me.id}):
        letter = view.decided_letter(house.words(other), sop, planned.dates, judging, me.name)
        tx.letters.put(f"decided:{planned.id}:{judging.round}:{other.id}", other.chat, letter)
