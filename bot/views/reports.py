"""Screens of reports that a procedure is wrong: making one, what became of one's own, and answering those of others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.engine.reports import ANSWERS, PENDING, Fault, Standing
from bot.engine.run import FileKind
from bot.engine.sop import Sop, Step
from bot.views import names
from bot.views import report_taps as r
from bot.views import taps as t
from bot.views.pages import Page
from bot.views.screen import Button, Known, Screen, Style, cut, h, quoted
from bot.views.taps import Packer
from bot.views.tasks import Task, Waiting
from bot.views.words import N_, Words

PAGE = 6
"""Reports in one list: as many as fit a small screen with buttons for thumbs."""

STEPS = 8
"""Steps in one list."""

MOST_NOTES = 8
"""Words of different people on one card, the newest."""

STANDINGS: Mapping[Standing, str] = {
    Standing.OPEN: N_("Waits for an answer"),
    Standing.ACCEPTED: N_("Accepted"),
    Standing.IN_REVISION: N_("In revision"),
    Standing.REJECTED: N_("Rejected"),
    Standing.PUBLISHED: N_("In a new version"),
}
_MARKS: Mapping[Standing, str] = {
    Standing.OPEN: "🟡",
    Standing.ACCEPTED: "✅",
    Standing.IN_REVISION: "✏️",
    Standing.REJECTED: "⚪",
    Standing.PUBLISHED: "🎉",
}
_MEANS: Mapping[Standing, str] = {
    Standing.OPEN: "",
    Standing.ACCEPTED: N_("It will be looked at in the next version."),
    Standing.IN_REVISION: N_("The next version is being written with it."),
    Standing.REJECTED: N_("The SOP stays as it is."),
    Standing.PUBLISHED: "",
}

Turn: TypeAlias = Callable[[int], str]
"""What the button sends that turns to a page."""


# Making one


@dataclass(frozen=True, slots=True)
class AtStep:
    """A step of a run that the reader has in hand, to be reported from at once."""

    sop: Sop
    step: Step
    run: int
    visit: int


def which_sop(
    words: Words,
    pack: Packer,
    ask: int,
    here: Sequence[AtStep],
    offered: Sequence[Sop],
    mine: int,
    waiting: int | None,
    text: str = "",
) -> Screen:
    """Which SOP is a report about? `offered` are those used last, or those found for the typed `text`; the reader made
    `mine` reports; `waiting` of others have no answer yet, None where the reader may read none."""
    rows = [(Button(f"📍 {_here(words, one)}", pack.run(t.Stamp(one.run, one.visit), t.Wrong())),) for one in here]
    rows += [(Button(cut(names.title(sop), 56), pack.plain(r.Report(sop.id))),) for sop in offered]
    if mine:
        rows.append((Button(f"🗂 {words('My reports')} ({mine})", pack.plain(r.Mine(0))),))
    if waiting is not None:
        rows.append((Button(f"📥 {words('Reports that came in')} ({waiting})", pack.plain(r.Reports(0))),))
    rows.append((_cancel(words, pack, ask),))
    missed = [words("I found no SOP for “{text}”.", text=h(cut(text, 60)))] if text and not offered else []
    head = f"<b>{words('Which SOP is it about?')}</b>"
    return Screen("\n".join([*missed, head, words("Choose one, or type a word from its title.")]), tuple(rows))


def _here(words: Words, one: AtStep) -> str:
    step = words("step {number}", number=one.step.number)
    return f"{cut(names.title(one.sop), 36)} #{one.run}, {step}"


def _cancel(words: Words, pack: Packer, ask: int) -> Button:
    return Button(f"✕ {words('Cancel')}", pack.plain(r.Leave(ask)))


def which_step(words: Words, pack: Packer, ask: int, sop: Sop, page: int) -> Screen:
    """Which step of the SOP is a report about?"""
    part = Page(page, len(sop.steps), STEPS)
    whole = (Button(words("The whole SOP"), pack.plain(r.StepIs(ask, 0))),)
    some = (
        (Button(f"{step.number}. {cut(step.text, 48)}", pack.plain(r.StepIs(ask, step.number))),)
        for step in sop.steps[part.lines]
    )
    rows = (whole, *some, *part.turning(lambda label, number: Button(label, pack.plain(r.Steps(ask, number)))))
    text = f"📝 <b>{h(cut(sop.title, 120))}</b>\n\n<b>{words('Which step is it about?')}</b>{part.place}\n"
    return Screen(text + words("Choose one, or type its number."), (*rows, (_cancel(words, pack, ask),)))


def what_is_wrong(words: Words, pack: Packer, ask: int, sop: Sop, step: Step | None) -> Screen:
    """What kind of fault is it?"""
    text = f"📝 <b>{h(cut(sop.title, 120))}</b>{_step_line(words, step)}\n\n"
    text += f"<b>{words('What is wrong with the procedure?')}</b>\n"
    text += words("This is about the SOP, not about your work.")
    rows = [(Button(words(name), pack.plain(r.FaultIs(ask, n))),) for n, name in enumerate(names.FAULTS.values())]
    return Screen(text, (*rows, (_cancel(words, pack, ask),)))


def _step_line(words: Words, step: Step | None) -> str:
    return f"\n{words('Step {number}: {text}', number=step.number, text=h(cut(step.text, 160)))}" if step else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A report as cards tell it, with those that were merged into it."""

    number: int
    sop: Sop
    step: Step | None
    fault: Fault
    by: str
    at: datetime
    standing: Standing
    people: int
    also: tuple[int, ...]  # the numbers of those merged into it
    words: tuple[str, ...]
    wording: tuple[str, ...]
    files: int
    runs: tuple[int, ...]
    answer: str
    answered_by: str
    answered_at: datetime | None
    published_in: str


