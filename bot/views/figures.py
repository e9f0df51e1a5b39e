"""Figures on a phone: an overview, lists that break it down, and the runs behind each number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.engine.deviations import Kind
from bot.engine.feedback import NOTHING, Opinions
from bot.engine.figures import (
    FEWEST,
    Behind,
    Breakdown,
    By,
    Counted,
    Figures,
    Overview,
    Papers,
    Period,
    RunFound,
    Span,
    Stage,
    StepTimes,
    Verdict,
    Versions,
    VersionSeen,
    Which,
    rate,
)
from bot.engine.sop import Sop, Step
from bot.engine.units import Units
from bot.views import feedback, names
from bot.views import taps as t
from bot.views.pages import Page
from bot.views.screen import Button, Drawn, Row, Screen, Style, Written, cut, h
from bot.views.taps import Packer
from bot.views.whereabouts import elapsed
from bot.views.words import N_, Words

VERDICTS: Mapping[Verdict, str] = {
    Verdict.WELL: N_("Runs well"),
    Verdict.NOT_WELL: N_("Does not run well"),
}
"""What a monitoring finds, in the words of Tabel 7."""

PAGE = 7
"""Lines of a list: as many as fit a small screen with buttons for thumbs."""

WORST = 3
"""Steps that are named for their deviations."""

A_MINUTE = timedelta(minutes=1)

MOST_TIMES = 25
"""Steps whose times are told, where they are folded."""


class Move(StrEnum):
    """What a button of this card does."""

    PERIOD = "p"
    STAGE = "g"
    BREAKDOWN = "b"
    WHICH = "w"
    KIND = "k"
    STEP = "s"
    SOP = "o"
    UNIT = "u"
    TURN = "t"
    PAPERS = "f"
    PAPER = "d"
    FACTS = "e"
    VERSIONS = "v"
    BACK = "x"


@dataclass(frozen=True, slots=True)
class Frame:
    """What every screen of this card is drawn with, for the question `ask`. `sops` has those that are named."""

    words: Words
    pack: Packer
    ask: int
    today: date
    units: Units
    sops: Mapping[str, Sop]

    def button(self, label: str, move: Move, to: str = "-", style: Style = Style.PLAIN) -> Button:
        """A button of this card."""
        return Button(label, self.pack.plain(t.Figures(self.ask, move.value, to)), style)

    def sop(self, sop: str) -> str:
        """What an SOP is called; one that is not known any more, by its id."""
        known = self.sops.get(sop)
        return names.title(known) if known else sop

    def unit(self, unit: str) -> str:
        """What a unit is called."""
        known = self.units.get(unit)
        return known.title if known else unit or self.words("no unit")

    def step(self, sop: str, step: str) -> str:
        """A step by its number and words, in the newest version that has it."""
        found = self._found(sop, step)
        return self.words("Step {number}: {text}", number=found.number, text=found.text) if found else step

    def bar(self, sop: str, step: str) -> str:
        """The same in a chart of steps, where there is little room."""
        found = self._found(sop, step)
        return f"{found.number}. {found.text}" if found else step

    def _found(self, sop: str, step: str) -> Step | None:
        known = self.sops.get(sop)
        return next((one for one in known.steps if one.id == step), None) if known else None


def period_code(period: Period) -> str:
    """A period as a button sends it back."""
    return f"{period.span.value}-{period.first:%Y-%m}"


def period_of(code: str) -> Period | None:
    """The period behind a button, None where it is none."""
    span, _, month = code.partition("-")
    try:
        return Period.around(datetime.strptime(f"{month}-01", "%Y-%m-%d").date(), Span(span))  # noqa: DTZ007
    except ValueError:
        return None


def period_name(words: Words, period: Period) -> str:
    """November 2026, triwulan 4 2026, tahun 2026."""
    match period.span:
        case Span.MONTH:
            return words.month(period.first)
        case Span.QUARTER:
            return words("quarter {number} of {year}", number=period.first.month // 3 + 1, year=period.first.year)
        case Span.YEAR:
            return words("the year {year}", year=period.first.year)


# The overview


@dataclass(frozen=True, slots=True)
class Seen:
    """What an overview is drawn from. `others` is how many runs of the other stage ended in the same time."""

    state: Overview
    stage: Stage
    figures: Figures
    others: int
    open_runs: int
    open_reports: int
    versions: int = 1  # that were run, of the SOP that is looked at
    thought: Opinions = NOTHING  # of it by those who ran it


def overview(frame: Frame, seen: Seen) -> Screen:
    """The figures of a period."""
    words, figures = frame.words, seen.figures
    lines = [*_head(frame, seen.state, seen.stage), ""]
    ended = words.many("{count} run ended.", "{count} runs ended.", figures.done + figures.stopped)
    lines.append(f"<b>{ended}</b> {words('Done: {done}; stopped: {stopped}.', **_ends(words, figures))}")
    lines += _quality(words, figures)
    lines.append(words("Open now: {runs} runs, {reports} reports.", **_opens(words, seen)))
    lines += _departures(frame, seen)
    lines += _times(frame, seen)
    if (sop := frame.sops.get(seen.state.sop or "")) is not None:
        lines += feedback.lines(words, sop, seen.thought)
    lines += ["", *_left_out(words, seen)]
    return Screen("\n".join(lines), tuple(row for row in _overview_rows(frame, seen) if row))


def _head(frame: Frame, state: Overview, stage: Stage) -> Iterator[str]:
    trial = f" · 🧪 {frame.words('trial')}" if stage is Stage.TRIAL else ""
    yield f"📊 <b>{frame.words('Figures')} · {period_name(frame.words, state.period)}</b>{trial}"
    if state.sop:
        yield h(cut(frame.sop(state.sop), 120))
    if state.unit:
        yield h(cut(frame.unit(state.unit), 100))


def _ends(words: Words, figures: Figures) -> dict[str, str]:
    return {"done": words.number(figures.done), "stopped": words.number(figures.stopped)}


def _opens(words: Words, seen: Seen) -> dict[str, str]:
    return {"runs": words.number(seen.open_runs), "reports": words.number(seen.open_reports)}


def _quality(words: Words, figures: Figures) -> Iterator[str]:
    clean, of = rate(figures.clean, figures.done), words.number(figures.done)
    if clean is None or figures.fitness is None:
        yield words("Fewer than {count} runs are done: rates are not told yet.", count=FEWEST)
        return
    yield words("Conformity: {share} on average, of {count} runs.", share=words.percent(figures.fitness), count=of)
    number = words.number(figures.clean)
    yield words("Without deviation: {share} ({part} of {whole}).", share=words.percent(clean), part=number, whole=of)
    late = words.percent(figures.late / max(1, figures.performed))
    yield words("Steps recorded afterwards: {count} ({share}).", count=words.number(figures.late), share=late)
    yield words("Steps done again: {count}.", count=words.number(figures.again))
    spans = {"worked": words.span(figures.worked), "waited": words.span(figures.waited)}
    yield words("The office on average: worked on {worked}, between performers {waited}.", **spans)
    yield words("Whoever waits for it, on average: {span}.", span=elapsed(words, figures.elapsed))


def _departures(frame: Frame, seen: Seen) -> Iterator[str]:
    figures, words = seen.figures, frame.words
    if not figures.departures:
        return
    yield f"\n<b>{words('Deviations: {count}', count=words.number(figures.deviations))}</b>"
    for kind, count in figures.by_kind[:PAGE]:
        yield f"• {words(names.KINDS[kind])}: {words.number(count)}"
    yield from _more(words, len(figures.by_kind) - PAGE)
    yield f"<b>{words('Most of them at')}</b>"
    for (sop, step), count in figures.by_step[:WORST]:
        place = h(cut(frame.step(sop, step), 90))
        of = "" if seen.state.sop else f" · {h(cut(frame.sop(sop), 60))}"
        yield f"• {place}{of} ({words.number(count)}×)"


def _times(frame: Frame, seen: Seen) -> Iterator[str]:
    """The time of each step beside its standard, folded; each with how often it was measured."""
    words = frame.words
    known = frame.sops.get(seen.state.sop or "")
    if known is None:
        return
    places = {step.id: step.number for step in known.steps}
    times = sorted((one for one in seen.figures.times if one.step in places), key=lambda one: places[one.step])
    told = [one for one in times if one.count >= FEWEST]
    if not told:
        return
    lines = [f"⏱ <b>{words('Working time of the steps')}</b>"]
    for one in told[:MOST_TIMES]:
        lines += [h(cut(frame.step(known.id, one.step), 70)), step_time(words, one, known)]
    lines += _more(words, len(told) - MOST_TIMES)
    yield "<blockquote expandable>" + "\n".join(lines) + "</blockquote>"


def overrun(one: StepTimes) -> float:
    """How many times the standard nine of ten need; 0 where there is no standard."""
    return one.p90 / one.standard if one.standard else 0.0


def step_time(words: Words, one: StepTimes, sop: Sop) -> str:
    """Half within 40 minutes, nine of ten within 2 hours; standard 30 minutes; before it 3 hours of waiting (12)."""
    within = sop.step(one.step).within
    spans = {"half": words.span(one.median), "most": words.span(one.p90)}
    told = words("half within {half}, nine of ten within {most}", **spans)
    standard = f"; {words('standard {time}', time=h(within.text))}" if within else ""
    waited = f"; {words('before it {time} of waiting', time=words.span(one.waited))}" if one.waited >= A_MINUTE else ""
    return f"{told}{standard}{waited} ({words.number(one.count)}×)"


def _more(words: Words, count: int) -> Iterator[str]:
    if count > 0:
        yield f"… {words('and {count} more', count=words.number(count))}"


def _left_out(words: Words, seen: Seen) -> Iterator[str]:
    """What is not among these figures, and why."""
    if seen.stage is Stage.REGULAR and seen.others:
        yield f"ℹ️ {words('Trial runs are counted apart: {count}.', count=words.number(seen.others))}"
    if seen.stage is Stage.TRIAL and seen.others:
        yield f"ℹ️ {words('Runs outside a trial are counted apart: {count}.', count=words.number(seen.others))}"
    if seen.figures.stopped:
        yield f"ℹ️ {words('Stopped runs have no conformity. What was undone counts nowhere.')}"
    yield f"ℹ️ {words('A run counts from a minute after its end.')}"


_WHICH: Mapping[Which, str] = {
    Which.DONE: N_("Done: {count}"),
    Which.STOPPED: N_("Stopped: {count}"),
    Which.OPEN: N_("Open: {count}"),
    Which.CLEAN: N_("Without deviation: {count}"),
    Which.AGAIN: N_("Done again: {count}"),
    Which.LATE: N_("Afterwards: {count}"),
}


def _overview_rows(frame: Frame, seen: Seen) -> Iterator[Row]:
    words, state, figures = frame.words, seen.state, seen.figures
    yield tuple(_neighbours(frame, state.period))
    yield tuple(_spans(frame, state.period))
    counts = {Which.DONE: figures.done, Which.STOPPED: figures.stopped, Which.OPEN: seen.open_runs}
    more = {Which.AGAIN: figures.again, Which.LATE: figures.late}
    for some in (counts, {Which.CLEAN: figures.clean}, more):
        yield tuple(_which(frame, which, count) for which, count in some.items() if count)
    if figures.departures:
        label = words("Deviations: {count}", count=words.number(figures.deviations))
        yield (frame.button(f"⚠️ {label}", Move.BREAKDOWN, By.KIND.value),)
    if figures.departures and state.sop:
        yield (frame.button(f"⚠️ {words('By step')}", Move.BREAKDOWN, By.STEP.value),)
    yield tuple(_ways_down(frame, state))
    if seen.others:
        yield (_other_stage(frame, seen),)
    yield (
        frame.button(f"🖼 {words('Picture')}", Move.PAPER, "picture-png"),
        frame.button(f"📄 {words('Forms')}", Move.PAPERS),
    )
    if seen.versions > 1:
        yield (frame.button(f"🔀 {words('Compare versions')}", Move.VERSIONS),)
    if state.sop or state.unit:
        yield (frame.button(f"‹ {words('Everything')}", Move.BACK),)


def _neighbours(frame: Frame, period: Period) -> Iterator[Button]:
    yield frame.button(f"‹ {period_name(frame.words, period.previous)}", Move.PERIOD, period_code(period.previous))
    if period.next.first <= frame.today:
        yield frame.button(f"{period_name(frame.words, period.next)} ›", Move.PERIOD, period_code(period.next))


_SPANS: Mapping[Span, str] = {Span.MONTH: N_("Month"), Span.QUARTER: N_("Quarter"), Span.YEAR: N_("Year")}


def _spans(frame: Frame, period: Period) -> Iterator[Button]:
    # a year narrowed down leads to where it ends, or to today
    day = min(frame.today, date.fromordinal(period.next.first.toordinal() - 1))
    for span, name in _SPANS.items():
        mark = "✓ " if span is period.span else ""
        yield frame.button(mark + frame.words(name), Move.PERIOD, period_code(Period.around(day, span)))


def _which(frame: Frame, which: Which, count: int) -> Button:
    return frame.button(frame.words(_WHICH[which], count=frame.words.number(count)), Move.WHICH, which.value)


def _ways_down(frame: Frame, state: Overview) -> Iterator[Button]:
    if not state.sop:
        yield frame.button(f"📋 {frame.words('By SOP')}", Move.BREAKDOWN, By.SOP.value)
    if len(frame.units) and not state.unit:
        yield frame.button(f"🏢 {frame.words('By unit')}", Move.BREAKDOWN, By.UNIT.value)


def _other_stage(frame: Frame, seen: Seen) -> Button:
    count = frame.words.number(seen.others)
    if seen.stage is Stage.REGULAR:
        return frame.button(f"🧪 {frame.words('Trial: {count}', count=count)}", Move.STAGE, Stage.TRIAL.value)
    return frame.button(frame.words("Outside a trial: {count}", count=count), Move.STAGE, Stage.REGULAR.value)


# What breaks it down


def lines(frame: Frame, state: Breakdown, stage: Stage, counted: Mapping[str, Counted]) -> Screen:
    """One line an SOP, or a unit, each a button to its own figures."""
    words, name = frame.words, frame.sop if state.by is By.SOP else frame.unit
    page = Page(state.page, len(counted), PAGE)
    title = words("By SOP") if state.by is By.SOP else words("By unit")
    told = [*_head(frame, state.of, stage), f"<b>{title}</b>{page.place}"]
    rows: list[Row] = []
    move = Move.SOP if state.by is By.SOP else Move.UNIT
    for key, one in list(counted.items())[page.lines]:
        told += [h(cut(name(key), 90)), f"   {_counted(words, one)}"]
        if key:  # those of no unit have no figures of their own to open
            rows.append((frame.button(cut(name(key), 50), move, key),))
    if not counted:
        told.append(words("No run ended in this time."))
    return Screen("\n".join(told), (*rows, *_ways_on(frame, page)))


def _counted(words: Words, one: Counted) -> str:
    runs = words.many("{count} run", "{count} runs", one.done)
    deviations = words.many("{count} deviation", "{count} deviations", one.deviations)
    if one.fitness is None or one.done < FEWEST:
        return f"{runs} · {deviations}"
    return f"{runs} · {words('conformity {share}', share=words.percent(one.fitness))} · {deviations}"


def kinds(frame: Frame, state: Breakdown, stage: Stage, found: Sequence[tuple[Kind, int]]) -> Screen:
    """How often each kind of deviation, each a button to its runs."""
    words, page = frame.words, Page(state.page, len(found), PAGE)
    told = [*_head(frame, state.of, stage), f"<b>{words('Deviations by kind')}</b>{page.place}"]
    rows = []
    for kind, count in found[page.lines]:
        told.append(f"• {words(names.KINDS[kind])}: {words.number(count)}")
        rows.append((frame.button(f"{words(names.KINDS[kind])}: {words.number(count)}", Move.KIND, kind.value),))
    return Screen("\n".join(told), (*rows, *_ways_on(frame, page)))


def steps(frame: Frame, state: Breakdown, stage: Stage, by_step: Sequence[tuple[str, int]]) -> Screen:
    """How often each step of an SOP was departed from, each a button to its runs."""
    words, sop = frame.words, state.of.sop or ""
    page = Page(state.page, len(by_step), PAGE)
    told = [*_head(frame, state.of, stage), f"<b>{words('Deviations by step')}</b>{page.place}"]
    rows = []
    for step, count in by_step[page.lines]:
        told.append(f"• {h(cut(frame.step(sop, step), 120))} ({words.number(count)}×)")
        rows.append((frame.button(f"{cut(frame.step(sop, step), 40)} ({words.number(count)}×)", Move.STEP, step),))
    return Screen("\n".join(told), (*rows, *_ways_on(frame, page)))


def _ways_on(frame: Frame, page: Page) -> Iterator[Row]:
    yield from page.turning(lambda label, number: frame.button(label, Move.TURN, str(number)))
    yield (frame.button(f"‹ {frame.words('Back')}", Move.BACK),)


# As a file


def papers(frame: Frame, state: Papers) -> Screen:
    """What can be had as a file."""
    words = frame.words
    told = [*_head(frame, state.of, Stage.REGULAR), f"<b>{words('Forms, filled in from the log')}</b>"]
    told.append(words("PDF to be signed, Excel to be worked on."))
    forms = [(words("Tabel 7: monitoring"), "tabel7"), (words("Tabel 8: evaluation"), "tabel8")]
    if state.of.sop:
        forms.append((words("Report of the trial"), "trial"))
    rows = [
        (frame.button(f"{label} · {name}", Move.PAPER, f"{code}-{form}"),)  # two beside each other are cut to the same
        for label, code in forms
        for name, form in _FORMS
    ]
    told += ["", f"<b>{words('Data, row by row')}</b>", words("Runs that ended and reports made in this time.")]
    told.append(words("Codes stand in place of names."))
    rows += [(frame.button(f"⬇️ {words(label)}", Move.FACTS, code),) for code, label in FACTS.items()]
    return Screen("\n".join(told), (*rows, (frame.button(f"‹ {words('Back')}", Move.BACK),)))


_FORMS = (("PDF", "pdf"), ("Excel", "xlsx"))
FACTS: Mapping[str, str] = {
    "runs-xlsx": N_("Download runs · Excel"),
    "runs-xes": N_("Download runs · XES"),
    "deviations-xlsx": N_("Download deviations · Excel"),
    "reports-xlsx": N_("Download reports · Excel"),
}
"""What facts can be had, each in which form, and what the button says."""


def paper_letter(words: Words, title: str, caption: str, file: Drawn | Written) -> Screen:
    """A paper, sent below, with what it tells in plain words."""
    lines = [f"<b>{h(cut(title, 200))}</b>", h(cut(caption, 500)), words("Every number leads to its runs: /stats.")]
    return Screen("\n".join(line for line in lines if line), file=file)


def facts_letter(frame: Frame, of: Overview, file: Written) -> Screen:
    """Facts, sent below, with what they are about."""
    words = frame.words
    told = [*_head(frame, of, Stage.REGULAR), words("Data, row by row"), words("Codes stand in place of names.")]
    return Screen("\n".join(told), file=file)


def too_much(words: Words, what: str) -> str:
    """Why facts of that kind do not come, and what to do instead."""
    command = f"python -m bot export {what}"
    return words(
        "That is too much for one file. Choose a shorter time, or have it written on the server: {command}",
        command=command,
    )


# Two versions side by side


def versions(frame: Frame, state: Versions, by_version: Sequence[tuple[str, VersionSeen]]) -> Screen:
    """The two versions that were run last, side by side, with a warning where runs are too few to tell."""
    words = frame.words
    told = [*_head(frame, replace(state.of, unit=None), Stage.REGULAR), words("All runs of a version, whenever.")]
    for name, one in reversed(by_version[:2]):
        told += ["", *version(words, name, one)]
    if len(by_version) > 2:
        told += ["", *_more(words, len(by_version) - 2)]
    return Screen("\n".join(told), ((frame.button(f"‹ {words('Back')}", Move.BACK),),))


def version(words: Words, name: str, one: VersionSeen) -> Iterator[str]:
    """What is counted of a version, with a warning where its runs are too few to tell."""
    trial = f" · 🧪 {words('trial')}" if one.trial else ""
    yield f"<b>{words('Version {version}', version=h(cut(name, 40)))}</b>{trial}"
    yield words("Done: {done}; stopped: {stopped}.", done=words.number(one.done), stopped=words.number(one.stopped))
    yield words("Deviations: {count}", count=words.number(one.deviations))
    clean = rate(one.clean, one.done)
    if clean is None or one.fitness is None:
        yield f"⚠️ {words('Fewer than {count} runs: too few to compare.', count=FEWEST)}"
        return
    shares = {"fitness": words.percent(one.fitness), "clean": words.percent(clean)}
    yield words("Conformity {fitness}; without deviation {clean}.", **shares)
    yield words("Working time of a run on average: {span}.", span=words.span(one.worked))


# The runs behind a number


_TITLES: Mapping[Which, str] = {
    Which.DONE: N_("Runs that are done"),
    Which.STOPPED: N_("Runs that were stopped"),
    Which.OPEN: N_("Runs that are open now"),
    Which.CLEAN: N_("Runs without deviation"),
    Which.DEVIATING: N_("Runs with deviations"),
    Which.AGAIN: N_("Runs with steps done again"),
    Which.LATE: N_("Runs with steps recorded afterwards"),
}


def runs(frame: Frame, state: Behind, stage: Stage, count: int, found: Sequence[RunFound], now: datetime) -> Screen:
    """A page of the runs behind a number, each a button to its card."""
    words, page = frame.words, Page(state.page, count, PAGE)
    title = f"{words(_TITLES[state.which])}: {words.number(count)}"
    told = [*_head(frame, state.of, stage), f"<b>{title}</b>{page.place}"]
    if state.kind is not None:
        told.append(words(names.KINDS[state.kind]))
    if state.step is not None:
        told.append(h(cut(frame.step(state.of.sop or "", state.step), 120)))
    told.append("")
    rows: list[Row] = []
    for one in found:
        told.append(run_line(words, one, now, h(cut(frame.sop(one.sop), 60))))
        rows.append((Button(f"#{one.id} · {cut(frame.sop(one.sop), 40)}", frame.pack.plain(t.ShowRun(one.id))),))
    return Screen("\n".join(told), (*rows, *_ways_on(frame, page)))


def run_line(words: Words, one: RunFound, now: datetime, name: str = "") -> str:
    """#12 · yesterday, 09.00 · 92 % · 1 deviation; with the name of its SOP where several are listed."""
    fits = [] if one.fitness is None else [words.percent(one.fitness)]
    deviations = [words.many("{count} deviation", "{count} deviations", one.deviations)] if one.deviations else []
    return " · ".join([f"#{one.id} {name}".strip(), words.moment(one.at, now), *fits, *deviations])
