"""Both languages are complete: every sentence has its Indonesian, with the same placeholders."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from bot.views.commands import ALL
from bot.views.words import CATALOGUES, Words
from tests.catalogue import sentences


def _catalogue() -> dict[str, str]:
    with (CATALOGUES / "id.po").open("rb") as file:
        found = {}
        for message in read_po(file):
            key, text = message.id, message.string
            found[key if isinstance(key, str) else key[0]] = text if isinstance(text, str) else (text or ("",))[0]
    return found


INDONESIAN = _catalogue()

LONGEST = 16
"""Words of a sentence that a tired reader takes in at once."""


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _keys(*packages: str) -> list[str]:
    """The sentences of these packages, of all where none is named: of one that has a plural, the singular."""
    return sorted(one if isinstance(one, str) else one[0] for one in sentences(*packages))


def test_every_sentence_has_its_indonesian_with_the_same_placeholders() -> None:
    keys = _keys()  # all in one test: two thousand tests of a microsecond each take half a minute to run
    assert [key for key in keys if not INDONESIAN.get(key)] == []
    assert [key for key in keys if _placeholders(INDONESIAN[key]) != _placeholders(key)] == []


def test_no_translation_is_left_over() -> None:
    assert set(INDONESIAN) - set(_keys()) - {""} == set()


def test_a_moment_says_no_more_than_it_takes_to_tell_it_from_another() -> None:
    words, now = Words("id", ZoneInfo("Asia/Makassar")), datetime(2026, 11, 24, 1, tzinfo=UTC)

    assert words.moment(now, now) == "09.00 WITA"
    assert words.moment(now + timedelta(days=1), now) == "25 Nov 09.00 WITA"
    assert words.moment(now + timedelta(days=50), now) == "13 Jan 2027 09.00 WITA"
    assert words.weekday(now) == "Selasa, 24 November 2026 09.00 WITA"
    assert words.weekday(now - timedelta(hours=9)) == "Selasa, 24 November 2026"


def test_working_time_is_told_in_hours_however_long() -> None:
    indonesian, english = (Words(language, ZoneInfo("Asia/Makassar")) for language in ("id", "en"))

    assert indonesian.span(timedelta(hours=26, minutes=15)) == "26 jam 15 menit"
    assert english.span(timedelta(hours=1, minutes=1)) == "1 hour 1 minute"
    assert english.span(timedelta()) == "0 minutes"


def test_what_is_read_in_the_chat_is_short() -> None:
    read = [INDONESIAN[key] for key in _keys("views", "services", "telegram")]
    parts = [part for text in read for part in re.split(r"(?<=[.!?:;]) ", text)]
    assert [part for part in parts if len(part.split()) > LONGEST] == []


@pytest.mark.parametrize(("language", "texts"), [("en", INDONESIAN.keys()), ("id", INDONESIAN.values())])
def test_a_sentence_names_commands_in_its_own_language(language: str, texts: Iterable[str]) -> None:
    named = {name for text in texts for name in re.findall(r"(?<![\w/])/([a-z]+)", text)}
    assert named - {"start"} <= {one.named(language) for one in ALL}


def test_no_two_commands_have_one_name() -> None:
    names = [name for one in ALL for name in (one.name, one.alias)]
    assert len(names) == len(set(names))
