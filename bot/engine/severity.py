"""How severe a deviation is: by rules that an office reads and sets."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from bot.engine.calendar import Duration
from bot.engine.deviations import Kind, Severity
from bot.engine.run import Deviated, Event
from bot.engine.sop import Sop, Step


@dataclass(frozen=True, slots=True)
class Rule:
    """Deviations of a kind are this severe; where it says more, only those at a critical step, those later than so much
    working time, those more than so many percent beyond the usual range."""

    kind: Kind
    severity: Severity
    critical: bool = False
    later_than: timedelta | None = None
    beyond: int | None = None

    def holds(self, departed: Deviated, step: Step) -> bool:
        """Whether the deviation, at `step`, is one of those."""
        return (
            departed.kind is self.kind
            and (step.critical or not self.critical)
            and _over(departed.late, self.later_than)
            and _over(departed.beyond, None if self.beyond is None else Decimal(self.beyond))
        )


def _over(much: timedelta | Decimal | None, least: timedelta | Decimal | None) -> bool:
    return least is None or (much is not None and much > least)  # type: ignore[operator]


USUAL = (
    Rule(Kind.SKIPPED, Severity.MEDIUM, critical=True),
    Rule(Kind.NOT_APPLICABLE, Severity.MEDIUM, critical=True),
    Rule(Kind.CANNOT, Severity.MEDIUM),
    Rule(Kind.CANNOT, Severity.GRAVE, critical=True),
    Rule(Kind.NO_OUTPUT, Severity.MEDIUM),
    Rule(Kind.EVIDENCE_MISSING, Severity.MEDIUM),
    Rule(Kind.EVIDENCE_REUSED, Severity.MEDIUM, critical=True),
    Rule(Kind.WRONG_PERFORMER, Severity.MEDIUM, critical=True),
    Rule(Kind.OVER_TIME, Severity.MEDIUM, later_than=timedelta(hours=8)),
    Rule(Kind.OVER_TIME, Severity.GRAVE, later_than=timedelta(hours=40)),
    Rule(Kind.OUT_OF_RANGE, Severity.MEDIUM, beyond=20),
    Rule(Kind.OUT_OF_RANGE, Severity.GRAVE, beyond=50),
)
"""What counts where an office sets no rules of its own."""


_TEN_DAYS, _FIVE_DAYS = Duration.parse("10 hari kerja"), Duration.parse("5 hari kerja")


@dataclass(frozen=True, slots=True)
class FollowUpRule:
    """From which severity on a deviation is followed up, by when, and how many runs are watched after the closing."""

    since: Severity = Severity.MEDIUM
    due: Duration = _TEN_DAYS
    due_grave: Duration = _FIVE_DAYS
    watched: int = 5


@dataclass(frozen=True, slots=True)
class Haste:
    """So many steps in so short a time are asked about, once a run."""

    steps: int = 6
    within: timedelta = timedelta(seconds=40)


FOLLOW_UP, HASTE = FollowUpRule(), Haste()


@dataclass(frozen=True, slots=True)
class Departures:
    """What an office sets about deviations. Within `again` days an equal one is a recurrence."""

    rules: tuple[Rule, ...] = USUAL
    follow_up: FollowUpRule = FOLLOW_UP
    again: int = 60
    haste: Haste = HASTE

    def severity(self, departed: Deviated, step: Step) -> Severity:
        """The heaviest that any rule gives; without one it is light."""
        found = (rule.severity for rule in self.rules if rule.holds(departed, step))
        return max(found, key=lambda one: one.weight, default=Severity.LIGHT)

    def weighed(self, sop: Sop, events: Iterable[Event]) -> list[Event]:
        """The same events, each deviation with its severity."""
        return [
            replace(event, severity=self.severity(event, sop.step(event.step)))
            if isinstance(event, Deviated)
            else event
            for event in events
        ]


USUALLY = Departures()
