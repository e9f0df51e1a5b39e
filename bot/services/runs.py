"""A person runs an SOP: starts it, moves it on, and sees its card."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.engine import commands as c
from bot.engine import questions as q
from bot.engine.commands import ReasonWanted, Refused, SignatureWanted, TimeWanted, Why
from bot.engine.messages import Said
from bot.engine.people import WATCHERS
from bot.engine.rights import why_not
from bot.engine.run import Blocked, Event, Hurried, Released, Run, Undone
from bot.engine.sop import Choice, Choices, Field, Sop, Step, YesNo
from bot.engine.values import Value
from bot.services import cards, children, feedback, hands, haste, pin, record
from bot.services.house import Answer, House
from bot.services.people import tell
from bot.services.reports import ask_what_is_wrong, known
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import menu
from bot.views import taps as t
from bot.views.hands import goes_elsewhere
from bot.views.refusals import refusal
from bot.views.run import LISTED, file_line, reasons_of
from bot.views.screen import Screen
from bot.views.silence import recorded_late
from bot.views.words import Words

AFTER_THE_END = (c.Undo, c.Stop, c.Backdate, c.Vouch)
"""Orders that a run takes, or answers to, when it is over."""
UNDER_OTHER_CARDS = (t.JotDown, t.Wrong)
"""What stands under what was found, and under the question which SOP is wrong: that message is no run's card."""


def start(tx: Transaction, house: House, me: Person, sop: Sop, after: int | None = None) -> Run:
    """Start a run of `sop`, to continue the run `after` where given, and put its card below. Raises Refused where its
    first step is somebody else's."""
    staff = house.staff(tx, sop, me.unit)
    events = c.start(sop, me.id, staff, me.unit, after)
    _, run = hands.start(tx, house, me, sop, events)
    run = children.open_wanted(tx, house, me, run, sop, events)
    cards.show(tx, house, me, run, sop)
    return run


def rehearse(tx: Transaction, house: House, me: Person, sop: Sop) -> Run:
    """Start a rehearsal of `sop` and put its card below."""
    events = c.rehearse(sop, me.id, me.unit)
    _, run = hands.start(tx, house, me, sop, events)
    run = children.open_wanted(tx, house, me, run, sop, events)
    cards.show(tx, house, me, run, sop)
    return run


def press(tx: Transaction, house: House, me: Person, tap: t.OnRun, message_id: int | None = None) -> Answer:
    """A tap on a run's card: exactly one effect, or a polite true answer and the current card.

    `message_id` is the message that the button stood under, where that is sure. Where we do not know of the card's
    message, it is this one."""
    words = house.words(me)
    run = tx.runs.get(tap.stamp.run)
    if run is None:
        return Answer(refusal(words, Refused(Why.STALE)), alert=True)
    if message_id is not None and not isinstance(tap.act, UNDER_OTHER_CARDS):
        tx.cards.adopt(cards.subject(run.id), me.chat, message_id)
    if not cards.sees(tx, house, me, run):
        record.attempt(tx, me, type(tap.act).__name__, run.id)
        tx.cards.tell_apart(cards.subject(run.id), me.chat)  # it may be theirs no longer, and they have its card twice
        return Answer(refusal(words, Refused(Why.NOT_YOURS)), alert=True)
    sop = tx.versions.sop(run.digest)
    try:
        _require_open(me, tap.stamp)
        answer = Answer(act(tx, house, me, run, sop, tap.stamp.visit, tap.act))
    except Refused as refused:
        if refused.why is Why.NOT_YOURS:
            record.attempt(tx, me, type(tap.act).__name__, run.id)
        # whoever was refused saw an old card; what is shown now is what is true
        cards.show(tx, house, me, run, sop, asked=cards.about(me, run))
        answer = Answer(refusal(words, hands.named(tx, refused)), alert=True)
    tx.cards.tell_apart(cards.subject(run.id), me.chat)
    return answer


def _require_open(me: Person, stamp: t.Stamp) -> None:
    """The button belongs to a question only while that question is open."""
    if stamp.ask and (me.asked is None or me.asked.ask != stamp.ask or me.asked.run != stamp.run):
        raise Refused(Why.STALE)


