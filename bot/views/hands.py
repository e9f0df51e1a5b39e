"""The card of a run for everyone but its holder: it is offered, leave is asked for, or one looks on."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.engine import commands as c
from bot.engine.questions import FileList, Whereabouts, Whom
from bot.engine.rights import Relation
from bot.engine.run import (
    Assigned,
    Declined,
    Event,
    Leave,
    LeaveRefused,
    Progress,
    Rejected,
    Released,
    Returned,
    Run,
    Wish,
)
from bot.engine.sop import Approve, Child, Decide, Sop, Step
from bot.views import names
from bot.views.card import Card, Rows
from bot.views.pages import Page
from bot.views.screen import Button, Known, Screen, Style, cut, h, quoted
from bot.views.taps import Back, Open, ShowRun, TurnTo
from bot.views.words import N_, Words

WISHES = {
    Leave.SKIP: N_("{who} asks for leave to skip this step."),
    Leave.WAIVE: N_("{who} asks for leave, since this step does not apply."),
    Leave.GO_ON: N_("{who} says that this step cannot be done."),
}
TELLS = 20
"""Values that an offer shows; a run records more only in long loops."""

PAGE = 7
"""People on a page where somebody is chosen."""


def news(words: Words, events: Sequence[Event], who: str) -> str:
    """What somebody else did, for whoever is called by it; empty where the card tells it all."""
    told, who = "", names.apart(who)
    for event in events:
        match event:
            case Returned(reason=reason) | Rejected(reason=reason):
                told = words("Sent back by {who}: {reason}.", who=who, reason=names.reason(words, reason).lower())
            case LeaveRefused(reason=reason):
                told = words("{who} gave no leave: {reason}.", who=who, reason=names.reason(words, reason).lower())
            case Assigned():
                told = words("{who} gave this step to you.", who=who)
            case Declined():
                told = words("{who} did not take this step.", who=who)
            case Released() if told:
                told = f"{told} {words('Whoever did it before is not there.')}"
            case Released(away=True):
                told = words("{who} is away, so this step is for others.", who=who)
            case Released():
                told = words("{who} cannot go on with this step.", who=who)
    return told


def goes_elsewhere(words: Words, name: str) -> str:
    """Whoever sends a step on hears that it does not reach whom it would."""
    return words("{who} is not there, so the step is offered to others.", who=names.apart(name))


def added(words: Words, sop: Sop, run: int, name: str, text: str, file: Known | None) -> Screen:
    """What somebody adds to why the run is now with whoever reads this."""
    head = f"💬 {h(cut(sop.title, 160))} · #{run}\n{words('{name} adds:', name=names.person(name))}"
    return Screen(head + quoted(text, file), file=file)


def others_card(card: Card) -> Screen:
    """The run as somebody sees it who does not have its step."""
    step = card.sop.step(card.run.step or card.sop.first.id)
    match card.asked:
        case None:
            pass
        case asked if isinstance(asked.what, Whom):
            return card.screen(_whom(card, step), _whom_rows(card, asked.what.page))
    match card.place.relation:
        case _ if card.run.progress is Progress.PAUSED:
            return card.screen(_looking(card, step), _looking_rows(card))
        case Relation.OFFERED:
            return card.screen(_offer(card, step), _offer_rows(card))
        case Relation.ASKED if card.run.wish is not None:
            return card.screen(_asked(card, step, card.run.wish), _asked_rows(card, step, card.run.wish))
        case _:
            return card.screen(_looking(card, step), _looking_rows(card))


def _place(card: Card, step: Step) -> str:
    return card.words("Step {number} of {total}", number=step.number, total=len(card.sop.steps))


def _name(card: Card, person: int | None) -> str:
    name = card.place.names.get(person or 0)
    return names.person(name) if name else card.words("somebody")


# It is offered


def _offer(card: Card, step: Step) -> Iterator[str]:
    words, run = card.words, card.run
    yield card.title
    yield f"📨 <b>{words('This step is for you.')}</b> {_place(card, step)}"
    yield ""
    yield f"<b>{h(cut(step.text, 400))}</b>"
    if isinstance(step.does, Child):
        yield f"▶️ {words('Accept starts that SOP; this run waits for it.')}"
    if step.within:
        yield f"⏱ {h(cut(step.within.text, 60))}"
    giver = _giver(run)
    if giver is not None:
        yield f"👤 {words('From: {who}', who=_name(card, giver))}"
    yield from so_far(card)


def _giver(run: Run) -> int | None:
    """Whoever ended the step before."""
    last = max(run.hands.values(), key=lambda hand: hand.visit, default=None)
    return last.person if last else None


def so_far(card: Card) -> Iterator[str]:
    """What was recorded until now, by the labels of the SOP, the newest last."""
    known = card.run.known
    fields = [field for step in card.sop.steps for field in step.record if field.name in known]
    if fields:
        lines = [
            f"{names.field(field.label)} <b>{h(cut(names.value(card.words, known[field.name], field.asks), 80))}</b>"
            for field in fields[-TELLS:]
        ]
        yield "<blockquote expandable>" + "\n".join(lines) + "</blockquote>"
    if card.files:
        yield f"📎 {card.words.many('{count} file', '{count} files', len(card.files))}"


def _offer_rows(card: Card) -> Rows:
    words = card.words
    accept = card.button(f"✅ {words('Accept')}", c.Accept(), Style.GO)
    decline = card.button(words("Not me"), c.Decline())
    back = (card.button(f"↩️ {words('Return')}", c.Return()),) if card.run.hands else ()
    files = card.button(f"📎 {words('Attachments')} ({len(card.files)})", Open(FileList()))
    return ((accept,), (decline, *back), *(((files,),) if card.files else ()))


# Leave is asked for


def _asked(card: Card, step: Step, wish: Wish) -> Iterator[str]:
    words = card.words
    yield card.title
    yield f"✋ <b>{words(WISHES[wish.leave], who=_name(card, card.run.holder))}</b>"
    yield ""
    yield f"{_place(card, step)}: {h(cut(step.text, 400))}"
    if step.warning:
        yield f"⚠️ {h(cut(step.warning, 300))}"
    yield f"{words('Reason: {reason}', reason=h(names.reason(words, wish.reason)))}"
    yield words("Since {moment}", moment=words.moment(wish.since, card.now))
    if isinstance(step.does, Decide):
        yield ""
        yield words("Which way may it go on?")


def _asked_rows(card: Card, step: Step, wish: Wish) -> Rows:
    words = card.words
    assign = (_assign_row(card),) if card.place.may_assign else ()
    rest = ((card.button(words("Refuse"), c.Deny(), Style.STOP),), *assign, _where_row(card))
    match step.does:
        case Approve():  # it cannot be passed, only given by somebody else
            return rest
        case Decide(ways=ways):
            listed = ((card.button(f"✅ {cut(way.label, 50)}", c.Allow(n)),) for n, way in enumerate(ways))
            return (*listed, *rest)
        case _:
            return ((card.button(f"✅ {words('Allow')}", c.Allow(), Style.GO),), *rest)


def _assign_row(card: Card) -> tuple[Button, ...]:
    takes = card.button(card.words("Take over"), c.Assign(card.me))
    return (*((takes,) if _may_take_over(card) else ()), card.button(card.words("Assign"), Open(Whom())))


def _where_row(card: Card) -> tuple[Button, ...]:
    return (card.button(f"📍 {card.words('Where is this file?')}", Open(Whereabouts())),)


# One looks on


def _looking(card: Card, step: Step) -> Iterator[str]:
    yield card.title
    yield f"{_place(card, step)}: {h(cut(step.text, 300))}"
    yield ""
    yield waits_for(card, step)


def waits_for(card: Card, step: Step) -> str:
    """For whom the run waits, and since when."""
    words, sop, run = card.words, card.sop, card.run
    if run.wish is not None and run.progress is not Progress.PAUSED:
        return wish_line(card)
    if card.place.stand_in is not None and run.progress is not Progress.PAUSED:
        return with_stand_in(words, run, _name(card, card.place.stand_in), _name(card, run.released), card.now)
    child = next((one for one in card.children if run.child is not None and one.run.id == run.child.run), None)
    if child is not None and run.progress is not Progress.PAUSED:
        return _child_line(card.below(child))
    return with_whom(words, sop, run, step, "" if run.holder is None else _name(card, run.holder), card.now)


def with_stand_in(words: Words, run: Run, who: str, name: str, now: datetime) -> str:
    """To whom the step is offered in place of whom, and since when; both are safe inside HTML."""
    facts = {"who": who, "name": name, "moment": words.moment(run.work_began, now)}
    return f"📨 {words('Offered to {who}, who stands in for {name}, since {moment}.', **facts)}"


def with_whom(words: Words, sop: Sop, run: Run, step: Step, holder: str, now: datetime) -> str:
    """Who has the step, to whom it is offered, or that the run rests, and since when; `holder` is safe inside HTML."""
    if run.progress is Progress.PAUSED and run.paused_at is not None:
        return f"⏸ {words('Paused since {moment}.', moment=words.moment(run.paused_at, now))}"
    since = words.moment(run.work_began, now)
    if holder:
        return f"👤 {words('With {who} since {moment}.', who=holder, moment=since)}"
    titles = words.listed([cut(one, 60) for one in c.needs_hand(sop, run, step)])
    if not titles:
        return f"📨 {words('Nobody has this step since {moment}.', moment=since)}"
    return f"📨 {words('Offered to {who} since {moment}.', who=h(titles), moment=since)}"


def _child_line(card: Card) -> str:
    """Which run is waited for, how far it is, and for whom that one waits."""
    words, sop, run = card.words, card.sop, card.run
    step = sop.step(run.step or sop.first.id)
    facts = {"title": h(cut(names.title(sop), 80)), "run": run.id, "number": step.number, "total": len(sop.steps)}
    return f"⏳ {words('Waits for {title} #{run}, step {number}/{total}.', **facts)}\n{waits_for(card, step)}"


def not_to_be_had(words: Words, sop: Sop, step: Step, run: int) -> Screen:
    """A step is another SOP of which no version is in use."""
    lines = [
        f"⚠️ <b>{words('The SOP of a step cannot be run')}</b>",
        f"{h(cut(sop.title, 160))} · #{run}",
        words("Step {number}: {text}", number=step.number, text=h(cut(step.text, 160))),
        words("No version of it is in use. Put one in use, or let the step be passed."),
    ]
    return Screen("\n".join(lines))


def wish_line(card: Card) -> str:
    """Who was asked for leave, and since when."""
    words, wish = card.words, card.run.wish
    since = words.moment(wish.since, card.now) if wish else ""
    who = words.listed([names.person(card.place.names[one]) for one in card.place.asked if one in card.place.names])
    if not who:
        return f"✋ {words('Waits for leave since {moment}.', moment=since)}"
    return f"✋ {words('Waits for leave from {who} since {moment}.', who=who, moment=since)}"


def _looking_rows(card: Card) -> Rows:
    if not card.sees:  # the run went on to others, and whatever is tapped here would be refused
        return ()
    words, run = card.words, card.run
    rows: list[tuple[Button, ...]] = [_where_row(card)]
    if card.can_undo and run.undoer == card.me:
        rows.append((card.button(f"↶ {words('Undo')}", c.Undo()),))
    paused = run.progress is Progress.PAUSED
    if run.child is not None and not run.over:
        rows.append((Button(f"📂 {words('Open its card')}", card.pack.plain(ShowRun(run.child.run))),))
    elif card.place.may_assign and not paused:
        rows.append(_assign_row(card))
    if paused and card.place.may_steer:
        rows.append((card.button(f"▶️ {words('Resume')}", c.Resume(), Style.GO),))
    elif card.place.may_steer:
        pause = card.button(f"⏸ {words('Pause')}", c.Pause())
        rows.append((pause, card.button(f"⏹ {words('Stop run')}", c.Stop(), Style.STOP)))
    return tuple(rows)


def _may_take_over(card: Card) -> bool:
    """An approval is for those alone whose it is, while there are any."""
    approves = card.run.step is not None and isinstance(card.sop.step(card.run.step).does, Approve)
    return not approves or not card.place.candidates or card.me in card.place.candidates


# To whom


def _whom(card: Card, step: Step) -> Iterator[str]:
    yield card.title
    yield f"{_place(card, step)}: {h(cut(step.text, 300))}"
    yield ""
    yield f"<b>{card.words('Who is to do this step?')}</b>"


def _whom_rows(card: Card, page: int) -> Rows:
    found = card.place.candidates
    part = Page(page, len(found), PAGE)
    listed = (
        (card.button(cut(card.place.names.get(person) or "–", 50), c.Assign(person)),) for person in found[part.lines]
    )
    turning = part.turning(lambda label, number: card.button(label, TurnTo(number)))
    return (*listed, *turning, (card.button(f"‹ {card.words('Back')}", Back()),))
