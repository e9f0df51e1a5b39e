"""What one version of an SOP says otherwise than another: each change by itself, none of them left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from bot.engine.sop import Approve, Child, Decide, Do, Sop, Step


@dataclass(frozen=True, slots=True)
class StepAdded:
    """A step that was not there before."""

    step: Step


@dataclass(frozen=True, slots=True)
class StepRemoved:
    """A step that is there no more, with the number that it had."""

    step: Step


@dataclass(frozen=True, slots=True)
class StepMoved:
    """A step that stands at another place among those that stayed, with the number that it had."""

    step: Step
    before: int


@dataclass(frozen=True, slots=True)
class StepChanged:
    """A part of a step that says something else; `step` is the new one, `part` the name of its field."""

    step: Step
    part: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Changed:
    """A part of the SOP as a whole that says something else; `part` is the name of its field."""

    part: str
    before: Any
    after: Any


Change: TypeAlias = StepAdded | StepRemoved | StepMoved | StepChanged | Changed

BELOW = "below"
"""Where a step leads that simply leads to the one below it: nothing changes there where that is another one now."""

NO_CONTENT = frozenset({"version", "digest", "status", "dates", "approved_by", "steps"})
"""What tells versions apart or how they stand, beside the steps, which are compared one by one."""


def differences(old: Sop, new: Sop) -> tuple[Change, ...]:
    """Everything that `new` says otherwise than `old`: first of the whole, then step by step in the new order, then
    what was removed. Nothing if, and only if, the two say the same."""
    return (*_of_the_whole(old, new), *_of_the_steps(old, new))


def _of_the_whole(old: Sop, new: Sop) -> Iterator[Change]:
    for one in fields(Sop):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if one.name not in NO_CONTENT and before != after:
            yield Changed(one.name, before, after)


def _of_the_steps(old: Sop, new: Sop) -> Iterator[Change]:
    known = {step.id for step in old.steps}
    kept = {step.id for step in new.steps} & known
    before, after = [one.id for one in old.steps if one.id in kept], [one.id for one in new.steps if one.id in kept]
    moved = kept - set(_in_order(before, after))
    for step in new.steps:
        if step.id not in known:
            yield StepAdded(step)
            continue
        if step.id in moved:
            yield StepMoved(step, old.step(step.id).number)
        yield from _of_a_step(_compared(old, step.id), _compared(new, step.id), step)
    yield from (StepRemoved(step) for step in old.steps if step.id not in kept)


def _in_order(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Steps that stand in the same order in both; the others are those that were moved."""
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        yield from before[block.a : block.a + block.size]


def _of_a_step(old: Step, new: Step, shown: Step) -> Iterator[Change]:
    for one in fields(Step):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if one.name != "number" and before != after:
            yield StepChanged(shown, one.name, before, after)


def _compared(sop: Sop, name: str) -> Step:
    """The step with BELOW in place of the id of the step below it."""
    step = sop.step(name)
    following = sop.steps[step.number].id if step.number < len(sop.steps) else None
    return replace(step, does=_leading(step.does, following))


def _leading(does: Do | Decide | Approve | Child, following: str | None) -> Do | Decide | Approve | Child:
    match does:
        case Decide(ways=ways):
            return Decide(tuple(replace(way, next=_place(way.next, following)) for way in ways))
        case _:
            return replace(does, next=_place(does.next, following))


def _place(target: str | None, following: str | None) -> str | None:
    return BELOW if target == following else target
