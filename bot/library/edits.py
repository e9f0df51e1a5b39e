"""The text of a draft: changed as its author asks, numbered as the next version, and judged as any file is."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import assert_never

from bot.engine import drafting as d
from bot.engine.sop import Approve, Child, Decide, Do, Sop, Step
from bot.library.folder import File, arrange
from bot.library.problems import Problem
from bot.library.reader import read
from bot.library.splice import CannotSplice, drop, put, swap

_MARK = "\ufeff"
"""What some editors write before the first sign of a file."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a text gives: its procedure, None where a problem is more than a warning; and all that is wrong."""

    sop: Sop | None
    problems: tuple[Problem, ...]


def judged(text: str, name: str, beside: Collection[Sop] = ()) -> Judged:
    """What `check` says of a text, beside the other SOPs; `name` is how its problems name the file."""
    reading = read(text.encode(), name)
    path = FilePath(name)
    shelf = arrange({path: File(None, reading, reading.sop)}, beside)
    return Judged(next(iter(shelf.sops), None), tuple(one for one in shelf.problems if not one.warning))


def digest_of(text: str) -> str:
    """By what a text is known again."""
    return hashlib.sha256(text.encode()).hexdigest()


def numbered(text: str, version: str) -> str:
    """The text as that version. Raises CannotSplice."""
    return _marked(text, lambda bare: put(bare, ("version",), version))


def edited(text: str, sop: Sop, edit: d.Edit) -> str:
    """The text of `sop` with one thing changed, and everything else as it was. Raises CannotSplice."""
    step = next((one for one in sop.steps if one.id == edit.step), None)
    if step is None:
        raise CannotSplice(edit.step)
    return _marked(text, lambda bare: _edited(bare, step, edit))


def _marked(text: str, change: Callable[[str], str]) -> str:
    bare = text.removeprefix(_MARK)
    return text[: len(text) - len(bare)] + change(bare)


def _edited(text: str, step: Step, edit: d.Edit) -> str:
    place = step.number - 1
    match edit:
        case d.StepReworded(text=words):
            return put(text, ("steps", place, _key_of(step)), words)
        case d.StepTimed(within=within):
            return put(text, ("steps", place, "within"), within)
        case d.StepSupplied(needs=needs):
            return put(text, ("steps", place, "needs"), needs[0] if len(needs) == 1 else needs)
        case d.StepLoosened(optional=optional):
            return put(text, ("steps", place, "optional"), "true" if optional else "false")
        case d.StepRaised():
            return swap(text, place - 1)
        case d.StepLowered():
            return swap(text, place)
        case d.StepDropped():
            return drop(text, place)
        case d.LimitMoved(record=name, low=low, high=high):
            record = next((number for number, one in enumerate(step.record) if one.name == name), None)
            if record is None:
                raise CannotSplice(name)
            return put(text, ("steps", place, "record", record, "expect"), (low, high))
        case _:
            assert_never(edit)


def _key_of(step: Step) -> str:
    match step.does:
        case Do():
            return "do"
        case Decide():
            return "decide"
        case Approve():
            return "approve"
        case Child():
            raise CannotSplice(step.id)  # it is called as the SOP is that it runs
        case _:
            assert_never(step.does)
