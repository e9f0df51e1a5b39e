"""What waits or takes too long, as those concerned are told."""

from collections.abc import Sequence
from datetime import datetime

from bot.engine import commands as c
from bot.engine.calendar import Office
from bot.engine.delays import Delay
from bot.engine.errands import waits_since
from bot.engine.run import Run
from bot.engine.sop import Approve, Sop
from bot.views import names
from bot.views.screen import cut
from bot.views.taps import ShowRun
from bot.views.tasks import Waiting
from bot.views.words import N_, Words

DELAYS = {
    Delay.YOURS: ("⏳", N_("Waits for your answer since {moment}.")),
    Delay.THEIRS: ("✋", N_("Waits without an answer since {moment}.")),
    Delay.STEP: ("⏰", N_("Step {number} takes longer than its standard time.")),
    Delay.PHASE: ("⏰", N_("The phase {phase} takes longer than its standard time.")),
    Delay.RUN: ("⏰", N_("The whole run takes longer than its standard time.")),
    Delay.VACANT: ("🪑", N_("Nobody can do this step yet. You may assign it.")),
}
IN_HAND = {
    Delay.YOURS: ("⏳", N_("Is with you since {moment}, and not finished yet.")),
    Delay.THEIRS: ("✋", N_("Is not finished yet, in hand since {moment}.")),
}
"""The same of a step that somebody has, and that nothing says the time of."""


def overdue(words: Words, sop: Sop, run: Run, told: Sequence[Delay], holder: str, now: datetime) -> Waiting:
    """A run that waits, or takes, too long, on the list of the day; `holder` is the name of whoever has its step."""
    step = sop.step(run.step or sop.first.id)
    facts = {"moment": words.moment(waits_since(run), now), "number": step.number, "phase": cut(step.phase, 40)}
    saying = DELAYS | IN_HAND if run.holder and not run.wish and not isinstance(step.does, Approve) else DELAYS
    mark, parts = saying[told[0]][0], [words(saying[delay][1], **facts) for delay in told]
    parts.append(words("Step {number}: {text}", number=step.number, text=cut(step.text, 60)))
    if Delay.YOURS not in told:
        parts.append(_with(words, sop, run, holder))
    return Waiting(mark, f"{names.title(sop)} · #{run.id}", " ".join(parts), ShowRun(run.id))


def _with(words: Words, sop: Sop, run: Run, holder: str) -> str:
    if holder:
        return f"👤 {names.apart(holder)}"
    if run.step is None:
        return ""
    return f"📨 {words.listed([cut(title, 60) for title in c.needs_hand(sop, run, sop.step(run.step))])}"


def asked_as_well(words: Words, run: Run, now: datetime) -> str:
    """Why somebody is asked for leave whom it was not asked of at first."""
    since = words.moment(waits_since(run), now)
    return words("There is no answer since {moment}, so you are asked as well.", moment=since)


def nearly_over(words: Words, office: Office, sop: Sop, run: Run, now: datetime) -> str:
    """Whoever has a step is told that its time runs out."""
    end = c.due_at(run, sop.step(run.step or sop.first.id), office)
    return words("The time for this step is nearly over: {moment}.", moment=words.moment(end or now, now))
