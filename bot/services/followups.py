"""What is done about deviations: opened by the bot, taken care of by people, closed, and watched afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.engine import followup as f
from bot.engine.commands import UNDO_WINDOW, Refused, Why
from bot.engine.deviations import Severity
from bot.engine.errands import ErrandKind
from bot.engine.events import Told
from bot.engine.followup import Following, FollowMove, FollowState, FollowUp
from bot.engine.messages import Said
from bot.engine.people import Role
from bot.engine.rights import About, Action
from bot.engine.run import Completed, Deviated, Event, FreeText, Run, Undone
from bot.engine.values import Misread, read_day
from bot.services import cards, departures, lists, reminders
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.digests import Notice
from bot.storage.followups import Departure
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import followups as view
from bot.views import names
from bot.views import taps as t
from bot.views.refusals import refusal
from bot.views.screen import cut
from bot.views.words import N_

A_WEEK = timedelta(days=7)
_CANCEL = ("batal", "cancel")

_WORDLESS = (FollowMove.GIVE, FollowMove.TAKE, FollowMove.AGREE)
"""Moves that words have no part in."""


# What runs bring


def noticed(tx: Transaction, house: House, run: Run, seq: int, events: Sequence[Event]) -> None:
    """Open what is to be followed up of `events`, the first of which is the journal's `seq`, in their transaction."""
    since = house.settings.departures.follow_up.since
    for number, event in enumerate(events, seq):
        match event:
            case Deviated(severity=severity) if severity.weight >= since.weight:
                tx.follow_ups.open(number, run, event)
            case Deviated() | Completed() | Undone():
                tx.follow_ups.look_at(run.sop)
            case _:
                pass


def fire_one(tx: Transaction, house: House) -> bool:
    """Look at one follow-up whose moment has come. True where there may be more."""
    if not tx.follow_ups.is_due():
        return False
    tx.journal.hold()  # first, as whoever moves one does
    it = tx.follow_ups.claim_due()
    if it is None:
        return False
    match it.state:
        case FollowState.NEW:
            _begin(tx, house, it)
        case FollowState.OPEN | FollowState.DONE | FollowState.WATCHED:
            standing = _standing(tx, house, it)
            if standing is not None:
                (_watch if it.state is FollowState.WATCHED else _look)(tx, house, standing)
        case FollowState.SETTLED | FollowState.VOID:
            pass
    return True


def _begin(tx: Transaction, house: House, it: FollowUp) -> None:
    """Nobody can undo the deviation any more. Where somebody did, an equal one that came since takes its place."""
    standing = tx.follow_ups.first_standing(it, house.settings.departures.follow_up.since)
    if standing is None:
        _change(tx, house, it, state=FollowState.VOID.value)
    else:
        now = tx.follow_ups.change(it, deviation=standing.seq, severity=standing.what.severity.value)
        _open(tx, house, now, standing.seq, None)


def _open(
    tx: Transaction, house: House, it: FollowUp, seq: int, person: int | None, *, said: str = "", again: bool = False
) -> FollowUp:
    """It is open from now on, and those who watch over the unit see it."""
    _, severity = tx.follow_ups.gravest(it) or (seq, it.severity)
    due = _due(tx, house, severity)
    fresh = {"state": FollowState.OPEN.value, "severity": severity.value, "done_by": None, "closed_at": None}
    now = _change(tx, house, it, **fresh, due=due, next_at=_after(house, due))
    if tx.follow_ups.may_be_graver(now):
        tx.follow_ups.look_again(now, tx.at + UNDO_WINDOW)
    _journal(tx, person, now, f.FollowUpOpened(it.id, seq, severity, due, again))
    for other in _judges(tx, house, it.unit):
        show(tx, house, other, it.deviation, said=said and house.words(other)(said), anew=True)
    return now


def _standing(tx: Transaction, house: House, it: FollowUp) -> FollowUp | None:
    """The follow-up with a deviation that stands: where its own was undone, an equal one that came since takes its
    place. None where there is none: it holds up no other then."""
    if tx.follow_ups.departure(it.deviation) is not None:
        return it
    standing = tx.follow_ups.first_standing(it, Severity.LIGHT)
    if standing is not None:
        return _change(tx, house, it, deviation=standing.seq)
    tx.follow_ups.change(it, state=FollowState.VOID.value)
    tx.errands.done(ErrandKind.FOLLOW_UP, it.id)
    return None


