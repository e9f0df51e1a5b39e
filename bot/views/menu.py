"""Screens outside a run: finding an SOP, its card, lists, help, and short letters."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import segno

from bot.engine.deviations import Reason
from bot.engine.messages import Said
from bot.engine.sop import Sop, Status, Step
from bot.views import approval_taps as a
from bot.views import draft_taps as e
from bot.views import names
from bot.views import report_taps as r
from bot.views import taps as t
from bot.views.pages import Page
from bot.views.screen import Button, Drawn, Known, Screen, Style, cut, h, quoted
from bot.views.taps import Packer
from bot.views.tasks import tasks_button
from bot.views.words import LANGUAGES, Words

PAGE = 6
"""SOPs in one list: as many as fit a small screen with buttons for thumbs."""

MOST_RUNS = 20
"""Open runs in one list, those that moved last: more would fit no message."""

MOST_FACTS = 20
"""Items of one kind on the card of an SOP, where they are folded."""


@dataclass(frozen=True, slots=True)
class Found:
    """An SOP in a list."""

    sop: Sop
    status: Status
    favourite: bool = False


@dataclass(frozen=True, slots=True)
class OpenRun:
    """An open run in a list."""

    id: int
    sop: Sop
    step: Step | None
    paused: bool
    moved_at: datetime
    rehearsal: bool = False


def home(words: Words, pack: Packer, name: str, tasks: int, runs: int, recent: Sequence[Found]) -> Screen:
    """What /start shows."""
    lines = [
        f"<b>{words('Hello, {name}.', name=names.person(name))}</b>",
        words("I walk you through an SOP step by step and keep the record."),
        "",
        words("Type a word to find an SOP, for example: laptop, bimtek, BMN."),
    ]
    rows: list[tuple[Button, ...]] = []
    if tasks:
        rows.append((tasks_button(words, pack, tasks),))
    if runs:
        rows.append((_runs_button(words, pack, runs),))
    rows += _found_rows(words, pack, recent)
    rows.append((Button(f"📚 {words('All SOPs')}", pack.plain(t.Browse(0))),))
    rows.append((Button(f"❓ {words('Help')}", pack.plain(t.Help())),))
    return Screen("\n".join(lines), tuple(rows))


def _runs_button(words: Words, pack: Packer, runs: int) -> Button:
    return Button(f"▶️ {words.many('{count} open run', '{count} open runs', runs)}", pack.plain(t.Runs()), Style.MAIN)


def _found_rows(words: Words, pack: Packer, found: Iterable[Found]) -> list[tuple[Button, ...]]:
    rows: list[tuple[Button, ...]] = []
    for one in found:
        star = "⭐ " if one.favourite else ""
        draft = f" ({words(names.STATES[one.status])})" if one.status is Status.DRAFT else ""
        rows.append((Button(star + cut(names.title(one.sop), 56) + draft, pack.plain(t.ShowSop(one.sop.id))),))
    return rows


def results(
    words: Words, pack: Packer, text: str, found: Sequence[Found], runs: int, jot: Button | None = None
) -> Screen:
    """What was found for the words that somebody typed; `runs` of theirs are open to go back to."""
    asked = h(cut(text, 60))
    head = words("For “{text}” I found:", text=asked) if found else words("I found no SOP for “{text}”.", text=asked)
    lines = [head] if found else [head, words("Try another word, or look at all SOPs.")]
    rows = _found_rows(words, pack, found)
    if jot is not None:
        rows.append((jot,))
    if runs:
        rows.append((_runs_button(words, pack, runs),))
    rows.append((Button(f"📚 {words('All SOPs')}", pack.plain(t.Browse(0))),))
    return Screen("\n".join(lines), tuple(rows))


def jot_label(words: Words, number: int) -> str:
    """What the button says that keeps typed words as a note."""
    return f"✏️ {words('Make it a note of step {number}', number=number)}"


def all_sops(words: Words, pack: Packer, found: Sequence[Found], page: int) -> Screen:
    """One page of all SOPs."""
    part = Page(page, len(found), PAGE)
    rows = _found_rows(words, pack, found[part.lines])
    turning = part.turning(lambda label, number: Button(label, pack.plain(t.Browse(number))))
    head = words("All SOPs") if found else words("There is no SOP yet. An admin adds files to the SOP folder.")
    return Screen(f"<b>{head}</b>{part.place}", (*rows, *turning))


@dataclass(frozen=True, slots=True)
class SopCard:
    """What the card of an SOP is drawn from."""

    sop: Sop
    status: Status
    ask: int
    favourite: bool
    may_start: bool
    draft: str  # the first version, where the reader may put it on trial, else empty
    rehearses: str  # the version that a rehearsal would walk, empty where there is none
    submits: str  # the draft that the reader may let others approve, empty where there is none
    waits: str  # the draft that others are to approve, empty where there is none or the reader wrote in none
    drafts: str | None  # the draft that the reader may work on, empty where they may begin one
    may_post: bool
    reports: int  # how many wait for their end, of those that the reader may read
    due: date | None
    today: date
    open_runs: Sequence[int]


def sop_card(words: Words, pack: Packer, card: SopCard) -> Screen:
    """An SOP before it is started."""
    sop = card.sop
    state = words(names.STATES[card.status])
    lines = [f"<b>{h(cut(sop.title, 200))}</b>"]
    lines.append(
        " · ".join(
            part for part in (h(cut(sop.number, 60)), words("version {version}", version=h(sop.version)), state) if part
        )
    )
    lines.append(h(cut(sop.unit, 100)))
    lines.append("")
    lines.append(words.many("{count} step", "{count} steps", len(sop.steps)))
    if card.status is Status.TRIAL and card.due:
        lines.append(_trial(words, card.due, card.today))
    if card.waits:
        lines.append(f"📨 {words('Version {version} waits for approval.', version=h(cut(card.waits, 20)))}")
    lines += _folded_facts(words, sop)
    return Screen("\n".join(lines), tuple(_sop_rows(words, pack, card)))


def _trial(words: Words, due: date, today: date) -> str:
    if today > due:
        return words("On trial; its review was due {day}. Your remarks help much.", day=words.day(due))
    return words("On trial until {day}. Your remarks help much.", day=words.day(due))


def _folded_facts(words: Words, sop: Sop) -> list[str]:
    laws = [law.text if law.checked else f"{law.text} ({words('not checked yet')})" for law in sop.legal_basis]
    parts = []
    for title, items in (
        (words("Warnings"), sop.warnings),
        (words("Equipment"), sop.equipment),
        (words("Qualifications"), sop.qualifications),
        (words("Performers"), [position.title for position in sop.positions]),
        (words("Legal basis"), laws),
    ):
        if items:
            shown = [f"• {h(cut(item, 150))}" for item in items[:MOST_FACTS]]
            parts.append("\n".join([f"<b>{title}</b>", *shown, *_left_out(words, len(items) - MOST_FACTS)]))
    return (
        ["", f"<blockquote expandable>ℹ️ <b>{words('About this SOP')}</b>\n" + "\n".join(parts) + "</blockquote>"]
        if parts
        else []
    )


def _left_out(words: Words, count: int) -> Iterator[str]:
    """Under a list: how many more there are, where there are."""
    if count > 0:
        yield f"… {words('and {count} more', count=words.number(count))}"


def _sop_rows(words: Words, pack: Packer, card: SopCard) -> list[tuple[Button, ...]]:
    rows: list[tuple[Button, ...]] = []
    start = pack.plain(t.StartRun(card.ask, card.sop.id))
    for run in card.open_runs[:3]:
        label = f"▶️ {words('Resume')} #{run}"
        rows.append((Button(label, pack.plain(t.ShowRun(run)), Style.GO),))
    if card.may_start:
        label = words("Start new") if card.open_runs else words("Start")
        rows.append((Button(f"🚀 {label}", start, Style.PLAIN if card.open_runs else Style.GO),))
    if card.draft:
        trial = pack.plain(t.StartTrial(card.ask, card.sop.id))
        label = f"🧪 {words('Start trial')}: {_version(words, card.draft)}"
        rows.append((Button(label, trial, Style.MAIN),))
    if card.submits:
        label = f"📨 {words('Submit for approval')}: {_version(words, card.submits)}"
        rows.append((Button(label, pack.plain(a.Submit(card.sop.id)), Style.MAIN),))
    if card.drafts is not None:
        label = (
            words("Draft: version {version}", version=cut(card.drafts, 12)) if card.drafts else words("Write a draft")
        )
        rows.append((Button(f"✏️ {label}", pack.plain(e.OpenDraft(card.sop.id))),))
    star = words("Remove from favourites") if card.favourite else words("Add to favourites")
    rows.append((Button(f"⭐ {star}", pack.plain(t.Favour(not card.favourite, card.sop.id))),))
    rows.append((Button(f"📝 {words('Procedure wrong')}", pack.plain(r.Report(card.sop.id))),))
    if card.reports:
        label = words.many("{count} report", "{count} reports", card.reports)
        rows.append((Button(f"📥 {label}", pack.plain(r.ReportsOf(card.sop.id, 0))),))
    if card.rehearses:
        of = "" if card.rehearses == card.sop.version and card.may_start else f": {_version(words, card.rehearses)}"
        rehearse = pack.plain(t.Rehearse(card.ask, card.sop.id))
        rows.append((Button(f"🎭 {words('Rehearse')}{of}", rehearse),))
    if card.may_start and card.may_post:
        rows.append((Button(f"🔳 {words('QR code')}", pack.plain(t.DrawCode(card.ask, card.sop.id))),))
    return rows


def _version(words: Words, name: str) -> str:
    """A version, as short as stands on a button."""
    return words("version {version}", version=cut(name, 12))


def code_letter(words: Words, sop: Sop, link: str) -> Screen:
    """The picture for the wall, and the address that it holds."""
    png = BytesIO()
    segno.make(link, error="q", micro=False).save(png, kind="png", scale=12)
    lines = [f"<b>{h(cut(sop.title, 160))}</b>", words("Print this for the wall: who scans it opens the SOP here.")]
    return Screen("\n".join([*lines, h(link)]), file=Drawn(png.getvalue()))


def gone(words: Words, pack: Packer, title: str, instead: Sequence[Found]) -> Screen:
    """The SOP that was asked for is not there any more; `instead` are those that take its place, where any do."""
    lines = [f"<b>{words('That SOP is not in use.')}</b>", *([h(cut(title, 160))] if title else [])]
    lines.append(words("Please see instead:") if instead else words("Please look among the SOPs in use."))
    everything = Button(f"📚 {words('All SOPs')}", pack.plain(t.Browse(0)))
    return Screen("\n".join(lines), (*_found_rows(words, pack, instead), (everything,)))


def open_runs(words: Words, pack: Packer, runs: Sequence[OpenRun], now: datetime) -> Screen:
    """One's open runs, to choose from."""
    if not runs:
        text = words("You have no open run. Type a word to find an SOP.")
        return Screen(text, ((Button(f"📚 {words('All SOPs')}", pack.plain(t.Browse(0))),),))
    lines = [f"<b>{words('Your open runs')}</b>", *_run_lines(words, runs, now)]
    rows = [(Button(_run_label(one), pack.plain(t.ShowRun(one.id))),) for one in runs[:MOST_RUNS]]
    rows.append((Button(f"📍 {words('Where are they?')}", pack.plain(t.WhereAll())),))
    return Screen("\n".join(lines), tuple(rows))