def join(words: Words, pack: Packer, ask: int, found: Shown) -> Screen:
    """Others say the same: does the reader too?"""
    head = words.many(
        "Reported by {count} person already: do you report it too?",
        "Reported by {count} people already: do you report it too?",
        found.people,
    )
    lines = [f"👥 <b>{head}</b>", *_what(words, found), *_said(words, found)]
    rows = (
        (Button(f"🙋 {words('I report it too')}", pack.plain(r.Same(ask)), Style.MAIN),),
        (Button(words("It is something else"), pack.plain(r.Another(ask))),),
        (_cancel(words, pack, ask),),
    )
    return Screen("\n".join(lines), rows)


def again(words: Words, pack: Packer, ask: int, found: Shown) -> Screen:
    """The reader has reported that step already: is it the same?"""
    head = words("You reported this already, as number {number}.", number=found.number)
    lines = [f"🗂 <b>{head}</b>", *_what(words, found), *_said(words, found)]
    rows = (
        (Button(f"➕ {words('Add to report {number}', number=found.number)}", pack.plain(r.Same(ask)), Style.MAIN),),
        (Button(words("Make a new report"), pack.plain(r.Another(ask))),),
        (_cancel(words, pack, ask),),
    )
    return Screen("\n".join(lines), rows)


def reported(words: Words, pack: Packer, ask: int, number: int, people: int, added: FileKind | None = None) -> Screen:
    """A report has its number; words may follow, also after a file was `added`. So many `people` say the same."""
    lines = [f"✅ <b>{words('Recorded as report {number}.', number=number)}</b>"]
    if people > 1:
        lines.append(_by_how_many(words, people))
    if added is None:
        lines.append(words("Please tell what is wrong: type, or send a photo or a voice note."))
    else:
        lines.append(words("The {kind} is added. Anything else?", kind=words(names.FILES[added])))
    rows = (
        (Button(words("That is all"), pack.plain(r.Leave(ask)), Style.MAIN),),
        (_reword(words, pack, number),),
    )
    return Screen("\n".join(lines), rows)


def _reword(words: Words, pack: Packer, number: int) -> Button:
    return Button(f"✏️ {words('Propose a new wording')}", pack.plain(r.Reword(number)))


def _by_how_many(words: Words, people: int) -> str:
    return f"👥 {words.many('{count} person reports this', '{count} people report this', people)}"


def how_should_it_read(words: Words, pack: Packer, ask: int, number: int, step: Step | None) -> Screen:
    """How should the SOP read?"""
    lines = [f"✏️ <b>{words('Report {number}: how should it read?', number=number)}</b>"]
    if step is not None:
        now = words("Step {number}, as it reads now:", number=step.number)
        lines += [now, f"<code>{h(cut(step.text, 600))}</code>"]
    lines.append(words("Please type the new wording."))
    return Screen("\n".join(lines), ((_cancel(words, pack, ask),),))


