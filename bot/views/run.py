"""The card of a run: one step on one phone screen, with the few buttons that fit it."""

from collections.abc import Iterator
from datetime import datetime
from textwrap import shorten

from bot.engine import commands as c
from bot.engine import deviations as d
from bot.engine.deviations import AnyReason
from bot.engine.questions import (
    Account,
    Because,
    FileList,
    Fill,
    More,
    Nameless,
    Otherwise,
    Pin,
    PinAgain,
    Question,
    Quick,
    Saying,
    Several,
    Signing,
    StepList,
    Tell,
    When,
    Whereabouts,
    Which,
    Whom,
)
from bot.engine.rights import Relation
from bot.engine.run import Doubt, FileKind, Progress, Seen
from bot.engine.sop import (
    Approve,
    Child,
    Choice,
    Choices,
    Day,
    Decide,
    Do,
    Field,
    Number,
    Sop,
    Status,
    Step,
    Text,
    YesNo,
)
from bot.engine.values import ends
from bot.views import ending, feedback, haste, names
from bot.views.card import Asked, Card, Enclosed, Rows
from bot.views.hands import others_card, so_far, wish_line
from bot.views.pin import asking
from bot.views.screen import Button, Screen, Style, cut, h, quoted
from bot.views.taps import (
    Back,
    Chosen,
    Departures,
    GoOn,
    Keep,
    LeaveOut,
    Meant,
    NewPin,
    Open,
    Pick,
    Reasoning,
    Refill,
    SendFiles,
    ShowRun,
    ShowSop,
    Toggle,
    Wrong,
)
from bot.views.whereabouts import whereabouts
from bot.views.words import N_, Words

FOLD = 100
"""Characters from which on a text goes behind 'Selengkapnya': three lines of a phone."""

KEPT = 26
"""Characters of an earlier answer that fit the button which keeps it."""

LINE = 34
"""Characters that surely fit one line of a phone behind a mark and a number."""


LISTED = 20
"""Files that are listed, and sent again, at once: the newest."""


def run_card(card: Card) -> Screen:
    """The run as its performer sees it now."""
    match card.run.progress, card.asked:
        case ((Progress.DONE | Progress.STOPPED), Asked(what=Tell() as tell)):
            return card.screen([*_ending(card), "", _more_to_say(card)], _tell_rows(card, tell))
        case Progress.DONE, Asked(what=Quick()) if card.run.hurry is not None:
            return card.screen([*_ending(card), "", *haste.question(card, card.run.hurry)], haste.rows(card))
        case Progress.DONE, Asked(what=When()):
            return card.screen([*_ending(card), "", *_when(card)], ((_back(card),),))
        case Progress.DONE, Asked(what=Account()):
            return ending.explanation(card)
        case Progress.DONE, Asked(what=Saying(nameless=nameless)):
            return card.screen([*_ending(card), "", *feedback.more(card, nameless=nameless)], feedback.more_rows(card))
        case Progress.DONE, _ if card.rating:
            nameless = card.asked is not None and isinstance(card.asked.what, Nameless)
            asked = [*_ending(card), "", *feedback.question(card, nameless=nameless)]
            return card.screen(asked, (*feedback.rows(card, nameless=nameless), *_undo_rows(card)))
        case Progress.DONE | Progress.STOPPED, _:
            return card.screen(_ending(card), _undo_rows(card))
        case _, Asked(what=Whom()):
            return others_card(card)
        case _, Asked(what=Whereabouts()):
            return whereabouts(card)
        case _, Asked(what=what):
            return _question(card, what)
        case _ if card.place.relation is not Relation.HOLDS:
            return others_card(card)
        case Progress.PAUSED, _:
            return card.screen(_paused(card), _paused_rows(card))
        case _ if card.run.doubts:
            return _recognised(card, _step(card), card.run.doubts[0])
        case _:
            return card.screen(_step_lines(card, _step(card)), _step_rows(card, _step(card)))


