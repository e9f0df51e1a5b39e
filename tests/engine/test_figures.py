"""Periods, and times told from how often each length is."""

from datetime import date, timedelta
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.figures import Period, Span, StepTimes


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60), st.sampled_from((0.5, 0.9, 1.0)))
def test_a_quantile_is_the_one_that_so_many_did_not_exceed(minutes: list[int], share: float) -> None:
    often = tuple((length * 60, minutes.count(length)) for length in sorted(set(minutes)))

    told = StepTimes("s", often).quantile(share)

    assert told == timedelta(minutes=sorted(minutes)[ceil(share * len(minutes)) - 1])


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(Span))
def test_every_day_lies_in_one_period_and_the_next_begins_where_it_ends(day: date, span: Span) -> None:
    period = Period.around(day, span)

    assert period.first <= day < period.next.first
    assert period.next.previous == period
    assert Period.around(period.next.first, span) == period.next