def done(words: Words, pack: Packer, number: int) -> Screen:
    """A report is complete."""
    text = words("Report {number} is with those responsible. Thank you.", number=number)
    look = Button(f"🗂 {words('See the report')}", pack.plain(r.ShowReport(number)))
    return Screen(f"✅ {text}", ((_reword(words, pack, number),), (look,)))


def settled(words: Words, pack: Packer, number: int, sop: Sop) -> Screen:
    """The same where the report had its end meanwhile: what came too late is kept, and can be said anew."""
    text = words("Report {number} has had its answer. What was added is kept in it.", number=number)
    look = Button(f"🗂 {words('See the report')}", pack.plain(r.ShowReport(number)))
    anew = Button(f"📝 {words('Make a new report')}", pack.plain(r.Report(sop.id)))
    return Screen(f"ℹ️ {text}", ((look,), (anew,)))


def cancelled(words: Words) -> Screen:
    """No report was made."""
    return Screen(words("The report is cancelled."))


def unanswered(words: Words) -> Screen:
    """An answer was left unfinished."""
    return Screen(words("No answer was sent. /report shows the reports."))


def words_wanted(words: Words) -> Screen:
    """A file came where words are asked for."""
    return Screen(words("Please type it in words."))


# Lists


@dataclass(frozen=True, slots=True)
class Listed:
    """A report in a list."""

    number: int
    sop: Sop
    step: Step | None
    fault: Fault
    standing: Standing
    people: int


def task(words: Words, one: Listed, since: datetime) -> Task:
    """A report without an answer among what waits for somebody."""
    return Task("📝", names.title(one.sop), _waits(words, one), since, r.ShowReport(one.number))


def overdue(words: Words, one: Listed) -> Waiting:
    """One that has been without an answer for long, on the list of the day."""
    return Waiting("📝", names.title(one.sop), _waits(words, one), r.ShowReport(one.number))


def _waits(words: Words, one: Listed) -> str:
    what = words("Report {number} waits for an answer", number=one.number)
    more = f" · {_by_how_many(words, one.people)}" if one.people > 1 else ""
    return f"{what}: {words(names.FAULTS[one.fault])}{more}"


def mine(words: Words, pack: Packer, listed: Sequence[Listed], page: int) -> Screen:
    """One's own reports, and what became of each."""
    if not listed:
        return Screen(words("You have made no report yet."))
    return _list(words, pack, words("My reports"), listed, page, lambda other: pack.plain(r.Mine(other)))


def incoming(words: Words, pack: Packer, listed: Sequence[Listed], page: int) -> Screen:
    """The reports that the reader may answer, those without an answer first."""
    if not listed:
        return Screen(words("No report waits for you."))
    return _list(words, pack, words("Reports that came in"), listed, page, lambda other: pack.plain(r.Reports(other)))


def of_sop(words: Words, pack: Packer, sop: Sop, listed: Sequence[Listed], page: int) -> Screen:
    """The same of one SOP."""
    back = (Button(words("Open the SOP"), pack.plain(t.ShowSop(sop.id))),)
    if not listed:
        return Screen(words("No report waits for you."), (back,))
    head = f"{words('Reports')}: {h(cut(names.title(sop), 80))}"
    screen = _list(words, pack, head, listed, page, lambda other: pack.plain(r.ReportsOf(sop.id, other)))
    return Screen(screen.text, (*screen.rows, back))


def _list(words: Words, pack: Packer, head: str, listed: Sequence[Listed], page: int, turn: Turn) -> Screen:
    part = Page(page, len(listed), PAGE)
    lines, rows = [f"<b>{head}</b>{part.place}"], []
    for one in listed[part.lines]:
        lines += ["", *_line(words, one)]
        label = f"{_MARKS[one.standing]} {one.number} · {words(names.FAULTS[one.fault])}"
        rows.append((Button(label, pack.plain(r.ShowReport(one.number))),))
    return Screen("\n".join(lines), (*rows, *part.turning(lambda label, number: Button(label, turn(number)))))


