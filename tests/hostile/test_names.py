"""What people call themselves: shown clean and on one line, and never what they are known by."""

from typing import Any

import pytest

from tests.conftest import Office

ISOLATE, END = "\u2068", "\u2069"


async def send(office: Office, content: dict[str, Any]) -> None:
    """A message of the clerk with `content` in place of what a phone would send."""
    office.world.say(101, "x")
    update = office.world.updates.pending(office.world.now)[-1]
    office.world.updates.clear()
    office.world.push_raw(update | {"message": update["message"] | content})
    await office.settle()


async def greeted(office: Office, first: str, last: str | None = None) -> str:
    """What the bot calls somebody in its greeting."""
    named = {"id": 101, "is_bot": False, "first_name": first} | ({"last_name": last} if last else {})
    chat = {"id": 101, "type": "private", "first_name": first}
    command = [{"type": "bot_command", "offset": 0, "length": 6}]
    await send(office, {"text": "/start", "entities": command, "chat": chat, "from": named})
    return office.clerk.sees.partition(ISOLATE)[2].partition(END)[0]


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("Andi", "Wijaya", "Andi Wijaya"),
        ("", None, "101"),
        ("\u200b\u3164", None, "101"),
        ("\u202eidnA", None, "idnA"),
        ("An\u0000di", None, "Andi"),
        ("</b><a href='http://x'>Nur</a>", None, "</b><a href='http://x'>Nur</a>"),
        ("Siti\nAdmin:\u2028 ya", None, "Siti Admin: ya"),
        ("عمر", None, "عمر"),
        ("💥" * 64, "W" * 64, "💥" * 29 + "…"),
    ],
)
async def test_a_name_is_shown_clean_and_apart_from_the_words_beside_it(
    office: Office, first: str, last: str | None, shown: str
) -> None:
    assert await greeted(office, first, last) == shown


async def test_whoever_takes_the_name_of_another_is_still_nobody(office: Office) -> None:
    office.world.add_person(999, "Nur")

    await office.person(999).says("/start")

    assert "belum terdaftar" in office.person(999).sees


@pytest.mark.parametrize("text", ["/start sop_\x00", "/start sop_\ud800x", "/sop \x00\ud800", "/start \x00"])
async def test_words_after_a_command_are_cleaned_before_anything_is_looked_up(office: Office, text: str) -> None:
    command = {"type": "bot_command", "offset": 0, "length": text.index(" ")}

    await send(office, {"text": text, "entities": [command]})

    assert "SOP" in office.clerk.sees
