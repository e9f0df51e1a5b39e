"""What the office's own file says about deviations: how severe they are, what follows, what is asked about."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from bot.engine.calendar import Duration, Unit
from bot.engine.deviations import Kind, Severity
from bot.engine.severity import FOLLOW_UP, HASTE, USUALLY, Departures, FollowUpRule, Haste, Rule
from bot.library.fields import Count, Flag, Group, one_of
from bot.library.problems import Finding, Path
from bot.library.schema import Length
from bot.views.words import N_

_MINUTES = {Unit.MINUTES: 1, Unit.HOURS: 60}
WORKING_TIME = N_("Write minutes or hours here, such as 8 jam: working time is meant.")
_LATE = (Kind.OVER_TIME, Kind.UNDER_TIME)


class SeverityRule(Group):
    """Deviations of a kind are this severe. Of several rules the heaviest counts; without one it is ringan."""

    kind: Annotated[Kind, one_of(Kind)]
    severity: Annotated[Severity, one_of(Severity)]
    critical: Flag = False
    """Only at critical steps."""
    later_than: Length | None = None
    """Only those over (or under) their time by more than that much working time."""
    beyond: Count | None = None
    """Only numbers that lie more than that many percent outside their usual range."""


class FollowUps(Group):
    """What is followed up, and how."""

    since: Annotated[Severity, one_of(Severity)] = FOLLOW_UP.since
    """From this severity on."""
    due: Length = FOLLOW_UP.due
    due_berat: Length = FOLLOW_UP.due_grave
    watched: Count = FOLLOW_UP.watched
    """Runs that are watched after the closing."""


class HasteRule(Group):
    """So many steps in so many seconds are asked about, once a run."""

    steps: Count = HASTE.steps
    seconds: Count = round(HASTE.within.total_seconds())


def departures(
    severities: tuple[SeverityRule, ...] | None, follow_up: FollowUps | None, again: int, haste: HasteRule | None
) -> Departures:
    """What counts, the usual where the file is silent."""
    follows, hasty = follow_up or FollowUps(), haste or HasteRule()
    rules = USUALLY.rules if severities is None else tuple(map(_rule, severities))
    rule = FollowUpRule(follows.since, follows.due, follows.due_berat, follows.watched)
    return Departures(rules, rule, again, Haste(hasty.steps, timedelta(seconds=hasty.seconds)))


def _rule(one: SeverityRule) -> Rule:
    late = None if one.later_than is None else working(one.later_than)
    return Rule(one.kind, one.severity, one.critical, late, one.beyond)


def is_working_time(length: Duration) -> bool:
    """Whether it is told in minutes or hours, which are counted as the office works."""
    return length.unit in _MINUTES


def working(length: Duration) -> timedelta:
    """Minutes or hours of working time."""
    return timedelta(minutes=float(length.amount * _MINUTES[length.unit]))


def findings(severities: tuple[SeverityRule, ...]) -> Iterator[Finding]:
    """What is wrong with the rules beyond their words."""
    for place, rule in enumerate(severities):
        path: Path = ("severities", place)
        if rule.later_than is not None and not is_working_time(rule.later_than):
            yield Finding((*path, "later_than"), WORKING_TIME)
        if rule.later_than is not None and rule.kind not in _LATE:
            yield Finding((*path, "later_than"), N_("Only over_time and under_time can be late."))
        if rule.beyond is not None and rule.kind is not Kind.OUT_OF_RANGE:
            yield Finding((*path, "beyond"), N_("Only out_of_range can lie beyond a range."))