def _line(words: Words, one: Listed) -> Iterator[str]:
    place = f", {words('step {number}', number=one.step.number)}" if one.step else ""
    yield f"{_MARKS[one.standing]} <b>{one.number}</b> {h(cut(names.title(one.sop), 60))}{place}"
    more = f" · {_by_how_many(words, one.people)}" if one.people > 1 else ""
    yield f"{words(names.FAULTS[one.fault])} · {words(STANDINGS[one.standing])}{more}"


# The card of one


@dataclass(frozen=True, slots=True)
class Like:
    """Another report that may say the same."""

    number: int
    fault: Fault
    people: int


@dataclass(frozen=True, slots=True)
class ForAuthor:
    """What an author may do with a report that had so many `answers` before; `alike` may be merged with it."""

    answers: int
    alike: tuple[Like, ...]


def report_card(
    words: Words, pack: Packer, shown: Shown, now: datetime, *, mine: bool, desk: ForAuthor | None, said: str = ""
) -> Screen:
    """A report: to whoever made it (`mine`), and to those who may answer it (`desk`)."""
    head = [f"💬 {h(said)}", ""] if said else []
    lines = [*head, f"📝 <b>{words('Report {number}', number=shown.number)}</b>", *_what(words, shown)]
    said_in_it = list(_said(words, shown))
    lines += ["", *_who(words, shown, now), *(["", *said_in_it] if said_in_it else [])]
    lines += ["", *_stands(words, shown, now)]
    rows: list[tuple[Button, ...]] = []
    if desk is not None and shown.standing is not Standing.PUBLISHED:
        rows += _answers(words, pack, shown, desk)
    if mine and shown.standing in PENDING:
        rows.append((Button(f"➕ {words('Add to it')}", pack.plain(r.Add(shown.number))),))
        rows.append((_reword(words, pack, shown.number),))
    if shown.files:
        label = f"📎 {words.many('{count} file', '{count} files', shown.files)}"
        rows.append((Button(label, pack.plain(r.SendReportFiles(shown.number))),))
    back = r.Mine(0) if desk is None else r.Reports(0)
    rows.append((Button(f"‹ {words('All reports')}", pack.plain(back)),))
    return Screen("\n".join(lines), tuple(rows))


def _what(words: Words, shown: Shown) -> Iterator[str]:
    yield f"<b>{words(names.FAULTS[shown.fault])}</b>"
    yield h(cut(shown.sop.title, 160))
    if shown.step is not None:
        yield words("Step {number}: {text}", number=shown.step.number, text=h(cut(shown.step.text, 400)))


def _who(words: Words, shown: Shown, now: datetime) -> Iterator[str]:
    made = f"{names.person(shown.by)} · {words.moment(shown.at, now)}"
    yield f"{made} · {words('version {version}', version=h(cut(shown.sop.version, 20)))}"
    if shown.runs:
        runs = ", ".join(f"#{run}" for run in shown.runs[:MOST_NOTES])
        more = " …" if len(shown.runs) > MOST_NOTES else ""
        yield f"{words('Noticed in run {runs}', runs=runs)}{more}"
    if shown.people > 1:
        yield _by_how_many(words, shown.people)
    if shown.also:
        numbers = ", ".join(str(number) for number in shown.also[:MOST_NOTES])
        more = " …" if len(shown.also) > MOST_NOTES else ""
        yield f"{words('Merged with it: {numbers}', numbers=numbers)}{more}"


def _said(words: Words, shown: Shown) -> Iterator[str]:
    """What was said, the newest of it."""
    for title, texts in (("", shown.words), (words("Proposed wording"), shown.wording)):
        if title and texts:
            yield f"✏️ <b>{title}</b>"
        yield from (f"“{h(cut(text, 400))}”" for text in texts[-MOST_NOTES:])
        if len(texts) > MOST_NOTES:
            yield f"… {words('and {count} more', count=words.number(len(texts) - MOST_NOTES))}"


def _stands(words: Words, shown: Shown, now: datetime) -> Iterator[str]:
    mark = _MARKS[shown.standing]
    if shown.standing is Standing.PUBLISHED:
        yield f"{mark} <b>{words('It is in version {version}.', version=h(cut(shown.published_in, 20)))}</b>"
    else:
        yield f"{mark} <b>{words(STANDINGS[shown.standing])}</b>"
    if shown.answered_at is not None:
        yield f"{names.person(shown.answered_by)} · {words.moment(shown.answered_at, now)}"
    if shown.answer:
        yield f"“{h(cut(shown.answer, 600))}”"


