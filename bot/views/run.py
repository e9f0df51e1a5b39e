"""The card of a run: one step on one phone screen, with the few buttons that fit it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.engine import commands as c
from bot.engine import deviations as d
from bot.engine.calendar import Office
from bot.engine.deviations import AnyReason, conformity
from bot.engine.questions import (
    Because,
    FileList,
    Fill,
    More,
    Otherwise,
    Question,
    Several,
    StepList,
    Tell,
    When,
    Which,
)
from bot.engine.run import Deviated, Doubt, FileKind, Progress, Run, Seen
from bot.engine.sop import Approve, Choice, Choices, Day, Decide, Do, Field, Number, Sop, Status, Step, Text, YesNo
from bot.engine.values import ends
from bot.views import names
from bot.views.screen import Button, Screen, Style, cut, h
from bot.views.taps import (
    Act,
    Back,
    Chosen,
    LeaveOut,
    Meant,
    Open,
    Packer,
    Pick,
    Reasoning,
    Refill,
    SendFiles,
    ShowSop,
    Stamp,
    Toggle,
    Wrong,
)
from bot.views.words import Words

Rows = tuple[tuple[Button, ...], ...]

FOLD = 160
"""Characters from which on a text goes behind 'Selengkapnya'."""

LISTED = 20
"""Files that are listed, and sent again, at once: the newest."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The open question that a run's card shows, and its number."""

    ask: int
    what: Question


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file of the run: at which step it came, and what its sender called it."""

    step: str
    kind: FileKind
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that the card of a run is drawn from."""

    words: Words
    pack: Packer
    office: Office
    sop: Sop
    status: Status
    run: Run
    now: datetime
    asked: Asked | None = None
    said: str = ""  # one line on top about what just happened, already in the reader's language
    deviations: Sequence[Deviated] = field(default=())
    files: Sequence[Enclosed] = field(default=())  # where they are listed

    def button(self, label: str, act: Act, style: Style = Style.PLAIN) -> Button:
        """A button of this card, as it is now."""
        stamp = Stamp(self.run.id, self.run.visit, self.asked.ask if self.asked else 0)
        return Button(label, self.pack.run(stamp, act), style)

    @property
    def can_undo(self) -> bool:
        """True while what last ended a step, or paused the run, may be taken back."""
        since = self.run.paused_at if self.run.progress is Progress.PAUSED else self.run.ended_at
        return since is not None and self.now - since <= c.UNDO_WINDOW


def run_card(card: Card) -> Screen:
    """The run as its performer sees it now."""
    match card.run.progress, card.asked:
        case ((Progress.DONE | Progress.STOPPED), Asked(what=Tell() as tell)):
            return _screen(card, _ending(card), _tell_rows(card, tell))
        case Progress.DONE | Progress.STOPPED, _:
            return _screen(card, _ending(card), _undo_rows(card))
        case _, Asked(what=what):
            return _question(card, what)
        case Progress.PAUSED, _:
            return _screen(card, _paused(card), _paused_rows(card))
        case _ if card.run.doubts:
            return _recognised(card, _step(card), card.run.doubts[0])
        case _:
            return _screen(card, _step_lines(card, _step(card)), _step_rows(card, _step(card)))


def _step(card: Card) -> Step:
    assert card.run.step is not None
    return card.sop.step(card.run.step)


def _screen(card: Card, lines: Iterator[str], rows: Rows) -> Screen:
    said = [f"<i>{h(card.said)}</i>", ""] if card.said else []
    return Screen("\n".join([*said, *lines]), rows)


def _title(card: Card) -> Iterator[str]:
    words, sop = card.words, card.sop
    yield f"<b>{h(cut(sop.title, 120))}</b>"
    number = f"{h(cut(sop.number, 60))} · " if sop.number else ""
    state = f" · {words(names.STATES[card.status])}" if card.status is Status.TRIAL else ""
    yield f"{number}{words('version {version}', version=h(sop.version))}{state} · #{card.run.id}"


