"""A list shows everything, and where it cannot, it says how much it leaves out."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.engine.commands import Assign, start
from bot.engine.people import Role, Staff
from bot.engine.questions import Whom
from bot.engine.rights import Relation
from bot.engine.run import Started, begin, replay
from bot.engine.sop import Sop, Status
from bot.engine.staffing import Absence, Holding, Span
from bot.engine.units import Units
from bot.library.folder import Folder
from bot.views.card import Asked, Card, Place
from bot.views.desk import Frame, Go, Member, absences, positions
from bot.views.desk import card as card_of
from bot.views.hands import PAGE, others_card
from bot.views.menu import MOST_FACTS, MOST_RUNS, OpenRun, SopCard, open_runs, sop_card
from bot.views.screen import Screen
from bot.views.taps import OnRun, Packer
from bot.views.words import Words
from tests.views.given import OFFICE

SOPS = Folder(Path(__file__).parents[2] / "sops").load().sops
WORDS, PACK = Words("id", ZoneInfo("Asia/Makassar")), Packer(1)
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def card(sop: Sop) -> Screen:
    today = date(2026, 11, 24)
    return sop_card(
        WORDS, PACK, SopCard(sop, Status.TRIAL, 1, False, True, "", "1", "", "", None, False, 0, None, today, [])
    )


@pytest.mark.parametrize("sop", SOPS, ids=lambda sop: sop.id)
def test_the_card_of_an_sop_names_every_performer_and_every_law(sop: Sop) -> None:
    shown = card(sop).text

    assert [one.title for one in sop.positions if f"• {one.title}" not in shown] == []
    assert [law.text for law in sop.legal_basis if f"• {law.text}" not in shown] == []


def test_the_card_of_an_sop_says_how_much_it_leaves_out() -> None:
    many = replace(SOPS[0], warnings=("Hati-hati",) * (MOST_FACTS + 3))

    assert card(many).text.count("• Hati-hati") == MOST_FACTS
    assert "… dan 3 lagi" in card(many).text


def test_who_has_many_open_runs_sees_the_last_and_how_many_more() -> None:
    runs = [OpenRun(n, SOPS[0], SOPS[0].first, paused=False, moved_at=NOW) for n in range(1, MOST_RUNS + 6)]

    shown = open_runs(WORDS, PACK, runs, NOW)

    assert len(shown.rows) == MOST_RUNS + 1  # the last asks where they all are
    assert "… dan 5 lagi" in shown.text


def test_each_position_and_absence_of_somebody_is_shown_and_can_be_ended() -> None:
    frame = Frame(WORDS, PACK, 1, date(2026, 11, 24), Units(()), {f"p{n}": f"Jabatan {n}" for n in range(9)})
    held = tuple(Holding(n, 1, f"p{n}", Span(date(2026, 1, 1))) for n in range(9))
    away = tuple(Absence(n, 1, Span(date(2027, n, 1), date(2027, n, 2))) for n in range(1, 10))
    one = Member(1, "Andi", None, None, frozenset({Role.PERFORMER}), holdings=held, absences=away)

    assert [n for n in range(9) if f"Jabatan {n}" not in card_of(frame, one, frozenset(Go)).text] == []
    assert sum("Akhiri" in row[0].label for row in positions(frame, one).rows) == 9
    assert sum("Akhiri" in row[0].label for row in absences(frame, one).rows) == 9


def test_a_unit_that_the_office_has_no_more_leaves_room_for_the_rest() -> None:
    frame = Frame(WORDS, PACK, 1, date(2026, 11, 24), Units(()), {"p": "Petugas TI"})
    held = (Holding(1, 1, "p", Span(date(2026, 1, 1)), unit="\n" * 5000),)

    assert "Petugas TI" in positions(frame, Member(1, "Andi", None, None, frozenset(), holdings=held)).text


def test_who_gives_a_step_to_somebody_turns_pages_until_everyone_had_a_button() -> None:
    started, *events = start(SOPS[0], 1, Staff())
    assert isinstance(started, Started)
    run = replay(begin(1, started, NOW), [(event, NOW) for event in events])
    many = 2 * PAGE + 4
    place = Place(Relation.LOOKS_ON, candidates=tuple(range(2, 2 + many)), may_assign=True)
    card = Card(WORDS, PACK, OFFICE, SOPS[0], Status.TRIAL, run, NOW, Asked(1, Whom()), me=9, place=place)

    pages = [others_card(replace(card, asked=Asked(1, Whom(page)))) for page in range(3)]

    named = [PACK.unpack(button.data) for page in pages for row in page.rows for button in row]
    given = [tap.act.person for tap in named if isinstance(tap, OnRun) and isinstance(tap.act, Assign)]
    assert given == list(place.candidates)
    assert [[button.label for button in page.rows[-2]] for page in pages] == [["›"], ["‹", "›"], ["‹"]]
    assert others_card(replace(card, asked=Asked(1, Whom(9)))) == pages[-1]
