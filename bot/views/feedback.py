"""What performers think of an SOP: the question on a run's card, what answers come to, and what came of them."""

from collections.abc import Iterator

from bot.engine.feedback import BEST, WORST, Mean, Opinions
from bot.engine.figures import FEWEST
from bot.engine.questions import Nameless
from bot.engine.review import Verdict
from bot.engine.sop import Sop
from bot.views import names
from bot.views.card import Card, Rows
from bot.views.screen import Screen, Style, cut, h
from bot.views.taps import Back, Open, Rate
from bot.views.words import Words

NAMED = 3
"""Steps, and sentences, that are told beside the mean."""


def question(card: Card, *, nameless: bool) -> Iterator[str]:
    """How was it? Nothing waits for the answer."""
    words = card.words
    yield f"⭐ <b>{words('How well can one work with this SOP?')}</b>"
    yield words("1 = hard, 5 = easy. Answering is optional.")
    if nameless:
        yield f"🙈 {words('Your name is not kept with the answer.')}"


def rows(card: Card, *, nameless: bool) -> Rows:
    """The five scores, and whether the name is kept with them."""
    scores = tuple(card.button(_score(number), Rate(number, nameless)) for number in range(WORST, BEST + 1))
    other = Back() if nameless else Open(Nameless())
    label = f"‹ {card.words('With my name')}" if nameless else f"🙈 {card.words('Answer without my name')}"
    return (scores, (card.button(label, other),))


def _score(number: int) -> str:
    return {WORST: f"{number} 😟", BEST: f"{number} 😊"}.get(number, str(number))


def more(card: Card, *, nameless: bool) -> Iterator[str]:
    """A sentence may follow the score."""
    words = card.words
    yield f"✅ <b>{words('Thank you, it is noted.')}</b>"
    yield words("Want to add a sentence? Type it, such as: step 4 takes too long.")
    if nameless:
        yield f"🙈 {words('Your name is not kept with the answer.')}"


def more_rows(card: Card) -> Rows:
    """Or none."""
    return ((card.button(card.words("That is all"), Back(), Style.MAIN),),)


# What it comes to


def lines(words: Words, sop: Sop, found: Opinions) -> Iterator[str]:
    """The score with how many gave it, the steps that sentences name, and the newest sentences; nothing where nobody
    answered."""
    if not found.all.count:
        return
    yield f"⭐ {words('Rating: {score}', score=mean(words, found.all))}"
    places = {step.id: step.number for step in sop.steps}
    for step, one in [(step, one) for step, one in found.steps if step in places][:NAMED]:
        yield f"• {words('Step {number}: {text}', number=places[step], text=mean(words, one))}"
    for said in found.sentences[:NAMED]:
        whose = f" — {names.person(said.name)}" if said.name else ""
        yield f"“{h(cut(said.words, 160))}”{whose}"


def mean(words: Words, one: Mean) -> str:
    """4,2 of 5 (7 answers); of fewer than are told, only how many they are."""
    count = words.many("{count} answer", "{count} answers", one.count)
    if one.score is None:
        return words("{answers}; the score is told from {fewest} on", answers=count, fewest=FEWEST)
    return words("{score} of {best} ({answers})", score=words.number(round(one.score, 1)), best=BEST, answers=count)


# What came of it


def decided(words: Words, sop: Sop, verdict: Verdict, found: Opinions) -> Screen:
    """To those who answered: what the review has decided."""
    lines = [f"⭐ <b>{words('Thank you for rating this SOP')}</b>", h(cut(names.title(sop), 160))]
    lines.append(words("Rating: {score}", score=mean(words, found.all)))
    lines.append(words("The review has decided: {verdict}.", verdict=words(names.VERDICTS[verdict])))
    return Screen("\n".join(lines))


def renewed(words: Words, sop: Sop) -> Screen:
    """To those who answered: a new version begins."""
    lines = [f"⭐ <b>{words('Thank you for rating this SOP')}</b>", h(cut(names.title(sop), 160))]
    lines.append(words("Version {version} is used now. Your rating was read for it.", version=h(cut(sop.version, 40))))
    return Screen("\n".join(lines))