def _step(card: Card) -> Step:
    assert card.run.step is not None
    return card.sop.step(card.run.step)


def _edition(card: Card) -> str:
    """What tells this SOP from any other on paper."""
    words, sop = card.words, card.sop
    state = "" if card.status is Status.IN_FORCE else words(names.STATES[card.status])
    parts = (cut(sop.number, 60), words("version {version}", version=sop.version), state)
    return h(" · ".join(part for part in parts if part))


# A step


def _step_lines(card: Card, step: Step) -> Iterator[str]:
    words = card.words
    yield card.title
    yield _place(card, step)
    if step.warning:
        yield f"⚠️ <b>{h(cut(step.warning, 400))}</b>"
    if step.critical:
        yield f"❗ {words('Critical step: skipped only with leave.')}"
    if step.optional:
        yield f"ℹ️ {words('May be left out where it is not needed.')}"
    if card.run.wish is not None:
        yield wish_line(card)
    yield ""
    asks = isinstance(step.does, Decide) and not step.text.endswith("?")
    yield f"<b>{h(cut(step.text, 400))}{'?' if asks else ''}</b>"
    yield ""
    yield from _child_trouble(card, step)
    yield from _facts(card, step)
    if isinstance(step.does, Approve):  # whoever approves sees what
        yield from so_far(card)
    yield _folded(card, step)
    yield from _answers(card, step)
    yield from _wanted(card, step)


def _child_trouble(card: Card, step: Step) -> Iterator[str]:
    """Why a step that is another SOP is with somebody, instead of waiting for its run."""
    if not isinstance(step.does, Child) or _waits(card, step):
        return
    last = next((one.run for one in reversed(card.children) if one.run.parent and one.run.parent.step == step.id), None)
    if last is not None and last.progress is Progress.STOPPED:
        yield f"⏹ {card.words('Its run #{run} was stopped. Start it anew, or tap Problem.', run=last.id)}"
    elif step.not_before is None or last is not None:
        yield f"🚫 {card.words('No version of this SOP is in use. The supervisor has been told.')}"
    yield ""


def _place(card: Card, step: Step) -> str:
    words, round_number = card.words, card.run.visits.get(step.id, 1)
    parts = [words("Step {number} of {total}", number=step.number, total=len(card.sop.steps)), cut(step.phase, 40)]
    if round_number > 1:
        parts.append(words("round {number}", number=round_number))
    return h(" · ".join(part for part in parts if part))


def _facts(card: Card, step: Step) -> Iterator[str]:
    words = card.words
    who = _performer(card, step)
    yield f"👤 {h(words('{who} (nobody yet: you do it)', who=who) if card.run.vacant and step.by else who)}"
    if step.needs:
        yield f"📎 {words('Needed: {things}', things=h(cut('; '.join(step.needs), FOLD)))}"
    yield from _time(card, step)
    if step.output:
        yield f"🎯 {words('Output: {things}', things=h(cut('; '.join(step.output), FOLD)))}"
    following = _next_hand(card, step)
    if following:
        yield f"➡️ {words('Next: {who}', who=h(cut(following, 60)))}"


def _performer(card: Card, step: Step) -> str:
    """Who does the step, with whom, and who else records it for somebody who has no phone in the bot."""
    words, sop = card.words, card.sop
    titles = c.needs_hand(sop, card.run, step)
    who = words.listed([cut(title, 60) for title in titles]) or words("whoever started the run")
    along = [position.title for name in step.along if (position := sop.position(name))]
    doers = [position for name in step.by if (position := sop.position(name))]
    clerks = {one.title for each in doers if each.recorded_by and (one := sop.position(each.recorded_by))} - {*along}
    if along:
        who = words("{who}, with {names}", who=who, names=cut(words.listed(along), 160))
    if clerks:
        who += f" ({words('recorded by {names}', names=words.listed(sorted(clerks)))})"
    return who