def _look(tx: Transaction, house: House, it: FollowUp) -> None:
    """Whether it weighs more by now. Once it is overdue, it is on the list of whoever has to act, every week."""
    assert it.due is not None
    today, now = house.office.day(tx.at), _level(tx, house, it, None)
    if tx.follow_ups.may_be_graver(now):
        tx.follow_ups.look_again(now, tx.at + UNDO_WINDOW)
    elif now is not it or it.due >= today:
        tx.follow_ups.look_again(now, _after(house, max(now.due or today, today)))
    else:
        tx.follow_ups.look_again(now, house.office.opening(tx.at + A_WEEK))
        line = Notice(ErrandKind.FOLLOW_UP, it.id)
        lists.add(tx, house, dict.fromkeys(tx.errands.whose(ErrandKind.FOLLOW_UP, it.id), line), f.urgency(it))


def _level(tx: Transaction, house: House, it: FollowUp, person: int | None) -> FollowUp:
    """Let it weigh as much as the gravest of its deviations. Where that is more than before it is due sooner, and its
    people hear of it."""
    seq, severity = tx.follow_ups.gravest(it) or (it.deviation, it.severity)
    if severity is it.severity or it.due is None:
        return it
    graver = severity.weight > it.severity.weight
    due = min(it.due, _due(tx, house, severity)) if graver else it.due
    now = tx.follow_ups.weigh(it, severity, due, _after(house, due))
    _journal(tx, person, now, f.FollowUpWeighed(it.id, seq, it.severity, severity, due))
    if graver:
        for other in _people(tx, house, it, but=person):
            said = house.words(other)("A graver deviation belongs to it now.")
            show(tx, house, other, it.deviation, said=said, anew=True)
    return now


def _people(tx: Transaction, house: House, it: FollowUp, but: int | None) -> list[Person]:
    """Whoever takes care of it, and those who watch over the unit."""
    found = {one.id: one for one in (*tx.people.some([it.owner] if it.owner else []), *_judges(tx, house, it.unit))}
    return [one for one in found.values() if one.id != but and one.admitted]


def _watch(tx: Transaction, house: House, it: FollowUp) -> None:
    """Whether it came back in the runs since the closing, or weighs more than what was closed; after enough runs
    without it is settled."""
    back, runs = tx.follow_ups.came_back(it), tx.follow_ups.runs_since(it)
    seq, severity = tx.follow_ups.gravest(it) or (it.deviation, it.severity)
    if back is not None:
        _open(tx, house, it, back, None, said=N_("It came back after it was closed."), again=True)
    elif severity.weight > it.severity.weight:
        _open(tx, house, it, seq, None, said=N_("A graver deviation belongs to it now."))
    elif runs >= house.settings.departures.follow_up.watched:
        now = _change(tx, house, it, state=FollowState.SETTLED.value)
        _journal(tx, None, now, f.FollowUpSettled(it.id, runs))
        _redraw(tx, house, it.deviation, but=0)
        departure = tx.follow_ups.departure(it.deviation)
        for owner in tx.people.some([it.owner]) if it.owner and departure else ():
            letter = view.settled(house.words(owner), _departed(tx, house, it.deviation, now), runs)
            tx.letters.put(f"settled:{it.id}:{now.turn}", owner.chat, letter, must=False)


def _change(tx: Transaction, house: House, it: FollowUp, **values: Any) -> FollowUp:
    """Move it on, and let it wait for whoever has to do something about it now."""
    now = tx.follow_ups.change(it, **values)
    departure = tx.follow_ups.departure(now.deviation)
    if departure is not None:
        tx.errands.put(ErrandKind.FOLLOW_UP, now.id, _awaited(house, now, _There.now(tx, house)), departure.at)
        reminders.repaint(tx, house, ErrandKind.FOLLOW_UP, now.id)
    return now


@dataclass(frozen=True, slots=True)
class _There:
    """Everybody who is let in, and who of them is away today."""

    people: Sequence[Person]
    away: frozenset[int]

    @classmethod
    def now(cls, tx: Transaction, house: House) -> "_There":
        return cls(tx.people.with_role(Role), tx.absences.away(house.office.day(tx.at)))


