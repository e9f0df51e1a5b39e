"""What the buttons of /ganti send back. `ask` is the question that a button answers."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class TickTouched:
    """Take the n-th SOP as touched, or not."""

    ask: int
    number: int
    on: bool


@dataclass(frozen=True, slots=True)
class TurnTouched:
    """Another page of them."""

    ask: int
    page: int


@dataclass(frozen=True, slots=True)
class Announce:
    """Have those that are ticked looked at."""

    ask: int


OfficeChangeTap: TypeAlias = TickTouched | TurnTouched | Announce

CODES: dict[str, type] = {"gt": TickTouched, "gp": TurnTouched, "ga": Announce}
"""How each is written behind a button."""
