"""Days on which something holds, and the number of an official."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.staffing import NipFault, Seat, Span, nearest, read_nip

TODAY = date(2026, 11, 24)
days = st.integers(-20, 20).map(lambda by: TODAY + timedelta(days=by))
spans = st.builds(Span, days, st.none() | days)
CALENDAR = [TODAY + timedelta(days=by) for by in range(-25, 60)]


@given(spans, spans)
def test_two_spans_meet_where_they_have_a_day_in_common(one: Span, other: Span) -> None:
    if one.is_real and other.is_real:
        assert one.meets(other) is any(one.covers(day) and other.covers(day) for day in CALENDAR)
        assert one.meets(other) is other.meets(one)


@given(spans, days)
def test_a_day_comes_before_a_span_or_in_it_or_after_it(span: Span, day: date) -> None:
    if span.is_real:
        assert [day < span.since, span.covers(day), span.is_over(day)].count(True) == 1


@given(spans)
def test_a_span_without_a_day_covers_none(span: Span) -> None:
    assert span.is_real is any(span.covers(day) for day in CALENDAR)


seats = st.lists(st.builds(Seat, st.sampled_from("ab"), st.sampled_from(["x", "y", None]), st.integers(1, 4)))


@given(seats, st.sampled_from(["x", "y", "z", None]), st.sampled_from(["x", "y", "z", None]))
def test_of_each_position_the_nearest_sit_each_once(taken: list[Seat], unit: str | None, sops: str | None) -> None:
    found = nearest(taken, (unit, sops))

    assert set(found) == {seat.position for seat in taken}
    for position, people in found.items():
        assert people, "nobody, where somebody sits"
        assert len(people) == len(set(people))
        at_home = {seat.person for seat in taken if seat.position == position and seat.unit == unit}
        if unit is not None and at_home:
            assert set(people) == at_home


births = st.dates(date(1950, 1, 1), date(2005, 12, 31))


@given(
    births, st.integers(18, 30), st.integers(1, 12) | st.integers(21, 29), st.sampled_from("12"), st.integers(1, 999)
)
def test_every_nip_that_may_be_is_read_however_it_is_grouped(
    birth: date, age: int, month: int, sex: str, number: int
) -> None:
    year = min(birth.year + age, TODAY.year)
    digits = f"{birth:%Y%m%d}{year}{month:02}{sex}{number:03}"
    grouped = f" {digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}\n"

    assert read_nip(digits, TODAY) == read_nip(grouped, TODAY) == read_nip(f"'{digits}", TODAY) == digits


@given(st.text(max_size=30))
def test_whatever_is_written_it_is_a_nip_or_the_reason_why_not(words: str) -> None:
    read = read_nip(words, TODAY)

    assert isinstance(read, NipFault) or (len(read) == 18 and read.isascii() and read.isdigit())


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("", NipFault.LENGTH),
        ("19850217201003100", NipFault.LENGTH),
        ("1985021720100310022", NipFault.LENGTH),
        ("١٩٨٥٠٢١٧٢٠١٠٠٣١٠٠٢", NipFault.LENGTH),
        ("19850230201003 1 002", NipFault.BIRTH),
        ("202502172010031002", NipFault.BIRTH),
        ("185002172010031002", NipFault.BIRTH),
        ("198502171999031002", NipFault.APPOINTED),
        ("198502172030031002", NipFault.APPOINTED),
        ("198502172010141002", NipFault.APPOINTED),
        ("198502172010039002", NipFault.SEX),
    ],
)
def test_what_cannot_be_a_nip_is_told_why(words: str, fault: NipFault) -> None:
    assert read_nip(words, TODAY) is fault