def _awaited(house: House, it: FollowUp, there: _There) -> frozenset[int]:
    """Whoever takes care of it, or could; once that is done, whoever could agree. Where whoever takes care of it is
    away, those who could wait for it too; where they are stopped, those alone."""
    judges = frozenset(one.id for one in _judging(house, there.people, it.unit))
    match it.state:
        case FollowState.OPEN if it.owner in {one.id for one in there.people}:
            return frozenset({it.owner}) | (judges if it.owner in there.away else frozenset())
        case FollowState.OPEN | FollowState.DONE:
            return judges - {it.done_by}
        case _:
            return frozenset()


def call_anew(tx: Transaction, house: House) -> None:
    """Others are there now: every follow-up waits for exactly those who have to do something about it, and is on the
    list of the day of who comes to it. Whoever calls holds the journal, as whoever moves one does."""
    there, before = _There.now(tx, house), tx.errands.of_kind(ErrandKind.FOLLOW_UP)
    some = tx.follow_ups.unsettled()
    found = tx.follow_ups.departures(it.deviation for it in some)
    for it in some:
        waited, people = before.get(str(it.id), frozenset()), _awaited(house, it, there)
        if people != waited and it.deviation in found:
            tx.errands.put(ErrandKind.FOLLOW_UP, it.id, people, found[it.deviation].at)
            line = Notice(ErrandKind.FOLLOW_UP, it.id, reminders.CALLED)
            lists.add(tx, house, dict.fromkeys(people - waited, line), f.urgency(it))


def _due(tx: Transaction, house: House, severity: Severity) -> date:
    rule = house.settings.departures.follow_up
    length = rule.due_grave if severity is Severity.GRAVE else rule.due
    return house.office.day(house.office.due(tx.at, length))


def _after(house: House, due: date) -> datetime:
    """When the office opens after that day."""
    return house.office.opening(house.office.end_of(due) + timedelta(seconds=1))


def _judges(tx: Transaction, house: House, unit: str | None) -> list[Person]:
    return _judging(house, tx.people.with_role(Role), unit)


def _judging(house: House, people: Sequence[Person], unit: str | None) -> list[Person]:
    return [one for one in people if house.allows(one, Action.JUDGE_DEVIATIONS, About(unit=unit))]


# Its card


def show(
    tx: Transaction,
    house: House,
    me: Person,
    seq: int,
    *,
    asked: Asked | None = None,
    said: str = "",
    anew: bool = False,
) -> bool:
    """Put the card of a deviation as it is now. False where it is not there, or not theirs to see."""
    departure, it = tx.follow_ups.departure(seq), tx.follow_ups.of(seq)
    if departure is None or not _sees(house, me, departure.unit, it):
        return False
    asked = asked or _open_question(me, seq, it)
    following = asked.what if asked is not None and isinstance(asked.what, Following) else None
    people = _candidates(tx, house, departure) if following and following.move is FollowMove.GIVE else ()
    frame = view.Frame(
        house.words(me),
        house.pack,
        tx.at,
        house.office.day(tx.at),
        f.moves(it, me.id, judges=_judges_it(house, me, departure.unit)),
        following.move if following else None,
        following.severity if following else None,
        people,
        said,
    )
    screen = view.deviation_card(frame, _departed(tx, house, seq, it))
    tx.cards.put(cards.deviation_subject(seq), me.chat, screen, seen_id=me.seen_id, anew=anew)
    return True


def _departed(tx: Transaction, house: House, seq: int, it: FollowUp | None) -> view.Departed:
    one = tx.follow_ups.departure(seq)
    assert one is not None
    rule = house.settings.departures
    who = {number: tx.people.get(number).name for number in (one.person, it and it.owner, it and it.done_by) if number}
    return view.Departed(
        seq,
        tx.versions.sop(one.digest),
        one.run,
        one.what,
        one.at,
        who[one.person],
        tx.follow_ups.times(one, rule.again),
        rule.again,
        it,
        who.get(it.owner or 0, "") if it else "",
        who.get(it.done_by or 0, "") if it else "",
        (tx.follow_ups.runs_since(it) if it and it.closed_at else 0, rule.follow_up.watched),
    )


def _open_question(me: Person, seq: int, it: FollowUp | None) -> Asked | None:
    """What the card asks, where it asks anything that still can be answered."""
    match me.asked:
        case Asked(what=Following(deviation=number, turn=turn)) if (number, turn) == (seq, it.turn if it else 0):
            return me.asked
        case _:
            return None


