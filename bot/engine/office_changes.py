"""Something changed in the office that procedures rely on: a machine, a person, a place, a rule, a form."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.engine.run import FreeText
from bot.engine.sop import Sop


class Place(StrEnum):
    """Where in an SOP something is named that may change."""

    EQUIPMENT = "equipment"
    NEEDS = "needs"
    POSITIONS = "positions"
    LEGAL_BASIS = "legal_basis"
    RECORDS = "records"


@dataclass(frozen=True, slots=True)
class ChangeAnnounced:
    """Somebody said what changed, and that this SOP is to be looked at because of it."""

    text: FreeText


def named(sop: Sop) -> Iterator[tuple[Place, str]]:
    """Everything that an SOP names and that may change without it."""
    yield from ((Place.EQUIPMENT, text) for text in sop.equipment)
    yield from ((Place.NEEDS, text) for step in sop.steps for text in step.needs)
    yield from ((Place.POSITIONS, position.title) for position in sop.positions)
    yield from ((Place.LEGAL_BASIS, law.text) for law in sop.legal_basis)
    yield from ((Place.RECORDS, text) for text in sop.records)
