"""What lies open before somebody who looks after people: a list, somebody's card, or a form that is being filled in."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from bot.engine.people import Role
from bot.engine.staffing import Acting, ErasedFor, Post, Span


class Ask(StrEnum):
    """Which line of a form is asked for."""

    NAME = "name"
    UNIT = "unit"
    POSITION = "position"
    SINCE = "since"
    UNTIL = "until"
    STAND_IN = "stand-in"


@dataclass(frozen=True, slots=True)
class Directory:
    """A page of those who work here: of a unit, or found by words. With neither it is the list of units."""

    unit: str | None = None
    everyone: bool = False
    words: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody's card."""

    person: int


@dataclass(frozen=True, slots=True)
class Renaming:
    """What somebody is called."""

    person: int


@dataclass(frozen=True, slots=True)
class Numbering:
    """Somebody's NIP."""

    person: int


@dataclass(frozen=True, slots=True)
class Moving:
    """In which unit somebody works."""

    person: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class Empowering:
    """Which roles somebody has; those chosen so far."""

    person: int
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Positions:
    """Which positions somebody holds."""

    person: int


@dataclass(frozen=True, slots=True)
class Giving:
    """A position that somebody is to hold. Without a first day it is today, without a unit their own."""

    person: int
    position: str | None = None
    since: date | None = None
    until: date | None = None
    acting: Acting = Acting.DEFINITIVE
    unit: str | None = None
    asks: Ask | None = Ask.POSITION
    words: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """The last day on which somebody holds a position."""

    person: int
    holding: int


@dataclass(frozen=True, slots=True)
class Absences:
    """When somebody is away."""

    person: int


@dataclass(frozen=True, slots=True)
class Away:
    """A time in which somebody is to be away. Without a first day it is today."""

    person: int
    since: date | None = None
    until: date | None = None
    stand_in: int | None = None
    asks: Ask | None = None
    words: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Stopping:
    """Whether somebody's access is really to be stopped."""

    person: int


@dataclass(frozen=True, slots=True)
class Erasing:
    """Whether what is known of somebody is really to be erased, and why."""

    person: int
    why: ErasedFor | None = None


@dataclass(frozen=True, slots=True)
class Inviting:
    """With what somebody is to be let in: by an invitation, or, where it was asked for, at once."""

    roles: tuple[Role, ...] = (Role.PERFORMER,)
    unit: str | None = None
    positions: tuple[str, ...] = ()
    name: str = ""
    request: int | None = None
    asks: Ask | None = None
    words: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Invitations:
    """The invitations that can still be used."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class Requests:
    """Who has asked to be let in."""


@dataclass(frozen=True, slots=True)
class ListComing:
    """A list of people was sent, and is being fetched."""

    file: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list of people, as it was read. What is empty is left as it is."""

    line: int
    name: str
    nip: str = ""
    unit: str | None = None
    positions: tuple[Post, ...] = ()
    roles: tuple[Role, ...] = ()
    away: Span | None = None
    stand_in: str = ""  # a name or a NIP, as it was written


class Snag(StrEnum):
    """What is wrong with a line of a list, or, at line 0, with the whole of it."""

    NOT_FETCHED = "not fetched"
    NO_TEXT = "no text"
    TOO_LONG = "too long"
    NO_NAMES = "no names"
    NO_LINES = "no lines"
    NAME = "name"
    NAME_TWICE = "name twice"
    NAME_UNCLEAR = "name unclear"
    FORMULA = "formula"
    NIP = "nip"
    NIP_SHORTENED = "nip shortened"
    NIP_TWICE = "nip twice"
    UNIT = "unit"
    POSITION = "position"
    ROLE = "role"
    DAYS = "days"
    AWAY_NEW = "away new"
    STAND_IN = "stand-in"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong on a line: the words that are wrong, and what they may mean."""

    line: int
    snag: Snag
    words: str = ""
    likely: str = ""


@dataclass(frozen=True, slots=True)
class ListRead:
    """Whether the lines of a list are to be taken in; those with flaws are not among them."""

    lines: tuple[Listed, ...]
    flaws: tuple[Flaw, ...] = ()


Desk: TypeAlias = (
    Directory
    | Card
    | Renaming
    | Numbering
    | Moving
    | Empowering
    | Positions
    | Giving
    | Ending
    | Absences
    | Away
    | Stopping
    | Erasing
    | Inviting
    | Invitations
    | Requests
    | ListComing
    | ListRead
)
