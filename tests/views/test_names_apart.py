"""A name that is written from right to left turns none of the words beside it round."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.engine.commands import Refused, Why
from bot.engine.deviations import Reason
from bot.engine.rights import Relation
from bot.engine.run import Assigned, Entered, Event, Leave, LeaveAsked, LeaveRefused, Returned, Started, begin, evolve
from bot.engine.sop import Status
from bot.library.folder import Folder
from bot.views.card import Card, Place
from bot.views.hands import news
from bot.views.menu import blocked_words
from bot.views.refusals import refusal
from bot.views.run import run_card
from bot.views.taps import Packer
from bot.views.words import Words
from tests.views.given import OFFICE

NAME, APART = "عمر", "\u2068عمر\u2069"
WORDS = Words("id", ZoneInfo("Asia/Makassar"))
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SOP = Folder(Path(__file__).parents[2] / "sops").load().sops[0]


@pytest.mark.parametrize(
    "event",
    [
        Assigned("s", 2, None),
        Returned("s", "r", Reason.INCOMPLETE),
        LeaveRefused("s", Leave.SKIP, Reason.MUST_BE_DONE),
    ],
    ids=lambda event: type(event).__name__,
)
def test_in_what_somebody_did(event: Event) -> None:
    assert APART in news(WORDS, [event], NAME)


@pytest.mark.parametrize("asked", [(), (9,)], ids=["who has it", "who is asked for leave"])
def test_on_the_card_of_whoever_looks_on(asked: tuple[int, ...]) -> None:
    run = begin(12, Started(SOP.id, SOP.digest, 1, None), NOW)
    run = evolve(run, Entered(SOP.first.id, 1, holder=9), NOW)
    if asked:
        run = evolve(run, LeaveAsked(SOP.first.id, Leave.SKIP, Reason.NO_TIME), NOW)
    place = Place(relation=Relation.LOOKS_ON, names={9: NAME}, asked=asked)

    card = run_card(Card(WORDS, Packer(1), OFFICE, SOP, Status.TRIAL, run, NOW, me=1, place=place))

    assert APART in card.text


def test_in_letters_and_answers() -> None:
    assert APART in blocked_words(WORDS, SOP, 12, NAME, "Macet", None).text
    assert APART in refusal(WORDS, Refused(Why.TAKEN, name=NAME))
