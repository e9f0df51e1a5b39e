"""The card of a run as it is now, and the open question: where one is asked, what it replaces is drawn without it."""

from dataclasses import replace
from datetime import timedelta

from bot.engine import questions as q
from bot.engine.commands import UNDO_WINDOW, Assign, Pause
from bot.engine.desk import Desk
from bot.engine.drafting import Drafting
from bot.engine.followup import Following
from bot.engine.people import able, line, may_start, stands_in
from bot.engine.people import asked as asked_for_leave
from bot.engine.reports import PENDING
from bot.engine.review import Judging, Remarking, late
from bot.engine.rights import About, Action, Relation, may, may_see, relation, takes_part
from bot.engine.run import Progress, Run
from bot.engine.sop import Approve, Scope, Sop, Status
from bot.engine.whereabouts import clocks
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.files import Stored
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import approval, drafts, followups, menu, people, reports, review
from bot.views import card as card_of
from bot.views import run as view

REPORT = "report"
"""What the card of a report is called."""

PEOPLE = "people"
"""What the card is called on which people are looked after."""

REVIEW = "review"
"""What the card of a review is called."""

DRAFT = "draft"
"""What the card of a draft is called."""
FIGURES = "figures"
"""What the card is called on which figures are looked at."""

ONWARD = 3
"""SOPs that are offered at the end of the one that they continue."""

MENU = "menu"
"""What the card is called that finds, lists and helps."""


def subject(run_id: int) -> str:
    """What the card of a run is called."""
    return f"run:{run_id}"


def deviation_subject(seq: int) -> str:
    """What the card of a deviation is called."""
    return f"deviation:{seq}"


def approval_subject(number: int, stage: int) -> str:
    """What the card of a version is called that waits for approval at that stage."""
    return f"approval:{number}:{stage}"


def run_of(subject_name: str) -> int | None:
    """The run whose card is called so."""
    return _number_of("run", subject_name)


def deviation_of(subject_name: str) -> int | None:
    """The deviation whose card is called so."""
    return _number_of("deviation", subject_name)


def _number_of(what: str, subject_name: str) -> int | None:
    head, _, number = subject_name.partition(":")
    return int(number) if head == what and number.isdigit() else None


def about(me: Person, run: Run) -> Asked | None:
    """The open question, where the card of `run` asks it."""
    return me.asked if me.asked is not None and me.asked.run == run.id and _on_its_run(me.asked) else None


def _on_its_run(asked: Asked) -> bool:
    return not isinstance(asked.what, q.Jot | q.InHand)


def sees(tx: Transaction, house: House, me: Person, run: Run) -> bool:
    """Whether the run is any business of the person: it, one that waits for it, what its card asks them, or figures
    that count it. A rehearsal is nobody's but whose it is."""
    if takes_part(me.id, run) or about(me, run) is not None:
        return True
    if run.rehearsal:
        return False
    if house.allows(me, Action.SEE_FIGURES, About(run.unit, run.starter)):
        return True
    sop = tx.versions.sop(run.digest)
    parent = tx.runs.get(run.parent.run) if run.parent else None
    return may_see(me.id, sop, run, house.staff_of(tx, sop, run)) or (
        parent is not None and sees(tx, house, me, parent)
    )


def show(
    tx: Transaction,
    house: House,
    me: Person,
    run: Run,
    sop: Sop,
    *,
    asked: Asked | None = None,
    said: str = "",
    anew: bool = False,
) -> None:
    """Put the run's card as it is now."""
    version = tx.versions.of(run.digest)  # none where a draft was rehearsed that says something else since
    looks = asked is not None and isinstance(asked.what, q.Whereabouts)
    mine = me.id == run.holder and run.wish is None and not looks
    place = card_of.Place() if mine or run.over else _place(tx, house, me, run, sop)
    card = card_of.Card(
        me=me.id,
        place=place,
        words=house.words(me),
        pack=house.pack,
        office=house.office,
        sop=sop,
        status=version.status if version else Status.DRAFT,
        run=run,
        now=tx.at,
        sees=mine or sees(tx, house, me, run),
        asked=card_of.Asked(asked.ask, asked.what) if asked else None,
        said=said,
        deviations=tx.runs.deviations(run.id) if run.over else (),
        added=tx.runs.added_words(run.id) if run.progress is Progress.STOPPED else (),
        files=files(tx, run) if _lists_files(run, sop, asked, place) else (),
        parent=_parent(tx, run),
        children=_children(tx, run, sop),
        clocks=clocks(sop, run.id, tx.facts.history(run.id), house.office, tx.at) if looks else None,
        rating=_rates(tx, me, run),
        onward=_onward(tx, house, me, run) if version and version.continued else (),
        judges=run.over and house.allows(me, Action.JUDGE_DEVIATIONS, About(unit=run.unit)),
        late=late(version.due, house.office.day(tx.at)) if version and version.due else 0,
    )
    tx.cards.put(subject(run.id), me.chat, view.run_card(card), seen_id=me.seen_id, visit=run.visit, anew=anew)


