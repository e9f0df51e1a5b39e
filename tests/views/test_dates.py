"""The reviews as a calendar file: any calendar can read it, and a newer file changes what an older one brought.

Read by the letter of RFC 5545 here, not by the library that wrote it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from bot.engine.review import Review, ReviewKind, put_off
from bot.views.dates import calendar_of
from bot.views.review import Listed
from bot.views.words import Words
from tests.views.given import KEPT, ZONE, Maker

AT = datetime(2026, 11, 24, 3, 15, tzinfo=UTC)
LINE = re.compile(r'(?P<name>[A-Z-]+)(?P<given>(?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(?P<value>.*)', re.DOTALL)
CODES = {"\\\\": "\\", "\\,": ",", "\\;": ";", "\\n": "\n", "\\N": "\n"}
WORDS = Words("id", ZONE)

Property = tuple[str, str, str]
TITLES = st.sampled_from(KEPT) | st.text(st.sampled_from(' ,;:\\"\nabé💥ﷺ日')).map(str.strip).filter(bool)

DAYS = st.dates(date(2026, 1, 1), date(2100, 1, 1))


def lines(file: bytes) -> list[Property]:
    """Section 3.1: lines of at most 75 octets that end in CR and LF; one that begins with a space goes on with the line
    before it, even within a character."""
    assert file.endswith(b"\r\n")
    folded = file.removesuffix(b"\r\n").split(b"\r\n")
    assert not any(len(one) > 75 or b"\r" in one or b"\n" in one for one in folded)
    whole = file.removesuffix(b"\r\n").replace(b"\r\n ", b"").split(b"\r\n")
    found = [LINE.fullmatch(one.decode("utf-8")) for one in whole]
    return [(one["name"], one["given"], one["value"]) for one in found if one] if all(found) else []


def text(value: str) -> str:
    """Section 3.3.11: a text, in which every comma, semicolon, backslash and new line is escaped."""
    assert re.fullmatch(r"(?:[^\\,;\n]|\\[\\,;nN])*", value), value
    return re.sub(r"\\[\\,;nN]", lambda code: CODES[code[0]], value)


def events(file: bytes) -> list[dict[str, tuple[str, str]]]:
    """Section 3.6: one calendar with its version and maker, and in it the events, each property once."""
    told = lines(file)
    assert told[0] == ("BEGIN", "", "VCALENDAR")
    assert told[-1] == ("END", "", "VCALENDAR")
    found: list[dict[str, tuple[str, str]]] = [{}]
    for name, given_, value in told[1:-1]:
        if (name, value) == ("BEGIN", "VEVENT"):
            found.append({})
        elif name != "END":
            assert name not in found[-1]
            found[-1][name] = given_, value
    assert found[0].keys() == {"PRODID", "VERSION"}
    assert found[0]["VERSION"] == ("", "2.0")
    return found[1:]


def listed(title: str, dates: Review, number: int = 7) -> Listed:
    return Listed(number, replace(Maker(Random(1)).sop(), title=title), dates)


@given(
    st.lists(st.tuples(TITLES, st.dates(date(2026, 1, 1), date(2100, 1, 1)), st.sampled_from(ReviewKind)), max_size=3)
)
@example([("Pengadaan; barang, \\ jasa\nn" + "é" * 90, date(2026, 12, 31), ReviewKind.TRIAL)])
def test_any_calendar_reads_the_day_and_the_name_of_each_review(told: list[tuple[str, date, ReviewKind]]) -> None:
    some = [listed(title, Review(kind, due, due), number) for number, (title, due, kind) in enumerate(told)]

    found = events(calendar_of(WORDS, some, AT, "pandu_bot"))

    assert [one["UID"][1] for one in found] == [f"review-{number}@pandu_bot" for number in range(len(told))]
    for event, (title, due, _) in zip(found, told, strict=True):
        assert event.keys() == {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"}
        assert event["DTSTAMP"] == ("", "20261124T031500Z")
        assert event["DTSTART"] == (";VALUE=DATE", f"{due:%Y%m%d}")
        assert event["DTEND"] == (";VALUE=DATE", f"{due + timedelta(days=1):%Y%m%d}")
        assert text(event["SUMMARY"][1]).startswith(f"{title}: ")


def test_a_review_that_was_put_off_is_the_same_event_with_a_higher_number() -> None:
    dates = Review(ReviewKind.TRIAL, date(2026, 12, 24), date(2027, 1, 24))
    later = put_off(dates, date(2027, 1, 20))

    [before], [after] = (events(calendar_of(WORDS, [listed("A", one)], AT, "x")) for one in (dates, later))

    assert before["UID"] == after["UID"]
    assert [int(one["SEQUENCE"][1]) for one in (before, after)] == [0, 1]
    assert [one["DTSTART"][1] for one in (before, after)] == ["20270124", "20270207"]
