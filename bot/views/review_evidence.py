"""What speaks for the decision of a review: figures of a version since it was looked at last, and what people say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.engine.feedback import NOTHING, Opinions
from bot.engine.figures import FEWEST, Figures, RunFound, StepTimes, Verdict, VersionSeen, proposed
from bot.engine.sop import Sop
from bot.views import feedback, figures, names
from bot.views import review_taps as v
from bot.views.pages import Page
from bot.views.screen import Button, Row, Screen, cut, h
from bot.views.taps import Packer, ShowRun
from bot.views.words import Words

WORST = 3
"""Steps that are named for their deviations."""
MOST_TIMES = 10
"""Steps whose times are told: those that exceed their standard most."""
MOST_CHANGES = 3
"""Changes around an SOP that are told, the latest."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that an SOP relies on has changed."""

    what: str
    day: date


@dataclass(frozen=True, slots=True)
class Rule:
    """What the office's rule says of the figures: from which conformity in per cent on an SOP runs well, and whether
    this one does; None where runs are too few to tell."""

    well_from: int
    verdict: Verdict | None
    grave: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of a version since its last review. `wanted_*` are 0 where nothing is wanted; `before` is the
    version before it and `this` the version itself, each with its name, where both were run."""

    figures: Figures
    performers: int
    wanted_runs: int
    wanted_performers: int
    open_runs: int
    reports: int
    changes: Sequence[Change]
    thought: Opinions
    rule: Rule | None
    before: tuple[str, VersionSeen] | None = None
    this: tuple[str, VersionSeen] | None = None

    @property
    def is_thin(self) -> bool:
        """Whether it rests on fewer runs or people than are wanted."""
        return self.figures.done < self.wanted_runs or self.performers < self.wanted_performers


NO_EVIDENCE = Evidence(Figures(), 0, 0, 0, 0, 0, (), NOTHING, None)
"""Nothing was seen."""


def lines(words: Words, sop: Sop, seen: Evidence) -> Iterator[str]:
    """What everybody reads first; the rest is folded below it."""
    yield words("Completed runs: {runs}; people: {people}.", runs=seen.figures.done, people=seen.performers)
    if seen.is_thin:
        wanted = {"runs": seen.wanted_runs, "people": seen.wanted_performers}
        yield f"⚠️ {words('Wanted: {runs}; people: {people}. The decision stays due.', **wanted)}"
    if seen.open_runs:
        yield words.many("{count} run is still open.", "{count} runs are still open.", seen.open_runs)
    yield from _quality(words, seen)
    yield from _worst(words, sop, seen.figures)
    if seen.reports:
        yield words.many("{count} report waits for an answer.", "{count} reports wait for an answer.", seen.reports)
    yield from _changes(words, seen.changes)
    yield from _folded([*_times(words, sop, seen.figures.times)])
    yield from _folded([*_versions(words, seen)])
    yield from _folded([*feedback.lines(words, sop, seen.thought)])


def _folded(told: Sequence[str]) -> Iterator[str]:
    if told:
        yield "<blockquote expandable>" + "\n".join(told) + "</blockquote>"


def _quality(words: Words, seen: Evidence) -> Iterator[str]:
    found = seen.figures
    if found.fitness is not None and found.done >= FEWEST:
        yield words("Conformity: {share} on average.", share=words.percent(found.fitness))
    elif found.done:
        yield words("Too few runs for a rate.")
    if seen.rule is not None and seen.rule.verdict is not None:
        yield words("By the office's rule: {verdict}.", verdict=f"<b>{words(figures.VERDICTS[seen.rule.verdict])}</b>")
        yield rule(words, seen.rule.well_from)
    if seen.rule is not None and seen.rule.grave:
        yield words("Grave deviations: {count}", count=words.number(seen.rule.grave))


def rule(words: Words, well_from: int) -> str:
    """The rule by which an SOP runs well."""
    return words("Runs well: conformity of at least {share} %, and no grave deviation.", share=well_from)


def _worst(words: Words, sop: Sop, found: Figures) -> Iterator[str]:
    for step_id, count in worst(sop, found):
        step = sop.step(step_id)
        told = words.many("{count} deviation", "{count} deviations", count)
        yield f"• {words('Step {number}: {text}', number=step.number, text=h(cut(step.text, 70)))}: {told}"


def worst(sop: Sop, found: Figures) -> list[tuple[str, int]]:
    """The steps that were departed from most, each with how often."""
    known = {step.id for step in sop.steps}
    return [(step, count) for (_, step), count in found.by_step if step in known][:WORST]


def _changes(words: Words, changes: Sequence[Change]) -> Iterator[str]:
    for one in changes[-MOST_CHANGES:]:
        yield f"🔄 {words('Changed on {day}: “{what}”', day=words.day(one.day), what=h(cut(one.what, 100)))}"
    if len(changes) > MOST_CHANGES:
        yield f"… {words('and {count} more', count=words.number(len(changes) - MOST_CHANGES))}"


def _times(words: Words, sop: Sop, times: Sequence[StepTimes]) -> Iterator[str]:
    """The time of steps beside their standard, each with a standard that nine of ten would have kept."""
    known = {step.id for step in sop.steps}
    told = [one for one in times if one.step in known and one.count >= FEWEST]
    if not told:
        return
    yield f"⏱ <b>{words('Working time and standard time')}</b>"
    for one in sorted(told, key=figures.overrun, reverse=True)[:MOST_TIMES]:
        step, new = sop.step(one.step), proposed(one)
        yield f"{step.number}. {h(cut(step.text, 50))}: {figures.step_time(words, one, sop)}"
        if new is not None and (step.within is None or new.text != step.within.text):
            yield f"➡️ {words('Proposed standard time: {time}', time=f'<b>{new.text}</b>')}"
    if len(told) > MOST_TIMES:
        yield f"… {words('and {count} more', count=words.number(len(told) - MOST_TIMES))}"


def _versions(words: Words, seen: Evidence) -> Iterator[str]:
    if seen.before is None or seen.this is None:
        return
    yield f"🔀 <b>{words('Before and after the revision')}</b>"
    for name, one in (seen.before, seen.this):
        yield from figures.version(words, name, one)


# The runs behind a number


@dataclass(frozen=True, slots=True)
class RunsBehind:
    """A page of the runs behind the card of a review: all that are done, or those that departed from `step`."""

    review: int
    sop: Sop
    worst: Sequence[tuple[str, int]]
    step: str | None
    page: int
    count: int
    found: Sequence[RunFound]


def runs(words: Words, pack: Packer, listed: RunsBehind, now: datetime) -> Screen:
    """The runs behind the numbers of a review, each a button to its card."""
    sop, step = listed.sop, listed.sop.step(listed.step) if listed.step else None
    title = words("Runs with deviations") if step else words("Runs that are done")
    lines = [f"🔎 <b>{h(cut(names.title(sop), 120))}</b>", f"{title}: {words.number(listed.count)}"]
    if step:
        lines.append(words("Step {number}: {text}", number=step.number, text=h(cut(step.text, 120))))
    lines += ["", *(figures.run_line(words, one, now) for one in listed.found)]
    rows: list[Row] = [(Button(f"#{one.id}", pack.plain(ShowRun(one.id))),) for one in listed.found]
    rows += _turning(pack, listed)
    rows.append(tuple(_others(words, pack, listed)))
    rows.append((Button(f"‹ {words('Back')}", pack.plain(v.ShowReview(listed.review))),))
    return Screen("\n".join(lines), tuple(row for row in rows if row))


def _turning(pack: Packer, listed: RunsBehind) -> tuple[Row, ...]:
    place = _place(listed.sop, listed.step)
    page = Page(listed.page, listed.count, figures.PAGE)
    return page.turning(lambda label, number: Button(label, pack.plain(v.RunsBehind(listed.review, place, number))))


def _others(words: Words, pack: Packer, listed: RunsBehind) -> Iterator[Button]:
    """The other numbers of the card."""
    if listed.step is not None:
        yield Button(words("All"), pack.plain(v.RunsBehind(listed.review, 0, 0)))
    for step, count in listed.worst:
        if step != listed.step:
            number = listed.sop.step(step).number
            label = f"{words('Step {number}', number=number)}: {words.number(count)}×"
            yield Button(label, pack.plain(v.RunsBehind(listed.review, _place(listed.sop, step), 0)))


def _place(sop: Sop, step: str | None) -> int:
    return 0 if step is None else 1 + [one.id for one in sop.steps].index(step)


def step_at(sop: Sop, place: int) -> str | None:
    """The step behind a button; None: none of them, but all runs."""
    return sop.steps[place - 1].id if 0 < place <= len(sop.steps) else None
