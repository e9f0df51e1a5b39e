"""What waits or takes too long: run after run is looked at as its moment comes, and those concerned are told, once."""

from collections.abc import Iterable
from functools import cache

from bot.engine.delays import Delay, looked_at, next_look
from bot.engine.errands import ErrandKind
from bot.engine.people import above, asked, line, supervisors
from bot.engine.review import URGENT
from bot.engine.run import Late, LongAwaited, Run, TookLong, replay
from bot.engine.sop import Sop
from bot.services import cards, hands, lists
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.digests import Notice
from bot.storage.runs import Look
from bot.views import delays as view

LATE = {Late.STEP: Delay.STEP, Late.PHASE: Delay.PHASE, Late.RUN: Delay.RUN}


def fire_one(tx: Transaction, house: House) -> bool:
    """Look at one run that may wait or take too long. True where there may be more.

    Nobody is told anything while the office is closed. What was told is an event of the run, saved only where nobody
    else has moved it: so of two processes one tells, and after a downtime nobody is told what is not so any more."""
    if not house.office.is_open(tx.at):
        return False
    run = tx.runs.to_look_at()
    if run is None:
        return False
    sop = tx.versions.sop(run.digest)
    history = cache(lambda: tuple(tx.facts.history(run.id)))
    due = looked_at(sop, run, house.office, house.settings.patience, tx.at, history)
    told = {event: people for event in due if (people := _concerned(tx, house, sop, run, event)) is not None}
    after = replay(run, [(event, tx.at) for event in told])
    again = next_look(sop, after, house.office, house.settings.patience, tx.at, history)
    if not told:
        tx.runs.look(run, again)
        return True
    tx.runs.save(sop, run.turn, after, [*told], None, Look(again))
    for event, people in told.items():
        _tell(tx, house, sop, after, event, people)
    return True


def _concerned(
    tx: Transaction, house: House, sop: Sop, run: Run, event: LongAwaited | TookLong
) -> tuple[int, ...] | None:
    """Who is told; None where nobody is left who could be."""
    match event:
        case LongAwaited(told=1):
            return tx.errands.whose(ErrandKind.RUN, run.id)
        case TookLong(late=Late.SOON):
            return None if run.holder is None else (run.holder,)
    staff = house.staff_of(tx, sop, run)
    match event:
        case LongAwaited(told=told) if run.wish is not None:
            groups = line(sop, run, staff)[told - 1 : told]
            if not groups and told == 2:  # there is nobody else to be asked: whoever was is reminded
                groups = (asked(sop, run, staff),)
        case LongAwaited(told=told):
            groups = (above(sop, run, staff, tx.errands.whose(ErrandKind.RUN, run.id), told - 1),)
        case TookLong():
            groups = supervisors(sop, run, staff)[:1]
    return next(iter(groups), ()) or None


def _tell(
    tx: Transaction, house: House, sop: Sop, run: Run, event: LongAwaited | TookLong, people: tuple[int, ...]
) -> None:
    match event:
        case LongAwaited(told=1):
            _list(tx, house, run, people, Delay.YOURS, 0)
        case LongAwaited() if run.wish is not None and {*people} <= {*tx.errands.whose(ErrandKind.RUN, run.id)}:
            _list(tx, house, run, people, Delay.YOURS, 0)
        case LongAwaited() if run.wish is not None:
            _ask_as_well(tx, house, sop, run, people)
        case LongAwaited():
            _list(tx, house, run, people, Delay.THEIRS, URGENT)
        case TookLong(late=Late.SOON):
            _warn(tx, house, sop, run)
        case TookLong(late=late):
            _list(tx, house, run, people, LATE[late], 0)


def _list(tx: Transaction, house: House, run: Run, people: Iterable[int], delay: Delay, urgency: int) -> None:
    line = Notice(ErrandKind.RUN, run.id, delay.value)
    lists.add(tx, house, dict.fromkeys(people, line), urgency)


def _ask_as_well(tx: Transaction, house: House, sop: Sop, run: Run, people: tuple[int, ...]) -> None:
    """Leave is asked of them too; everyone who has the card sees whom it waits for."""
    hands.entrust(tx, house, run, sop)
    shown = {*tx.people.of_chats(tx.cards.chats(cards.subject(run.id)))}
    for person in tx.people.some(shown | {*people}):
        if person.id in people:
            said = view.asked_as_well(house.words(person), run, tx.at)
            cards.show(tx, house, person, run, sop, asked=cards.about(person, run), said=said, anew=True)
        else:
            cards.show_in_place(tx, house, person, run, sop)


def _warn(tx: Transaction, house: House, sop: Sop, run: Run) -> None:
    """Whoever has the step sees its card below, unless they want quiet or had enough messages today."""
    for person in tx.people.some([run.holder] if run.holder else []):
        day = house.office.day(tx.at)
        if tx.digests.hushed([person.id]) or not tx.digests.spend(person.id, day, house.settings.messages_a_day):
            return
        said = view.nearly_over(house.words(person), house.office, sop, run, tx.at)
        cards.show(tx, house, person, run, sop, asked=cards.about(person, run), said=said, anew=True)