def _run_lines(words: Words, runs: Sequence[OpenRun], now: datetime) -> Iterator[str]:
    for one in runs[:MOST_RUNS]:
        yield f"{_mark(one)} #{one.id} {h(cut(names.title(one.sop), 60))} · {words.moment(one.moved_at, now)}"
        if one.step is not None:
            yield f"{one.step.number}/{len(one.sop.steps)} {h(cut(one.step.text, 60))}"
    yield from _left_out(words, len(runs) - MOST_RUNS)


def _run_label(one: OpenRun) -> str:
    return f"{_mark(one)} #{one.id} {cut(names.title(one.sop), 40)}"


def _mark(one: OpenRun) -> str:
    return f"{'⏸' if one.paused else '▶️'}{'🎭' if one.rehearsal else ''}"


def for_which(
    words: Words, pack: Packer, ask: int, runs: Sequence[OpenRun], said: Sequence[Said], now: datetime
) -> Screen:
    """Which of several open runs is it for? Nothing need be sent again."""
    texts = [f"“{h(cut(one.text, 60))}”" for one in said if one.text]
    files = sum(one.file is not None for one in said)
    held = texts + ([words.many("{count} file", "{count} files", files)] if files else [])
    head = words("Which run is it for? {what}", what=", ".join(held[:5]))
    rows = [(Button(_run_label(one), pack.plain(t.ForRun(ask, one.id))),) for one in runs[:MOST_RUNS]]
    search = [(Button(f"🔍 {words('Search for it')}", pack.plain(t.Search(ask))),)] if texts and not files else []
    return Screen("\n".join([f"<b>{head}</b>", "", *_run_lines(words, runs, now)]), (*rows, *search))


