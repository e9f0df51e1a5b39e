"""What a person types or taps, as a value: numbers as Indonesians write them, days, choices, and their limits."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import TypeAlias, assert_never

from bot.engine.sop import Asks, Choice, Choices, Day, Earlier, Number, Range, Text, YesNo

Value: TypeAlias = str | Decimal | date | bool | tuple[str, ...]

LONGEST_TEXT = 1000
"""Characters of a typed value; longer ones belong into a file."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Of a typed day. A year beyond is a slip, and terms counted from it would leave the calendar."""


class Misfit(StrEnum):
    """Why typed words are no value of the kind asked for."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    NOT_DIGITS = "not digits"
    NOT_A_NUMBER = "not a number"
    NOT_A_DAY = "not a day"
    NOT_AN_OPTION = "not an option"
    NOT_YES_OR_NO = "not yes or no"


class Misread(ValueError):
    """The words are no value of the kind asked for."""

    def __init__(self, why: Misfit) -> None:
        super().__init__(why)
        self.why = why


class Ambiguous(ValueError):
    """The words are one of two numbers, and only their writer knows which."""

    def __init__(self, candidates: tuple[Decimal, Decimal]) -> None:
        super().__init__(candidates)
        self.candidates = candidates


_INVISIBLE = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols by their category that show as nothing: fillers of Hangul, the empty Braille cell."""


def clean(text: str) -> str:
    """`text` as it may be kept and shown: composed (NFC), without control, format, unassigned and invisible
    characters; line breaks stay, other white space of the keyboard becomes a space, and both go at the ends."""
    spaced = re.sub(r"[\t\v\f]", " ", re.sub(r"\r\n?", "\n", text))
    kept = (char for char in spaced if char == "\n" or not _unseen(char))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _unseen(char: str) -> bool:
    return unicodedata.category(char).startswith("C") or char in _INVISIBLE


def read(asks: Asks, text: str, today: date) -> Value:
    """The value that `text` means. Raises Misread, or Ambiguous for a number such as `1.500`."""
    words = _words(text)
    match asks:
        case Text(digits=digits):
            return words if digits is None else _digits(words, *digits)
        case Number(unit=unit):
            return read_number(words, unit)
        case Day():
            return read_day(words, today)
        case Choice(options=options):
            return _option(words, options)
        case Choices(options=options):
            return _several(words, options)
        case YesNo():
            return _yes_or_no(words)
        case _:
            assert_never(asks)


def _words(text: str) -> str:
    words = clean(text)
    if not words:
        raise Misread(Misfit.EMPTY)
    if len(words) > LONGEST_TEXT:
        raise Misread(Misfit.TOO_LONG)
    return words


def _plain(words: str) -> str:
    """For comparing: one case, one space between words."""
    return " ".join(words.casefold().split())


def _digits(words: str, fewest: int, most: int) -> str:
    digits = "".join(words.split())  # a NIP is often written in groups
    if re.fullmatch(r"[0-9]+", digits) and fewest <= len(digits) <= most:
        return digits
    raise Misread(Misfit.NOT_DIGITS)


_SIGNED = re.compile(r"([-+−–]?) ?(?:rp\.? ?)?(.+)")
_DOUBTFUL = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})")
_GROUPED = re.compile(r"([1-9][0-9]{0,2}(?:([., ])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]+|-))?")
_UNGROUPED = re.compile(r"([0-9]+)(?:[.,]([0-9]+|-))?")
MOST_DIGITS = 20
"""Of a number, before and behind its point together."""


def read_number(words: str, unit: str = "") -> Decimal:
    """A number as people here write it, with or without its unit: `1.500,5`, `1500,5`, `1500.5`, `Rp1.500.000,-`.

    Raises Ambiguous for `1.500` and `1,500` (a thousand and a half, or one and a half?), else Misread."""
    bare = _plain(words).removesuffix(_plain(clean(unit))).rstrip()
    signed = _SIGNED.fullmatch(bare)
    if signed is None or "\n" in words or len(bare) > 2 * MOST_DIGITS:
        raise Misread(Misfit.NOT_A_NUMBER)
    sign, digits = "-" if signed[1] in ("-", "−", "–") else "", signed[2]
    if doubtful := _DOUBTFUL.fullmatch(digits):
        whole, thousandths = doubtful.groups()
        raise Ambiguous((Decimal(f"{sign}{whole}{thousandths}"), Decimal(f"{sign}{whole}.{thousandths}")))
    if grouped := _GROUPED.fullmatch(digits):
        return _number(sign, re.sub(r"\D", "", grouped[1]), grouped[3])
    if ungrouped := _UNGROUPED.fullmatch(digits):
        return _number(sign, *ungrouped.groups())
    raise Misread(Misfit.NOT_A_NUMBER)


def _number(sign: str, whole: str, fraction: str | None) -> Decimal:
    decimals = "" if fraction in (None, "-") else fraction
    if len(whole) + len(decimals) > MOST_DIGITS:
        raise Misread(Misfit.NOT_A_NUMBER)
    return Decimal(f"{sign}{whole}.{decimals}") or Decimal(0)  # there is no -0 on paper


_MONTHS = (
    ("januari", "january"),
    ("februari", "february", "pebruari"),
    ("maret", "march"),
    ("april",),
    ("mei", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("agustus", "august", "agt", "ags", "agst"),
    ("september",),
    ("oktober", "october"),
    ("november", "nopember"),
    ("desember", "december"),
)
_NEAR = {"kemarin": -1, "yesterday": -1, "hari ini": 0, "today": 0, "besok": 1, "tomorrow": 1, "lusa": 2}
_NUMERIC_DAY = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})(?:[/.\- ]([0-9]{4}))?")
_ISO_DAY = re.compile(r"([0-9]{4})[/.\-]([0-9]{1,2})[/.\-]([0-9]{1,2})")
_NAMED_DAY = re.compile(r"([0-9]{1,2})[ \-]?([a-z]{3,9})\.?(?:[ \-]?([0-9]{4}))?")


