"""What the buttons around a draft send back."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class DraftMove(StrEnum):
    """What a tap on the card of a draft does."""

    PROPOSAL = "p"
    TAKE = "t"
    REFUSE = "n"
    RUNS = "r"
    STEPS = "s"
    STEP = "e"
    PART = "w"
    NO_TIME = "z"
    LOOSEN = "o"
    BIND = "b"
    UP = "u"
    DOWN = "d"
    DROP = "x"
    UNDO = "y"
    DISCARD = "c"
    SURE = "j"
    SEND = "f"
    USE_FILE = "a"
    KEEP = "k"
    TURN = "g"
    BACK = "q"


NOWHERE = "-"
"""Stands behind a move that leads to nothing in particular."""


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """Open the draft of an SOP, or begin one."""

    sop: str


@dataclass(frozen=True, slots=True)
class OnDraft:
    """A move on the card of a draft, for the open question."""

    ask: int
    move: str
    to: str


DraftTap: TypeAlias = OpenDraft | OnDraft

CODES: dict[str, type] = {"w": OpenDraft, "e": OnDraft}
"""How each is written behind a button."""