def _time(card: Card, step: Step) -> Iterator[str]:
    words = card.words
    stated = step.within.text if step.within else step.time_note
    due = c.due_at(card.run, step, card.office)
    begin = None if card.run.begun_at else c.begin_by(card.run, step, card.office)
    last = due or begin
    late = last is not None and card.now > last and card.run.progress is Progress.ACTIVE
    parts = [cut(stated, 60)]
    if begin is not None and not (late and last is begin):
        parts.append(words("begin by {moment}", moment=words.moment(begin, card.now)))
    if last is not None and late:
        parts.append(words("was due {moment}", moment=words.moment(last, card.now)))
    elif due is not None:
        parts.append(words("until {moment}", moment=words.moment(due, card.now)))
    if any(parts):
        yield f"{'⏰' if late else '⏱'} {h(' · '.join(part for part in parts if part))}"
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


def _folded(card: Card, step: Step) -> str:
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
    if not parts:
        return f"ℹ️ {_edition(card)}"
    told = "\n\n".join([*parts, _edition(card)])
    return f"<blockquote expandable>ℹ️ <b>{words('More about this step')}:</b> {told}</blockquote>"


def _answers(card: Card, step: Step) -> Iterator[str]:
    """What was entered in this visit."""
    for asked in step.record[:20]:
        if asked.name in card.run.values:
            value = names.value(card.words, card.run.values[asked.name], asked.asks)
            yield f"✅ {names.field(asked.label)} <b>{h(cut(value, 120))}</b>"


_SENDING = {
    FileKind.PHOTO: N_("Send the photo here: from the camera or the gallery."),
    FileKind.FILE: N_("Send the file here."),
    FileKind.LOCATION: N_("Send your location here."),
}


def _wanted(card: Card, step: Step) -> Iterator[str]:
    """How much of the proof is there, and what is wanted next."""
    words, run = card.words, card.run
    wanted = ((FileKind.PHOTO, step.evidence.photos), (FileKind.FILE, step.evidence.files))
    for kind, count in (*wanted, (FileKind.LOCATION, int(step.evidence.location))):
        if count:
            have = min(run.count(kind), count)
            mark = "✅" if have == count else "📷" if kind is FileKind.PHOTO else "📎"
            yield f"{mark} {words(names.FILES[kind]).capitalize()} {have}/{count}"
    more = [(kind, run.count(kind) - count) for kind, count in wanted if run.count(kind) > count]
    if more:
        things = words.listed([_counted(words, kind, count) for kind, count in more])
        yield f"📎 {words('Also attached: {things}', things=things)}"
    asked, proof = c.next_field(step, run), next(c.missing_evidence(step, run), None)
    if asked is None or not asked.required:
        if len(run.ticks) < len(step.check):
            yield f"\n👉 {words('Tap each item that is done.')}"
        elif proof is not None:
            yield f"\n👉 {words(_SENDING[FileKind(proof)])}"
    if asked is not None:
        yield ""
        yield from _ask(card, step, asked)


def _counted(words: Words, kind: FileKind, count: int) -> str:
    if kind is FileKind.PHOTO:
        return words.many("{count} photo", "{count} photos", count)
    return words.many("{count} file", "{count} files", count)


def _ask(card: Card, step: Step, asked: Field) -> Iterator[str]:
    words = card.words
    required = [one for one in step.record if one.required]
    place = f" ({required.index(asked) + 1}/{len(required)})" if asked.required and len(required) > 1 else ""
    may = "" if asked.required else f" · {words('may stay empty')}"
    mark = "👉" if asked.required else "✏️"
    yield f"{mark} <b>{h(cut(asked.label, 100))}</b>{place}{may}{_before(card, asked)}"
    example = words("Example: {example}", example=f"<code>{h(cut(asked.example, 60))}</code>") if asked.example else ""
    yield f"{_hint(card, asked)} {example}".rstrip()