def read_day(words: str, today: date) -> date:
    """A day: `24/11/2026`, `24 November`, `2026-11-24`, `kemarin`. Without a year it is the one nearest to `today`.

    Raises Misread."""
    plain = _plain(words)
    if plain in _NEAR:
        return today + timedelta(days=_NEAR[plain])
    if iso := _ISO_DAY.fullmatch(plain):
        return _day(iso[1], int(iso[2]), iso[3], today)
    if numeric := _NUMERIC_DAY.fullmatch(plain):
        return _day(numeric[3], int(numeric[2]), numeric[1], today)
    if named := _NAMED_DAY.fullmatch(plain):
        return _day(named[3], _month(named[2]), named[1], today)
    raise Misread(Misfit.NOT_A_DAY)


def _month(name: str) -> int:
    for number, names in enumerate(_MONTHS, start=1):
        if any(full.startswith(name) for full in names):
            return number
    raise Misread(Misfit.NOT_A_DAY)


def _day(year: str | None, month: int, day: str, today: date) -> date:
    years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
    days = [date(one, month, int(day)) for one in years if _exists(one, month, int(day))]
    if not days:
        raise Misread(Misfit.NOT_A_DAY)
    return min(days, key=lambda one: abs(one - today))


def _exists(year: int, month: int, day: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _option(words: str, options: tuple[str, ...]) -> str:
    by_words = {_plain(clean(option)): option for option in options}
    by_number = {str(number): option for number, option in enumerate(options, start=1)}
    meant = by_words.get(_plain(words)) or by_number.get(words)
    if meant is None:
        raise Misread(Misfit.NOT_AN_OPTION)
    return meant


def _several(words: str, options: tuple[str, ...]) -> tuple[str, ...]:
    """The options named, in the order in which they are offered."""
    parts = [part for part in re.split(r"[,;\n]", words) if part.strip()]
    named = {_option(part.strip(), options) for part in parts}
    if not named:
        raise Misread(Misfit.NOT_AN_OPTION)
    return tuple(option for option in options if option in named)


def _yes_or_no(words: str) -> bool:
    match _plain(words):
        case "ya" | "y" | "yes" | "iya" | "sudah" | "ada" | "betul" | "benar" | "ok" | "oke":
            return True
        case "tidak" | "t" | "no" | "n" | "belum" | "tdk" | "tak" | "gak" | "nggak" | "bukan" | "tidak ada":
            return False
        case _:
            raise Misread(Misfit.NOT_YES_OR_NO)


# Limits


class Verdict(StrEnum):
    """How a value stands to its limits."""

    INSIDE = "inside"
    UNEXPECTED = "unexpected"
    FORBIDDEN = "forbidden"


def check(asks: Asks, value: Value, known: Mapping[str, Value]) -> Verdict:
    """Hold `value` against the hard limit, then the expected range. An end recorded earlier is looked up in `known`;
    not recorded yet, it sets no limit."""
    match asks, value:
        case (Number(limit=limit), Decimal()) | (Day(limit=limit), date()) if not _within(limit, value, known):
            return Verdict.FORBIDDEN
        case (Number(expect=expect), Decimal()) | (Day(expect=expect), date()) if not _within(expect, value, known):
            return Verdict.UNEXPECTED
        case _:
            return Verdict.INSIDE


def beyond(asks: Asks, value: Value, known: Mapping[str, Value]) -> Decimal | None:
    """By how many percent of its nearest end a number lies outside the expected range, rounded up; None where that
    cannot be told."""
    if not isinstance(asks, Number) or not isinstance(value, Decimal):
        return None
    outside = [end for end in ends(asks.expect, known) if isinstance(end, Decimal) and end]
    nearest = min(outside, key=lambda end: abs(value - end), default=None)
    if nearest is None:
        return None
    return (abs(value - nearest) / abs(nearest) * 100).to_integral_value(ROUND_CEILING)


def ends(limits: Range[Decimal] | Range[date], known: Mapping[str, Value]) -> tuple[Value | None, Value | None]:
    """The two ends of a range as values, None where open."""
    low, high = (known.get(end.name) if isinstance(end, Earlier) else end for end in (limits.low, limits.high))
    return low, high


def _within(limits: Range[Decimal] | Range[date], value: Value, known: Mapping[str, Value]) -> bool:
    low, high = ends(limits, known)
    return _ordered(low, value) and _ordered(value, high)


def _ordered(first: Value | None, second: Value | None) -> bool:
    match first, second:
        case (Decimal() as one, Decimal() as other):
            return one <= other
        case (date() as one_day, date() as other_day):
            return one_day <= other_day
        case _:
            return True


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, by the office's clock, on its day."""

    hour: int
    minute: int
    day: date


_AT = r"(?:pukul|jam|pkl\.?) "
_TIME = re.compile(rf"(?:(?!{_AT})(.+?),? )?(?:{_AT})?([0-9]{{1,2}})[.:]([0-9]{{2}})(?: ?(?:wib|wita|wit))?")


def read_clock(text: str, today: date) -> Clock:
    """A moment as people write it: `08.10`, `kemarin 14:30`, `24/11 pukul 08.10`. Raises Misread."""
    found = _TIME.fullmatch(_plain(_words(text)))
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:
        raise Misread(Misfit.NOT_A_DAY)
    return Clock(int(found[2]), int(found[3]), read_day(found[1], today) if found[1] else today)
