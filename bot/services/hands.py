"""Whose the step is: who may order what, and what everyone concerned sees after a move."""

from collections.abc import Iterator, Sequence

from bot.engine.commands import Command, Explain, Refused, Situation, decide
from bot.engine.delays import Delay, look_again
from bot.engine.errands import ErrandKind, waits_since
from bot.engine.people import Staff, assigners
from bot.engine.questions import Tell
from bot.engine.rights import called, may, why_not
from bot.engine.run import Deviated, Discarded, Event, Progress, Run, Started, begin, replay
from bot.engine.sop import Sop
from bot.services import cards, lists
from bot.services.followups import noticed
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.digests import Notice
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.storage.runs import Look
from bot.views.hands import news


def situation(tx: Transaction, house: House, me: int, run: Run, sop: Sop) -> Situation:
    """What a command is decided in."""
    staff, below = house.staff_of(tx, sop, run), tuple(_below(tx, run))
    above = _above(tx, house, me, run)
    haste = house.settings.departures.haste
    return Situation(sop, run, me, staff, house.office, tx.at, tx.sent_at, haste, above=above, below=below)


def _above(tx: Transaction, house: House, me: int, run: Run) -> Situation | None:
    parent = tx.runs.get(run.parent.run) if run.parent else None
    return None if parent is None else situation(tx, house, me, parent, tx.versions.sop(parent.digest))


def _below(tx: Transaction, run: Run) -> Iterator[Run]:
    while run.child is not None and (child := tx.runs.get(run.child.run)) is not None:
        yield child
        run = child


def ordered(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, command: Command) -> list[Event]:
    """What the command makes happen. Raises Refused where it may not be given, else what `decide` raises."""
    now = situation(tx, house, me.id, run, sop)
    if not may(me.id, command, sop, run, now.staff) and not _is_asked(me, run, command):
        raise why_not(me.id, command, run)
    return decide(now, run.visit, command)


def _is_asked(me: Person, run: Run, command: Command) -> bool:
    """Whoever is asked for more may tell it, though what they did has taken the run out of their hands."""
    match cards.about(me, run), command:
        case Asked(what=Tell(turn=turn)), Explain():
            return command.turn == turn
        case _:
            return False


def start(tx: Transaction, house: House, me: Person, sop: Sop, events: Sequence[Event]) -> tuple[Run, Run]:
    """Save the beginning of a run. Returns it as it was with its first event alone, and as it is now."""
    started, *more = events
    assert isinstance(started, Started)
    about = started.starter, started.unit, started.parent
    new = begin(tx.runs.new_id(sop, *about, rehearsal=started.rehearsal, after=started.after), started, tx.at)
    run = replay(new, [(event, tx.at) for event in more])
    tx.runs.save(sop, 0, run, events, me.id, Look(look_again(sop, run, house.settings.patience, tx.at)))
    entrust(tx, house, run, sop)
    _tell_vacant(tx, house, new, run, sop)
    return new, run


def move(tx: Transaction, house: House, me: Person | None, run: Run, sop: Sop, events: Sequence[Event]) -> Run:
    """Save what happened, by nobody where the bot does it, each deviation with its severity, and return the run after
    it. A rehearsal has no deviations."""
    if run.rehearsal:
        events = [event for event in events if not isinstance(event, Deviated)]
    if not events:
        return run
    events = house.settings.departures.weighed(sop, events)
    after = replay(run, [(event, tx.at) for event in events])
    for event in events:
        if isinstance(event, Discarded):
            tx.files.discard(run.id, event.file.unique)
    seq = tx.runs.save(sop, run.turn, after, events, me.id if me else None, _look(tx, house, run, after, sop))
    noticed(tx, house, after, seq, events)
    _tell_vacant(tx, house, run, after, sop)
    match concerns_nobody_else(run, after), _stays_with(run, after):
        case False, True:
            tx.errands.wait_since(ErrandKind.RUN, after.id, waits_since(after))
        case False, False:
            entrust(tx, house, after, sop)
    return after


def _tell_vacant(tx: Transaction, house: House, before: Run, run: Run, sop: Sop) -> None:
    """Whoever may give it to somebody finds on their list that nobody holds the position of the step; once where the
    next step is of the same."""
    if not run.vacant or run.rehearsal or run.visit == before.visit:
        return
    if not before.vacant or _position(sop, before) != _position(sop, run):
        told = assigners(sop, run, house.staff_of(tx, sop, run))
        lists.add(tx, house, dict.fromkeys(told, Notice(ErrandKind.RUN, run.id, Delay.VACANT.value)), 0)