def _answers(words: Words, pack: Packer, shown: Shown, desk: ForAuthor) -> Iterator[tuple[Button, ...]]:
    for pair in (ANSWERS[:2], ANSWERS[2:]):
        offered = [one for one in pair if one is not shown.standing]
        if offered:
            yield tuple(_answer(words, pack, shown, desk, one) for one in offered)
    for one in desk.alike:
        label = words("Merge with {number}: {fault}", number=one.number, fault=words(names.FAULTS[one.fault]))
        yield (Button(f"🔗 {label}", pack.plain(r.Merge(shown.number, one.number))),)


def _answer(words: Words, pack: Packer, shown: Shown, desk: ForAuthor, standing: Standing) -> Button:
    data = pack.plain(r.AnswerIs(shown.number, desk.answers, ANSWERS.index(standing)))
    return Button(f"{_MARKS[standing]} {words(STANDINGS[standing])}", data)


# Answers


def answering(words: Words, pack: Packer, ask: int, shown: Shown, standing: Standing) -> Screen:
    """With which words is a report answered? A rejection says why."""
    head = words("Report {number}: {answer}", number=shown.number, answer=words(STANDINGS[standing]))
    lines = [f"{_MARKS[standing]} <b>{head}</b>", *_what(words, shown), ""]
    lines.append(words("Please type the answer. Everyone who reported it will read it."))
    plain = (Button(words("Answer without words"), pack.plain(r.NoWords(ask)), Style.MAIN),)
    rows = [] if standing is Standing.REJECTED else [plain]
    return Screen("\n".join(lines), (*rows, (_cancel(words, pack, ask),)))


def answered_letter(words: Words, number: int, shown: Shown) -> Screen:
    """A reporter, whose own report has that number, hears the answer."""
    head = words("Your report {number}: {answer}", number=number, answer=words(STANDINGS[shown.standing]))
    lines = [f"{_MARKS[shown.standing]} <b>{head}</b>", *_what(words, shown)]
    if meaning := _MEANS[shown.standing]:
        lines.append(words(meaning))
    if shown.answer:
        lines += ["", names.person(shown.answered_by) + ":" + quoted(shown.answer)]
    return Screen("\n".join(lines))


def published_letter(words: Words, number: int, shown: Shown) -> Screen:
    """What the reader reported is in a version that came out."""
    version = h(cut(shown.published_in, 20))
    head = words("Your report {number} is in version {version}.", number=number, version=version)
    return Screen("\n".join([f"🎉 <b>{head}</b>", *_what(words, shown), words("Thank you: the SOP is better for it.")]))


def notice(words: Words, pack: Packer, shown: Shown) -> Screen:
    """Those who may answer hear of a report, and later of its answer."""
    head = words("Report {number}: the procedure is said to be wrong", number=shown.number)
    lines = [f"📝 <b>{head}</b>", *_what(words, shown)]
    if shown.people > 1:
        lines.append(_by_how_many(words, shown.people))
    if shown.standing is not Standing.OPEN:
        lines.append(f"{_MARKS[shown.standing]} {words(STANDINGS[shown.standing])}: {names.person(shown.answered_by)}")
    return Screen("\n".join(lines), (_open(words, pack, shown),))


def _open(words: Words, pack: Packer, shown: Shown) -> tuple[Button, ...]:
    return (Button(f"🗂 {words('See the report')}", pack.plain(r.ShowReport(shown.number))),)


def words_letter(words: Words, number: int, text: str, file: Known | None) -> Screen:
    """What a reporter added."""
    head = f"📝 <b>{words('Report {number}, in their words', number=number)}</b>"
    return Screen(head + quoted(text, file), file=file)


def wording_letter(words: Words, number: int, text: str) -> Screen:
    """How a reporter proposes that the SOP should read."""
    return Screen(f"✏️ <b>{words('Report {number}: proposed wording', number=number)}</b>{quoted(text)}")


def file_letter(words: Words, number: int, file: Known) -> Screen:
    """A file of a report once more."""
    return Screen(f"📝 {words('Report {number}', number=number)}", file=file)
