"""A new version is approved by others than who submitted it, one after another as the office has it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.engine.people import Role
from bot.engine.run import FreeText
from bot.engine.sop import Status

USUAL_CHAIN = (Role.SUPERVISOR, Role.MANAGER)
"""Who approves a version, in this order, where the office says nothing."""


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who may approve versions of the SOP's unit, by their roles."""

    id: int
    roles: frozenset[Role]


def approvers(chain: Sequence[Role], stage: int, among: Iterable[Approver], barred: frozenset[int]) -> tuple[int, ...]:
    """Who may approve at a stage, but those `barred`: whoever submitted or wrote the version, or approved it before.

    Where nobody left has the role of the stage, an admin may. A stage beyond the end of the
    chain, which the office has shortened since, is its last."""
    role = chain[min(stage, len(chain) - 1)]
    free = [one for one in among if one.id not in barred]
    asked = tuple(one.id for one in free if role in one.roles)
    return asked or tuple(one.id for one in free if Role.ADMIN in one.roles)


@dataclass(frozen=True, slots=True)
class VersionSubmitted:
    """An author asks that a version be approved."""

    approval: int
    digest: str


@dataclass(frozen=True, slots=True)
class VersionApproved:
    """A version was approved at a stage; at the last one `status` is what it became, its content frozen as `digest`."""

    approval: int
    stage: int
    digest: str
    status: Status | None


class Meaning(StrEnum):
    """What a signature under a version means, as the official form says it: agreed to, or, by the last, enacted."""

    APPROVED = "disetujui"
    ENACTED = "disahkan"


@dataclass(frozen=True, slots=True)
class VersionSigned:
    """An approval of a version was signed with the PIN of whoever gave it, who is known by these words."""

    approval: int
    digest: str
    meaning: Meaning
    position: str | None
    name: FreeText
    nip: FreeText


@dataclass(frozen=True, slots=True)
class VersionTurnedDown:
    """A version was not approved; it stays a draft."""

    approval: int
    stage: int
    text: FreeText


@dataclass(frozen=True, slots=True)
class ChangeUnderstood:
    """Somebody said, before their first run of a version, that they understood what it changes."""

    digest: str
