"""What performers think of an SOP: asked after a run, answered by one tap, and never asked of anyone twice a week."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from bot.engine.figures import FEWEST
from bot.engine.run import FreeText

WORST, BEST = 1, 5
"""The ends of the scale."""

EVERY = timedelta(days=7)
"""So long nobody is asked again, on trial or not."""

OPEN_FOR = timedelta(days=3)
"""So long the question stands on the card; unanswered it goes as it came."""

SENTENCE_FOR = timedelta(hours=1)
"""So long after that the sentence that may follow an answer is waited for."""

_STEP = re.compile(r"\b(?:langkah|step)\s*(?:ke|no|nomor|number)?\W{0,2}(\d{1,3})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rated:
    """Somebody said how an SOP can be worked with. Whoever does so without their name is nowhere in it."""

    score: int


@dataclass(frozen=True, slots=True)
class RatedInWords:
    """And added a sentence."""

    text: FreeText


@dataclass(frozen=True, slots=True)
class Opinion:
    """One answer; `step` is the id of the step that its sentence names. `words` are empty where there are none, `name`
    where it was not to be kept."""

    score: int
    step: str | None = None
    words: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mean:
    """How many answered, and their mean score, None where they are too few to tell it."""

    count: int
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Opinions:
    """What answers come to: over all, for each step that sentences name, and the sentences, the newest first."""

    all: Mean
    steps: tuple[tuple[str, Mean], ...] = ()
    sentences: tuple[Opinion, ...] = ()


NOTHING = Opinions(Mean(0))
"""Nobody has answered."""


def opinions(given: Iterable[Opinion]) -> Opinions:
    """What the answers come to; `given` has the newest first. The step that is named most comes first."""
    known = tuple(given)
    by_step: dict[str, list[Opinion]] = {}
    for one in known:
        if one.step is not None:
            by_step.setdefault(one.step, []).append(one)
    steps = sorted(by_step.items(), key=lambda found: -len(found[1]))
    sentences = tuple(one for one in known if one.words)
    return Opinions(_mean(known), tuple((step, _mean(found)) for step, found in steps), sentences)


def _mean(found: Iterable[Opinion]) -> Mean:
    scores = [one.score for one in found]
    return Mean(len(scores), Decimal(sum(scores)) / len(scores) if len(scores) >= FEWEST else None)


def step_named(text: str) -> int | None:
    """The number of the step that a sentence names first, None where it names none."""
    found = _STEP.search(text)
    return int(found[1]) if found else None
