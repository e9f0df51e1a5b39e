"""A draft of an SOP's next version: what is changed in it by a tap or a short answer, and what is asked meanwhile."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never

from bot.engine.proposals import Proposal, Remedy
from bot.engine.run import FreeText

# What changes a draft


@dataclass(frozen=True, slots=True)
class StepReworded:
    """What is to be done at a step is said in other words."""

    step: str
    text: str


@dataclass(frozen=True, slots=True)
class StepTimed:
    """A step has another standard time, in the words of the file; empty: it has none."""

    step: str
    within: str


@dataclass(frozen=True, slots=True)
class StepSupplied:
    """A step needs other things at hand."""

    step: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepLoosened:
    """A step may be left out, or no more."""

    step: str
    optional: bool


@dataclass(frozen=True, slots=True)
class StepRaised:
    """A step stands one place further up."""

    step: str


@dataclass(frozen=True, slots=True)
class StepLowered:
    """A step stands one place further down."""

    step: str


@dataclass(frozen=True, slots=True)
class StepDropped:
    """A step goes."""

    step: str


@dataclass(frozen=True, slots=True)
class LimitMoved:
    """A number that is entered at a step is usual within other ends, in the words of the file; None is open."""

    step: str
    record: str
    low: str | None
    high: str | None


Edit: TypeAlias = (
    StepReworded | StepTimed | StepSupplied | StepLoosened | StepRaised | StepLowered | StepDropped | LimitMoved
)


# What is asked


class Part(StrEnum):
    """A part of a step that is typed anew."""

    TEXT = "text"
    WITHIN = "within"
    NEEDS = "needs"


@dataclass(frozen=True, slots=True)
class DraftOpen:
    """A draft lies open: what it changes, and what is proposed."""

    draft: int


@dataclass(frozen=True, slots=True)
class ProposalOpen:
    """Whether a proposal is taken."""

    draft: int
    proposal: int


@dataclass(frozen=True, slots=True)
class RunsOpen:
    """The runs behind a proposal are looked at."""

    draft: int
    proposal: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class ProposalRefusing:
    """Why a proposal is not taken."""

    draft: int
    proposal: int


@dataclass(frozen=True, slots=True)
class StepsOpen:
    """Which step of a draft is to be changed."""

    draft: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class StepOpen:
    """What of a step is to be changed."""

    draft: int
    step: str


@dataclass(frozen=True, slots=True)
class StepRewriting:
    """How a part of a step is to read."""

    draft: int
    step: str
    part: Part


@dataclass(frozen=True, slots=True)
class DraftDiscarding:
    """Whether a draft is really to be given up."""

    draft: int


Drafting: TypeAlias = (
    DraftOpen | ProposalOpen | RunsOpen | ProposalRefusing | StepsOpen | StepOpen | StepRewriting | DraftDiscarding
)
"""What lies open before an author."""


# Events


@dataclass(frozen=True, slots=True)
class DraftOpened:
    """A draft was opened: by the decision of a review, where `review` says of which, or by an author."""

    draft: int
    digest: str
    review: int | None


@dataclass(frozen=True, slots=True)
class DraftEdited:
    """A draft was changed in the chat; `digest` is its content now."""

    draft: int
    edit: Edit
    digest: str


@dataclass(frozen=True, slots=True)
class DraftUndone:
    """The last change of a draft was taken back; `digest` is its content now. A proposal that was
    taken so is open again."""

    draft: int
    digest: str


@dataclass(frozen=True, slots=True)
class DraftDiscarded:
    """A draft was given up; `digest` was its content. What was proposed for it is free for another."""

    draft: int
    digest: str


@dataclass(frozen=True, slots=True)
class DraftReplaced:
    """A draft has the content of its file from now on; what was changed in it before is given up, and the
    proposals that were taken so are open again."""

    draft: int
    digest: str


@dataclass(frozen=True, slots=True)
class FilePassed:
    """A draft stays as it is, and what its file says meanwhile is given up."""

    draft: int
    digest: str


@dataclass(frozen=True, slots=True)
class ProposalTaken:
    """A proposal was taken."""

    draft: int
    proposal: int
    remedy: str


@dataclass(frozen=True, slots=True)
class ProposalRefused:
    """A proposal was not taken."""

    draft: int
    proposal: int
    text: FreeText


@dataclass(frozen=True, slots=True)
class VersionWritten:
    """The file of a version that was made in the chat was written, or, where `why` says so, was not."""

    draft: int
    digest: str
    why: str = ""


# What follows from what


def edit_of(what: Proposal, remedy: Remedy) -> Edit | None:
    """What a proposal changes in a draft where it is taken in that way; None where it changes nothing by itself."""
    if what.step is None:
        return None
    match remedy:
        case Remedy.OPTIONAL:
            return StepLoosened(what.step, optional=True)
        case Remedy.REMOVE:
            return StepDropped(what.step)
        case Remedy.TIME:
            return StepTimed(what.step, what.within)
        case Remedy.RAISE:
            return StepRaised(what.step)
        case Remedy.LIMIT:
            return LimitMoved(what.step, what.record, what.low, what.high)
        case Remedy.WORDING:
            return StepReworded(what.step, what.text)
        case Remedy.BY_HAND | Remedy.TRAIN:
            return None
        case _:
            assert_never(remedy)


def next_version(version: str, taken: Collection[str]) -> str:
    """What the version after that one is called: its last number is one higher. None of those `taken` is called so."""
    found = re.search(r"(\d+)(?!.*\d)", version)
    if found is None:
        return next_version(f"{version} 1", taken)
    after = f"{version[: found.start()]}{int(found[0]) + 1}{version[found.end() :]}"
    return next_version(after, taken) if after in taken else after