def _before(card: Card, asked: Field) -> str:
    """What the visit before has recorded, where the button that keeps it cannot show all of it."""
    value = card.run.earlier.get(asked.name)
    told = "" if value is None else names.value(card.words, value, asked.asks)
    return f" ({card.words('before: {value}', value=h(cut(told, 120)))})" if len(told) > KEPT else ""


def _hint(card: Card, asked: Field) -> str:
    words = card.words
    match asked.asks:
        case Text(digits=(fewest, most)):
            return words("Type {digits} digits.", digits=fewest if fewest == most else f"{fewest}–{most}")
        case Text():
            return words("Type the answer.")
        case Number(unit=unit):
            usual = _usual(card, asked)
            about = words(", usually {range}", range=h(usual)) if usual else ""
            return words("Type a number") + (f" ({h(unit)})" if unit else "") + f"{about}."
        case Day():
            return words("Type a date, such as 24/11/2026.")
        case Choice() | YesNo():
            return words("Choose below.")
        case Choices():
            return words("Choose one or more.")


def _usual(card: Card, asked: Field) -> str:
    """The range in which a value raises no question, empty where there is none."""
    words = card.words
    if not isinstance(asked.asks, Number | Day):
        return ""
    match [None if end is None else names.value(words, end) for end in ends(asked.asks.expect, card.run.known)]:
        case [str(low), str(high)]:
            return low if low == high else words("{low} to {high}", low=low, high=high)
        case [str(low), None]:
            return words("at least {low}", low=low)
        case [None, str(high)]:
            return words("at most {high}", high=high)
        case _:
            return ""


# Buttons of a step


def _step_rows(card: Card, step: Step) -> Rows:
    asked = c.next_field(step, card.run)
    rows = [*_tick_rows(card, step)]
    if asked is not None:
        rows += [*_option_rows(card, step, asked), *_keep_row(card, step, asked)]
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
            return [(card.button(f"⬜ {cut(label, 50)}", Toggle(place, n, True)),) for n, label in enumerate(options)]
        case _:
            return []


def _keep_row(card: Card, step: Step, asked: Field) -> list[tuple[Button, ...]]:
    """One tap instead of typing again what the visit before has recorded."""
    value = card.run.earlier.get(asked.name)
    if value is None:
        return []
    label = card.words("As before: {value}", value=cut(names.value(card.words, value, asked.asks), KEPT))
    return [(card.button(f"↩️ {label}", Keep(step.record.index(asked))),)]


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
            return [(approve, *back), *_attached(card)]
        case Child():
            return [(card.button(f"▶️ {words('Start this SOP')}", c.Launch(), Style.GO),)]


def _attached(card: Card) -> list[tuple[Button, ...]]:
    if not card.files:
        return []
    return [(card.button(f"📎 {card.words('Attachments')} ({len(card.files)})", Open(FileList())),)]


def _last_rows(card: Card, step: Step) -> Rows:
    words = card.words
    problem = card.button(f"⚠️ {words('Problem')}", Open(Otherwise()))
    more = card.button(f"⋯ {words('More')}", Open(More()))
    undo = ((card.button(f"↶ {words('Undo')}", c.Undo()),),) if card.can_undo else ()
    return ((problem, more), *undo)


def _undo_rows(card: Card) -> Rows:
    again = Button(f"🔁 {card.words('Open this SOP again')}", card.pack.plain(ShowSop(card.sop.id)))
    if not card.sees:  # what is its own business of the run would be refused
        return ((again,),)
    undo = ((card.button(f"↶ {card.words('Undo')}", c.Undo()),),) if card.can_undo else ()
    files = [(card.button(f"📎 {card.words('Attachments')} ({len(card.files)})", SendFiles()),)] if card.files else []
    done = card.run.progress is Progress.DONE and not card.run.rehearsal
    why = [(card.button(f"📊 {card.words('Explanation')}", Open(Account())),)] if done else []
    departed = card.judges and not card.run.rehearsal and (card.deviations or card.run.progress is Progress.STOPPED)
    label = f"⚠️ {card.words('Deviations')}"
    judged = [(Button(label, card.pack.plain(Departures(card.run.id, 0))),)] if departed else []
    return (*undo, *_onward_rows(card), *why, *judged, *files, (again,))