# A step


def _step_lines(card: Card, step: Step) -> Iterator[str]:
    words = card.words
    yield from _title(card)
    yield _progress(card, step)
    yield ""
    if step.warning:
        yield f"⚠️ <b>{h(cut(step.warning, 400))}</b>"
        yield ""
    if step.critical:
        yield f"❗ {words('Critical step: it cannot be skipped.')}"
    asks = isinstance(step.does, Decide) and not step.text.endswith("?")
    yield f"<b>{h(cut(step.text, 400))}{'?' if asks else ''}</b>"
    yield ""
    yield from _facts(card, step)
    yield from _answers(card, step)
    yield from _wanted(card, step)
    yield from _folded(card, step)


def _progress(card: Card, step: Step) -> str:
    total = len(card.sop.steps)
    filled = round(8 * (step.number - 1) / total)
    bar = "▰" * filled + "▱" * (8 - filled)
    place = card.words("Step {number} of {total}", number=step.number, total=total)
    phase = f" · {h(cut(step.phase, 40))}" if step.phase else ""
    round_number = card.run.visits.get(step.id, 1)
    again = f" · {card.words('round {number}', number=round_number)}" if round_number > 1 else ""
    return f"{bar} {place}{phase}{again}"


def _facts(card: Card, step: Step) -> Iterator[str]:
    words = card.words
    titles = c.needs_hand(card.sop, card.run, step)
    performer = words.listed([cut(title, 60) for title in titles]) or words("whoever started the run")
    yield f"👤 {h(performer)}"
    if step.along:
        along = [position.title for name in step.along if (position := card.sop.position(name))]
        yield f"👥 {words('With: {names}', names=h(cut(words.listed(along), 160)))}"
    if step.needs:
        yield f"📎 {words('Needed: {things}', things=h(cut('; '.join(step.needs), FOLD)))}"
    yield from _time(card, step)
    if step.output:
        yield f"🎯 {words('Output: {things}', things=h(cut('; '.join(step.output), FOLD)))}"
    following = _next_hand(card, step)
    if following:
        yield f"➡️ {words('Next: {who}', who=h(cut(following, 60)))}"


def _time(card: Card, step: Step) -> Iterator[str]:
    words = card.words
    stated = step.within.text if step.within else step.time_note
    due = c.due_at(card.run, step, card.office)
    begin = None if card.run.begun_at else c.begin_by(card.run, step, card.office)
    until = words("until {moment}", moment=words.moment(due, card.now)) if due else ""
    before = words("begin by {moment}", moment=words.moment(begin, card.now)) if begin else ""
    if stated or until or before:
        yield "⏱ " + " · ".join(part for part in (h(cut(stated, 60)), before, until) if part)
    last = due or begin
    if last and card.now > last and card.run.progress is Progress.ACTIVE:
        yield f"⏰ {words('Past its time; please go on, the delay is noted.')}"
    opens = c.opens_at(card.run, step, card.office)
    if opens and card.now < opens:
        yield f"⏳ {words('Waits until {moment}.', moment=words.weekday(opens))}"


def _next_hand(card: Card, step: Step) -> str:
    """Who is next, where there is but one place to go and another position does it."""
    targets = set(step.leads_to())
    target = targets.pop() if len(targets) == 1 else None
    if target is None:
        return ""
    following = card.sop.step(target)
    mine = c.needs_hand(card.sop, card.run, step)
    theirs = c.needs_hand(card.sop, card.run, following)
    return card.words.listed(list(theirs)) if theirs != mine else ""


