"""A deviation on its own card: what it was, how severe, how often it came, and what is done about it."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from bot.engine.deviations import Severity
from bot.engine.followup import FollowMove, FollowState, FollowUp
from bot.engine.run import Deviated, FileKind
from bot.engine.sop import Sop
from bot.views import names
from bot.views.ending import departed, with_reason
from bot.views.pages import Page
from bot.views.screen import Button, Screen, Style, cut, h
from bot.views.taps import Departures, Follow, FollowUps, Packer, ShowDeviation, ShowRun
from bot.views.tasks import Task, Waiting
from bot.views.words import N_, Words

PAGE = 6
"""Follow-ups in one list."""

SEVERITIES: Mapping[Severity, str] = {
    Severity.LIGHT: N_("light"),
    Severity.MEDIUM: N_("medium"),
    Severity.GRAVE: N_("grave"),
}
_MARKS = {Severity.LIGHT: "🟡", Severity.MEDIUM: "🟠", Severity.GRAVE: "🔴"}
_STATES: Mapping[FollowState, str] = {
    FollowState.NEW: N_("just opened"),
    FollowState.OPEN: N_("open"),
    FollowState.DONE: N_("done, a second person looks at it"),
    FollowState.WATCHED: N_("closed, the next runs are watched"),
    FollowState.SETTLED: N_("closed, it did not come back"),
    FollowState.VOID: N_("undone"),
}
_LABELS: Mapping[FollowMove, str] = {
    FollowMove.TAKE: N_("I take care of it"),
    FollowMove.PROVE: N_("It is done"),
    FollowMove.PLAN: N_("What to do"),
    FollowMove.DUE: N_("Due date"),
    FollowMove.GIVE: N_("Hand it to somebody"),
    FollowMove.AGREE: N_("Agree to close"),
    FollowMove.BACK: N_("Not done yet"),
    FollowMove.REOPEN: N_("Open it again"),
    FollowMove.GRADE: N_("Change severity"),
}
_MAIN = (FollowMove.TAKE, FollowMove.PROVE, FollowMove.AGREE)
_ASKS: Mapping[FollowMove, str] = {
    FollowMove.PLAN: N_("What is to be done? Write it in one message."),
    FollowMove.DUE: N_("By which day? Type a date, such as 24/11/2026."),
    FollowMove.PROVE: N_("How does it show that it is done? Send words or a photo."),
    FollowMove.BACK: N_("What is still missing? Write it in one message."),
    FollowMove.REOPEN: N_("Why is it opened again? Write it in one message."),
    FollowMove.GIVE: N_("Who takes care of it?"),
    FollowMove.GRADE: N_("How severe is it?"),
}


@dataclass(frozen=True, slots=True)
class Departed:
    """A deviation, and what its card tells of it beside."""

    seq: int
    sop: Sop
    run: int
    what: Deviated
    at: datetime
    who: str = ""
    times: int = 1
    within: int = 60
    follow_up: FollowUp | None = None
    owner: str = ""
    done_by: str = ""
    watched: tuple[int, int] = (0, 5)


@dataclass(frozen=True, slots=True)
class Frame:
    """Who looks at the card: what they may do, what is asked of them, and what just happened."""

    words: Words
    pack: Packer
    now: datetime
    today: date
    moves: AbstractSet[FollowMove] = frozenset()
    asked: FollowMove | None = None
    chosen: Severity | None = None
    people: Sequence[tuple[int, str]] = ()
    said: str = ""


def deviation_card(frame: Frame, one: Departed) -> Screen:
    """The card of a deviation."""
    lines = [*_facts(frame, one), *_follow_up(frame, one)]
    if frame.asked is not None:
        lines += ["", f"👉 <b>{_ask(frame, frame.asked)}</b>"]
    if frame.said:
        lines += ["", f"💬 <b>{h(frame.said)}</b>"]
    return Screen("\n".join(lines), tuple(_asked_rows(frame, one) if frame.asked else _rows(frame, one)))


def _facts(frame: Frame, one: Departed) -> Iterator[str]:
    words, step = frame.words, one.sop.step(one.what.step)
    yield f"{_MARKS[one.what.severity]} <b>{words('Deviation #{number}', number=one.seq)}</b> · {_severity(words, one)}"
    yield f"{h(cut(names.title(one.sop), 120))} · #{one.run}"
    yield words("Step {number}: {text}", number=step.number, text=h(cut(step.text, 160)))
    yield f"<b>{h(with_reason(words, one.what))}</b>"
    yield f"👤 {names.person(one.who)} · {words.moment(one.at, frame.now)}"
    if one.times > 1:
        yield f"🔁 {words('time {count} in {days} days', count=one.times, days=one.within)}"


def _severity(words: Words, one: Departed) -> str:
    return words(SEVERITIES[one.what.severity])


def _follow_up(frame: Frame, one: Departed) -> Iterator[str]:
    words, it = frame.words, one.follow_up
    if it is None:
        return
    yield ""
    yield f"<b>{words('Follow-up {number}', number=it.id)}</b>: {words(_STATES[it.state])}"
    if it.severity is not one.what.severity:
        severity = words(SEVERITIES[it.severity])
        yield f"{_MARKS[it.severity]} {words('The gravest that belongs to it is {severity}.', severity=severity)}"
    if it.state is FollowState.WATCHED:
        yield words("Watched: {seen} of {wanted} runs.", seen=one.watched[0], wanted=one.watched[1])
    owner = names.person(one.owner) if it.owner else words("nobody yet")
    yield words("Taken care of by {who}.", who=owner)
    if it.due is not None and it.state in (FollowState.OPEN, FollowState.DONE):
        late = "⏰ " if frame.today > it.due else ""
        yield late + words("Due {day}.", day=words.day(it.due))
    if it.plan:
        yield words("To do: {text}", text=h(cut(it.plan, 600)))
    if it.proof or it.proof_file:
        shown = it.proof or words(names.FILES[it.proof_file or FileKind.PHOTO])
        yield words("Done: {text}", text=h(cut(shown, 600)))
    if it.done_by is not None and it.state is FollowState.DONE:
        yield words("{who} says that it is done.", who=names.person(one.done_by))


def _ask(frame: Frame, move: FollowMove) -> str:
    words = frame.words
    if frame.chosen is not None:
        return words("Why is it {severity}? Write it in one message.", severity=words(SEVERITIES[frame.chosen]))
    return words(_ASKS[move])


def _rows(frame: Frame, one: Departed) -> Iterator[tuple[Button, ...]]:
    words = frame.words
    rest: list[Button] = []
    for move, label in _LABELS.items():
        if move in frame.moves:
            button = Button(words(label), _data(frame, one, move), Style.MAIN if move in _MAIN else Style.PLAIN)
            if move in _MAIN:
                yield (button,)
            else:
                rest.append(button)
    yield from (tuple(rest[place : place + 2]) for place in range(0, len(rest), 2))
    # each in a row of its own: of two beside each other a phone cuts the number off
    yield (Button(f"📄 {words('Run #{run}', run=one.run)}", frame.pack.plain(ShowRun(one.run))),)
    yield (Button(f"📋 {words('Follow-ups')}", frame.pack.plain(FollowUps(0))),)


def _asked_rows(frame: Frame, one: Departed) -> Iterator[tuple[Button, ...]]:
    words = frame.words
    match frame.asked:
        case FollowMove.GIVE:
            for person, name in frame.people[:20]:
                yield (Button(cut(name, 56), _data(frame, one, FollowMove.GIVE, str(person))),)
        case FollowMove.GRADE if frame.chosen is None:
            for severity, label in SEVERITIES.items():
                if severity is not one.what.severity:
                    data = _data(frame, one, FollowMove.GRADE, severity.value)
                    yield (Button(f"{_MARKS[severity]} {words(label)}", data),)
        case _:
            pass
    yield (Button(f"‹ {words('Back')}", frame.pack.plain(ShowDeviation(one.seq))),)


def _data(frame: Frame, one: Departed, move: FollowMove, to: str = "-") -> str:
    return frame.pack.plain(Follow(one.seq, one.follow_up.turn if one.follow_up else 0, move.value, to))


def follow_ups(words: Words, pack: Packer, listed: Sequence[Departed], page: int, today: date) -> Screen:
    """What has to be followed up, the first one due first."""
    if not listed:
        return Screen(words("There is nothing to follow up."))
    part = Page(page, len(listed), PAGE)
    shown = listed[part.lines]
    lines = [f"<b>{words('Follow-ups')}</b> · {_place(part, len(shown))}"]
    rows = []
    for one in shown:
        by = one.follow_up.due if one.follow_up else None
        late = "⏰ " if by is not None and today > by else ""
        due = words.day(by) if by is not None else ""
        owner = names.person(one.owner) if one.owner else words("nobody yet")
        lines.append(f"{_mark(one)} {h(cut(names.title(one.sop), 60))}")
        number = one.sop.step(one.what.step).number
        lines.append(f"     {h(words('step {number} {what}', number=number, what=departed(words, one.what)))}")
        lines.append(f"     {late}{due} · {owner}")
        label = f"{number}. {departed(words, one.what)} · {names.title(one.sop)}"
        rows.append((Button(f"{_mark(one)} {cut(label, 50)}", pack.plain(ShowDeviation(one.seq))),))
    turning = part.turning(lambda label, number: Button(label, pack.plain(FollowUps(number))))
    return Screen("\n".join(lines), (*rows, *turning))


def of_run(words: Words, pack: Packer, listed: Sequence[Departed], run: int, page: int) -> Screen:
    """What in a run departed from its SOP: each can be looked at, weighed otherwise and followed up."""
    back = (Button(f"📄 {words('Run #{run}', run=run)}", pack.plain(ShowRun(run))),)
    if not listed:
        return Screen(words("Nothing departed from the SOP."), (back,))
    part = Page(page, len(listed), PAGE)
    shown = listed[part.lines]
    lines = [f"<b>{words('Deviations')}</b> · #{run} · {_place(part, len(shown))}"]
    rows = []
    for one in shown:
        number = one.sop.step(one.what.step).number
        what = words("Deviation at step {number}: {what}", number=number, what=with_reason(words, one.what))
        lines += ["", f"{_mark(one)} {h(what)}"]
        label = f"{number}. {departed(words, one.what)}"
        rows.append((Button(f"{_mark(one)} {cut(label, 50)}", pack.plain(ShowDeviation(one.seq))),))
    turning = part.turning(lambda label, number: Button(label, pack.plain(Departures(run, number))))
    return Screen("\n".join(lines), (*rows, *turning, back))


def _place(page: Page, shown: int) -> str:
    first = page.lines.start
    return f"{first + 1}–{first + shown} / {page.count}"


def task(words: Words, one: Departed, since: datetime) -> Task:
    """A follow-up among what waits for somebody."""
    return Task(_mark(one), f"{names.title(one.sop)} · #{one.run}", _at_step(words, one), since, ShowDeviation(one.seq))


def waiting(words: Words, one: Departed, today: date) -> Waiting:
    """A follow-up on the list of the day: since when it is overdue, or when it is due."""
    due = one.follow_up.due if one.follow_up else None
    assert due is not None
    day = words.day(due)
    by = words("Overdue since {day}.", day=day) if due < today else words("Due {day}.", day=day)
    title = f"{names.title(one.sop)} · #{one.run}"
    return Waiting(_mark(one), title, f"{_at_step(words, one)}. {by}", ShowDeviation(one.seq))


def _mark(one: Departed) -> str:
    return _MARKS[one.follow_up.severity if one.follow_up else one.what.severity]


def _at_step(words: Words, one: Departed) -> str:
    step = one.sop.step(one.what.step)
    return words("Deviation at step {number}: {what}", number=step.number, what=departed(words, one.what))


def closed(words: Words, pack: Packer, deviation: int) -> Screen:
    """The card was left with its question unanswered."""
    back = Button(words("Deviation #{number}", number=deviation), pack.plain(ShowDeviation(deviation)))
    return Screen(words("The question is closed."), ((back,),))


def gone(words: Words) -> str:
    """What a tap is answered with whose deviation is no more, or not theirs to see."""
    return words("This deviation is not there any more, or not yours to see.")


def moved(words: Words) -> str:
    """What a tap is answered with where somebody was faster."""
    return words("Somebody was faster; the card shows how it stands now.")


def settled(words: Words, one: Departed, runs: int) -> Screen:
    """It did not come back: told to whoever took care of it."""
    step = one.sop.step(one.what.step)
    lines = [f"✅ <b>{words('Follow-up {number}', number=one.follow_up.id if one.follow_up else 0)}</b>"]
    lines.append(h(cut(names.title(one.sop), 120)))
    lines.append(words("Step {number}: {text}", number=step.number, text=h(cut(step.text, 160))))
    lines.append(words("It did not come back in {count} runs.", count=runs))
    return Screen("\n".join(lines))
