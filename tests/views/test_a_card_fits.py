"""A step is one screen of a small phone: nobody scrolls to learn what is asked, nor to see why it is dangerous."""

import re
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap
from zoneinfo import ZoneInfo

import pytest

from bot.engine import commands as c
from bot.engine.people import Staff
from bot.engine.run import Entered, Started, begin, evolve
from bot.engine.sop import Sop, Status, Step
from bot.library.folder import Folder
from bot.library.office import read_office
from bot.views.card import Card
from bot.views.run import run_card
from bot.views.screen import Screen
from bot.views.taps import Packer
from bot.views.words import LANGUAGES, Words

SOPS = Folder(Path(__file__).parents[2] / "sops").load().sops
ZONE = ZoneInfo("Asia/Makassar")
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

WIDTH = 38
"""Letters in a line of a bubble, at 390 points and 16-point letters."""

LINES = 35
"""Lines between the bars of a phone of 844 points: 680 points, 19.5 a line. A row of buttons is as tall as 2.4."""

FOLDED = 3
"""Lines that Telegram shows of a folded quotation."""


def _card(sop: Sop, step: Step, language: str) -> Screen:
    settings, _ = read_office(None, "office.yaml", ZONE)
    assert settings is not None
    started = c.start(sop, 1, Staff())[0]
    assert isinstance(started, Started)
    run = evolve(begin(12, started, NOW), Entered(step.id, 1, holder=1), NOW)
    return run_card(Card(Words(language, ZONE), Packer(1), settings.office, sop, Status.TRIAL, run, NOW, me=1))


def _lines(text: str) -> int:
    plain = re.sub(r"<[^>]+>", "", text)
    return sum(max(1, len(wrap(line, WIDTH))) for line in plain.split("\n"))


def _height(screen: Screen) -> float:
    quotes = re.findall(r"<blockquote expandable>.*?</blockquote>", screen.text, re.DOTALL)
    text = re.sub(r"<blockquote expandable>.*?</blockquote>", "\n" * (FOLDED - 1), screen.text, flags=re.DOTALL)
    assert len(quotes) <= 1
    return _lines(text) + 2.4 * len(screen.rows)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("sop", "step"), [(sop, step) for sop in SOPS for step in sop.steps], ids=lambda one: getattr(one, "id", None)
)
def test_every_step_fits_one_screen(sop: Sop, step: Step, language: str) -> None:
    assert _height(_card(sop, step, language)) <= LINES