def chosen(words: Words, sop: Sop, run: int) -> Screen:
    """The run was chosen: its own card stands below."""
    return Screen(f"▶️ <b>{h(cut(sop.title, 120))}</b> · #{run}")


def unused(words: Words) -> Screen:
    """Held messages were left without a run."""
    return Screen(words("What you sent was used for no run. Please send it again where it is needed."))


def languages(words: Words, pack: Packer) -> Screen:
    """Which language?"""
    buttons = tuple(Button(name, pack.plain(t.Speak(code))) for code, name in LANGUAGES.items())
    return Screen(f"<b>{words('Which language?')}</b>", (buttons,))


def spoken(words: Words) -> Screen:
    """The language was chosen."""
    return Screen(f"✅ {words('From now on I write in English.')}")


def help_screen(words: Words, pack: Packer, *, with_people: bool) -> Screen:
    """What can I do here; `with_people` for whoever looks after them."""
    people = [words("• Who works here, invitations, absence: /people.")] if with_people else []
    lines = [
        f"<b>{words('What you can do')}</b>",
        "",
        words("• Type a word to find an SOP, then tap Start."),
        words("• Each step: tap Done. You can also type the word."),
        words("• Something is different? Tap Problem and choose what."),
        words("• A photo is wanted? Just send it here."),
        words("• The procedure itself is wrong? Send /report."),
        words("• What waits for you stands in /tasks."),
        words("• How the work went, in figures: /stats."),
        words("• Nothing is lost: /resume shows your open runs, on any phone."),
        *people,
        words("• /cancel leaves a question, never a run."),
        words("• /language changes the language."),
    ]
    return Screen("\n".join(lines), ((Button(f"📚 {words('All SOPs')}", pack.plain(t.Browse(0))),),))