def _onward_rows(card: Card) -> Iterator[tuple[Button, ...]]:
    """One tap to what comes after this SOP, or to its run."""
    for one in card.onward:
        title = cut(names.title(one.sop), 40)
        if one.run is not None:
            yield (Button(f"📂 {title} #{one.run}", card.pack.plain(ShowRun(one.run))),)
        elif one.mine:
            label = card.words("Go on with {title}", title=title)
            yield (Button(f"➡️ {label}", card.pack.plain(GoOn(card.run.id, one.sop.id)), Style.GO),)


def _onward(card: Card) -> Iterator[str]:
    """Who goes on, where it is somebody else."""
    for one in card.onward:
        if one.run is None and not one.mine:
            first = one.sop.first
            who = card.words.listed([cut(title, 60) for title in c.needs_hand(one.sop, card.run, first)])
            facts = {"title": h(cut(names.title(one.sop), 80)), "who": h(who)}
            yield f"➡️ {card.words('Next comes {title}, begun by {who}.', **facts)}"


# Questions


def _question(card: Card, what: Question) -> Screen:
    words, step = card.words, _step(card)
    match what:
        case Otherwise():
            return _asking(card, step, words("What is different at this step?"), _otherwise_rows(card, step))
        case More():
            return card.screen([*_short(card, step), "", *_standing(card)], _more_rows(card, step))
        case StepList():
            return card.screen(_step_list(card), ((_back(card),),))
        case Because(command=command):
            rows = _reason_rows(card, step, command)
            return _asking(card, step, _why(card, step, command), rows, _slip(card, command))
        case When():
            return card.screen([*_short(card, step), "", *_when(card)], ((_back(card),),))
        case Quick() if card.run.hurry is not None:
            return card.screen([*_short(card, step), "", *haste.question(card, card.run.hurry)], haste.rows(card))
        case Signing(pin=wanted):
            return _asking(card, step, *_pin(card, wanted))
        case Tell():
            return card.screen(_told(card, what), _tell_rows(card, what))
        case Which(name=name, candidates=candidates):
            asked = c.field_named(step, name)
            asks = asked.asks if asked else None
            buttons = [card.button(names.value(words, n, asks), Meant(i)) for i, n in enumerate(candidates)]
            return _asking(card, step, words("Which number do you mean?"), (tuple(buttons), (_back(card),)))
        case Fill(name=name):
            return _fill(card, step, name)
        case Several(name=name, chosen=chosen):
            return _several(card, step, name, chosen)
        case FileList():
            return card.screen(_file_list(card), _file_rows(card))
        case _:
            return card.screen(_step_lines(card, step), _step_rows(card, step))


def _pin(card: Card, wanted: Pin | PinAgain) -> tuple[str, Rows, str]:
    ask, how = asking(card.words, wanted)
    another = (card.button(card.words("Change PIN"), NewPin()),) if wanted is Pin.MINE else ()
    return ask, ((*another, _back(card)),), how


def _asking(card: Card, step: Step, ask: str, rows: Rows, hint: str = "") -> Screen:
    return card.screen([*_short(card, step), "", f"<b>{ask}</b>", *([hint] if hint else [])], rows)


def _when(card: Card) -> Iterator[str]:
    yield f"<b>{card.words('When was it done?')}</b>"
    yield card.words("Type the time, such as 08.10")


def _short(card: Card, step: Step) -> Iterator[str]:
    yield card.title
    yield _place(card, step)
    yield h(cut(step.text, 200))


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
        leave = card.button(f"✋ {words('Ask leave to skip')}", c.Skip())
        doubt = card.button(f"✋ {words('Ask leave: not applicable')}", c.Waive())
        return (note, (leave,), (doubt,), cannot, wrong, (_back(card),))
    skip = card.button(words("Skip"), c.Skip())
    waive = card.button(words("Not applicable"), c.Waive())
    return (note, (skip, waive), cannot, wrong, (_back(card),))