def _answers(card: Card, step: Step) -> Iterator[str]:
    """What was entered in this visit, or in the one before where there is nothing new."""
    run = card.run
    for asked in step.record[:20]:
        label = h(cut(asked.label, 60))
        if asked.name in run.values:
            yield f"✅ {label}: <b>{h(cut(names.value(card.words, run.values[asked.name], asked.asks), 120))}</b>"
        elif asked.name in run.earlier:
            before = h(cut(names.value(card.words, run.earlier[asked.name], asked.asks), 120))
            yield f"▫️ {label} ({card.words('before: {value}', value=before)})"
        elif asked.required and asked is not c.next_field(step, run):
            yield f"▫️ {label}"


def _wanted(card: Card, step: Step) -> Iterator[str]:
    words, run = card.words, card.run
    wanted = ((FileKind.PHOTO, step.evidence.photos), (FileKind.FILE, step.evidence.files))
    for kind, count in (*wanted, (FileKind.LOCATION, int(step.evidence.location))):
        if count:
            have = min(run.count(kind), count)
            mark = "✅" if have == count else "📷" if kind is FileKind.PHOTO else "📎"
            yield f"{mark} {words(names.FILES[kind]).capitalize()} {have}/{count}"
    more = [(kind, run.count(kind) - count) for kind, count in wanted if run.count(kind) > count]
    if more:
        things = words.listed([f"{count} {words(names.FILES[kind])}" for kind, count in more])
        yield f"📎 {words('Also attached: {things}', things=things)}"
    asked = c.next_field(step, run)
    if set(c.missing_evidence(step, run)) and not (asked is not None and asked.required):
        yield ""
        yield f"👉 {words('Please send it here: camera, gallery or file.')}"
    if asked is not None:
        yield ""
        yield from _ask(card, asked)


def _ask(card: Card, asked: Field) -> Iterator[str]:
    words = card.words
    mark, may = ("👉", "") if asked.required else ("✏️", f" · {words('may stay empty')}")
    yield f"{mark} <b>{h(cut(asked.label, 100))}</b>{_hint(card, asked)}{may}"
    if asked.example:
        yield words("Example: {example}", example=f"<code>{h(cut(asked.example, 60))}</code>")


def _hint(card: Card, asked: Field) -> str:
    words = card.words
    match asked.asks:
        case Text(digits=(fewest, most)):
            digits = str(fewest) if fewest == most else f"{fewest}–{most}"
            return " – " + words("type {digits} digits", digits=digits)
        case Text():
            return " – " + words("type the answer")
        case Number(unit=unit, expect=expect):
            low, high = ends(expect, card.run.known)
            usual = [names.value(words, end) for end in (low, high) if end is not None]
            about = f", {words('usually {range}', range='–'.join(usual))}" if len(usual) == 2 else ""
            return " – " + words("type a number") + (f" ({h(unit)})" if unit else "") + about
        case Day():
            return " – " + words("type a date, such as 24/11/2026")
        case Choice() | YesNo():
            return " – " + words("choose below")
        case Choices():
            return " – " + words("choose one or more")


def _folded(card: Card, step: Step) -> Iterator[str]:
    """What is long stands behind 'Selengkapnya', so that the card fits a small screen."""
    words = card.words
    parts = []
    if step.help:
        parts.append(h(cut(step.help, 900)))
    if step.note:
        parts.append(f"{words('Remark')}: {h(cut(step.note, 300))}")
    if len("; ".join(step.needs)) > FOLD:
        parts.append(f"{words('Needed')}: {h(cut('; '.join(step.needs), 600))}")
    if len("; ".join(step.output)) > FOLD:
        parts.append(f"{words('Output')}: {h(cut('; '.join(step.output), 400))}")
    if parts:
        yield ""
        yield (
            f"<blockquote expandable>ℹ️ <b>{words('More about this step')}</b>\n" + "\n\n".join(parts) + "</blockquote>"
        )


# Buttons of a step


def _step_rows(card: Card, step: Step) -> Rows:
    asked = c.next_field(step, card.run)
    rows = [*_tick_rows(card, step), *(_option_rows(card, step, asked) if asked is not None else ())]
    if not c.missing(step, card.run) and not _waits(card, step):
        rows += _ending_rows(card, step)
    return (*rows, *_last_rows(card, step))


