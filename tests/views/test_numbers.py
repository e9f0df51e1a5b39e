"""Numbers are shown as they are typed: every digit, in the reader's way of writing."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.values import MOST_DIGITS, Ambiguous, read_number
from bot.views.words import LANGUAGES, Words

digits = st.text("0123456789", min_size=1, max_size=MOST_DIGITS)
numbers = st.tuples(st.sampled_from(["", "-"]), digits, st.integers(0, MOST_DIGITS - 1)).map(
    lambda parts: Decimal(parts[0] + parts[1]).scaleb(-min(parts[2], len(parts[1]) - 1))
)


@pytest.mark.parametrize("language", LANGUAGES)
@given(number=numbers)
def test_a_number_that_can_be_typed_is_shown_as_one_that_can(language: str, number: Decimal) -> None:
    shown = Words(language, ZoneInfo("Asia/Makassar")).number(number)

    try:
        assert read_number(shown) == number
    except Ambiguous as doubt:
        assert number in doubt.candidates
