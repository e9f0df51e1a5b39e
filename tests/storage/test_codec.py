"""What an office calls its records is its own affair: nothing of it is taken for a word of ours."""

from decimal import Decimal

import pytest

from bot.storage import codec


@pytest.mark.parametrize("value", ["text", 7, Decimal("1.5"), True, None])
def test_a_record_may_be_called_like_the_mark_of_our_own_values(value: object) -> None:
    values = {"is": value, "value": "datetime"}

    assert codec.load(codec.dump(values)) == values
    assert codec.load(codec.dump(({"is": "Run"},))) == ({"is": "Run"},)