def _sees(house: House, me: Person, unit: str | None, it: FollowUp | None) -> bool:
    return _judges_it(house, me, unit) or (it is not None and it.owner == me.id)


def _judges_it(house: House, me: Person, unit: str | None) -> bool:
    return house.allows(me, Action.JUDGE_DEVIATIONS, About(unit=unit))


def _candidates(tx: Transaction, house: House, departure: Departure) -> list[tuple[int, str]]:
    """To whom it can be handed: everyone who is let in and has a name, those of the unit first."""
    people = [one for one in tx.people.everyone() if one.admitted and one.name]
    return [(one.id, one.name) for one in sorted(people, key=lambda one: (one.unit != departure.unit, one.name))]


def _redraw(tx: Transaction, house: House, seq: int, but: int) -> None:
    """Everybody who has the card sees it as it is now, in place."""
    for other in tx.people.some(set(tx.people.of_chats(tx.cards.chats(cards.deviation_subject(seq)))) - {but}):
        show(tx, house, replace(other, seen_id=0), seq)


def open_card(tx: Transaction, house: House, me: Person, seq: int, message_id: int | None) -> Answer:
    """The card of a deviation: where its button stood, or below. A question on it is left."""
    me = _asks_no_more(tx, me)
    here = tx.cards.is_in(cards.deviation_subject(seq), me.chat, message_id)
    found = show(tx, house, me, seq, anew=not here)
    return Answer() if found else Answer(view.gone(house.words(me)), alert=True)


def open_list(tx: Transaction, house: House, me: Person, page: int) -> Answer:
    """What has to be followed up, as far as it is theirs to see."""
    mine = [it for it in tx.follow_ups.unsettled() if _sees(house, me, it.unit, it)]
    listed = departures.listed(tx, mine)
    screen = view.follow_ups(house.words(me), house.pack, listed, page, house.office.day(tx.at))
    tx.cards.put(cards.MENU, me.chat, screen, seen_id=me.seen_id)
    return Answer()


def open_run(tx: Transaction, house: House, me: Person, run_id: int, page: int) -> Answer:
    """What in a run departed from its SOP, to whoever watches over its unit: each leads to its card."""
    run = tx.runs.get(run_id)
    if run is None or not _judges_it(house, me, run.unit):
        return Answer(view.gone(house.words(me)), alert=True)
    listed = departures.of_run(tx, tx.versions.sop(run.digest), run_id)
    screen = view.of_run(house.words(me), house.pack, listed, run_id, page)
    tx.cards.put(cards.MENU, me.chat, screen, seen_id=me.seen_id, anew=page == 0)
    return Answer()


# Moves


def press(tx: Transaction, house: House, me: Person, tap: t.Follow) -> Answer:
    """A tap on the card: one effect, or a polite true answer and the card as it is."""
    tx.journal.hold()  # first, as whatever looks at them does: or the two could wait for each other
    words, departure, it = house.words(me), tx.follow_ups.departure(tap.deviation), tx.follow_ups.of(tap.deviation)
    if departure is None or not _sees(house, me, departure.unit, it):
        return Answer(view.gone(words), alert=True)
    turn, may = it.turn if it else 0, f.moves(it, me.id, judges=_judges_it(house, me, departure.unit))
    if tap.turn != turn or tap.move not in may:
        show(tx, house, me, tap.deviation)
        return Answer(view.moved(words), alert=True)
    match FollowMove(tap.move):
        case FollowMove.TAKE if it is None and tx.at - departure.at <= UNDO_WINDOW:
            return Answer(words("This can still be undone. Please tap again in a minute."), alert=True)
        case FollowMove.TAKE:
            _give(tx, house, me, departure, it, me.id)
        case FollowMove.GIVE if tap.to.isdigit() and it is not None:
            return _hand(tx, house, me, departure, it, int(tap.to))
        case FollowMove.AGREE if it is not None:
            _close(tx, house, me, it, alone=False)
        case FollowMove.GRADE if tap.to in set(Severity):
            if not _may_weigh(me, departure, it, Severity(tap.to)):
                return Answer(words("Somebody else has to say that it weighs less."), alert=True)
            return _ask(tx, house, me, Following(tap.deviation, FollowMove.GRADE, turn, Severity(tap.to)))
        case move:
            return _ask(tx, house, me, Following(tap.deviation, move, turn))
    return _shown(tx, house, me, tap.deviation)