def _position(sop: Sop, run: Run) -> tuple[str, ...]:
    return sop.step(run.step).by if run.step else ()


def _look(tx: Transaction, house: House, before: Run, after: Run, sop: Sop) -> Look | None:
    """When it may take too long is found anew only where it stands otherwise than before."""
    moves = ("visit", "progress", "holder", "wish", "child", "paused_at")
    begins = before.begun_at is None and after.begun_at is not None
    dated = begins or before.values != after.values  # a deadline may count from what was recorded just now
    if dated and after.step is not None and sop.step(after.step).deadline is not None:
        return Look(tx.at)
    same = all(getattr(before, name) == getattr(after, name) for name in moves)
    return None if same else Look(look_again(sop, after, house.settings.patience, tx.at))


def _stays_with(before: Run, after: Run) -> bool:
    """True where the run waited for its holder, and waits for the same one again."""
    same = before.holder is not None and before.holder == after.holder
    # what was over waited for nobody, though it kept its holder for whoever takes the end back
    return same and before.wish is None and after.wish is None and not (before.over or after.over)


def entrust(tx: Transaction, house: House, run: Run, sop: Sop) -> None:
    """Whoever has to act now finds the run among their tasks, and nobody else. A rehearsal is no task of anybody."""
    whose = () if run.rehearsal else calls(tx, house, run, sop)
    tx.errands.put(ErrandKind.RUN, run.id, whose, waits_since(run))


def calls(tx: Transaction, house: House, run: Run, sop: Sop) -> tuple[int, ...]:
    """Who has to act now. Who works here is looked up only where that is asked of more than the run's holder."""
    nobody_asked = run.over or (run.holder is not None and run.wish is None)
    return called(sop, run, Staff() if nobody_asked else house.staff_of(tx, sop, run))


def show_others(
    tx: Transaction, house: House, me: Person, before: Run, after: Run, sop: Sop, events: Sequence[Event]
) -> None:
    """After a move by `me`: whoever has to act now gets the card below, where it rings; who only looks on, in place."""
    tells_why = after.progress is Progress.STOPPED  # the card shows what is added to it
    if concerns_nobody_else(before, after) and not tells_why:
        return
    act_now = calls(tx, house, after, sop)
    shown = [chat for chat in tx.cards.chats(cards.subject(after.id)) if chat != me.chat]
    for person in tx.people.some({*act_now, *tx.people.of_chats(shown)} - {me.id}):
        if person.id in act_now:
            said = news(house.words(person), events, me.name)
            asked = _still_asked(tx, person, after)
            cards.show(tx, house, person, after, sop, asked=asked, said=said, anew=True)
        else:
            cards.show_in_place(tx, house, person, after, sop)


def show_everyone(
    tx: Transaction, house: House, me: Person, before: Run, after: Run, sop: Sop, events: Sequence[Event]
) -> None:
    """The same after a move that followed from what `me` did in another run: `me` is shown it like the others."""
    show_others(tx, house, me, before, after, sop, events)
    if me.id in calls(tx, house, after, sop):
        cards.show(tx, house, me, after, sop, asked=cards.about(me, after), anew=True)
    elif me.chat in tx.cards.chats(cards.subject(after.id)):
        cards.show_in_place(tx, house, me, after, sop)


def _still_asked(tx: Transaction, person: Person, run: Run) -> Asked | None:
    """What the run still asks whoever it calls: nothing of an earlier visit, nor whether more is to be told."""
    asked = cards.about(person, run)
    if asked is not None and (asked.visit != run.visit or isinstance(asked.what, Tell)):
        tx.questions.drop(person.id)
        return None
    return asked


def concerns_nobody_else(before: Run, after: Run) -> bool:
    """True where what happened stays between the run and whoever has it."""
    shown = ("step", "visit", "holder", "child", "declined", "wish", "progress")
    return all(getattr(before, name) == getattr(after, name) for name in shown)


def named(tx: Transaction, refused: Refused) -> Refused:
    """The same refusal, with the name of whoever it tells of."""
    match refused.facts:
        case {"by": int(person)}:
            return Refused(refused.why, name=tx.people.get(person).name)
        case _:
            return refused
