"""How far a run kept to its SOP. What the figure means stands in docs/conformity.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class How(StrEnum):
    """How a visit of a step ended."""

    DONE = "done"
    SKIPPED = "skipped"
    """Left out, not applicable, or let go on though it could not be done."""
    AGAIN = "again"
    """It did not apply a second time, or may be left out, which is no deviation."""
    LEFT = "left"
    """Sent back before anything was done."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A step that a run was at. Unless it was left, it led to the step of the visit after it; the last to the end."""

    step: str
    how: How


def unexplained(trail: Sequence[Visit]) -> int:
    """How many visits of a finished run were worked though no allowed way explains them.

    On an allowed way each visit is where the one before it led. What lies outside of the way with the most work on it
    was done for nothing, since somebody sent the run back."""
    most: dict[str | None, int] = {}  # that an allowed way to each step can have on it
    following = [visit.step for visit in trail[1:]]
    for visit, target in zip(trail, [*following, None], strict=True):
        worked = most.get(visit.step, 0) + (visit.how is How.DONE)
        if visit.how is not How.LEFT:
            most[target] = max(most.get(target, 0), worked)
    return sum(visit.how is How.DONE for visit in trail) - most.get(None, 0)


def conformity(*, performed: int, skipped: int, extra: int, shortest: int) -> Decimal:
    """How far a run kept to its SOP, from 0 to 1.

    1 - (skipped + extra) / (performed + length of the shortest allowed way), never below 0."""
    return max(Decimal(0), 1 - Decimal(skipped + extra) / (performed + shortest))
