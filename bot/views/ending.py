"""How a run ended: one sentence with its conformity, and on demand what that figure is made of, step by step."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from textwrap import shorten

from bot.engine import deviations as d
from bot.engine.conformity import conformity
from bot.engine.run import Deviated
from bot.engine.sop import Step
from bot.views import names
from bot.views.card import Card
from bot.views.screen import Screen, cut, h
from bot.views.taps import Back
from bot.views.words import Words

NAMED = 4
"""Steps that the sentence names; the explanation has all."""

EXPLAINED = 30
"""Steps that the explanation lists one by one; of a longer SOP it lists those that differ."""

LINE = 40
"""Characters of a step's text that stand behind its number."""


def summary(card: Card) -> Iterator[str]:
    """'Sesuai 92 %. Langkah 4 dilewati, langkah 6 diulang 2 kali.', then a line for each run below that differs."""
    words, differing, below = card.words, [*_differing(card)], [*_rolled_up(card)]
    head = words("Conforming {percent} %.", percent=percent(card))
    if differing:
        told = words.listed(
            [words("step {number} {what}", number=step.number, what=what) for step, what in _foremost(card, differing)]
            + ([words("{count} more", count=len(differing) - NAMED)] if len(differing) > NAMED else [])
        )
        yield f"{head} {told[0].upper()}{told[1:]}."
    else:
        yield head if below else f"{head} {words('Everything as written.')}"
    yield from below


def _foremost(card: Card, differing: list[tuple[Step, str]]) -> list[tuple[Step, str]]:
    """As many as the sentence names, in their order; where there are more, what only went round gives way."""
    marked = {one.step for one in card.deviations}
    kept = sorted(differing, key=lambda one: one[0].id not in marked)[:NAMED]
    return sorted(kept, key=lambda one: one[0].number)


def explanation(card: Card) -> Screen:
    """The account of a finished run: the count behind the figure, and every step with what was different."""
    back = card.button(f"‹ {card.words('Back')}", Back())
    return card.screen([card.title, "", *_count(card), "", *_steps(card), *_below(card)], ((back,),))


def percent(card: Card) -> int:
    """Whole percents, never rounded up: 100 means that everything was as written."""
    return int(share(card) * 100)


def share(card: Card) -> Decimal:
    """The conformity of the card's run."""
    run = card.run
    return conformity(performed=run.performed, skipped=run.skipped, extra=run.extra, shortest=card.sop.shortest)


def _count(card: Card) -> Iterator[str]:
    words, run, shortest = card.words, card.run, card.sop.shortest
    yield f"<b>{words('Conforming {percent} %.', percent=percent(card))}</b>"
    yield words(
        "Done: {done}. Skipped: {skipped}. Extra: {extra}.", done=run.performed, skipped=run.skipped, extra=run.extra
    )
    yield words("The shortest way through this SOP has {count} steps.", count=shortest)
    told = f"1 − ({run.skipped} + {run.extra}) ÷ ({run.performed} + {shortest})"
    yield f"{words('Counted as {sum}.', sum=told)} {words('Time does not count.')}"


def _steps(card: Card) -> Iterator[str]:
    words, differing = card.words, dict(_differing(card))
    marked = {one.step for one in card.deviations}
    steps = card.sop.steps
    listed = steps if len(steps) <= EXPLAINED else tuple(differing)[:EXPLAINED]
    for step in listed:
        seen = "↻" if step in differing else "✅" if step.id in card.run.visits else "▫️"
        yield f"{'⚠️' if step.id in marked else seen} {step.number}. {h(shorten(step.text, LINE, placeholder='…'))}"
        yield from (f"     {line}" for line in _why(card, step))
    if any(step.id not in card.run.visits for step in listed):
        yield f"▫️ = {words('not on the way of this run')}"
    if len(listed) < len(steps):
        yield words("Of {count} steps only those that differ are listed.", count=len(steps))
    if len(differing) > len(listed):
        yield words("and {count} more", count=len(differing) - len(listed))


def _why(card: Card, step: Step) -> Iterator[str]:
    """Each departure at a step on its own line, with its reason, equal ones once."""
    words = card.words
    rounds = card.run.visits.get(step.id, 1) - 1
    if rounds > 0:
        yield words.many("repeated {count} time", "repeated {count} times", rounds)
    told = Counter(with_reason(words, one) for one in card.deviations if one.step == step.id)
    yield from (h(what if times == 1 else f"{what} ({times}×)") for what, times in told.items())


def with_reason(words: Words, one: Deviated) -> str:
    """What departed, and why, where the reason does not say the same once more; of a late entry when it was done and
    when it was recorded."""
    times = d.times_in(one.detail) if one.kind is d.Kind.LATE_ENTRY else None
    if times is not None:
        done, recorded = times
        facts = {"done": words.moment(done, recorded), "recorded": words.time(recorded)}
        return f"{departed(words, one)}: {words('done {done}, recorded {recorded}', **facts)}"
    if not one.reason or str(one.reason) == str(one.kind):
        return departed(words, one)
    return f"{departed(words, one)}: {names.reason(words, one.reason).lower()}"


def _below(card: Card) -> Iterator[str]:
    lines = [*_rolled_up(card)]
    if lines:
        yield ""
        yield card.words("In the runs of its steps:")
        yield from map(h, lines)


def _differing(card: Card) -> Iterator[tuple[Step, str]]:
    """The steps at which the run was not as written or went round, with what was different."""
    for step in card.sop.steps:
        kinds = _kinds(card, step)
        rounds = card.run.visits.get(step.id, 1) - 1
        if rounds > 0:
            kinds.append(card.words.many("repeated {count} time", "repeated {count} times", rounds))
        if kinds:
            yield step, card.words.listed(kinds)


def _rolled_up(card: Card) -> Iterator[str]:
    """What departed in the runs below, a line each, those below them included."""
    words = card.words
    for child in card.children:
        below = card.below(child)
        kinds = [
            words("step {number} {what}", number=step.number, what=words.listed(_kinds(below, step)))
            for step in child.sop.steps
            if _kinds(below, step)
        ]
        if kinds:
            name = cut(names.title(child.sop), 80)
            yield f"• {words('{title} #{run}: {what}.', title=name, run=child.run.id, what=words.listed(kinds))}"
        yield from _rolled_up(below)


def _kinds(card: Card, step: Step) -> list[str]:
    """How the step departed, each kind once."""
    return list(dict.fromkeys(departed(card.words, one) for one in card.deviations if one.step == step.id))


def departed(words: Words, one: Deviated) -> str:
    """What departed, with how much where time was short or long: 'lewat 40 menit'."""
    told = words.span(one.late) if one.late and one.late >= timedelta(minutes=1) else ""
    if one.detail == d.BEGUN_LATE:
        return words("begun late") + (f" ({told})" if told else "")
    if one.kind is d.Kind.OVER_TIME and told:
        return words("over by {span}", span=told)
    return words(names.KINDS[one.kind]) + (f" ({told})" if told else "")