def jotted(words: Words, number: int, text: str) -> Screen:
    """The words that were searched for are kept as a note."""
    return Screen(f"✅ {words('Noted at step {number}: “{text}”', number=number, text=h(cut(text, 200)))}")


def started(words: Words, sop: Sop, run: int) -> Screen:
    """The SOP card after the start: the run's own card stands below."""
    return Screen(f"🚀 <b>{h(cut(sop.title, 120))}</b>\n{words('Started as run #{run}. The card is below.', run=run)}")


def nothing_asked(words: Words) -> Screen:
    """/batal where nothing was asked."""
    return Screen(words("There is no open question. Your runs are safe; /resume shows them."))


def dropped(words: Words) -> Screen:
    """/batal left a question."""
    return Screen(words("The question is closed. Your runs are safe; /resume shows them."))


def not_understood(words: Words) -> Screen:
    """A message of a kind that means nothing here."""
    return Screen(words("I cannot use that kind of message. Please type, or send a photo, a file or a voice note."))


def no_words(words: Words) -> Screen:
    """A text of which nothing can be seen."""
    return Screen(words("That message holds no readable words. Please type the answer."))


def edited(words: Words) -> Screen:
    """A message was changed after it was sent."""
    lines = [words("A changed message changes nothing here: what you sent first counts.")]
    lines.append(words("To correct an answer, tap More on the card and choose it, or tap Undo."))
    return Screen("\n".join(lines))


