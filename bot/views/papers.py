"""Papers: what stands on a picture or a form. How it is set is the affair of `documents`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from bot.engine import review
from bot.engine.figures import FEWEST, Counted, Figures, Monitored, Stage, StepTimes, Verdict, proposed, rate
from bot.engine.sop import Sop
from bot.views import feedback, names
from bot.views.figures import VERDICTS, WORST, Frame, Seen, overrun, period_name
from bot.views.review import REASONS
from bot.views.review_evidence import Evidence, rule
from bot.views.screen import cut
from bot.views.words import N_, Words

STEPS_DRAWN = 5
"""Steps in one picture, so that it is read on a phone without turning it."""


class Form(StrEnum):
    """What a paper is made into."""

    PICTURE = "png"
    PDF = "pdf"
    SHEET = "xlsx"


@dataclass(frozen=True, slots=True)
class Paper:
    """What is to be made: words and shares for a template."""

    name: str
    template: str
    form: Form
    caption: str
    data: Mapping[str, Any]

    @property
    def title(self) -> str:
        """What it says at its top."""
        return str(self.data["title"])

    @property
    def file(self) -> str:
        """What its file is called."""
        return f"{self.name}.{self.form.value}"


# The picture


def picture(frame: Frame, seen: Seen, months: Sequence[tuple[date, Counted]]) -> Paper:
    """The figures of a period as one picture, beside the conformity of the months before it."""
    words, figures = frame.words, seen.figures
    told = figures.done >= FEWEST and figures.fitness is not None
    fitness = words.percent(figures.fitness) if told and figures.fitness is not None else "–"
    numbers = [
        (words.number(figures.done), words("runs done"), False),
        (fitness, words("conformity"), False),
        (words.number(figures.deviations), words("deviations"), figures.deviations > 0),
    ]
    data = {
        "title": f"{words('Figures')} · {period_name(words, seen.state.period)}",
        "subtitle": " · ".join(_about(frame, seen)),
        "nothing": words("Nothing to show yet."),
        "numbers": [{"value": value, "label": label, "alarming": bad} for value, label, bad in numbers],
        "months": {"title": words("Conformity by month"), "bars": [_month(words, *one) for one in months]},
        "steps": {"title": words("Most deviations"), "bars": [*_worst(frame, seen)]},
        "times": {
            "title": words("Working time and standard time"),
            "bars": [*_slowest(frame, seen)],
            "legend": words("Bar: nine of ten are done within it. Line: the standard."),
        },
        "notes": [words("Rates are told from {count} runs on.", count=FEWEST), *_apart(words, seen)],
    }
    return Paper("rekap", "figures", Form.PICTURE, _told(words, figures), data)


def _told(words: Words, figures: Figures) -> str:
    """The same in a sentence or two, for who does not see the picture."""
    lines = [words("Runs done: {done}; stopped: {stopped}.", **_ends(words, figures))]
    if (clean := rate(figures.clean, figures.done)) is not None and figures.fitness is not None:
        shares = {"fitness": words.percent(figures.fitness), "clean": words.percent(clean)}
        lines.append(words("Conformity {fitness}; without deviation {clean}.", **shares))
    return "\n".join(lines)


def _about(frame: Frame, seen: Seen) -> Iterator[str]:
    yield cut(frame.sop(seen.state.sop), 80) if seen.state.sop else frame.words("All SOPs")
    if seen.state.unit:
        yield cut(frame.unit(seen.state.unit), 60)
    if seen.stage is Stage.TRIAL:
        yield frame.words("trial")


def _month(words: Words, month: date, counted: Counted) -> dict[str, Any]:
    told = counted.fitness if counted.done >= FEWEST else None
    value = "–" if told is None else words.percent(told)
    return {"label": words.month(month)[:3], "value": value, "share": told}


def _worst(frame: Frame, seen: Seen) -> Iterator[dict[str, Any]]:
    worst = seen.figures.by_step[:STEPS_DRAWN]
    for (sop, step), count in worst:
        of = "" if seen.state.sop else f"{cut(frame.sop(sop), 24)} · "  # of which SOP, where it is of several
        label = cut(f"{of}{frame.bar(sop, step)}", 46)
        yield {"label": label, "value": frame.words.number(count), "share": count / worst[0][1]}


def _slowest(frame: Frame, seen: Seen) -> Iterator[dict[str, Any]]:
    """The steps that take longest beside their standard, each on a scale of its own."""
    known = frame.sops.get(seen.state.sop or "")
    steps = {step.id for step in known.steps} if known else set()
    told = [one for one in seen.figures.times if one.step in steps and one.count >= FEWEST and one.standard]
    for one in sorted(told, key=overrun, reverse=True)[:STEPS_DRAWN]:
        standard = one.standard or timedelta()
        scale = max(one.p90, standard, timedelta(minutes=1))
        label, value = cut(frame.bar(seen.state.sop or "", one.step), 34), frame.words.span(one.p90)
        yield {"label": label, "value": value, "share": one.p90 / scale, "mark": standard / scale}


def _apart(words: Words, seen: Seen) -> Iterator[str]:
    if seen.others and seen.stage is Stage.REGULAR:
        yield words("Trial runs are counted apart: {count}.", count=words.number(seen.others))


# The forms that offices hand in


@dataclass(frozen=True, slots=True)
class Signed:
    """Who assessed, when, and for what period: what every form bears."""

    name: str
    day: date
    period: str
    unit: str

    @property
    def initials(self) -> str:
        """The first letters of the name."""
        return initials(self.name)


def initials(name: str) -> str:
    """The first letters of a name."""
    return "".join(f"{part[0].upper()}." for part in name.split()[:3])


@dataclass(frozen=True, slots=True)
class Assessed:
    """What a review has decided of an SOP, why, who decided and when; `answers` to the seven items of an evaluation."""

    sop: str
    verdict: review.Verdict
    ground: review.Ground | None
    words: str
    action: str
    answers: Sequence[bool]
    name: str
    day: date


def monitoring(
    frame: Frame,
    form: Form,
    signed: Signed,
    rows: Sequence[tuple[Monitored, Assessed | None]],
    well_from: int,
) -> Paper:
    """Tabel 7 of PermenPAN-RB 35/2012, filled from the log: one row an SOP. Where a monitoring was decided, its verdict
    stands, with its reason and the initials of whoever decided; elsewhere what the office's rule says."""
    words = frame.words
    head = ["No", words("Procedure"), words("Assessment of its application"), words("Notes on the assessment")]
    head += [words("Action to be taken"), words("Initials of the assessor")]
    told = [_monitored(frame, signed, number, *one) for number, one in enumerate(rows, 1)]
    few = words("Fewer than {count} runs: the assessor decides.", count=FEWEST)
    title, notes = words("Monitoring of the application of SOP AP"), [rule(words, well_from), few]
    widths = (0, 3, 3, 5, 4, 0)
    return _table("tabel-7-monitoring", form, frame, signed, title, head, told, widths, (0, 5), notes)


