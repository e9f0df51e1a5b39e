"""Runs inside runs: what happens in one is carried to those below and above it, in the same transaction."""

from collections.abc import Sequence

from bot.engine import commands as c
from bot.engine.children import carried_down, carried_up
from bot.engine.commands import Refused, Why
from bot.engine.people import supervisors
from bot.engine.run import ChildOpened, ChildWanted, Event, Parent, Progress, Run
from bot.engine.sop import Child, Sop
from bot.services import cards, hands
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.storage.runs import Raced
from bot.views.hands import not_to_be_had


def follow(
    tx: Transaction, house: House, me: Person, before: Run, after: Run, sop: Sop, events: Sequence[Event]
) -> Run:
    """Carry what `me` did in a run to those below and above it; returns the run as it is then.

    Raises Raced where another transaction was faster with one of them."""
    _carry_down(tx, house, me, before, after, events)
    after = open_wanted(tx, house, me, after, sop, events)
    _carry_up(tx, house, me, before, after)
    return after


def open_wanted(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, events: Sequence[Event]) -> Run:
    """Open the child run that is wanted, on the version that any new run would use; its first ones get its card.

    Where its SOP is not to be had, the supervisors are told and whoever has the step decides."""
    if not any(isinstance(event, ChildWanted) for event in events):
        return run
    assert run.step is not None and run.holder is not None
    step = sop.step(run.step)
    below = _to_be_had(tx, run, sop)
    if below is None:
        _tell_supervisors(tx, house, run, sop)
        return run
    parent = Parent(run.id, step.id)
    begun = (
        c.rehearse(below, run.holder, run.unit, parent)
        if run.rehearsal
        else c.start_child(below, run.holder, house.staff(tx, below, run.unit, [run.holder]), run.unit, parent)
    )
    new, child = hands.start(tx, house, me, below, begun)
    opened = hands.move(tx, house, me, run, sop, [ChildOpened(step.id, child.id)])
    child = open_wanted(tx, house, me, child, below, begun)
    hands.show_everyone(tx, house, me, new, child, below, begun)
    return opened


def require_child(tx: Transaction, run: Run, sop: Sop) -> None:
    """Raises Refused where the SOP that is the present step is not to be had."""
    if run.step and isinstance(sop.step(run.step).does, Child) and _to_be_had(tx, run, sop) is None:
        raise Refused(Why.NO_CHILD)


def _to_be_had(tx: Transaction, run: Run, sop: Sop) -> Sop | None:
    """The version to run for the present step; None where there is none, or where it would run itself again."""
    does = sop.step(run.step or "").does
    assert isinstance(does, Child)
    live = tx.versions.live_of(does.sop) or (tx.versions.draft_of(does.sop) if run.rehearsal else None)
    above: Run | None = run
    while above is not None:
        if above.sop == does.sop:
            return None
        above = tx.runs.get(above.parent.run) if above.parent else None
    return live.sop if live else None


def _tell_supervisors(tx: Transaction, house: House, run: Run, sop: Sop) -> None:
    groups = supervisors(sop, run, house.staff_of(tx, sop, run))
    for person in tx.people.some(next(iter(groups), ())):
        letter = not_to_be_had(house.words(person), sop, sop.step(run.step or ""), run.id)
        tx.letters.put(f"child:{run.id}:{run.visit}:{person.id}", person.chat, letter)


def _carry_down(tx: Transaction, house: House, me: Person, before: Run, after: Run, events: Sequence[Event]) -> None:
    # what is taken back first: a run waits for one other at most
    for child_id in dict.fromkeys(one.run for one in (before.child, after.child) if one is not None):
        child = tx.runs.get(child_id)
        assert child is not None
        carried = carried_down(events, before, after, child, house.office, tx.at)
        if carried:
            sop = tx.versions.sop(child.digest)
            moved = hands.move(tx, house, me, child, sop, carried)
            _carry_down(tx, house, me, child, moved, carried)
            hands.show_everyone(tx, house, me, child, moved, sop, carried)


def _carry_up(tx: Transaction, house: House, me: Person, before: Run, after: Run) -> None:
    parent = tx.runs.get(after.parent.run) if after.parent else None
    if parent is None or hands.concerns_nobody_else(before, after):
        return
    sop = tx.versions.sop(parent.digest)
    carried = _carried_up(tx, house, me, before, after, parent, sop)
    if not carried:
        _show_progress(tx, house, parent, sop)
        return
    moved = hands.move(tx, house, me, parent, sop, carried)
    moved = follow(tx, house, me, parent, moved, sop, carried)
    hands.show_everyone(tx, house, me, parent, moved, sop, carried)


def _carried_up(
    tx: Transaction, house: House, me: Person, before: Run, after: Run, parent: Run, sop: Sop
) -> list[Event]:
    if before.progress is parent.progress is Progress.PAUSED and after.progress is Progress.ACTIVE:
        raise Raced  # the parent was paused just before the child went on
    try:
        return carried_up(before, after, hands.situation(tx, house, me.id, parent, sop))
    except Refused as refused:
        raise Raced from refused  # it went on just before the child's end was taken back


def _show_progress(tx: Transaction, house: House, parent: Run, sop: Sop) -> None:
    """How far the child is, wherever the parent's card stands: in place, without a sound."""
    for person in tx.people.some(tx.people.of_chats(tx.cards.chats(cards.subject(parent.id)))):
        cards.show_in_place(tx, house, person, parent, sop)
