"""Whatever it is made of, a screen is a message that Telegram takes, and shows what it was given and nothing else."""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.views
from bot.engine.commands import Refused, Why
from bot.engine.run import FileKind
from bot.engine.sop import Field
from bot.engine.values import Misfit
from bot.sandbox.calls import Call
from bot.sandbox.entities import units
from bot.sandbox.markup import Text
from bot.sandbox.messages import send_message
from bot.sandbox.shapes import misfits
from bot.sandbox.world import World
from bot.views.refusals import LONGEST_ANSWER, refusal
from bot.views.screen import LONGEST, LONGEST_CAPTION, Screen
from bot.views.words import Words
from tests.sandbox.oracle import parse_html
from tests.views.given import Maker, harmless, made

View = Callable[..., Screen]

ALLOWED = {"bold", "italic", "code", "blockquote", "expandable_blockquote"}
"""The marks that our views write."""


def views() -> list[View]:
    """Every function of the views that draws a screen."""
    modules = [importlib.import_module(f"bot.views.{one.name}") for one in pkgutil.iter_modules(bot.views.__path__)]
    functions = [
        value
        for module in modules
        for name, value in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and value.__module__ == module.__name__
    ]
    return [one for one in functions if get_type_hints(one).get("return") is Screen]


IDS = st.lists(st.just("x" * 48), max_size=30)
BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "link": st.just("https://t.me/pandu_bot?start=sop_" + "x" * 48),
    "position_ids": IDS,
    "counted": made(Maker.counted),
    "by_step": made(Maker.by_step),
}
"""What is no words, though it is a string."""


def given_by_type(view: View) -> st.SearchStrategy[dict[str, Any]]:
    hints = get_type_hints(view)
    hints.pop("return")
    by_name = {name: BY_NAME.get(name, st.from_type(hint)) for name, hint in hints.items()}
    return st.fixed_dictionaries(by_name)


WORLD = World(lambda: datetime(2026, 11, 24, tzinfo=UTC), "42:X")
WORLD.add_person(7, "Ani")
WORLD.chats[7].started = True


@pytest.mark.parametrize("view", views(), ids=lambda view: f"{view.__module__.rpartition('.')[2]}.{view.__name__}")
@given(data=st.data())
@settings(max_examples=50)
def test_a_screen_is_a_message_that_shows_what_it_was_given(view: View, data: st.DataObject) -> None:
    arguments = data.draw(given_by_type(view))

    screen = view(**arguments)

    shown = parse_html(screen.text)
    assert {entity.kind for entity in shown.entities} <= ALLOWED
    assert shown.plain.strip()
    assert units(shown.plain) <= (LONGEST_CAPTION if screen.file else LONGEST)
    assert_taken(screen)
    assert without_meaning(shown) == parse_html(view(**harmless(arguments)).text)


def without_meaning(shown: Text) -> Text:
    """With the stand-ins for what means something in HTML."""
    return Text(harmless(shown.plain), shown.entities)


def assert_taken(screen: Screen) -> None:
    """The strict server takes it, and shows every button."""
    rows = [[{"text": one.label, "callback_data": one.data} for one in row] for row in screen.rows]
    keyboard = {"reply_markup": json.dumps({"inline_keyboard": rows})} if rows else {}
    call = Call("sendMessage", {"chat_id": "7", "text": screen.text, "parse_mode": "HTML", **keyboard})

    assert list(misfits("sendMessage", call)) == []
    message = send_message(WORLD, call)
    assert [len(row) for row in message.get("reply_markup", {}).get("inline_keyboard", [])] == [*map(len, rows)]


def refused(make: Maker) -> Refused:
    step = make.step()
    field = Field("f", make.line(), make.asks(), example=make.maybe(make.line))
    wanting = (*(one.label for one in step.record), *step.check, *FileKind)
    return Refused(
        make.one_of(*Why),
        missing=make.one_of(wanting, wanting[:1]),
        opens=make.moment(),
        started=make.moment(),
        field=field,
        known={},
        sent=make.one_of(*FileKind),
        wanted=tuple(FileKind),
        misfit=make.one_of(*Misfit),
    )


@given(made(Maker.words), made(refused))
@settings(max_examples=200)
def test_a_refusal_is_one_sentence_that_a_window_holds(words: Words, why: Refused) -> None:
    assert 0 < units(refusal(words, why)) <= LONGEST_ANSWER