def act(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, visit: int, act: t.Act) -> str:
    """What a button or its word does, and what the tap is answered with. Raises Refused."""
    if visit != run.visit:
        raise Refused(Why.STALE)
    step = sop.step(run.step) if run.step else None
    match act:
        case t.Back():
            return close(tx, house, me, run, sop)
        case t.Open(menu=q.Account() | q.Whereabouts() | q.Nameless() as what):
            # looked at, not asked: whatever else is asked of the person stays open
            cards.show(tx, house, me, run, sop, asked=Asked(0, run.id, run.visit, what))
            return ""
        case t.Open(menu=q.Otherwise()) if me.id != run.holder:
            raise why_not(me.id, c.Block(), run)
        case t.Open(menu=what):
            return ask(tx, house, me, run, sop, what)
        case t.Wrong():
            close(tx, house, me, run, sop)
            ask_what_is_wrong(tx, house, me, sop, step.id if step else None, run.id)
            return ""
        case t.SendFiles():
            return _send_files(tx, house, me, run, sop)
        case t.Rate():
            feedback.rate(tx, house, me, run, sop, act)
            return ""
        case t.TurnTo(page=page):
            return _turn_to(tx, house, me, run, sop, page)
        case _ if step is None and not isinstance(act, AFTER_THE_END):
            raise Refused(Why.OVER)
        case t.Reasoning(number=number):
            return give_reason(tx, house, me, run, sop, number)
        case t.Meant(number=number):
            return _meant(tx, house, me, run, sop, number)
        case t.JotDown():
            return _jot(tx, house, me, run, sop)
        case t.NewPin():
            return _choose_pin(tx, house, me, run, sop)
    assert step is not None or isinstance(act, AFTER_THE_END)
    match act:
        case t.Pick(field=place, option=option):
            assert step is not None
            return order(tx, house, me, run, sop, c.Record(*_option(step, place, option)))
        case t.Toggle(field=place, option=option, on=on):
            assert step is not None
            return _toggle(tx, house, me, run, sop, _field(step, place), option, on=on)
        case t.Chosen(field=place):
            assert step is not None
            return _chosen(tx, house, me, run, sop, _field(step, place))
        case t.LeaveOut(field=place):
            assert step is not None
            return order(tx, house, me, run, sop, c.Record(_field(step, place).name, None))
        case t.Keep(field=place):
            assert step is not None
            return order(tx, house, me, run, sop, c.Record(*_earlier(run, step, place)))
        case t.Refill(field=place):
            assert step is not None
            return ask(tx, house, me, run, sop, q.Fill(_field(step, place).name))
        case t.Back() | t.Open() | t.Wrong() | t.Reasoning() | t.Meant() | t.TurnTo():
            raise AssertionError("handled above")
        case t.JotDown() | t.SendFiles() | t.NewPin() | t.Rate():
            raise AssertionError("handled above")
        case _:
            return order(tx, house, me, run, sop, act)


def order(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, command: c.Command) -> str:
    """Give a command to the run. Where it wants a reason or a time first, that is asked for."""
    if isinstance(command, c.Launch):
        children.require_child(tx, run, sop)
    try:
        events = hands.ordered(tx, house, me, run, sop, command)
    except ReasonWanted:
        assert isinstance(command, c.Reasoned)
        return ask(tx, house, me, run, sop, q.Because(command))
    except TimeWanted:
        assert isinstance(command, c.Note | c.Backdate)
        return ask(tx, house, me, run, sop, q.When(command))
    except SignatureWanted:
        return ask(tx, house, me, run, sop, q.Signing(pin.first(tx, me)))
    after = hands.move(tx, house, me, run, sop, events)
    after = children.follow(tx, house, me, run, after, sop, events)
    hands.show_others(tx, house, me, run, after, sop, events)
    told = _tell_watchers(tx, house, me, after, sop, events)
    words = house.words(me)
    said = _said(words, tx, command, events) or _elsewhere(words, tx, events)
    if isinstance(command, c.Reasoned) and command.reason is not None:
        asked = cards.ask(tx, house, me, q.Tell(run.turn + 1, told), after)
        cards.show(tx, house, me, after, sop, asked=asked, said=said)
        return ""
    _go_on(tx, house, me, run)
    haste.hint(tx, house, after, sop, events)
    hurried = any(isinstance(event, Hurried) for event in events)
    question = cards.ask(tx, house, me, q.Quick(), after) if hurried else None
    cards.show(tx, house, me, after, sop, asked=question, said=said or haste.thanks(words, events))
    return words("Undone.") if any(isinstance(event, Undone) for event in events) else ""