def _standing(card: Card) -> Iterator[str]:
    words = card.words
    yield words("Held by you since {moment}.", moment=words.moment(card.run.work_began, card.now))
    if card.run.done:
        yield words.many("{count} step is done so far.", "{count} steps are done so far.", len(card.run.done))
    else:
        yield words("No step is done yet.")
    if card.run.deviations:
        yield words.many("{count} deviation is noted.", "{count} deviations are noted.", card.run.deviations)


def _more_rows(card: Card, step: Step) -> Rows:
    words = card.words
    fields = [
        (card.button(f"✏️ {cut(asked.label, 40)}", Refill(place)),)
        for place, asked in enumerate(step.record[:8])
        if asked.name in card.run.values or not asked.required
    ]
    where = (card.button(f"📍 {words('Where is this file?')}", Open(Whereabouts())),)
    steps = (card.button(f"📋 {words('List of steps')}", Open(StepList())),)
    files = [] if isinstance(step.does, Approve) else _attached(card)  # there it is on the card itself
    pause = card.button(f"⏸ {words('Pause')}", c.Pause())
    stop = card.button(f"⏹ {words('Stop run')}", c.Stop(), Style.STOP)
    return (*fields, steps, where, *files, (pause, stop), (_back(card),))


def _step_list(card: Card) -> Iterator[str]:
    yield card.title
    yield ""
    for step in card.sop.steps[:60]:
        here = step.id == card.run.step
        mark = "▶️" if here else "✅" if step.id in card.run.done else "○"
        text = h(shorten(step.text, LINE, placeholder="…"))
        yield f"{mark} {step.number}. {f'<b>{text}</b>' if here else text}"


def _file_list(card: Card) -> Iterator[str]:
    yield card.title
    yield ""
    yield f"<b>{card.words('Attachments')}</b>"
    yield from (file_line(card.words, card.sop, one, card.now) for one in card.files[-LISTED:])


def file_line(words: Words, sop: Sop, one: Enclosed, now: datetime) -> str:
    """A file by its step, kind, name and time."""
    kind = words(names.FILES[one.kind])
    name = f" {h(cut(one.name, 60))}" if one.name else ""
    place = words("Step {number}: {text}", number=sop.step(one.step).number, text=f"{kind}{name}")
    return f"{place} · {words.moment(one.at, now)}"


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
    return card.screen(lines, ((no,), (yes,), *_last_rows(card, step)))


def _number(card: Card, seen: Seen) -> int:
    return card.sop.step(seen.step).number


def _why(card: Card, step: Step, command: c.Reasoned) -> str:
    words = card.words
    match command:
        case c.Record(name=name, value=given):
            asked = c.field_named(step, name)
            value = h(names.value(words, given, asked.asks if asked else None))
            usual = h(_usual(card, asked)) if asked else ""
            return words("{value} is outside the usual range ({usual}). Why?", value=value, usual=usual)
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
        case c.Assign():
            return words("Why does somebody else get this step?")
        case c.Deny():
            return words("Why is leave refused?")
        case c.Choose() | c.Refuse() | c.Return():
            return words("Why does it go back?")


def _slip(card: Card, command: c.Reasoned) -> str:
    """A value that surprises may be mistyped: it can be typed again at once."""
    return card.words("Mistyped? Type it again.") if isinstance(command, c.Record) else ""


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
        case c.Return():
            return d.SEND_BACK
        case c.Assign():
            return d.TAKE_OVER
        case c.Deny():
            return d.REFUSE_LEAVE


