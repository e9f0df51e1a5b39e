"""Where a file is: who has the run, since when, and how long it took by the office's clock and the applicant's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.engine.run import Progress, Run
from bot.engine.sop import Sop, Step
from bot.engine.whereabouts import Clocks, Use
from bot.views import names
from bot.views.card import Card
from bot.views.hands import waits_for, with_stand_in, with_whom
from bot.views.screen import Button, Screen, cut, h
from bot.views.taps import Back, Packer, WhereIs
from bot.views.words import N_, Words

MOST = 8
"""Runs on one list."""

USES = {
    Use.WORKED: N_("worked on {span}"),
    Use.WAITED: N_("waited {span}"),
    Use.RESTED: N_("paused {span}"),
    Use.OUTSIDE: N_("outside the office {span}"),
}


def whereabouts(card: Card) -> Screen:
    """Where the run is, for whoever may see it."""
    words, run = card.words, card.run
    step = card.sop.step(run.step or card.sop.first.id)
    lines = [card.title, "", f"📍 <b>{words('Where is this file?')}</b>"]
    lines += [words("Step {number}: {text}", number=step.number, text=h(cut(step.text, 200))), waits_for(card, step)]
    if card.clocks is not None:
        lines += _clocks(words, card.clocks, run, card.now)
    return card.screen(lines, ((card.button(f"‹ {words('Back')}", Back()),),))


def _clocks(words: Words, shown: Clocks, run: Run, now: datetime) -> Iterator[str]:
    here = _used(words, shown.here)
    if here:
        yield f"⏱ {words('This step: {times}.', times=here)}"
    yield ""
    yield f"<b>{words('Since {moment}', moment=words.moment(run.started_at, now))}</b>"
    inside: dict[Use, timedelta] = {use: length for use, length in shown.spent.items() if use is not Use.OUTSIDE}
    yield f"🏢 {words('The office: {span} of working time.', span=words.span(shown.office))}"
    if len(inside) > 1:
        yield f"   {_used(words, inside)}"
    yield f"🧑 {words('Whoever waits for it: {span}.', span=elapsed(words, shown.elapsed))}"
    outside = shown.spent.get(Use.OUTSIDE)
    if outside:
        yield f"   {words('Of it {span} of working time outside the office.', span=words.span(outside))}"


def _used(words: Words, spent: Mapping[Use, timedelta]) -> str:
    return words.listed([words(USES[use], span=words.span(spent[use])) for use in Use if use in spent])


def elapsed(words: Words, length: timedelta) -> str:
    """Time by the calendar: a day has 24 hours."""
    days = length.days
    rest = words.span(length - timedelta(days=days))
    return f"{words.many('{count} day', '{count} days', days)} {rest}" if days else rest


@dataclass(frozen=True, slots=True)
class Somewhere:
    """A run on a list, at which step it is, and who has it; else to whom alone it is offered, and in place of whom."""

    run: Run
    sop: Sop
    step: Step
    holder: str = ""
    stand_in: str = ""
    away: str = ""


def listed(words: Words, pack: Packer, runs: Sequence[Somewhere], now: datetime) -> Screen:
    """Where several runs are, each with the button that tells more."""
    lines = [f"📍 <b>{words('Where is this file?')}</b>"]
    for one in runs[:MOST]:
        lines += ["", f"<b>{h(cut(names.title(one.sop), 80))}</b> · #{one.run.id}", *_where(words, one, now)]
    if len(runs) > MOST:
        lines.append(f"… {words('and {count} more', count=words.number(len(runs) - MOST))}")
    rows = [
        (Button(f"📍 #{one.run.id} {cut(names.title(one.sop), 45)}", pack.plain(WhereIs(one.run.id))),)
        for one in runs[:MOST]
    ]
    return Screen("\n".join(lines), tuple(rows))


def _where(words: Words, one: Somewhere, now: datetime) -> Iterator[str]:
    run, step = one.run, one.step
    yield words("Step {number}: {text}", number=step.number, text=h(cut(step.text, 100)))
    rests = run.progress is Progress.PAUSED
    if run.wish is not None and not rests:
        yield f"✋ {words('Waits for leave since {moment}.', moment=words.moment(run.wish.since, now))}"
    elif one.stand_in and not rests:
        yield with_stand_in(words, run, names.person(one.stand_in), names.person(one.away), now)
    elif run.child is not None and not rests:
        yield f"⏳ {words('Waits for run #{run}.', run=run.child.run)}"
    else:
        yield with_whom(words, one.sop, run, step, one.holder and names.person(one.holder), now)
