"""Cards and letters as rows: what one carrier knows of them when another took over, or the person went on meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from bot.storage import migrate
from bot.storage.database import make_engine
from bot.storage.outbox import LIST, STRAY, Cards, Letters
from bot.storage.people import People
from bot.views.screen import Screen

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
CHAT = 101


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    migrate.upgrade(database_url, NOW)
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as opened:
        yield opened


def test_a_letter_that_arrived_is_not_carried_again_though_its_lease_was_taken_back(connection: Connection) -> None:
    letters = Letters(connection, NOW)
    letters.put("a notice", CHAT, Screen("Pemberitahuan"))
    (carried,) = letters.claim("one", 9, [])
    letters.free()

    letters.sent(carried)

    assert letters.claim("other", 9, []) == ()


def test_a_letter_that_another_carries_meanwhile_is_settled_by_whoever_arrives_first(connection: Connection) -> None:
    letters = Letters(connection, NOW)
    letters.put("a notice", CHAT, Screen("Pemberitahuan"))
    (carried,) = letters.claim("one", 9, [])
    letters.free()
    (carried_too,) = letters.claim("other", 9, [])

    letters.sent(carried)
    letters.again(carried_too, "other", NOW)

    assert letters.claim("other", 9, []) == ()


@pytest.mark.parametrize(("written", "below"), [(19, False), (21, True)])
def test_what_was_written_below_a_card_that_was_just_being_sent_puts_it_below_again(
    connection: Connection, written: int, below: bool
) -> None:
    cards, people = Cards(connection, NOW), People(connection, NOW)
    person = people.add(CHAT, "Andi", "id", ())
    cards.put("run:1", CHAT, Screen("Langkah 1"), seen_id=0)
    (sent,) = cards.claim("one", 9, [], 9)
    people.change(person, seen_id=written)
    cards.put("run:1", CHAT, Screen("Langkah 2"), seen_id=written)

    cards.painted(sent, "one", 20, sent=True)

    (next_one,) = cards.claim("one", 9, [], 9)
    assert (next_one.message_id, next_one.anew) == (20, below)


def test_a_card_that_a_dead_carrier_may_still_paint_over_is_painted_once_more(connection: Connection) -> None:
    cards = Cards(connection, NOW)
    cards.put("run:1", CHAT, Screen("Langkah 1"), seen_id=0)
    cards.claim("dead", 9, [], 9)
    cards.free()

    (again,) = cards.claim("other", 9, [], 9)
    cards.painted(again, "other", 20, sent=True)
    assert cards.claim("other", 9, [], 9) == ()
    assert cards.waiting() == 1

    later = Cards(connection, NOW + STRAY + timedelta(seconds=1))
    (once_more,) = later.claim("other", 9, [], 9)
    later.painted(once_more, "other", 20, sent=False)
    assert later.waiting() == 0


def test_what_a_person_does_meanwhile_is_painted_at_once_and_once_more(connection: Connection) -> None:
    cards = Cards(connection, NOW)
    cards.put("run:1", CHAT, Screen("Langkah 1"), seen_id=0)
    cards.claim("dead", 9, [], 9)
    cards.free()

    cards.put("run:1", CHAT, Screen("Langkah 2"), seen_id=0)
    (painting,) = cards.claim("other", 9, [], 9)
    cards.painted(painting, "other", 20, sent=True)

    assert painting.screen == Screen("Langkah 2")
    assert cards.waiting() == 1


def test_lists_of_the_day_wait_for_room_and_let_every_other_card_go_first(connection: Connection) -> None:
    cards = Cards(connection, NOW)
    for chat in (1, 2, 3):
        cards.put(f"{LIST}{chat}", chat, Screen("Daftar"), seen_id=0)
    for chat in (3, 4):
        cards.put("run:1", chat, Screen("Langkah 1"), seen_id=0)

    first = cards.claim("one", 9, [], 3)
    then = cards.claim("one", 9, [], 0)

    assert [(card.chat, card.unhurried) for card in first] == [(3, False), (4, False), (1, True)]
    assert then == ()
