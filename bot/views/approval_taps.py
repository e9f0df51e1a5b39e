"""What the buttons around the approval of a version send back."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Submit:
    """Ask that the draft of an SOP be approved."""

    sop: str


@dataclass(frozen=True, slots=True)
class ShowVersion:
    """Open what waits for one's approval."""

    approval: int


@dataclass(frozen=True, slots=True)
class Endorse:
    """Approve a version at that stage; at the last one it goes in force."""

    approval: int
    stage: int


@dataclass(frozen=True, slots=True)
class EndorseTrial:
    """Approve a version at the last stage, for a new trial."""

    approval: int
    stage: int


@dataclass(frozen=True, slots=True)
class TurnDown:
    """Do not approve a version at that stage; why, is asked."""

    approval: int
    stage: int


@dataclass(frozen=True, slots=True)
class WalkVersion:
    """Walk a version as a rehearsal before one approves it."""

    approval: int


ApprovalTap: TypeAlias = Submit | ShowVersion | Endorse | EndorseTrial | TurnDown | WalkVersion

CODES: dict[str, type] = {
    "vs": Submit,
    "vo": ShowVersion,
    "va": Endorse,
    "vt": EndorseTrial,
    "vn": TurnDown,
    "vw": WalkVersion,
}
"""How each is written behind a button."""