def _monitored(frame: Frame, signed: Signed, number: int, one: Monitored, found: Assessed | None) -> list[str]:
    words = frame.words
    verdict = one.verdict if found is None else _AS_ASSESSED.get(found.verdict)
    boxes = "\n".join(f"[{'X' if verdict is each else '  '}] {words(name)}" for each, name in VERDICTS.items())
    notes, action = _notes(frame, one), _action(words, one)
    if found is not None:
        notes = "\n".join([notes, *_reasons(words, found), *_changed(words, one, verdict)])
        action = found.action or action
    paraf = signed.initials if found is None else f"{initials(found.name)}\n{words.day(found.day)}"
    return [str(number), cut(frame.sop(one.sop), 160), boxes, notes, action, paraf]


_AS_ASSESSED: Mapping[review.Verdict, Verdict] = {
    review.Verdict.WELL: Verdict.WELL,
    review.Verdict.BADLY: Verdict.NOT_WELL,
    review.Verdict.REVISE: Verdict.NOT_WELL,
}


def _reasons(words: Words, found: Assessed) -> Iterator[str]:
    """Why it was decided so."""
    if found.ground is not None:
        reason = found.words if found.ground is review.Ground.OWN and found.words else words(REASONS[found.ground])
        yield words("Reason: {reason}.", reason=cut(reason, 300))


def _changed(words: Words, one: Monitored, verdict: Verdict | None) -> Iterator[str]:
    if one.verdict is not None and one.verdict is not verdict:
        yield words("By the office's rule: {verdict}.", verdict=words(VERDICTS[one.verdict]))


def _notes(frame: Frame, one: Monitored) -> str:
    words = frame.words
    runs = words.many("{count} run", "{count} runs", one.figures.done)
    fits = one.figures.fitness
    lines = [runs if fits is None else f"{runs}; {words('conformity {share}', share=words.percent(fits))}"]
    if one.grave:
        lines.append(words("Grave deviations: {count}", count=words.number(one.grave)))
    for (sop, step), count in one.figures.by_step[:WORST]:
        lines.append(f"{cut(frame.step(sop, step), 80)} ({words.number(count)}×)")
    return "\n".join(lines)


def _action(words: Words, one: Monitored) -> str:
    if one.plans:
        told = [cut(plan, 120) for plan in one.plans if plan][:WORST]
        return "\n".join([words("Close the open follow-ups: {count}", count=words.number(len(one.plans))), *told])
    if one.reports:
        return words("Answer the open reports: {count}", count=words.number(one.reports))
    if one.verdict is Verdict.NOT_WELL:
        return words("Look at the steps named, then revise or train")
    return "–"


ITEMS = (
    N_("Able to encourage better performance"),
    N_("Easy to understand"),
    N_("Easy to carry out"),
    N_("Everyone can play their part"),
    N_("Able to overcome problems of the process"),
    N_("Able to answer the need for better performance"),
    N_("In synergy with one another"),
)
"""The seven items of Tabel 8."""