def _said(words: Words, tx: Transaction, command: c.Command, events: Sequence[Event]) -> str:
    if isinstance(command, c.Sign):
        return words("Signed with your PIN and recorded.")
    return recorded_late(words, tx.sent_at, tx.at) if events and c.was_held_up(tx.sent_at, tx.at) else ""


def _elsewhere(words: Words, tx: Transaction, events: Sequence[Event]) -> str:
    gone = (event.person for event in events if isinstance(event, Released))
    return next((goes_elsewhere(words, tx.people.get(person).name) for person in gone), "")


def _go_on(tx: Transaction, house: House, me: Person, run: Run) -> None:
    """The person moved this run: what was asked is answered or left. What waits for the choice of a run, and the choice
    of this one, stay."""
    match me.asked:
        case None | Asked(what=q.ForWhich()) | Asked(run=run.id, what=q.InHand()):
            pass
        case Asked() if cards.about(me, run) is not None:
            tx.questions.drop(me.id)
        case _:
            cards.leave(tx, house, me)


def ask(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, what: q.Question) -> str:
    """Ask something on the run's card."""
    asked = cards.ask(tx, house, me, what, run)
    cards.show(tx, house, me, run, sop, asked=asked)
    return ""


def close(tx: Transaction, house: House, me: Person, run: Run, sop: Sop) -> str:
    """Leave the question on the run's card."""
    if me.asked is not None and me.asked.run == run.id:
        tx.questions.drop(me.id)
    cards.show(tx, house, me, run, sop)
    return ""


def give_reason(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, number: int) -> str:
    """The n-th reason for the command that waits for one."""
    match me.asked, run.step:
        case Asked(what=q.Because(command=command)), str(step):
            reasons = reasons_of(command, sop.step(step))
            if number < len(reasons):
                return order(tx, house, me, run, sop, c.with_reason(command, reasons[number]))
    raise Refused(Why.STALE)


def at_time(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, done_at: datetime) -> str:
    """When the step recorded afterwards was really done."""
    match me.asked:
        case Asked(what=q.When(command=command)):
            return order(tx, house, me, run, sop, replace(command, done_at=done_at))
        case _:
            raise Refused(Why.STALE)


def _meant(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, number: int) -> str:
    match me.asked:
        case Asked(what=q.Which(name=name, candidates=candidates)) if number < len(candidates):
            return order(tx, house, me, run, sop, c.Record(name, candidates[number]))
        case _:
            raise Refused(Why.STALE)


def _turn_to(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, page: int) -> str:
    match cards.about(me, run):
        case Asked(what=q.Whom()) as asked:
            cards.show(tx, house, me, run, sop, asked=tx.questions.go_on(me.id, asked, q.Whom(page)))
            return ""
        case _:
            raise Refused(Why.STALE)


def _jot(tx: Transaction, house: House, me: Person, run: Run, sop: Sop) -> str:
    match me.asked:
        case Asked(what=q.Jot(text=text)) if run.step is not None:
            order(tx, house, me, run, sop, c.Explain(run.turn, text))
            noted = menu.jotted(house.words(me), sop.step(run.step).number, text)
            tx.cards.put(cards.MENU, me.chat, noted, seen_id=me.seen_id)
            return ""
        case _:
            raise Refused(Why.STALE)


def _choose_pin(tx: Transaction, house: House, me: Person, run: Run, sop: Sop) -> str:
    match me.asked:
        case Asked(what=q.Signing(pin=q.Pin.MINE)):
            return ask(tx, house, me, run, sop, q.Signing(q.Pin.OLD))
        case _:
            raise Refused(Why.STALE)


