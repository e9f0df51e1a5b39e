"""A kind question about steps that were ended within seconds, and what becomes of the answer."""

from collections.abc import Iterator
from datetime import timedelta

from bot.engine import commands as c
from bot.engine.run import Hurry
from bot.engine.sop import Sop
from bot.views import names
from bot.views.card import Card, Rows
from bot.views.screen import Screen, Style, cut, h
from bot.views.words import Words


def question(card: Card, hurry: Hurry) -> Iterator[str]:
    """Were they done before? Nobody is blamed, and nothing waits for the answer."""
    yield f"⏱ <b>{_told(card.words, len(hurry.steps), hurry.span)}</b>"
    yield f"<b>{card.words('Were they done earlier?')}</b>"
    yield card.words("Recording afterwards is fine: then I note both times.")


def rows(card: Card) -> Rows:
    """Yes, or no."""
    late = card.button(card.words("Yes, I record them afterwards"), c.Backdate(), Style.MAIN)
    return ((late,), (card.button(card.words("No, it was that quick"), c.Vouch()),))


def hint(words: Words, sop: Sop, run: int, steps: int, span: timedelta) -> Screen:
    """To the authors: the SOP may ask for too much."""
    lines = [f"💡 <b>{h(cut(names.title(sop), 120))}</b> · #{run}", _told(words, steps, span)]
    lines.append(words("The performer says it was that quick. Perhaps some steps can be one."))
    lines.append(words("This is a hint about the SOP, and no deviation."))
    return Screen("\n".join(lines))


def thanks(words: Words) -> str:
    """The answer was taken."""
    return words("Thank you, it is noted.")


def _told(words: Words, steps: int, span: timedelta) -> str:
    return words("{count} steps in {seconds} seconds.", count=steps, seconds=max(1, round(span.total_seconds())))
