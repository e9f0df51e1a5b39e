"""Screens of a draft: what it changes and what is proposed, each of its steps, and what is told of its file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.engine.deviations import AnyReason
from bot.engine.difference import Change
from bot.engine.drafting import Part
from bot.engine.proposals import Cause, Proposal, Remedy
from bot.engine.sop import Child, Do, Sop, Step
from bot.views import approval_taps as a
from bot.views import names
from bot.views import taps as t
from bot.views.changes import changes
from bot.views.draft_taps import NOWHERE, DraftMove, OnDraft, OpenDraft
from bot.views.pages import Page
from bot.views.reports import Shown as Report
from bot.views.screen import Button, Row, Screen, Style, Written, cut, h
from bot.views.taps import Packer
from bot.views.tasks import Task
from bot.views.words import N_, Words

PAGE = 7
"""Steps, or runs, on one screen."""
MOST_PROPOSALS = 8
"""Proposals on one screen."""
MOST_PROBLEMS = 3
"""Problems of a change that are told at once."""
LONGEST = 300
"""Characters of each text that is proposed or is to be changed."""

_REMEDIES: Mapping[Remedy, str] = {
    Remedy.OPTIONAL: N_("Let it be left out"),
    Remedy.REMOVE: N_("Remove the step"),
    Remedy.TIME: N_("Change the time"),
    Remedy.RAISE: N_("Move the step up"),
    Remedy.LIMIT: N_("Widen the usual range"),
    Remedy.WORDING: N_("Use the proposed wording"),
    Remedy.BY_HAND: N_("I change it myself"),
    Remedy.TRAIN: N_("Train people, keep the step"),
}
_ASKED: Mapping[Part, str] = {
    Part.TEXT: N_("How is the step to read? Please type it."),
    Part.WITHIN: N_("Which standard time? For example: 30 menit, 2 jam, 3 hari."),
    Part.NEEDS: N_("What is needed? Please type one thing a line."),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """For whom the card is drawn, the number of its question, and what is said on it."""

    words: Words
    pack: Packer
    ask: int
    said: str = ""

    def button(self, label: str, move: DraftMove, to: int | str = NOWHERE, style: Style = Style.PLAIN) -> Button:
        """A button of this card."""
        return Button(label, self.pack.plain(OnDraft(self.ask, move, str(to))), style)

    def back(self) -> Row:
        """The way back."""
        return (self.button(f"‹ {self.words('Back')}", DraftMove.BACK),)


@dataclass(frozen=True, slots=True)
class Listed:
    """A proposal, the step that it is about, and what its author said to it; of a report, the report."""

    id: int
    what: Proposal
    step: Step | None
    is_open: bool
    remedy: Remedy | None
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """A draft: `before` is the version that it replaces, empty where there is none; `waits` for those who approve it;
    `rival`: its file says something else; `undoes`: its last change can be taken back; `mark`: by what it is known
    whether it still is as it is shown."""

    sop: Sop
    before: str
    changes: Sequence[Change]
    proposals: Sequence[Listed]
    waits: bool
    rival: bool
    undoes: bool
    mark: str


@dataclass(frozen=True, slots=True)
class RunBehind:
    """A run behind a proposal; `opens`: the reader may see its card."""

    id: int
    at: datetime
    reason: AnyReason | None
    opens: bool


# A draft


def overview(frame: Frame, draft: Overview) -> Screen:
    """What a draft changes, and what is still to be decided."""
    words, waiting = frame.words, [one for one in draft.proposals if one.is_open]
    lines = _head(frame, draft.sop, draft.before)
    if draft.rival:
        lines += [f"⚠️ {words('Its file says something else since. Which one is to count?')}", ""]
    if draft.waits:
        lines += [f"📨 {words('It waits for approval. A change takes it back.')}", ""]
    if draft.proposals:
        lines.append(f"<b>{words('Proposals')}</b>")
        lines += [f"• {_in_list(words, one)}" for one in draft.proposals[:MOST_PROPOSALS]]
        more = len(draft.proposals) - MOST_PROPOSALS
        lines += [f"… {words('and {count} more', count=words.number(more))}"] if more > 0 else []
        lines.append("")
    if not draft.before:
        lines.append(words.many("A new SOP with {count} step.", "A new SOP with {count} steps.", len(draft.sop.steps)))
    elif draft.changes:
        title = words("Changes since version {version}", version=h(cut(draft.before, 20)))
        lines += changes(words, title, draft.changes)
    else:
        lines.append(words("Nothing is changed yet."))
    if waiting:
        lines += ["", f"👉 {words('Decide each proposal first, then it can be submitted for approval.')}"]
    return Screen("\n".join(lines), tuple(_overview_rows(frame, draft, waiting)))


def _head(frame: Frame, sop: Sop, before: str = "") -> list[str]:
    words = frame.words
    version = words("version {version}", version=h(cut(sop.version, 20)))
    instead = f" · {words('replaces version {version}', version=h(cut(before, 20)))}" if before else ""
    title = f"✏️ <b>{words('Draft: {sop}', sop=h(cut(names.title(sop), 120)))}</b>"
    said = [f"ℹ️ {h(frame.said)}"] if frame.said else []
    return [title, f"{version}{instead}", *said, ""]


def _overview_rows(frame: Frame, draft: Overview, waiting: Sequence[Listed]) -> Iterator[Row]:
    words = frame.words
    if draft.rival:
        yield (frame.button(f"📄 {words('Use the file')}", DraftMove.USE_FILE, draft.mark),)
        yield (frame.button(f"✏️ {words('Keep this draft')}", DraftMove.KEEP, draft.mark),)
    for one in waiting[:MOST_PROPOSALS]:
        yield (frame.button(f"🟡 {cut(_short(words, one), 50)}", DraftMove.PROPOSAL, one.id, Style.MAIN),)
    if not (waiting or draft.rival or draft.waits) and (draft.changes or not draft.before):
        label = f"📨 {words('Submit for approval')}"
        yield (Button(label, frame.pack.plain(a.Submit(draft.sop.id)), Style.GO),)
    yield (frame.button(f"🪜 {words('Change a step')}", DraftMove.STEPS),)
    if draft.undoes:
        yield (frame.button(f"↩️ {words('Take back the last change')}", DraftMove.UNDO, draft.mark),)
    yield (
        frame.button(f"📎 {words('Send the file')}", DraftMove.SEND),
        Button(f"📄 {words('Open the SOP')}", frame.pack.plain(t.ShowSop(draft.sop.id))),
    )
    if not draft.waits:
        yield (frame.button(f"🗑 {words('Discard the draft')}", DraftMove.DISCARD, NOWHERE, Style.STOP),)


def discarding(frame: Frame, draft: Overview) -> Screen:
    """Is it really to be given up?"""
    words = frame.words
    lines = [*_head(frame, draft.sop, draft.before), f"<b>{words('Discard this draft?')}</b>"]
    if draft.before:
        lines.append(words("Version {version} stays in use as it is.", version=h(cut(draft.before, 20))))
    lines.append(words("What is changed here is given up; what was proposed stays for another draft."))
    sure = frame.button(words("Yes"), DraftMove.SURE, draft.mark, Style.STOP)
    return Screen("\n".join(lines), ((sure,), frame.back()))


def discarded(words: Words, pack: Packer, sop: Sop) -> Screen:
    """The draft is given up."""
    lines = [
        f"🗑 <b>{words('The draft is discarded')}</b>",
        f"{h(cut(sop.title, 160))} · {words('version {version}', version=h(cut(sop.version, 20)))}",
    ]
    return Screen("\n".join(lines), ((Button(f"📄 {words('Open the SOP')}", pack.plain(t.ShowSop(sop.id))),),))


def _in_list(words: Words, one: Listed) -> str:
    what = h(cut(_short(words, one), 120))
    if one.is_open:
        return f"🟡 {what}"
    return f"✅ {what} · {words(_REMEDIES[one.remedy])}" if one.remedy else f"🚫 {what} · {words('not taken')}"


def _short(words: Words, one: Listed) -> str:
    """A proposal on a button."""
    place = words("Step {number}", number=one.step.number) if one.step else words("The SOP")
    counts = {"times": one.what.times, "of": one.what.of}
    match one.what.cause:
        case Cause.LEFT_OUT:
            return f"{place}: {words('left out, {times} of {of}', **counts)}"
        case Cause.LATE:
            return f"{place}: {words('late, {times} of {of}', **counts)}"
        case Cause.ORDER:
            return f"{place}: {words('another order, {times} of {of}', **counts)}"
        case Cause.BEYOND:
            return f"{place}: {words('unusual value, {times} of {of}', **counts)}"
        case Cause.REPORT:
            return f"{place}: {words('report {number}', number=one.what.report)}"
        case cause:
            assert_never(cause)


# A proposal


def proposal(frame: Frame, sop: Sop, one: Listed) -> Screen:
    """What is proposed, why, and the ways to take it."""
    words = frame.words
    lines = [*_head(frame, sop), *_why(words, one)]
    if one.step:
        lines += ["", words("Step {number}: {text}", number=one.step.number, text=h(cut(one.step.text, LONGEST)))]
    rows: list[Row] = []
    if one.is_open:
        lines += ["", f"<b>{words('What is to be done?')}</b>"]
        rows = [(_take(frame, one, number),) for number in range(len(one.what.remedies))]
        rows.append((frame.button(f"🚫 {words('Do not take it')}", DraftMove.REFUSE, one.id),))
    if one.what.runs:
        label = words.many("{count} run behind it", "{count} runs behind it", one.what.times or len(one.what.runs))
        rows.append((frame.button(f"🔎 {label}", DraftMove.RUNS, one.id),))
    return Screen("\n".join(lines), (*rows, frame.back()))


def _take(frame: Frame, one: Listed, number: int) -> Button:
    words, remedy = frame.words, one.what.remedies[number]
    match remedy:
        case Remedy.TIME:
            label = words("Change the time to {time}", time=one.what.within)
        case Remedy.LIMIT:
            ends = f"{one.what.low or '…'} – {one.what.high or '…'}"
            label = words("Widen the usual range to {ends}", ends=ends)
        case _:
            label = words(_REMEDIES[remedy])
    style = Style.MAIN if number == 0 else Style.PLAIN
    return frame.button(f"✔️ {cut(label, 50)}", DraftMove.TAKE, number, style)


def _why(words: Words, one: Listed) -> Iterator[str]:
    what, counts = one.what, {"times": one.what.times, "of": one.what.of}
    match what.cause:
        case Cause.LEFT_OUT:
            yield words("{times} of {of} runs left this step out.", **counts)
        case Cause.LATE:
            yield words("In {times} of {of} runs this step took longer than its standard time.", **counts)
            if what.within:
                yield words("Nine of ten would keep {time}.", time=h(what.within))
        case Cause.ORDER:
            yield words("In {times} of {of} runs this step was done before another that stands above it.", **counts)
        case Cause.BEYOND:
            yield words("In {times} of {of} runs a value here was outside its usual range.", **counts)
        case Cause.REPORT:
            yield from _reported(words, one)
        case cause:
            assert_never(cause)
    if what.people:
        yield words.many("It was {count} person.", "It was {count} people.", what.people)


def _reported(words: Words, one: Listed) -> Iterator[str]:
    if one.report is None:
        return
    people = words.many("{count} person", "{count} people", one.report.people)
    fault = words(names.FAULTS[one.report.fault])
    yield words("Report {number}, from {people}: {fault}.", number=one.report.number, people=people, fault=fault)
    for said in one.report.words[-2:]:
        yield f"“{h(cut(said, LONGEST))}”"
    for wording in one.report.wording[-1:]:
        yield words("Proposed wording: “{text}”", text=h(cut(wording, LONGEST)))


def refusing(frame: Frame, sop: Sop, one: Listed) -> Screen:
    """Why is it not taken?"""
    words = frame.words
    ask = f"✍️ <b>{words('Why is it not taken? Please type the reason.')}</b>"
    heard = [words("Whoever reported it reads your reason.")] if one.what.cause is Cause.REPORT else []
    return Screen("\n".join([*_head(frame, sop), *_why(words, one), "", ask, *heard]), (frame.back(),))


def runs(frame: Frame, sop: Sop, one: Listed, behind: Sequence[RunBehind], page: int, now: datetime) -> Screen:
    """The runs behind a proposal, the latest first; of those that the reader may see, the card."""
    words = frame.words
    lines = [*_head(frame, sop), *_why(words, one), ""]
    for run in behind[:PAGE]:
        reason = f" · {h(cut(names.reason(words, run.reason), 80))}" if run.reason else ""
        lines.append(f"• #{run.id} · {words.moment(run.at, now)}{reason}")
    open_ones = [Button(f"#{run.id}", frame.pack.plain(t.ShowRun(run.id))) for run in behind[:PAGE] if run.opens]
    rows = [tuple(open_ones[at : at + 4]) for at in range(0, len(open_ones), 4)]
    return Screen("\n".join(lines), (*rows, *_turning(frame, Page(page, len(one.what.runs), PAGE)), frame.back()))


def _turning(frame: Frame, page: Page) -> tuple[Row, ...]:
    return page.turning(lambda label, number: frame.button(label, DraftMove.TURN, number))


# Its steps


def steps(frame: Frame, sop: Sop, page: int) -> Screen:
    """Which step is to be changed?"""
    words, part = frame.words, Page(page, len(sop.steps), PAGE)
    shown = sop.steps[part.lines]
    lines = [*_head(frame, sop), f"<b>{words('Which step?')}</b>{part.place}"]
    rows = [(frame.button(f"{one.number}. {cut(one.text, 45)}", DraftMove.STEP, one.id),) for one in shown]
    return Screen("\n".join(lines), (*rows, *_turning(frame, part), frame.back()))


def step(frame: Frame, sop: Sop, one: Step) -> Screen:
    """A step as it is now, and what of it can be changed here."""
    words = frame.words
    nothing = words("nothing")
    needs = "; ".join(h(cut(need, 80)) for need in one.needs[:8]) or nothing
    lines = [
        *_head(frame, sop),
        words("Step {number} of {all}", number=one.number, all=len(sop.steps)),
        f"<b>{h(cut(one.text, LONGEST))}</b>",
        words("Time: {time}", time=h(cut(one.within.text if one.within else one.time_note or nothing, 60))),
        words("Needed: {things}", things=needs),
    ]
    if one.optional:
        lines.append(f"ℹ️ {words('May be left out where it is not needed.')}")
    return Screen("\n".join(lines), tuple(_step_rows(frame, sop, one)))


def _step_rows(frame: Frame, sop: Sop, one: Step) -> Iterator[Row]:
    words = frame.words
    wording = [] if isinstance(one.does, Child) else [(Part.TEXT, f"📝 {words('Wording')}")]
    parts = [*wording, (Part.WITHIN, f"⏱ {words('Time')}"), (Part.NEEDS, f"🧰 {words('What is needed')}")]
    buttons = [frame.button(label, DraftMove.PART, part.value) for part, label in parts]
    yield tuple(buttons[:2])
    yield from [tuple(buttons[2:])] if buttons[2:] else []
    if one.optional:
        yield (frame.button(words("Let it be required"), DraftMove.BIND),)
    elif isinstance(one.does, Do) and not one.critical:
        yield (frame.button(words(_REMEDIES[Remedy.OPTIONAL]), DraftMove.LOOSEN),)
    up = [frame.button(f"⬆️ {words('Up')}", DraftMove.UP)] if one.number > 1 else []
    down = [frame.button(f"⬇️ {words('Down')}", DraftMove.DOWN)] if one.number < len(sop.steps) else []
    if up or down:
        yield (*up, *down)
        yield (frame.button(f"🗑 {words('Remove the step')}", DraftMove.DROP, NOWHERE, Style.STOP),)
    yield frame.back()


def rewriting(frame: Frame, sop: Sop, one: Step, part: Part) -> Screen:
    """How is that part of a step to read?"""
    words = frame.words
    now = {
        Part.TEXT: one.text,
        Part.WITHIN: one.within.text if one.within else "",
        Part.NEEDS: "\n".join(one.needs),
    }[part]
    lines = [*_head(frame, sop), words("Step {number}: {text}", number=one.number, text=h(cut(one.text, LONGEST)))]
    lines += ["", f"✍️ <b>{words(_ASKED[part])}</b>"]
    if now:
        lines.append(words("Now: “{text}”", text=h(cut(now, LONGEST))))
    none = [(frame.button(words("None"), DraftMove.NO_TIME),)] if part is not Part.TEXT and now else []
    return Screen("\n".join(lines), (*none, frame.back()))


# What is told


def task(words: Words, sop: Sop, waiting: int, since: datetime) -> Task:
    """A draft among what waits for somebody."""
    what = words("Draft of version {version}", version=cut(sop.version, 20))
    if waiting:
        what += f" · {words.many('{count} proposal to decide', '{count} proposals to decide', waiting)}"
    return Task("✏️", names.title(sop), what, since, OpenDraft(sop.id))


def opened(words: Words, pack: Packer, sop: Sop, waiting: int) -> Screen:
    """A review was decided so that the SOP is revised."""
    lines = [
        f"✏️ <b>{words('A draft is ready for you')}</b>",
        f"{h(cut(sop.title, 160))} · {words('version {version}', version=h(cut(sop.version, 20)))}",
    ]
    if waiting:
        lines.append(words.many("{count} proposal waits for you.", "{count} proposals wait for you.", waiting))
    return Screen("\n".join(lines), (_opens(words, pack, sop),))


def _opens(words: Words, pack: Packer, sop: Sop) -> Row:
    return (Button(f"✏️ {words('Open the draft')}", pack.plain(OpenDraft(sop.id)), Style.MAIN),)


def closed(words: Words, pack: Packer, sop: Sop) -> Screen:
    """Something else was begun on its card."""
    return Screen(words("The draft stays as it is."), (_opens(words, pack, sop),))


def rival(words: Words, pack: Packer, sop: Sop) -> Screen:
    """The file of a draft was changed, and so was the draft in the chat."""
    lines = [
        f"⚠️ <b>{words('A draft and its file say different things')}</b>",
        f"{h(cut(sop.title, 160))} · {words('version {version}', version=h(cut(sop.version, 20)))}",
        words("Both are kept. Please open the draft and choose one."),
    ]
    return Screen("\n".join(lines), (_opens(words, pack, sop),))


def file_letter(words: Words, sop: Sop, text: str) -> Screen:
    """A draft as the file that it will be."""
    lines = [f"📎 {h(cut(sop.title, 160))}", words("Change it in an editor and put it into the SOP folder.")]
    return Screen("\n".join(lines), file=_file(sop, text))


def passed_file(words: Words, sop: Sop, text: str) -> Screen:
    """What a file said that is not taken."""
    lines = [f"📎 {h(cut(sop.title, 160))}", words("This is what the file says. The draft goes on without it.")]
    return Screen("\n".join(lines), file=_file(sop, text))


_UNWRITTEN: Mapping[str, str] = {
    "changed": N_("Its file was changed meanwhile, so it was not written over."),
    "read-only": N_("The SOP folder cannot be written to."),
}


def unwritten(words: Words, sop: Sop, why: str, text: str) -> Screen:
    """The file of an approved version could not be written; the version counts all the same."""
    lines = [
        f"⚠️ <b>{words('The approved version is not in the SOP folder')}</b>",
        f"{h(cut(sop.title, 160))} · {words('version {version}', version=h(cut(sop.version, 20)))}",
        *([words(_UNWRITTEN[why])] if why in _UNWRITTEN else []),
        words("It is in use all the same. Please put this file there."),
    ]
    return Screen("\n".join(lines), file=_file(sop, text))


def _file(sop: Sop, text: str) -> Written:
    return Written(f"{sop.id}.yaml", text.encode())


def no_length(words: Words, text: str) -> str:
    """Why words are no standard time, without the names that only files know."""
    why = words("'{value}' is no length of time; write it like 30 menit, 1,5 jam, 3 hari or 2 bulan.", value=text)
    return problems(words, [why])


def problems(words: Words, found: Sequence[str]) -> str:
    """Why a change cannot be made, in plain words."""
    return " ".join([words("That does not fit, so the draft stays as it was."), *found[:MOST_PROBLEMS]])