def _ask(tx: Transaction, house: House, me: Person, what: Following) -> Answer:
    show(tx, house, me, what.deviation, asked=cards.ask(tx, house, me, what))
    return Answer()


def _shown(tx: Transaction, house: House, me: Person, seq: int) -> Answer:
    me = _asks_no_more(tx, me)
    show(tx, house, me, seq)
    _redraw(tx, house, seq, but=me.id)
    return Answer()


def _asks_no_more(tx: Transaction, me: Person) -> Person:
    if me.asked is None or not isinstance(me.asked.what, Following):
        return me
    tx.questions.drop(me.id)
    return replace(me, asked=None)


def _may_weigh(me: Person, departure: Departure, it: FollowUp | None, severity: Severity) -> bool:
    concerned = (departure.person, *((it.owner, it.done_by) if it else ()))
    return f.may_weigh(me.id, concerned, departure.what.severity, severity)


def _give(tx: Transaction, house: House, me: Person, departure: Departure, it: FollowUp | None, owner: int) -> None:
    if it is None:
        run = tx.runs.get(departure.run)
        assert run is not None
        tx.follow_ups.open(departure.seq, run, departure.what)
        it = tx.follow_ups.of(departure.seq)
        assert it is not None
    if it.state is FollowState.NEW:
        it = _open(tx, house, it, departure.seq, me.id)
    now = _change(tx, house, it, owner=owner)
    _journal(tx, me.id, now, f.FollowUpGiven(it.id, it.owner, owner))


def _hand(tx: Transaction, house: House, me: Person, departure: Departure, it: FollowUp, to: int) -> Answer:
    """Somebody else takes care of it from now on, and sees it below."""
    other = next((one for one in tx.people.some([to]) if one.admitted), None)
    if other is None:
        return Answer(view.gone(house.words(me)), alert=True)
    _give(tx, house, me, departure, it, other.id)
    answer = _shown(tx, house, me, departure.seq)
    if other.id != me.id:
        said = house.words(other)("{who} handed this to you.", who=names.apart(me.name))
        show(tx, house, other, departure.seq, said=said, anew=True)
    return answer


def _close(tx: Transaction, house: House, me: Person, it: FollowUp, *, alone: bool) -> None:
    closed = {"state": FollowState.WATCHED.value, "closed_at": tx.at, "next_at": None}
    now = _change(tx, house, it, **closed)
    _journal(tx, me.id, now, f.FollowUpClosed(it.id, alone))


# Words


def hear(tx: Transaction, house: House, me: Person, said: Said) -> bool:
    """Words or a file for the card of a deviation that asks for them. False where it does not."""
    match me.asked:
        case Asked(what=Following() as what) if what.move not in _WORDLESS:
            pass
        case _:
            return False
    takes_file = what.move is FollowMove.PROVE and said.file is not None and said.file.form is not None
    waits_for_choice = what.move is FollowMove.GRADE and what.severity is None
    if said.odd or waits_for_choice or not (takes_file or (said.text and said.file is None)):
        return False
    if said.text.casefold().strip(" .!") in _CANCEL and said.file is None:
        return False
    tx.journal.hold()  # first, as whatever looks at them does
    departure, it = tx.follow_ups.departure(what.deviation), tx.follow_ups.of(what.deviation)
    if departure is None or not _may_still(house, me, what, departure, it):
        show(tx, house, _asks_no_more(tx, me), what.deviation, said=view.moved(house.words(me)))
        return True
    wrong = _heard(tx, house, me, what, departure, it, said)
    if wrong:
        show(tx, house, me, what.deviation, asked=me.asked, said=wrong)
        return True
    _shown(tx, house, me, what.deviation)
    if what.move in (FollowMove.BACK, FollowMove.REOPEN):
        _tell_owner(tx, house, me, what.deviation, said.text)
    return True


def _may_still(house: House, me: Person, what: Following, departure: Departure, it: FollowUp | None) -> bool:
    """Whether what was asked can still be answered by them: nobody else moved it, and they may what they might."""
    weighs = what.severity is None or _may_weigh(me, departure, it, what.severity)
    may = f.moves(it, me.id, judges=_judges_it(house, me, departure.unit))
    return what.turn == (it.turn if it else 0) and what.move in may and weighs


