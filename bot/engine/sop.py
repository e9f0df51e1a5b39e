"""What a procedure is: its positions, its steps, what a step asks and where it leads."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from heapq import heappop, heappush
from typing import Generic, TypeAlias, TypeVar

from bot.engine.calendar import Duration

T = TypeVar("T", Decimal, date)

INITIATOR = "initiator"
"""Stands in `by` where whoever starts the run does the step."""


class Status(StrEnum):
    """The five states of a version, in the order of its life."""

    DRAFT = "draft"
    TRIAL = "trial"
    IN_FORCE = "in force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """PermenPAN-RB 35/2012: technical SOPs have one actor and say how, administrative ones several and say what."""

    TECHNICAL = "technical"
    ADMINISTRATIVE = "administrative"


class Scope(StrEnum):
    """PermenPAN-RB 35/2012: a macro SOP's activities are micro SOPs."""

    MICRO = "micro"
    MACRO = "macro"


@dataclass(frozen=True, slots=True)
class Position:
    """A jabatan. An external one is not in the bot: its steps are recorded by whoever holds `recorded_by`."""

    id: str
    title: str
    external: bool = False
    recorded_by: str | None = None


# What a step may ask to be entered


@dataclass(frozen=True, slots=True)
class Earlier:
    """The end of a range that is not a value but what was recorded earlier in the run under `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Range(Generic[T]):
    """From `low` to `high`, both included; None is open."""

    low: T | Earlier | None = None
    high: T | Earlier | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Words; with `digits` only digits, as many as from the first to the second number."""

    digits: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number. Outside `expect` it is accepted with a reason, outside `limit` it is asked again."""

    unit: str = ""
    expect: Range[Decimal] = Range()
    limit: Range[Decimal] = Range()


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date, with the same two ranges as a number."""

    expect: Range[date] = Range()
    limit: Range[date] = Range()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the options."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Any number of the options, at least one."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no."""


Asks: TypeAlias = Text | Number | Day | Choice | Choices | YesNo


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that the performer enters; `name` is unique in the SOP and differs from every step id."""

    name: str
    label: str
    asks: Asks
    required: bool = True
    example: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much proof a step wants."""

    photos: int = 0
    files: int = 0
    location: bool = False


# Where a step leads. `next` is a step's id, or None for the end of the run


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a decision. After being taken `max` times in a run, or after the day recorded at `until`, it leads
    to `then` instead of `next`. Where it wants a reason, `reasons` are those in the SOP's own words."""

    label: str
    next: str | None
    reason: bool = False
    max: int | None = None
    then: str | None = None
    until: Earlier | date | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Do:
    """A plain step: done, then on."""

    next: str | None


@dataclass(frozen=True, slots=True)
class Decide:
    """A decision, in the SOP's own words."""

    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Approve:
    """An approval; rejected it goes back to `reject` (None: it can only be approved)."""

    next: str | None
    reject: str | None = None
    sign: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """Another SOP as a child run."""

    sop: str
    next: str | None


Does: TypeAlias = Do | Decide | Approve | Child


@dataclass(frozen=True, slots=True)
class Offset:
    """A moment told from another: `wait` after (or `by` before) a step's last completion or a recorded date.

    In `not_before` and in `deadline: {after: …, within: …}` it is after, in `deadline: {before: …, by: …}` before."""

    anchor: str  # a step id or a record's name
    duration: Duration | None = None
    before: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """The latest moment for a step: of its end, or of its acceptance where `starts`."""

    at: Offset
    starts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the SOP's activity table. `number` counts from 1 in the order of the file."""

    id: str
    number: int
    text: str
    does: Does
    by: tuple[str, ...] = ()
    along: tuple[str, ...] = ()  # `with` in the file: named, confirms nothing
    phase: str = ""
    needs: tuple[str, ...] = ()
    within: Duration | None = None
    time_note: str = ""
    at_least: Duration | None = None
    output: tuple[str, ...] = ()
    note: str = ""
    help: str = ""
    warning: str = ""
    critical: bool = False
    optional: bool = False  # may be left out, which is no deviation
    record: tuple[Field, ...] = ()
    check: tuple[str, ...] = ()
    evidence: Evidence = Evidence()
    not_before: Offset | None = None
    deadline: Deadline | None = None

    def leads_to(self) -> Iterator[str | None]:
        """Every place where this step can lead, None being the end; a place may come twice."""
        match self.does:
            case Do(next=then) | Child(next=then):
                yield then
            case Approve(next=then, reject=back):
                yield then
                if back is not None:
                    yield back
            case Decide(ways=ways):
                for way in ways:
                    yield way.next
                    if way.max is not None or way.until is not None:
                        yield way.then