def _reason_rows(card: Card, step: Step, command: c.Reasoned) -> Rows:
    reasons = reasons_of(command, step)
    listed = ((card.button(names.reason(card.words, reason), Reasoning(n)),) for n, reason in enumerate(reasons))
    return (*listed, (_back(card),))


def _just_ended(card: Card, tell: Tell) -> Step | None:
    """The step that the record just made ended, None where it ended none."""
    ended = card.run.ended_by(tell.turn)
    return card.sop.step(ended) if ended is not None else None


def _told(card: Card, tell: Tell) -> Iterator[str]:
    words = card.words
    yield from _short(card, _just_ended(card, tell) or _step(card))
    yield ""
    yield f"✅ <b>{words('It is recorded.')}</b>"
    if tell.told:
        yield words("The supervisor has been told.")
    yield _more_to_say(card)


def _more_to_say(card: Card) -> str:
    words, button = card.words, _enough(card)
    return words("Want to add something? Send words, a photo or a voice note. Else tap {button}.", button=button)


def _enough(card: Card) -> str:
    """What the button says that adds nothing; while a run rests or is over nothing goes on."""
    return card.words("Continue") if card.run.progress is Progress.ACTIVE else card.words("That is all")


def _tell_rows(card: Card, tell: Tell) -> Rows:
    go_on = card.button(_enough(card), Back(), Style.MAIN)
    to_undo = _just_ended(card, tell) is not None or card.run.progress is not Progress.ACTIVE
    undo = ((card.button(f"↶ {card.words('Undo')}", c.Undo()),),) if to_undo and card.can_undo else ()
    return ((go_on,), *undo)


def _fill(card: Card, step: Step, name: str) -> Screen:
    asked = c.field_named(step, name)
    if asked is None:
        return card.screen(_step_lines(card, step), _step_rows(card, step))
    leave = [] if asked.required else [(card.button(card.words("Leave empty"), LeaveOut(step.record.index(asked))),)]
    options = (*_option_rows(card, step, asked), *_keep_row(card, step, asked))
    return card.screen([*_short(card, step), "", *_ask(card, step, asked)], (*options, *leave, (_back(card),)))


def _several(card: Card, step: Step, name: str, chosen: tuple[int, ...]) -> Screen:
    asked = c.field_named(step, name)
    if asked is None or not isinstance(asked.asks, Choices):
        return card.screen(_step_lines(card, step), _step_rows(card, step))
    place = step.record.index(asked)
    rows = [
        (card.button(f"{'☑️' if n in chosen else '⬜'} {cut(label, 50)}", Toggle(place, n, n not in chosen)),)
        for n, label in enumerate(asked.asks.options)
    ]
    ready = [(card.button(card.words("That is all"), Chosen(place), Style.GO),)] if chosen else []
    return card.screen([*_short(card, step), "", *_ask(card, step, asked)], (*rows, *ready, (_back(card),)))


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


def _why_stopped(card: Card) -> Iterator[str]:
    """The reason that was given, and what was added to it."""
    words = card.words
    for one in card.deviations:
        if one.kind is d.Kind.STOPPED and one.reason:
            yield words("Reason: {reason}", reason=h(names.reason(words, one.reason))) + quoted("\n".join(card.added))


def _ending(card: Card) -> Iterator[str]:
    words, run = card.words, card.run
    yield card.title
    yield _edition(card)
    yield ""
    if run.rehearsal:
        yield f"🏁 <b>{words('The rehearsal is over.')}</b> {words('Nothing of it counts.')}"
        return
    if run.progress is Progress.STOPPED:
        yield f"⏹ <b>{words('The run is stopped.')}</b> {words('Everything done so far stays recorded.')}"
        yield from _why_stopped(card)
        return
    yield f"🏁 <b>{words('The run is complete. Thank you.')}</b>"
    yield ""
    yield h(cut("\n".join(ending.summary(card)), 1500))
    worked = card.office.worked(run.started_at, run.ended_at or card.now)
    yield words("Working time: {span}.", span=words.span(worked))
    yield from _onward(card)