def _heard(
    tx: Transaction, house: House, me: Person, what: Following, departure: Departure, it: FollowUp | None, said: Said
) -> str:
    """What the words do; what is told where they do not fit, nothing where they do."""
    match what:
        case Following(move=FollowMove.GRADE, severity=Severity() as severity):
            _weigh(tx, house, me, departure, it, severity, said.text)
            return ""
    assert it is not None
    match what.move:
        case FollowMove.PLAN:
            _change(tx, house, it, planned=_journal(tx, me.id, it, f.FollowUpPlanned(it.id, said.text)))
        case FollowMove.DUE:
            return _reschedule(tx, house, me, it, said.text)
        case FollowMove.PROVE:
            _prove(tx, house, me, departure, it, said)
        case FollowMove.BACK | FollowMove.REOPEN:
            _reopen(tx, house, me, it, said.text)
        case _:
            pass
    return ""


def _weigh(
    tx: Transaction, house: House, me: Person, departure: Departure, it: FollowUp | None, severity: Severity, why: str
) -> None:
    tx.follow_ups.grade(departure.seq, severity)
    run = tx.runs.get(departure.run)
    where = Where(departure.run, departure.sop, None, departure.what.step, None, departure.unit)
    changed = f.SeverityChanged(departure.seq, departure.what.severity, severity, why)
    tx.journal.append(me.id, [Entry(changed, where)])
    if it is not None:
        now = _change(tx, house, it, deviation=min(it.deviation, departure.seq))
        if it.closed and severity.weight > it.severity.weight and tx.at - departure.at > UNDO_WINDOW:
            # as it weighs now one person might not have closed it alone
            _open(tx, house, now, departure.seq, me.id, said=N_("A graver deviation belongs to it now."))
        else:
            _level(tx, house, now, me.id)
    elif run is not None and severity.weight >= house.settings.departures.follow_up.since.weight:
        tx.follow_ups.open(departure.seq, run, replace(departure.what, severity=severity))


def _reschedule(tx: Transaction, house: House, me: Person, it: FollowUp, text: str) -> str:
    words, today = house.words(me), house.office.day(tx.at)
    try:
        due = read_day(text, today)
    except Misread as misread:
        return refusal(words, Refused(Why.MISREAD, misfit=misread.why))
    if due < today:
        return words("That day is over. Please type a later one.")
    now = _change(tx, house, it, due=due, next_at=_after(house, due))
    _journal(tx, me.id, now, f.FollowUpMoved(it.id, it.due, due))
    return ""


def _prove(tx: Transaction, house: House, me: Person, departure: Departure, it: FollowUp, said: Said) -> None:
    """It is done. What is grave, or ever was, is closed by somebody else, where anybody else watches over the unit:
    else one person could make it light, take it and close it."""
    file = said.file.attachment if said.file else None
    if said.file is not None:
        tx.files.keep(said.file, me.id, run=departure.run, step=departure.what.step)
    others = [one for one in _judges(tx, house, it.unit) if one.id != me.id]
    grave = it.severity is Severity.GRAVE or tx.follow_ups.was_grave(it)
    seq = _journal(tx, me.id, it, f.FollowUpDone(it.id, said.text, file))
    done = {"proved": seq, "proof_file": file.kind.value if file else None, "done_by": me.id}
    now = _change(tx, house, it, **done, state=FollowState.DONE.value)
    if grave and others:
        for other in others:
            show(tx, house, other, it.deviation, anew=True)
    else:
        _close(tx, house, me, now, alone=grave)


def _reopen(tx: Transaction, house: House, me: Person, it: FollowUp, text: FreeText) -> None:
    due = _due(tx, house, it.severity)
    fresh = {"state": FollowState.OPEN.value, "due": due, "done_by": None, "closed_at": None}
    now = _change(tx, house, it, **fresh, next_at=_after(house, due))
    _journal(tx, me.id, now, f.FollowUpReopened(it.id, text))


def _tell_owner(tx: Transaction, house: House, me: Person, seq: int, text: str) -> None:
    """Whoever takes care of it hears below why it is open again."""
    it = tx.follow_ups.of(seq)
    for owner in tx.people.some([it.owner] if it and it.owner and it.owner != me.id else []):
        said = house.words(owner)("{who}: {text}", who=names.apart(me.name), text=cut(text, 300))
        show(tx, house, owner, seq, said=said, anew=True)


def _journal(tx: Transaction, person: int | None, it: FollowUp, event: Told) -> int:
    return tx.journal.append(person, [Entry(event, Where(None, it.sop, None, it.step, None, it.unit))])
