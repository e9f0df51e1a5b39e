"""Figures over many runs: which are meant, what is counted, and what lies open before whoever looks at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import TypeAlias

from bot.engine.calendar import Duration
from bot.engine.deviations import Kind

FEWEST = 5
"""Runs below which no rate is told: it would say more than so few can."""


class Span(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """A month, a quarter or a year of the calendar, from its first day on."""

    span: Span
    first: date

    @classmethod
    def around(cls, day: date, span: Span) -> "Period":
        """The period of that length in which `day` lies."""
        months = _MONTHS[span]
        return cls(span, date(day.year, (day.month - 1) // months * months + 1, 1))

    @property
    def next(self) -> "Period":
        """The one after it."""
        return Period(self.span, _months_later(self.first, _MONTHS[self.span]))

    @property
    def previous(self) -> "Period":
        """The one before it."""
        return Period(self.span, _months_later(self.first, -_MONTHS[self.span]))


def _months_later(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


class Stage(StrEnum):
    """Runs of a version in force, or on trial: the two are never counted together."""

    REGULAR = "regular"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which runs are counted: ended from `since` to before `until`; of an SOP, a version of it, units, a starter where
    given."""

    since: datetime
    until: datetime
    sop: str | None = None
    units: tuple[str, ...] | None = None
    starter: int | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Departures:
    """How often a step was departed from in one way."""

    sop: str
    step: str
    kind: Kind
    count: int


@dataclass(frozen=True, slots=True)
class StepTimes:
    """How long a step took: seconds of working time, in order, each with how often; and how often over its standard."""

    step: str
    seconds: Sequence[tuple[int, int]]
    over: int = 0
    standard: timedelta | None = None  # on average, as a day is not always as long
    waited: timedelta = timedelta()  # on average, from when it was offered until somebody accepted it

    @property
    def count(self) -> int:
        """How often it was measured."""
        return sum(times for _, times in self.seconds)

    @property
    def median(self) -> timedelta:
        """Half took no longer."""
        return self.quantile(0.5)

    @property
    def p90(self) -> timedelta:
        """Nine of ten took no longer."""
        return self.quantile(0.9)

    def quantile(self, share: float) -> timedelta:
        """The time within which that share of them was done."""
        place = ceil(share * self.count)
        for seconds, times in self.seconds:
            place -= times
            if place <= 0:
                return timedelta(seconds=seconds)
        raise ValueError("nothing was measured")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is counted of the runs of one stage in a scope. `fitness` is the mean conformity of the `done`.

    They took `worked` of the office's time on average and `waited` between performers; `elapsed`, day and night, of
    whoever applied for it."""

    done: int = 0
    stopped: int = 0
    clean: int = 0  # done without any deviation
    fitness: float | None = None
    performed: int = 0
    again: int = 0
    late: int = 0
    worked: timedelta = timedelta()
    waited: timedelta = timedelta()
    elapsed: timedelta = timedelta()
    departures: tuple[Departures, ...] = ()
    times: tuple[StepTimes, ...] = ()

    @property
    def deviations(self) -> int:
        """All of them."""
        return sum(one.count for one in self.departures)

    @property
    def by_kind(self) -> Sequence[tuple[Kind, int]]:
        """How often each kind, the most frequent first."""
        counts: dict[Kind, int] = {}
        for one in self.departures:
            counts[one.kind] = counts.get(one.kind, 0) + one.count
        return sorted(counts.items(), key=lambda found: -found[1])

    @property
    def by_step(self) -> Sequence[tuple[tuple[str, str], int]]:
        """How often at each step of each SOP, the most frequent first."""
        counts: dict[tuple[str, str], int] = {}
        for one in self.departures:
            counts[one.sop, one.step] = counts.get((one.sop, one.step), 0) + one.count
        return sorted(counts.items(), key=lambda found: -found[1])


class Verdict(StrEnum):
    """What a monitoring finds, in the words of Tabel 7."""

    WELL = "well"
    NOT_WELL = "not well"


@dataclass(frozen=True, slots=True)
class Monitored:
    """An SOP in a monitoring: its figures, how many deviations are grave, how many reports are unanswered, and what is
    planned by open follow-ups.

    The verdict is the rule's; None where too few runs were seen, so that whoever assesses decides."""

    sop: str
    figures: Figures
    grave: int
    reports: int
    verdict: Verdict | None
    plans: tuple[str, ...] = ()


def verdict(figures: Figures, grave: int, well_from: int) -> Verdict | None:
    """Well where the mean conformity reaches `well_from` per cent and nothing grave happened; None where runs are too
    few to tell."""
    if figures.done < FEWEST or figures.fitness is None:
        return None
    return Verdict.WELL if figures.fitness * 100 >= well_from and not grave else Verdict.NOT_WELL


WORKING_DAY = timedelta(hours=7, minutes=30)
"""A working day, as a standard time that is given in days counts it."""


def proposed(times: StepTimes) -> Duration | None:
    """A standard time that nine of ten would have kept, rounded up as people give times: to five minutes, half an hour,
    days. None where it was measured too seldom."""
    if times.count < FEWEST:
        return None
    minutes = max(1, ceil(times.p90.total_seconds() / 60))
    if minutes <= 55:
        return Duration.parse(f"{ceil(minutes / 5) * 5} menit")
    if times.p90 <= WORKING_DAY:
        return Duration.parse(f"{ceil(minutes / 30) / 2:g} jam".replace(".", ","))
    return Duration.parse(f"{ceil(times.p90 / WORKING_DAY)} hari")


def rate(part: float, whole: int) -> float | None:
    """A share of `whole` runs; None where they are too few to tell."""
    return part / whole if whole >= FEWEST else None


# What lies open before whoever looks at them


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a period: of all SOPs or one, of all units that one may see or one and those below it.

    Without a stage it is the regular runs, or, where there are none, those on trial."""

    period: Period
    sop: str | None = None
    unit: str | None = None
    stage: Stage | None = None


class By(StrEnum):
    """By what the figures are broken down."""

    SOP = "sop"
    UNIT = "unit"
    KIND = "kind"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The same figures, one line each SOP, unit, or step with its deviations."""

    of: Overview
    by: By
    page: int = 0


class Which(StrEnum):
    """Runs behind a number."""

    DONE = "done"
    STOPPED = "stopped"
    OPEN = "open"
    CLEAN = "clean"
    DEVIATING = "deviating"
    AGAIN = "again"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Behind:
    """A page of the runs behind a number; of those that deviate, at a step or in one way where given."""

    of: Overview
    which: Which
    kind: Kind | None = None
    step: str | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class Papers:
    """What can be had of these figures as a file."""

    of: Overview


@dataclass(frozen=True, slots=True)
class Versions:
    """Two versions of an SOP side by side."""

    of: Overview


Looking: TypeAlias = Overview | Breakdown | Behind | Papers | Versions


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """What is counted of a version since it is run. `worked` is the working time of a run on average."""

    digest: str
    trial: bool
    done: int
    stopped: int
    clean: int
    fitness: float | None
    deviations: int
    worked: timedelta


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of a breakdown: runs that are done, their mean conformity, and deviations."""

    done: int
    fitness: float | None
    deviations: int


@dataclass(frozen=True, slots=True)
class RunFound:
    """A run in a list of those behind a number."""

    id: int
    sop: str
    at: datetime
    fitness: float | None
    deviations: int


Lines: TypeAlias = Mapping[str, Counted]