def evaluation(frame: Frame, form: Form, signed: Signed, sops: Sequence[str], decided: Mapping[str, Assessed]) -> Paper:
    """Tabel 8 of PermenPAN-RB 35/2012: yes or no to seven items, an SOP a row, with what was decided, why, by whom and
    when; empty where nothing was decided yet."""
    words = frame.words
    head = ["No", words("Procedure"), *(f"{number}. {words(item)}" for number, item in enumerate(ITEMS, 1))]
    head.append(words("Decision"))
    told = [(cut(frame.sop(sop), 160), *_evaluated(words, decided.get(sop))) for sop in sops]
    rows = [[str(number), *row] for number, row in enumerate(told, 1)]
    title = words("Evaluation of the application of SOP AP")
    notes = [words("Rows without an answer were not evaluated in this time.")] if len(decided) < len(rows) else []
    widths, centred = (0, 4, *([2] * len(ITEMS)), 4), (0, *range(2, 2 + len(ITEMS)))
    return _table("tabel-8-evaluasi", form, frame, signed, title, head, rows, widths, centred, notes)


def _evaluated(words: Words, found: Assessed | None) -> list[str]:
    if found is None:
        return [""] * (len(ITEMS) + 1)
    given = [words("Yes") if yes else words("No") for yes in found.answers]
    return [*given, *[""] * (len(ITEMS) - len(given)), "\n".join(_decision(words, found))]


def _decision(words: Words, found: Assessed) -> Iterator[str]:
    """Kept. Reason: fits the daily work. S., 3 March 2027"""
    yield words(names.VERDICTS[found.verdict])
    yield from _reasons(words, found)
    yield f"{initials(found.name)} {words.day(found.day)}"


def trial_report(frame: Frame, form: Form, signed: Signed, sop: Sop, seen: Evidence, decided: Assessed | None) -> Paper:
    """The report of a trial: for each step what was planned and what was measured, what stands to reason, what people
    think of it, and what was decided."""
    words = frame.words
    head = ["No", words("Step"), words("Standard time"), words("Half within"), words("Nine of ten within")]
    head += [words("Measured"), words("Deviations"), words("Proposed time")]
    times = {one.step: one for one in seen.figures.times}
    counts = {step: count for (_, step), count in seen.figures.by_step}
    rows = [_tried(words, sop, number, times, counts) for number in range(len(sop.steps))]
    title = f"{words('Report of a trial')}: {cut(names.title(sop), 120)}"
    widths = (0, 6, 2, 2, 2, 0, 0, 2)
    notes = [*_tried_notes(words, seen), *([" · ".join(_decision(words, decided))] if decided else [])]
    return _table(f"uji-coba-{sop.id}", form, frame, signed, title, head, rows, widths, (0, 5, 6), notes)


def _tried_notes(words: Words, seen: Evidence) -> Iterator[str]:
    figures = seen.figures
    yield words("Runs done: {done}; stopped: {stopped}.", **_ends(words, figures))
    yield words("Completed runs: {runs}; people: {people}.", runs=figures.done, people=seen.performers)
    if seen.is_thin:
        wanted = {"runs": seen.wanted_runs, "people": seen.wanted_performers}
        yield words("Wanted: {runs}; people: {people}. The decision stays due.", **wanted)
    if (clean := rate(figures.clean, figures.done)) is not None and figures.fitness is not None:
        shares = {"fitness": words.percent(figures.fitness), "clean": words.percent(clean)}
        yield words("Conformity {fitness}; without deviation {clean}.", **shares)
    else:
        yield words("Fewer than {count} runs are done: rates are not told yet.", count=FEWEST)
    if seen.thought.all.count:
        yield words("Rating: {score}", score=feedback.mean(words, seen.thought.all))


def _ends(words: Words, figures: Figures) -> dict[str, str]:
    return {"done": words.number(figures.done), "stopped": words.number(figures.stopped)}


def _tried(words: Words, sop: Sop, place: int, times: Mapping[str, StepTimes], counts: Mapping[str, int]) -> list[str]:
    step = sop.steps[place]
    one, new = times.get(step.id), None
    spans = ["–", "–", "0"]
    if one is not None:
        spans = [words.span(one.median), words.span(one.p90), words.number(one.count)]
        new = proposed(one)
    standard = step.within.text if step.within else "–"
    deviations = words.number(counts.get(step.id, 0))
    return [str(step.number), cut(step.text, 200), standard, *spans, deviations, new.text if new else "–"]


def _table(
    name: str,
    form: Form,
    frame: Frame,
    signed: Signed,
    title: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[int],
    centred: Sequence[int],
    notes: Sequence[str],
) -> Paper:
    words = frame.words
    data = {
        "title": title,
        "subtitle": [part for part in (signed.unit, signed.period) if part],
        "language": words.language,
        "head": list(head),
        "rows": [list(row) for row in rows],
        "widths": list(widths),
        "centred": list(centred),
        "notes": list(notes),
        "nothing": words("No run ended in this time."),
        "signature": [words.day(signed.day), words("Assessor"), "", "", "", cut(signed.name, 80)],
        "footer": words("Filled in from the log on {day}.", day=words.day(signed.day)),
    }
    return Paper(name, "table", form, signed.period, data)
