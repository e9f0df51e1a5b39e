"""The demo's clock moves on, by any step, and never back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.clock import MovableClock, month_after


def test_the_clock_is_ahead_of_real_time_by_its_offset_and_what_it_was_moved() -> None:
    clock = MovableClock(timedelta(hours=1))
    clock.advance(timedelta(days=1))

    assert clock.offset == timedelta(days=1, hours=1)
    before = datetime.now(UTC)
    assert before <= clock() - clock.offset <= datetime.now(UTC)


def test_the_clock_never_goes_back() -> None:
    clock = MovableClock(timedelta(hours=1))
    with pytest.raises(ValueError, match="only on"):
        clock.advance(timedelta(seconds=-1))
    assert clock.offset == timedelta(hours=1)


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_a_month_later_is_the_same_day_or_the_last_of_the_next_month(naive: datetime) -> None:
    now = naive.replace(tzinfo=UTC)
    later = month_after(now)

    assert (later.year * 12 + later.month) - (now.year * 12 + now.month) == 1
    assert later.timetz() == now.timetz()
    assert later.day == now.day or (later.day < now.day and (later + timedelta(days=1)).day == 1)