def _waits(card: Card, step: Step) -> bool:
    opens = c.opens_at(card.run, step, card.office)
    return opens is not None and card.now < opens


def _tick_rows(card: Card, step: Step) -> Iterator[tuple[Button, ...]]:
    for number, text in enumerate(step.check):
        on = number in card.run.ticks
        yield (card.button(f"{'☑️' if on else '⬜'} {cut(text, 50)}", c.Tick(number, not on)),)


def _option_rows(card: Card, step: Step, asked: Field) -> list[tuple[Button, ...]]:
    place = step.record.index(asked)
    match asked.asks:
        case Choice(options=options):
            return _two_a_row([card.button(cut(label, 40), Pick(place, n)) for n, label in enumerate(options)])
        case YesNo():
            yes, no = card.words("Yes"), card.words("No")
            return [(card.button(yes, Pick(place, 1)), card.button(no, Pick(place, 0)))]
        case Choices(options=options):
            return [(card.button(cut(label, 50), Toggle(place, n, True)),) for n, label in enumerate(options)]
        case _:
            return []


def _two_a_row(buttons: list[Button]) -> list[tuple[Button, ...]]:
    """Two short labels side by side, a long one alone."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        fits = rows and len(rows[-1]) == 1 and max(len(rows[-1][0].label), len(button.label)) <= 16
        if fits:
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    return rows


def _ending_rows(card: Card, step: Step) -> list[tuple[Button, ...]]:
    words = card.words
    match step.does:
        case Do():
            return [(card.button(f"✅ {words('Done')}", c.Finish(), Style.GO),)]
        case Decide(ways=ways):
            return _two_a_row([card.button(way.label, c.Choose(n), Style.MAIN) for n, way in enumerate(ways)])
        case Approve(reject=reject):
            approve = card.button(f"✅ {words('Approve')}", c.Give(), Style.GO)
            back = [card.button(f"↩️ {words('Reject')}", c.Refuse(), Style.STOP)] if reject else []
            return [(approve, *back)]
        case _:
            return []


def _last_rows(card: Card, step: Step) -> Rows:
    words = card.words
    problem = card.button(f"⚠️ {words('Problem')}", Open(Otherwise()))
    more = card.button(f"⋯ {words('More')}", Open(More()))
    undo = ((card.button(f"↶ {words('Undo')}", c.Undo()),),) if card.can_undo else ()
    return ((problem, more), *undo)


def _undo_rows(card: Card) -> Rows:
    again = Button(f"🔁 {card.words('Open this SOP again')}", card.pack.plain(ShowSop(card.sop.id)))
    undo = ((card.button(f"↶ {card.words('Undo')}", c.Undo()),),) if card.can_undo else ()
    files = [(card.button(f"📎 {card.words('Attachments')} ({len(card.files)})", SendFiles()),)] if card.files else []
    return (*undo, *files, (again,))


# Questions


def _question(card: Card, what: Question) -> Screen:
    words, step = card.words, _step(card)
    match what:
        case Otherwise():
            lines = [*_short(card, step), "", f"<b>{words('What is different at this step?')}</b>"]
            return _screen(card, iter(lines), _otherwise_rows(card, step))
        case More():
            lines = [*_short(card, step), "", *_standing(card)]
            return _screen(card, iter(lines), _more_rows(card, step))
        case Because(command=command):
            lines = [*_short(card, step), "", f"<b>{_why(card, step, command)}</b>"]
            return _screen(card, iter(lines), _reason_rows(card, step, command))
        case When():
            lines = [
                *_short(card, step),
                "",
                f"<b>{words('When was it done?')}</b>",
                words("Type the time, such as 08.10"),
            ]
            return _screen(card, iter(lines), ((_back(card),),))
        case Tell():
            return _screen(card, _told(card, _just_ended(card, what) or step), _tell_rows(card, what))
        case Which(name=name, candidates=candidates):
            asked = c.field_named(step, name)
            asks = asked.asks if asked else None
            buttons = [card.button(names.value(words, n, asks), Meant(i)) for i, n in enumerate(candidates)]
            lines = [*_short(card, step), "", f"<b>{words('Which number do you mean?')}</b>"]
            return _screen(card, iter(lines), (tuple(buttons), (_back(card),)))
        case Fill(name=name):
            return _fill(card, step, name)
        case Several(name=name, chosen=chosen):
            return _several(card, step, name, chosen)
        case StepList():
            return _screen(card, _step_list(card), ((_back(card),),))
        case FileList():
            return _screen(card, _file_list(card), _file_rows(card))
        case _:
            return _screen(card, _step_lines(card, step), _step_rows(card, step))


def _short(card: Card, step: Step) -> Iterator[str]:
    yield from _title(card)
    yield _progress(card, step)
    yield f"<b>{h(cut(step.text, 200))}</b>"


def _back(card: Card, label: str = "") -> Button:
    return card.button(f"‹ {label or card.words('Back')}", Back())


def _otherwise_rows(card: Card, step: Step) -> Rows:
    words = card.words
    wrong = (card.button(f"📝 {words('Procedure wrong')}", Wrong()),)
    cannot = (card.button(words("Cannot be done"), c.Block()),)
    if not isinstance(step.does, Do):
        return (cannot, wrong, (_back(card),))
    note = (card.button(words("Done with a note"), c.Note(), Style.MAIN),)
    if step.critical:
        return (note, cannot, wrong, (_back(card),))
    skip = card.button(words("Skip"), c.Skip())
    waive = card.button(words("Not applicable"), c.Waive())
    return (note, (skip, waive), cannot, wrong, (_back(card),))


def _standing(card: Card) -> Iterator[str]:
    words = card.words
    yield words("Held by you since {moment}.", moment=words.moment(card.run.entered_at, card.now))
    done = len(card.run.done)
    yield words.many("{count} step is done so far.", "{count} steps are done so far.", done)
    if card.run.deviations:
        yield words.many("{count} deviation is noted.", "{count} deviations are noted.", card.run.deviations)


def _more_rows(card: Card, step: Step) -> Rows:
    words = card.words
    fields = [
        (card.button(f"✏️ {cut(asked.label, 40)}", Refill(place)),)
        for place, asked in enumerate(step.record[:8])
        if asked.name in card.run.values or not asked.required
    ]
    steps = (card.button(f"📋 {words('List of steps')}", Open(StepList())),)
    files = [(card.button(f"📎 {words('Attachments')} ({len(card.files)})", Open(FileList())),)] if card.files else []
    pause = card.button(f"⏸ {words('Pause')}", c.Pause())
    stop = card.button(f"⏹ {words('Stop run')}", c.Stop(), Style.STOP)
    return (*fields, steps, *files, (pause, stop), (_back(card),))


def _step_list(card: Card) -> Iterator[str]:
    yield from _title(card)
    yield ""
    for step in card.sop.steps[:60]:
        here = step.id == card.run.step
        mark = "▶️" if here else "✅" if step.id in card.run.done else "▫️"
        text = h(cut(step.text, 50))
        yield f"{mark} {step.number}. {f'<b>{text}</b>' if here else text}"


def _file_list(card: Card) -> Iterator[str]:
    yield from _title(card)
    yield ""
    yield f"<b>{card.words('Attachments')}</b>"
    yield from (file_line(card.words, card.sop, one, card.now) for one in card.files[-LISTED:])


def file_line(words: Words, sop: Sop, one: Enclosed, now: datetime) -> str:
    """A file by its step, kind, name and time."""
    kind = words(names.FILES[one.kind]).capitalize()
    name = f" {h(cut(one.name, 60))}" if one.name else ""
    return f"{sop.step(one.step).number}. {kind}{name} · {words.moment(one.at, now)}"


def _file_rows(card: Card) -> Rows:
    return ((card.button(f"📎 {card.words('Send them here')}", SendFiles(), Style.MAIN),), (_back(card),))


def _recognised(card: Card, step: Step, doubt: Doubt) -> Screen:
    """Is a file meant that had served as proof before?"""
    words, seen = card.words, doubt.seen
    facts = {"kind": words(names.FILES[doubt.file.kind]), "moment": words.moment(seen.at, card.now)}
    if seen.run == card.run.id:
        place = words("This {kind} was used at step {number} already, {moment}.", number=_number(card, seen), **facts)
    else:
        place = words("This {kind} was used in run #{run} already, {moment}.", run=seen.run, **facts)
    lines = [*_short(card, step), "", f"📎 {place}", f"<b>{words('Use it again?')}</b>"]
    no = card.button(words("No, I send another"), c.Judge(doubt.turn, False), Style.MAIN)
    yes = card.button(words("Yes, use it"), c.Judge(doubt.turn, True))
    return _screen(card, iter(lines), ((no,), (yes,), *_last_rows(card, step)))


def _number(card: Card, seen: Seen) -> int:
    return card.sop.step(seen.step).number


def _why(card: Card, step: Step, command: c.Reasoned) -> str:
    words = card.words
    match command:
        case c.Record(name=name, value=given):
            asked = c.field_named(step, name)
            value = names.value(words, given, asked.asks if asked else None)
            return words("{value} is outside the usual range. Why?", value=h(value))
        case c.Choose(way=way) if isinstance(step.does, Decide):
            return words("{label}: why?", label=h(step.does.ways[way].label))
        case c.Note():
            return words("What should be noted?")
        case c.Skip():
            return words("Why is this step skipped?")
        case c.Waive():
            return words("Why does this step not apply?")
        case c.Block():
            return words("Why can it not be done?")
        case c.Pause():
            return words("Why is the run paused?")
        case c.Stop():
            return words("Why is the run stopped?")
        case _:
            return words("Why does it go back?")


def reasons_of(command: c.Reasoned, step: Step) -> tuple[AnyReason, ...]:
    """The reasons that a card lists for a command, in the order of their buttons."""
    match command, step.does:
        case c.Choose(way=way), Decide(ways=ways):
            return c.reasons_of(ways[way])
    match command:
        case c.Record():
            return d.OUT_OF_RANGE
        case c.Choose() | c.Refuse():
            return d.SEND_BACK
        case c.Note():
            return d.NOTE
        case c.Skip():
            return d.SKIP
        case c.Waive():
            return d.NOT_APPLICABLE
        case c.Block():
            return d.CANNOT
        case c.Pause():
            return d.PAUSE
        case c.Stop():
            return d.STOP


def _reason_rows(card: Card, step: Step, command: c.Reasoned) -> Rows:
    reasons = reasons_of(command, step)
    listed = ((card.button(names.reason(card.words, reason), Reasoning(n)),) for n, reason in enumerate(reasons))
    return (*listed, (_back(card),))


def _just_ended(card: Card, tell: Tell) -> Step | None:
    """The step that the record just made ended, None where it ended none."""
    before = card.run.before
    ended = before is not None and before.step is not None and before.turn + 1 == tell.turn
    return card.sop.step(before.step) if ended and before and before.step else None


def _told(card: Card, step: Step) -> Iterator[str]:
    yield from _short(card, step)
    yield ""
    yield f"✅ <b>{card.words('It is recorded.')}</b>"
    yield card.words("Want to add something? Send words, a photo or a voice note. Else tap Continue.")


def _tell_rows(card: Card, tell: Tell) -> Rows:
    go_on = card.button(card.words("Continue"), Back(), Style.MAIN)
    to_undo = _just_ended(card, tell) is not None or card.run.progress is Progress.PAUSED
    undo = ((card.button(f"↶ {card.words('Undo')}", c.Undo()),),) if to_undo and card.can_undo else ()
    return ((go_on,), *undo)


def _fill(card: Card, step: Step, name: str) -> Screen:
    asked = c.field_named(step, name)
    if asked is None:
        return _screen(card, _step_lines(card, step), _step_rows(card, step))
    leave = [] if asked.required else [(card.button(card.words("Leave empty"), LeaveOut(step.record.index(asked))),)]
    lines = [*_short(card, step), "", *_ask(card, asked)]
    return _screen(card, iter(lines), (*_option_rows(card, step, asked), *leave, (_back(card),)))


def _several(card: Card, step: Step, name: str, chosen: tuple[int, ...]) -> Screen:
    asked = c.field_named(step, name)
    if asked is None or not isinstance(asked.asks, Choices):
        return _screen(card, _step_lines(card, step), _step_rows(card, step))
    place = step.record.index(asked)
    rows = [
        (card.button(f"{'☑️' if n in chosen else '⬜'} {cut(label, 50)}", Toggle(place, n, n not in chosen)),)
        for n, label in enumerate(asked.asks.options)
    ]
    ready = [(card.button(card.words("That is all"), Chosen(place), Style.GO),)] if chosen else []
    return _screen(card, iter([*_short(card, step), "", *_ask(card, asked)]), (*rows, *ready, (_back(card),)))


# Rest and end


def _paused(card: Card) -> Iterator[str]:
    words = card.words
    yield from _short(card, _step(card))
    yield ""
    since = card.run.paused_at
    yield f"⏸ {words('Paused since {moment}.', moment=words.moment(since, card.now))}" if since else "⏸"


def _paused_rows(card: Card) -> Rows:
    words = card.words
    resume = card.button(f"▶️ {words('Resume')}", c.Resume(), Style.GO)
    return ((resume,), (card.button(f"⏹ {words('Stop run')}", c.Stop(), Style.STOP),))


def _ending(card: Card) -> Iterator[str]:
    words, run = card.words, card.run
    yield from _title(card)
    yield ""
    if run.progress is Progress.STOPPED:
        yield f"⏹ <b>{words('The run is stopped.')}</b> {words('Everything done so far stays recorded.')}"
        return
    yield f"🏁 <b>{words('The run is complete. Thank you.')}</b>"
    yield ""
    yield h(cut(conformity_sentence(card), 1500))
    worked = card.office.worked(run.started_at, run.ended_at or card.now)
    yield words("Working time: {span}.", span=words.span(worked))


def conformity_sentence(card: Card) -> str:
    """'Sesuai 92 %. Langkah 4 dilewati, langkah 6 diulang 2 kali.'"""
    words, run = card.words, card.run
    share = conformity(performed=run.performed, skipped=run.skipped, extra=run.extra, shortest=card.sop.shortest)
    percent = int(share * 100)
    parts = [_deviation_words(card, one) for one in card.deviations]
    repeated = [(card.sop.step(name), count) for name, count in run.visits.items() if count > 1]
    parts += [
        words("step {number} was visited {count} times", number=step.number, count=count) for step, count in repeated
    ]
    head = words("Conforming {percent} %.", percent=percent)
    if not parts:
        return f"{head} {words('Everything as written.')}"
    listed = words.listed(parts)
    return f"{head} {listed[0].upper()}{listed[1:]}."


def _deviation_words(card: Card, one: Deviated) -> str:
    words, step = card.words, card.sop.step(one.step)
    late = f" ({words.span(one.late)})" if one.late and one.late >= timedelta(minutes=1) else ""
    what = words("begun late") if one.detail == d.BEGUN_LATE else words(names.KINDS[one.kind])
    return words("step {number}: {what}", number=step.number, what=what) + late
