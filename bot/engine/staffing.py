"""Who holds which position from when to when, who is away, and what of it the journal keeps."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.engine.people import Role
from bot.engine.run import FreeText


class Acting(StrEnum):
    """As what a position is held: for good, while it is vacant (Plt.), or while its holder is away (Plh.)."""

    DEFINITIVE = "definitive"
    PLT = "plt"
    PLH = "plh"


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last day, both included; without a last day it goes on."""

    since: date
    until: date | None = None

    @property
    def is_real(self) -> bool:
        """Whether it has any day at all."""
        return self.until is None or self.since <= self.until

    def covers(self, day: date) -> bool:
        """Whether `day` is one of its days."""
        return self.since <= day and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Whether its last day lies before `day`."""
        return self.until is not None and self.until < day

    def meets(self, other: "Span") -> bool:
        """Whether both have a day in common."""
        return (other.until is None or self.since <= other.until) and (self.until is None or other.since <= self.until)


@dataclass(frozen=True, slots=True)
class Holding:
    """That somebody holds a position. `unit` is where, if not in their own unit."""

    id: int
    person: int
    position: str
    span: Span
    acting: Acting = Acting.DEFINITIVE
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A position as somebody is to hold it. Without a first day it begins on the day on which it is given."""

    position: str
    since: date | None = None
    until: date | None = None
    acting: Acting = Acting.DEFINITIVE

    def days(self, given: date) -> Span:
        """From when to when it is held, where it is given on that day."""
        return Span(self.since or given, self.until)


@dataclass(frozen=True, slots=True)
class Absence:
    """That somebody is away. Whoever stands in does meanwhile what their positions do."""

    id: int
    person: int
    span: Span
    stand_in: int | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who is there to do what a position does in a unit."""

    position: str
    unit: str | None
    person: int


def nearest(seats: Iterable[Seat], units: Sequence[str | None]) -> dict[str, tuple[int, ...]]:
    """Of each position those who sit in the first of the `units` where anybody does, else everyone; each once."""
    taken: dict[str, list[Seat]] = {}
    for seat in seats:
        taken.setdefault(seat.position, []).append(seat)
    return {position: _nearest(sitting, units) for position, sitting in taken.items()}


def _nearest(sitting: Sequence[Seat], units: Sequence[str | None]) -> tuple[int, ...]:
    by_unit = ([seat for seat in sitting if seat.unit == unit] for unit in units if unit is not None)
    return tuple(dict.fromkeys(seat.person for seat in next(filter(None, by_unit), sitting)))


# The number of an official


class NipFault(StrEnum):
    """What is wrong with a NIP."""

    LENGTH = "length"
    BIRTH = "birth"
    APPOINTED = "appointed"
    SEX = "sex"


_NIP = re.compile(r"([0-9]{8})([0-9]{4})([0-9]{2})([0-9])[0-9]{3}", re.ASCII)
_CONTRACTS = range(21, 30)
"""Stand where the month of appointment stands, for those who serve by contract (PPPK)."""


def read_nip(words: str, today: date) -> str | NipFault:
    """The 18 digits that somebody wrote, with or without blanks, or what is wrong with them."""
    digits = re.sub(r"[\s.'-]", "", words)
    found = _NIP.fullmatch(digits)
    if found is None:
        return NipFault.LENGTH
    born, year, month, sex = _day(found[1]), int(found[2]), int(found[3]), found[4]
    if born is None or not 15 <= today.year - born.year <= 100:
        return NipFault.BIRTH
    if not born.year + 15 <= year <= today.year + 1 or not (1 <= month <= 12 or month in _CONTRACTS):
        return NipFault.APPOINTED
    return digits if sex in "12" else NipFault.SEX


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


# Why a change of people is not made


class Denial(StrEnum):
    """Why something about people is not done."""

    STALE = "stale"
    FORBIDDEN = "forbidden"
    NOBODY = "nobody"
    ONESELF = "oneself"
    ABOVE = "above"
    NO_ROLE = "no role"
    LAST_ADMIN = "last admin"
    NO_NAME = "no name"
    NIP_TAKEN = "nip taken"
    NO_DAYS = "no days"
    HELD_ALREADY = "held already"
    AWAY_ALREADY = "away already"
    BEFORE_BEGIN = "before begin"
    IS_OVER = "is over"
    ANSWERED = "answered"
    VOID = "void"
    HAS_ACCESS = "has access"
    HAS_STEPS = "has steps"
    IN_USE = "in use"


class Denied(Exception):
    """Something about people is not done."""

    def __init__(self, why: Denial) -> None:
        super().__init__(why.value)
        self.why = why


# What happens. Each is one entry of the journal, which knows who did it and when; `person` is to whom


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody may use the bot from now on: by an invitation, by a request, or, with neither, by the settings."""

    person: int
    roles: tuple[Role, ...]
    unit: str | None = None
    invitation: int | None = None
    request: int | None = None


@dataclass(frozen=True, slots=True)
class RolesChanged:
    """Somebody may do other things in the bot."""

    person: int
    before: tuple[Role, ...]
    after: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class UnitChanged:
    """Somebody works in another unit."""

    person: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class NameChanged:
    """Somebody is called otherwise."""

    person: int
    before: FreeText
    after: FreeText


@dataclass(frozen=True, slots=True)
class NipChanged:
    """Somebody has another NIP; empty is none."""

    person: int
    before: FreeText
    after: FreeText


@dataclass(frozen=True, slots=True)
class PositionGiven:
    """Somebody holds a position."""

    person: int
    holding: int
    position: str
    since: date
    until: date | None
    acting: Acting
    unit: str | None


@dataclass(frozen=True, slots=True)
class PositionEnded:
    """Somebody holds a position until another day than before; `after` None: it never began, and is taken back."""

    person: int
    holding: int
    position: str
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class PinChosen:
    """Somebody chose the PIN with which they sign, or another one."""

    person: int


@dataclass(frozen=True, slots=True)
class PinCleared:
    """Somebody's PIN was taken away; they choose a new one when they next sign."""

    person: int


@dataclass(frozen=True, slots=True)
class PinLocked:
    """A wrong PIN was typed too often; until then nothing can be signed."""

    person: int
    until: datetime


@dataclass(frozen=True, slots=True)
class WentAway:
    """Somebody is away, with or without a stand-in."""

    person: int
    absence: int
    since: date
    until: date | None
    stand_in: int | None


@dataclass(frozen=True, slots=True)
class CameBack:
    """Somebody is back earlier than planned; `after` None: they never went."""

    person: int
    absence: int
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class AccessStopped:
    """Somebody may not use the bot any more."""

    person: int


@dataclass(frozen=True, slots=True)
class AccessRestored:
    """Somebody may use the bot again."""

    person: int


class ErasedFor(StrEnum):
    """Why what is known of somebody is erased."""

    ASKED = "asked"
    """They asked for it."""
    LEFT = "left"
    """They work here no more."""
    TERM = "term"
    """The time for which it is kept is over."""


@dataclass(frozen=True, slots=True)
class PersonErased:
    """What was known of somebody was erased: the words of so many entries, and so many files."""

    person: int
    why: ErasedFor
    entries: int
    files: int


@dataclass(frozen=True, slots=True)
class AccessAsked:
    """A stranger asked to be let in."""

    request: int
    person: int


@dataclass(frozen=True, slots=True)
class AccessRefused:
    """A stranger was not let in."""

    request: int
    person: int


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody was invited; whoever uses the invitation is admitted with this."""

    invitation: int
    roles: tuple[Role, ...]
    unit: str | None
    positions: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationRevoked:
    """An invitation was taken back before anyone used it."""

    invitation: int