def too_big(words: Words) -> Screen:
    """A file that Telegram does not hand to bots."""
    return Screen(words("That file is larger than 20 MB, which I cannot fetch. Please send a smaller one."))


def no_run_for_file(words: Words) -> Screen:
    """A photo came, and nothing asks for one."""
    return Screen(words("Thank you, but no open step asks for a file now. /resume shows your open runs."))


# Letters


def blocked(words: Words, sop: Sop, step: Step, run: int, reason: Reason, name: str) -> Screen:
    """A step cannot be done as written."""
    lines = [
        f"⚠️ <b>{words('A step cannot be done as written')}</b>",
        f"{h(cut(sop.title, 160))} · #{run}",
        words("Step {number}: {text}", number=step.number, text=h(cut(step.text, 160))),
        words("{name} says: {reason}.", name=names.person(name), reason=words(names.REASONS[reason])),
    ]
    return Screen("\n".join(lines))


def blocked_words(words: Words, sop: Sop, run: int, name: str, text: str, file: Known | None) -> Screen:
    """What was added to it."""
    head = f"⚠️ {h(cut(sop.title, 160))} · #{run}\n{words('{name} adds:', name=names.person(name))}"
    return Screen(head + quoted(text, file), file=file)


def left_group(words: Words) -> Screen:
    """Why the bot did not stay in the group that it was taken into."""
    return Screen(words("I left the group: I work in private chats only, so that nobody sees another's work."))


def poison(words: Words, update: int) -> Screen:
    """An update was set aside."""
    return Screen(
        words("Message {update} could not be handled after 5 tries and was set aside. See the log.", update=update)
    )


def _open_sop(words: Words, pack: Packer, sop: Sop) -> tuple[Button, ...]:
    return (Button(words("Open the SOP"), pack.plain(t.ShowSop(sop.id))),)


def new_version(words: Words, pack: Packer, sop: Sop, status: Status) -> Screen:
    """A file brought a new version."""
    lines = [f"📄 <b>{words('A new SOP version was read')}</b>", h(cut(sop.title, 160))]
    lines.append(f"{words('version {version}', version=h(sop.version))} · {words(names.STATES[status])}")
    return Screen("\n".join(lines), (_open_sop(words, pack, sop),))


def runs_withdrawn(words: Words, pack: Packer, parent: Sop, step: Step, child: Sop) -> Screen:
    """To whoever looks after an SOP: another one that it runs was withdrawn."""
    lines = [f"⚠️ <b>{words('An SOP that yours runs was withdrawn')}</b>", h(cut(names.title(parent), 160))]
    facts = {"number": step.number, "title": h(cut(names.title(child), 80))}
    lines.append(
        words("Step {number} runs {title}, which cannot be started any more. Please revise the step.", **facts)
    )
    return Screen("\n".join(lines), (_open_sop(words, pack, parent),))


def broken_file(words: Words, line: str) -> Screen:
    """A file in the SOP folder cannot be read; what was good before stays in use."""
    head = words("A file in the SOP folder has a mistake; the SOP before it stays in use")
    return Screen(f"⚠️ <b>{head}</b>\n<code>{h(cut(line, 1500))}</code>")
