"""What a person types or taps, as a value: numbers as Indonesians write them, days, choices, and their limits."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias, assert_never

from bot.engine.sop import Asks, Choice, Choices, Day, Earlier, Number, Range, Text, YesNo

Value: TypeAlias = str | Decimal | date | bool | tuple[str, ...]

LONGEST_TEXT = 1000
"""Characters of a typed value; longer ones belong into a file."""


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


def clean(text: str) -> str:
    """`text` as it may be kept and shown: composed (NFC), without control, format and unassigned characters; line
    breaks stay, and spaces at the ends go."""
    composed = unicodedata.normalize("NFC", text)
    kept = (char for char in composed if char == "\n" or unicodedata.category(char)[0] != "C")
    return "".join(kept).strip()


def read(asks: Asks, text: str, today: date) -> Value:
    """The value that `text` means. Raises Misread, or Ambiguous for a number such as `1.500`."""
    words = clean(text)
    if not words:
        raise Misread(Misfit.EMPTY)
    if len(words) > LONGEST_TEXT:
        raise Misread(Misfit.TOO_LONG)
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
            return tuple(dict.fromkeys(_option(part.strip(), options) for part in re.split(r"[,;\n]", words)))
        case YesNo():
            return _yes_or_no(words)
        case _:
            assert_never(asks)


def _digits(words: str, fewest: int, most: int) -> str:
    if re.fullmatch(r"[0-9]+", words) and fewest <= len(words) <= most:
        return words
    raise Misread(Misfit.NOT_DIGITS)


_GROUPED_DOT = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?")
_GROUPED_COMMA = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"\d+([.,]\d+)?")
_DOUBTFUL = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


def read_number(words: str, unit: str = "") -> Decimal:
    """A number as people here write it, with or without its unit: `1.500,5`, `1500,5`, `1500.5`, `Rp1.500.000`.

    Raises Ambiguous for `1.500` and `1,500` (a thousand and a half, or one and a half?), else Misread."""
    bare = words.lower()
    bare = bare.removesuffix(unit.lower()).removeprefix("rp").replace(" ", "").strip().removesuffix(",-")
    sign = -1 if bare[:1] in ("-", "−") else 1
    digits = bare.lstrip("+-−")
    if len(digits) > 30 or not digits.isascii():
        raise Misread(Misfit.NOT_A_NUMBER)
    if _DOUBTFUL.fullmatch(digits):
        thousands = Decimal(digits.replace(".", "").replace(",", ""))
        raise Ambiguous((sign * thousands, sign * thousands / 1000))
    if _GROUPED_DOT.fullmatch(digits):
        return sign * Decimal(digits.replace(".", "").replace(",", "."))
    if _GROUPED_COMMA.fullmatch(digits):
        return sign * Decimal(digits.replace(",", ""))
    if _PLAIN.fullmatch(digits):
        return sign * Decimal(digits.replace(",", "."))
    raise Misread(Misfit.NOT_A_NUMBER)


_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_OTHER_MONTHS = {"may": 5, "aug": 8, "agt": 8, "oct": 10, "dec": 12}
_NEAR = {"kemarin": -1, "yesterday": -1, "hari ini": 0, "today": 0, "besok": 1, "tomorrow": 1}
_NUMERIC_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}))?")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED_DAY = re.compile(r"(\d{1,2}) ([a-z]{3,9})\.?(?: (\d{4}))?")


def read_day(words: str, today: date) -> date:
    """A day: `24/11/2026`, `24 November`, `2026-11-24`, `kemarin`. Without a year it is `today`'s. Raises Misread."""
    plain = " ".join(words.lower().split())
    if plain in _NEAR:
        return today + timedelta(days=_NEAR[plain])
    if iso := _ISO_DAY.fullmatch(plain):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if numeric := _NUMERIC_DAY.fullmatch(plain):
        return _day(int(numeric[3] or today.year), int(numeric[2]), int(numeric[1]))
    if named := _NAMED_DAY.fullmatch(plain):
        return _day(int(named[3] or today.year), _month(named[2]), int(named[1]))
    raise Misread(Misfit.NOT_A_DAY)


def _month(name: str) -> int:
    short = name[:3]
    return _MONTHS.index(short) + 1 if short in _MONTHS else _OTHER_MONTHS.get(short, 0)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Misread(Misfit.NOT_A_DAY) from None


def _option(words: str, options: tuple[str, ...]) -> str:
    if re.fullmatch(r"[0-9]{1,3}", words) and 1 <= int(words) <= len(options) and words not in options:
        return options[int(words) - 1]
    for option in options:
        if option.casefold() == words.casefold():
            return option
    raise Misread(Misfit.NOT_AN_OPTION)


def _yes_or_no(words: str) -> bool:
    match words.casefold():
        case "ya" | "y" | "yes" | "iya" | "sudah" | "ada":
            return True
        case "tidak" | "t" | "no" | "n" | "belum" | "tdk":
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
    """A time of day, perhaps with its day."""

    hour: int
    minute: int
    day: date


_TIME = re.compile(r"(?:(.+?)[ ,]+)?(?:pukul |jam |pkl\.? )?(\d{1,2})[.:](\d{2})(?: ?(?:wib|wita|wit))?")


def read_clock(words: str, today: date) -> Clock:
    """A moment as people write it: `08.10`, `kemarin 14:30`, `24/11 pukul 08.10`. Raises Misread."""
    found = _TIME.fullmatch(" ".join(clean(words).lower().split()))
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:
        raise Misread(Misfit.NOT_A_DAY)
    return Clock(int(found[2]), int(found[3]), read_day(found[1], today) if found[1] else today)