def show_in_place(tx: Transaction, house: House, person: Person, run: Run, sop: Sop) -> None:
    """Put the run's card as it is now where it stands, so without a sound."""
    show(tx, house, replace(person, seen_id=0), run, sop, asked=about(person, run))


def say(tx: Transaction, house: House, me: Person, run: Run, said: str, *, wait: timedelta = timedelta()) -> None:
    """Say something on the run's card until its next tap: where the card is and so without a sound, after `wait`."""
    where_it_is = replace(me, seen_id=0)
    show(tx, house, where_it_is, run, tx.versions.sop(run.digest), asked=about(me, run), said=said)
    tx.cards.put_off(subject(run.id), me.chat, wait)


def _onward(tx: Transaction, house: House, me: Person, run: Run) -> tuple[card_of.Onward, ...]:
    """The SOPs in use that continue that of a run which is done, and how far each is."""
    if run.progress is not Progress.DONE or run.rehearsal or run.parent is not None:
        return ()
    begun = tx.runs.after(run.id)
    found = [one.sop for one in tx.versions.live() if one.sop.continues == run.sop]
    return tuple(
        card_of.Onward(sop, begun.get(sop.id), may_start(me.id, sop, house.staff(tx, sop, me.unit)))
        for sop in found[:ONWARD]
    )


def _rates(tx: Transaction, me: Person, run: Run) -> bool:
    """Whether the card asks what one thinks of the SOP: never before the end has settled, so no tap looks it up."""
    settled = run.progress is Progress.DONE and run.ended_at is not None and tx.at - run.ended_at >= UNDO_WINDOW
    return settled and tx.feedback.is_open(me.id, run.id)


def _lists_files(run: Run, sop: Sop, asked: Asked | None, place: card_of.Place) -> bool:
    listed = asked is not None and isinstance(asked.what, q.More | q.FileList)
    approves = run.step is not None and isinstance(sop.step(run.step).does, Approve)
    return run.over or listed or approves or place.relation is Relation.OFFERED


def _place(tx: Transaction, house: House, me: Person, run: Run, sop: Sop) -> card_of.Place:
    """What the run is to somebody who does not simply do its step."""
    staff = house.staff_of(tx, sop, run)
    may_assign = may(me.id, Assign(me.id), sop, run, staff)
    step = sop.step(run.step) if run.step else sop.first
    watching = [person for group in line(sop, run, staff) for person in group]
    stand_in = stands_in(sop, run, staff)
    named = {
        run.holder,
        run.released,
        stand_in,
        _waited_for(tx, run).holder,
        *(hand.person for hand in run.hands.values()),
        *watching,
        *able(sop, run, step, staff),
    }
    people = {person.id: person for person in tx.people.some(one for one in named if one is not None)}

    def how_unlikely(candidate: int) -> tuple[bool, bool, str]:
        one = people[candidate]
        return candidate in run.declined, one.unit != run.unit, one.name.casefold()

    return card_of.Place(
        relation=relation(me.id, sop, run, staff),
        names={number: person.name for number, person in people.items()},
        asked=asked_for_leave(sop, run, staff),
        candidates=tuple(sorted(able(sop, run, step, staff), key=how_unlikely)) if may_assign else (),
        stand_in=stand_in,
        may_assign=may_assign,
        may_steer=may(me.id, Pause(), sop, run, staff),
    )


def _parent(tx: Transaction, run: Run) -> tuple[Sop, int] | None:
    above = tx.runs.get(run.parent.run) if run.parent else None
    return None if above is None else (tx.versions.sop(above.digest), above.id)


