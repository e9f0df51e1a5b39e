"""What runs propose for the next version: a deviation that keeps coming back, and what could be changed about it.

The rules, each in one function below. Nothing is proposed from less than FEWEST runs, nor where less than OFTEN of them
departed from the SOP at that step in that way.

- Left out, or not applicable: the step may be left out, or goes; a critical one does neither.
- Late: its standard time is what nine of ten would have kept, where that is longer.
- Done in another order: it stands one place further up.
- A number outside its usual range: each end moves out to where nine of ten lie, within what is allowed at all.

People may always be trained instead, and the SOP stays as it is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import TypeAlias

from bot.engine.calendar import Duration
from bot.engine.deviations import Kind
from bot.engine.figures import FEWEST, StepTimes, proposed
from bot.engine.sop import Do, Earlier, Field, Number, Sop, Step

OFTEN = Fraction(1, 3)
"""Share of the runs from which on a departure is one of the SOP rather than of people."""


class Cause(StrEnum):
    """Why something is proposed."""

    LEFT_OUT = "left out"
    LATE = "late"
    ORDER = "order"
    BEYOND = "beyond"
    REPORT = "report"


class Remedy(StrEnum):
    """What is done where a proposal is taken. The last two leave the draft as it is."""

    OPTIONAL = "optional"
    REMOVE = "remove"
    TIME = "time"
    RAISE = "raise"
    LIMIT = "limit"
    WORDING = "wording"
    BY_HAND = "by hand"
    TRAIN = "train"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that is proposed, and the ways to take it. `times` of `of` runs depart so, by so many `people`, 0 where
    it is not known; `runs` are some of them.

    `within`: the new standard time; `record`, `low`, `high`: the new range; `text`: the new wording; `report`: the
    number of the report that it comes from."""

    cause: Cause
    step: str | None
    remedies: tuple[Remedy, ...]
    times: int = 0
    of: int = 0
    runs: tuple[int, ...] = ()
    within: str = ""
    record: str = ""
    low: str | None = None
    high: str | None = None
    text: str = ""
    report: int | None = None
    people: int = 0


@dataclass(frozen=True, slots=True)
class Departure:
    """That a run departed from a step in some way, with a person; `detail` names the record that was out of range."""

    run: int
    person: int
    step: str
    kind: Kind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a version: how many runs were done, how they departed from it, how long its steps took, and
    which numbers were entered, by the name of the record."""

    done: int
    departures: Sequence[Departure]
    times: Mapping[str, StepTimes]
    entered: Mapping[str, Sequence[Decimal]]


MOST_RUNS = 40
"""Runs behind a proposal that are kept with it, the latest."""

_LEFT_OUT = (Kind.SKIPPED, Kind.NOT_APPLICABLE)


def proposals(sop: Sop, seen: Seen) -> tuple[Proposal, ...]:
    """What is proposed, step by step."""
    if seen.done < FEWEST:
        return ()
    return tuple(one for step in sop.steps for one in _of_step(step, seen))


def _of_step(step: Step, seen: Seen) -> Iterator[Proposal]:
    yield from _left_out(step, seen)
    yield from _late(step, seen)
    yield from _order(step, seen)
    for field in step.record:
        yield from _beyond(step, field, seen)


def _left_out(step: Step, seen: Seen) -> Iterator[Proposal]:
    found = _departed(seen, step, _LEFT_OUT)
    if _often(found, seen) and not step.optional:
        may_go = isinstance(step.does, Do) and not step.critical
        remedies = (Remedy.OPTIONAL, Remedy.REMOVE, Remedy.TRAIN) if may_go else (Remedy.BY_HAND, Remedy.TRAIN)
        yield _counted(Cause.LEFT_OUT, step, remedies, found, seen)


def _late(step: Step, seen: Seen) -> Iterator[Proposal]:
    found, times = _departed(seen, step, (Kind.OVER_TIME,)), seen.times.get(step.id)
    if not _often(found, seen) or step.within is None:
        return
    longer = _longer(step.within, times)
    remedies = (Remedy.TIME, Remedy.TRAIN) if longer else (Remedy.BY_HAND, Remedy.TRAIN)
    yield replace(_counted(Cause.LATE, step, remedies, found, seen), within=longer)


def _longer(within: Duration, times: StepTimes | None) -> str:
    """The standard time that nine of ten would have kept, empty where it is not longer than it is now."""
    better = proposed(times) if times else None
    if times is None or better is None or times.standard is None or times.p90 <= times.standard:
        return ""
    return better.text if better.text != within.text else ""


def _order(step: Step, seen: Seen) -> Iterator[Proposal]:
    found = _departed(seen, step, (Kind.ORDER,))
    if _often(found, seen) and step.number > 1:
        yield _counted(Cause.ORDER, step, (Remedy.RAISE, Remedy.TRAIN), found, seen)


def _beyond(step: Step, field: Field, seen: Seen) -> Iterator[Proposal]:
    found = [one for one in _departed(seen, step, (Kind.OUT_OF_RANGE,)) if one.detail == field.label]
    if not _often(found, seen):
        return
    wider = _wider(field, seen.entered.get(field.name, ()))
    remedies = (Remedy.LIMIT, Remedy.TRAIN) if wider else (Remedy.BY_HAND, Remedy.TRAIN)
    low, high = wider or (None, None)
    yield replace(_counted(Cause.BEYOND, step, remedies, found, seen), record=field.name, low=low, high=high)


def _wider(field: Field, entered: Sequence[Decimal]) -> tuple[str | None, str | None] | None:
    """The ends between which nine of ten of what was entered lie, none of them further in than now."""
    match field.asks:
        case Number(expect=expect, limit=limit) if len(entered) >= FEWEST:
            pass
        case _:
            return None
    values = sorted(entered)
    most = ceil(len(values) * 0.9)
    low = _moved(min, expect.low, values[len(values) - most], limit.low, max)
    high = _moved(max, expect.high, values[most - 1], limit.high, min)
    return None if (low, high) == (expect.low, expect.high) else (_written(low), _written(high))


_End: TypeAlias = Decimal | Earlier | None
_Pick: TypeAlias = Callable[[Decimal, Decimal], Decimal]


def _moved(outer: _Pick, now: _End, seen: Decimal, hard: _End, inner: _Pick) -> _End:
    """An end that is moved outwards to what was seen, but not beyond what is allowed. What is no number stays."""
    if not isinstance(now, Decimal):
        return now
    wanted = outer(now, seen)
    return inner(wanted, hard) if isinstance(hard, Decimal) else wanted


def _written(end: _End) -> str | None:
    match end:
        case Decimal():
            text = f"{end.normalize():f}"
            # with three digits behind its point it could be read as thousands
            return f"{text}0" if text[-4:-3] == "." else text
        case Earlier(name=name):
            return name
        case None:
            return None


def _departed(seen: Seen, step: Step, kinds: Sequence[Kind]) -> list[Departure]:
    return [one for one in seen.departures if one.step == step.id and one.kind in kinds]


def _runs(found: Sequence[Departure]) -> tuple[int, ...]:
    return tuple(sorted({one.run for one in found}, reverse=True))


def _often(found: Sequence[Departure], seen: Seen) -> bool:
    return bool(found) and Fraction(len(_runs(found)), seen.done) >= OFTEN


def _counted(
    cause: Cause, step: Step, remedies: tuple[Remedy, ...], found: Sequence[Departure], seen: Seen
) -> Proposal:
    runs, people = _runs(found), len({one.person for one in found})
    return Proposal(cause, step.id, remedies, len(runs), seen.done, runs[:MOST_RUNS], people=people)