@dataclass(frozen=True, slots=True)
class Team:
    """The positions that write, watch over and decide on the SOP; its employee is whoever ran it."""

    author: str
    supervisor: str
    manager: str


@dataclass(frozen=True, slots=True)
class TrialRule:
    """The trial's window, counted from its start, and how much use it wants to have seen; None leaves it to the
    office."""

    opens: Duration
    due: Duration
    runs: int | None = None
    performers: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """How often the SOP is looked at, within which time it is revised, and how many days ahead of all that it is
    reminded of; None leaves it to the office."""

    trial: TrialRule | None = None
    monitor: Duration | None = None
    evaluate: Duration | None = None
    revise: Duration | None = None
    remind: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of the identity block."""

    made: date | None = None
    trial: date | None = None
    revised: date | None = None
    effective: date | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """A legal basis, with the day somebody last checked it."""

    text: str
    checked: date | None = None


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who approved the version."""

    position: str = ""
    name: str = ""
    nip: str = ""


@dataclass(frozen=True, kw_only=True)
class Sop:
    """One version of a procedure. `digest` tells its content apart from any other: it is taken over everything but
    status, dates and approved_by."""

    id: str
    title: str
    version: str
    kind: Kind
    unit: str
    team: Team
    positions: tuple[Position, ...]
    steps: tuple[Step, ...]
    digest: str
    number: str = ""
    status: Status = Status.DRAFT
    scope: Scope = Scope.MICRO
    aliases: tuple[str, ...] = ()
    continues: str | None = None
    approved_by: Signatory = Signatory()
    dates: Dates = Dates()
    legal_basis: tuple[Law, ...] = ()
    related: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    review: ReviewRule = field(default_factory=ReviewRule)

    @cached_property
    def _steps(self) -> dict[str, Step]:
        return {step.id: step for step in self.steps}

    @cached_property
    def _positions(self) -> dict[str, Position]:
        return {position.id: position for position in self.positions}

    @property
    def first(self) -> Step:
        """Where every run begins."""
        return self.steps[0]

    def step(self, step_id: str) -> Step:
        """The step of that id. Raises KeyError where there is none."""
        return self._steps[step_id]

    def position(self, position_id: str) -> Position | None:
        """The position of that id, None for `initiator`."""
        return self._positions.get(position_id)

    @cached_property
    def shortest(self) -> int:
        """The number of steps on the shortest allowed way from the first step to the end; one that may be left out is
        none of them.

        A way that leads elsewhere once it is used up must have been taken that often first. Raises ValueError where no
        way leads to the end."""
        left = _steps_left(self.steps)
        places: list[tuple[int, Step | None, frozenset[_Taken]]] = [(0, self.first, frozenset())]
        queue, seen = [(0, 0)], set()  # the most promising place first, as length at least and number in `places`
        while queue:
            passed, step, taken = places[heappop(queue)[1]]
            if step is None:
                return passed
            if (step.id, taken) in seen:
                continue
            seen.add((step.id, taken))
            passed += _weight(step)
            for target, after in _allowed(step, taken):
                if target in left:
                    heappush(queue, (passed + left[target], len(places)))
                    places.append((passed, None if target is None else self.step(target), after))
        raise ValueError(f"{self.id}: no way leads to the end")


def _steps_left(steps: tuple[Step, ...]) -> dict[str | None, int]:
    """How many steps lie before the end if every way were open: never more than there really are."""
    before: dict[str | None, list[Step]] = defaultdict(list)
    for step in steps:
        for target in step.leads_to():
            before[target].append(step)
    left: dict[str | None, int] = {}
    queue: deque[tuple[str | None, int]] = deque([(None, 0)])
    while queue:
        target, count = queue.popleft()
        if target in left:
            continue
        left[target] = count
        for step in before[target]:
            # what may be left out is no step farther, so it is looked at before those that are
            (queue.appendleft if step.optional else queue.append)((step.id, count + _weight(step)))
    return left


def _weight(step: Step) -> int:
    return 0 if step.optional else 1


_Taken: TypeAlias = tuple[str, int, int]
"""A step, one of its ways, and how often that was taken."""


def _allowed(step: Step, taken: frozenset[_Taken]) -> Iterator[tuple[str | None, frozenset[_Taken]]]:
    """Where a run that took these ways may go from `step`, and what it has taken then."""
    if not isinstance(step.does, Decide):
        yield from ((target, taken) for target in step.leads_to())
        return
    counts = {way: times for name, way, times in taken if name == step.id}
    for number, way in enumerate(step.does.ways):
        times = counts.get(number, 0)
        if way.max is None:
            yield way.next, taken
        elif times < way.max:
            yield way.next, taken - {(step.id, number, times)} | {(step.id, number, times + 1)}
        if way.until is not None or times == way.max:
            yield way.then, taken