def _children(tx: Transaction, run: Run, sop: Sop) -> tuple[card_of.Child, ...]:
    """The runs below a macro's, and those below them."""
    if sop.scope is Scope.MICRO:
        return ()
    found = ((child, tx.versions.sop(child.digest)) for child in tx.runs.children(run.id))
    return tuple(
        card_of.Child(child, below, tx.runs.deviations(child.id), _children(tx, child, below)) for child, below in found
    )


def _waited_for(tx: Transaction, run: Run) -> Run:
    """The run at the end of the row of those that are waited for."""
    child = tx.runs.get(run.child.run) if run.child else None
    return run if child is None else _waited_for(tx, child)


def files(tx: Transaction, run: Run) -> list[card_of.Enclosed]:
    """The files of a run."""
    return [enclosed(one) for one in tx.files.of_run(run.id)]


def enclosed(one: Stored) -> card_of.Enclosed:
    """A file as a card lists it."""
    return card_of.Enclosed(one.step, one.attachment.kind, one.name, one.at)


def ask(tx: Transaction, house: House, me: Person, what: q.Question, run: Run | None = None) -> Asked:
    """Ask `what` in place of whatever was asked before. The caller draws the card that asks it."""
    left = me.asked
    asked = tx.questions.ask(me.id, what, run.id if run else None, run.visit if run else 0)
    if left is not None and (run is None or about(me, run) is None):
        _draw_without(tx, house, me, left)
    return asked


def leave(tx: Transaction, house: House, me: Person) -> None:
    """Ask nothing any more."""
    if me.asked is not None:
        tx.questions.drop(me.id)
        _draw_without(tx, house, me, me.asked)


def _draw_without(tx: Transaction, house: House, me: Person, left: Asked) -> None:
    me = replace(me, seen_id=0)  # in place, wherever it stands: the person has gone on to something else
    match left.what:
        case q.Wording(number=number) | q.Rewording(number=number):
            draw_report(tx, house, me, number)
        case q.WhichSop() | q.WhichStep() | q.WhatIsWrong() | q.Alike():
            tx.cards.put(REPORT, me.chat, reports.cancelled(house.words(me)), seen_id=me.seen_id)
        case q.Answering():
            tx.cards.put(REPORT, me.chat, reports.unanswered(house.words(me)), seen_id=me.seen_id)
        case Judging(review=number) | Remarking(review=number):
            screen = review.left(house.words(me), house.pack, number)
            tx.cards.put(REVIEW, me.chat, screen, seen_id=me.seen_id)
        case _ if isinstance(left.what, Drafting):
            draft = tx.drafts.get(left.what.draft)
            assert draft is not None
            closed = drafts.closed(house.words(me), house.pack, tx.versions.sop(draft.digest))
            tx.cards.put(DRAFT, me.chat, closed, seen_id=me.seen_id)
        case _ if isinstance(left.what, Desk):
            tx.cards.put(PEOPLE, me.chat, people.closed(house.words(me)), seen_id=me.seen_id)
        case Following(deviation=seq):
            closed = followups.closed(house.words(me), house.pack, seq)
            tx.cards.put(deviation_subject(seq), me.chat, closed, seen_id=0)
        case q.Endorsing(approval=number, stage=stage) | q.TurningDown(approval=number, stage=stage):
            undecided = approval.undecided(house.words(me), house.pack, number)
            tx.cards.put(approval_subject(number, stage), me.chat, undecided, seen_id=0)
        case q.ForWhich():
            tx.cards.put(MENU, me.chat, menu.unused(house.words(me)), seen_id=me.seen_id)
        case _ if left.run is not None and _on_its_run(left):
            run = tx.runs.get(left.run)
            assert run is not None
            show(tx, house, me, run, tx.versions.sop(run.digest))
        case _:
            pass


def draw_report(tx: Transaction, house: House, me: Person, number: int) -> None:
    """A report's card when all is said; where it had its end before that, it says so."""
    found = tx.reports.get(number)
    assert found is not None
    if found.standing in PENDING:
        screen = reports.done(house.words(me), house.pack, number)
    else:
        sops = tx.versions.called([(found.sop, found.version)])
        screen = reports.settled(house.words(me), house.pack, number, sops[found.sop, found.version])
    tx.cards.put(REPORT, me.chat, screen, seen_id=me.seen_id)