def _send_files(tx: Transaction, house: House, me: Person, run: Run, sop: Sop) -> str:
    """The files of the run once more, below; pressed twice in a minute it is done once."""
    words = house.words(me)
    for one in tx.files.of_run(run.id)[-LISTED:]:
        letter = Screen(file_line(words, sop, cards.enclosed(one), tx.at), file=one.known)
        tx.letters.put(f"file:{one.id}:{tx.at:%Y%m%d%H%M}", me.chat, letter, must=False)
    return words("They follow below.")


def _field(step: Step, place: int) -> Field:
    if place >= len(step.record):
        raise Refused(Why.UNFIT)
    return step.record[place]


def _option(step: Step, place: int, option: int) -> tuple[str, Value]:
    """What a tap on an option of a field records."""
    field = _field(step, place)
    if isinstance(field.asks, YesNo):
        return field.name, bool(option)
    if option >= len(_options(field)):
        raise Refused(Why.UNFIT)
    return field.name, _options(field)[option]


def _options(field: Field) -> tuple[str, ...]:
    match field.asks:
        case Choice(options=options) | Choices(options=options):
            return options
        case _:
            return ()


def _earlier(run: Run, step: Step, place: int) -> tuple[str, Value]:
    """What the visit before has recorded in a field."""
    name = _field(step, place).name
    if run.earlier.get(name) is None:
        raise Refused(Why.UNFIT)
    return name, run.earlier[name]


def _toggle(
    tx: Transaction, house: House, me: Person, run: Run, sop: Sop, field: Field, option: int, *, on: bool
) -> str:
    if option >= len(_options(field)):
        raise Refused(Why.UNFIT)

    def switched(before: tuple[int, ...]) -> q.Several:
        rest = tuple(number for number in before if number != option)
        return q.Several(field.name, tuple(sorted((*rest, option))) if on else rest)

    match cards.about(me, run):
        case Asked(what=q.Several(name=field.name, chosen=chosen)) as asked:
            # whoever taps the next option before the card is painted is not too late
            cards.show(tx, house, me, run, sop, asked=tx.questions.go_on(me.id, asked, switched(chosen)))
            return ""
        case _:
            return ask(tx, house, me, run, sop, switched(()))


def _chosen(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, field: Field) -> str:
    match me.asked, field.asks:
        case Asked(what=q.Several(name=field.name, chosen=chosen)), Choices(options=options) if chosen:
            return order(tx, house, me, run, sop, c.Record(field.name, tuple(options[number] for number in chosen)))
        case _:
            raise Refused(Why.STALE)


def reopen(tx: Transaction, house: House, me: Person, run_id: int) -> Answer:
    """Show the run's card below, wherever the old one is. Among several open runs it is now the one in hand."""
    run = tx.runs.get(run_id)
    if run is None or not cards.sees(tx, house, me, run):
        record.attempt(tx, me, "ShowRun", run_id)
        return Answer(refusal(house.words(me), Refused(Why.NOT_YOURS)), alert=True)
    asked = cards.about(me, run)
    if asked is None and not run.over:
        cards.ask(tx, house, me, q.InHand(), run)
    cards.show(tx, house, me, run, tx.versions.sop(run.digest), asked=asked, anew=True)
    return Answer()


def tell_more(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, said: Said) -> None:
    """Those who were told that a step cannot be done hear what is added."""
    for other in tell(tx, house, WATCHERS, but=me.id):
        letter = menu.blocked_words(house.words(other), sop, run.id, me.name, said.text, known(said.file))
        tx.letters.put(f"adds:{run.id}:{said.message_id}:{other.id}", other.chat, letter)


def _tell_watchers(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, events: list[Event]) -> bool:
    """Tell those who watch over the SOP of a step that cannot be done. True where anybody was told."""
    told = False
    for event in () if run.rehearsal else events:
        match event:
            case Blocked(step=step_id, reason=reason):
                asked = {*hands.calls(tx, house, run, sop)} - {me.id}  # their cards say it
                watchers = tell(tx, house, WATCHERS, but=me.id)
                for other in watchers:
                    if other.id not in asked:
                        letter = menu.blocked(house.words(other), sop, sop.step(step_id), run.id, reason, me.name)
                        tx.letters.put(f"blocked:{run.id}:{run.turn}:{other.id}", other.chat, letter)
                told = told or bool(asked or watchers)
            case _:
                pass
    return told
