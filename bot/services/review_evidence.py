"""What a review rests on: the runs of its version since it was looked at last, and what was said and changed since."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.engine.figures import (
    Behind,
    Figures,
    Overview,
    Period,
    RunFound,
    Scope,
    Span,
    Stage,
    VersionSeen,
    Which,
    verdict,
)
from bot.engine.review import ReviewKind
from bot.engine.sop import Sop, Status
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.reviews import Planned
from bot.storage.runs import Completed
from bot.views import figures as view
from bot.views.review_evidence import Change, Evidence, Rule


def scope(house: House, planned: Planned, at: datetime) -> Scope:
    """Which runs a review looks at: those of its version that ended since it was looked at last, until it was
    decided."""
    since = house.office.start_of(planned.since)
    return Scope(since, planned.decided_at or at, planned.sop, digest=planned.digest)


def stage(tx: Transaction, planned: Planned) -> Stage:
    """A trial is decided by its own runs, everything else by regular ones; a revision by those of what it revises."""
    if planned.kind is ReviewKind.REVISION:
        known = tx.versions.of(planned.digest)
        return Stage.TRIAL if known is not None and known.status is Status.TRIAL else Stage.REGULAR
    return Stage.TRIAL if planned.kind is ReviewKind.TRIAL else Stage.REGULAR


def figures(tx: Transaction, house: House, planned: Planned) -> Figures:
    """What is counted of those runs."""
    return tx.figures.of(scope(house, planned, tx.at)).get(stage(tx, planned), Figures())


def completed(tx: Transaction, house: House, planned: Planned) -> tuple[Completed, ...]:
    """The latest runs of its version, in either stage, also those that ended just now or after its decision."""
    return tx.runs.completed(planned.digest, house.office.start_of(planned.since))


def performers(found: Sequence[Completed]) -> set[int]:
    """Who worked on these runs."""
    return {person for one in found for person in (one.starter, *(hand.person for hand in one.run.hands.values()))}


def of_review(tx: Transaction, house: House, planned: Planned, sop: Sop) -> Evidence:
    """All of it, as the card shows it."""
    looked_at, which = scope(house, planned, tx.at), stage(tx, planned)
    counted = tx.figures.of(looked_at).get(which, Figures())
    wanted = house.intervals(sop) if planned.kind is ReviewKind.TRIAL else None
    changed = tx.reviews.changes(sop.id, looked_at.since)
    before, this = _compared(tx, sop, which)
    on_trial = which is Stage.TRIAL
    found = tx.runs.completed(planned.digest, looked_at.since, until=looked_at.until, trial=on_trial)
    # an answer knows its day only: those of the day of the decision count
    until = house.office.day(looked_at.until) + timedelta(days=1)
    return Evidence(
        figures=counted,
        performers=len(performers(found)),
        wanted_runs=wanted.runs if wanted else 0,
        wanted_performers=wanted.performers if wanted else 0,
        open_runs=tx.figures.open_runs(looked_at) if planned.decided_at is None else 0,
        reports=tx.reports.undecided(sop.id),
        changes=[Change(one.text, house.office.day(one.at)) for one in changed],
        thought=tx.feedback.of(sop.id, digest=sop.digest, since=planned.since, until=until, trial=on_trial),
        rule=rule(tx, house, looked_at, counted) if which is Stage.REGULAR else None,
        before=before,
        this=this,
    )


def rule(tx: Transaction, house: House, looked_at: Scope, counted: Figures) -> Rule:
    """What the office's rule says of regular runs."""
    grave = tx.figures.grave(looked_at, Stage.REGULAR)
    return Rule(house.settings.runs_well_from, verdict(counted, grave, house.settings.runs_well_from), grave)


Named = tuple[str, VersionSeen]


def _compared(tx: Transaction, sop: Sop, which: Stage) -> tuple[Named | None, Named | None]:
    """The version and the one before it that was run, side by side; nothing where there is no such one."""
    names = [one.sop.digest for one in tx.versions.all_of(sop.id)]
    earlier = names[names.index(sop.digest) + 1 :]
    if not earlier:
        return None, None
    seen = tx.figures.versions(Scope(tx.at, tx.at, sop.id))
    this = [one for one in seen if one.digest == sop.digest and one.trial is (which is Stage.TRIAL)]
    used = [one for one in seen if one.digest in earlier]
    before = sorted(used, key=lambda one: (earlier.index(one.digest), one.trial))
    if not this or not before:
        return None, None
    return (tx.versions.sop(before[0].digest).version, before[0]), (sop.version, this[0])


def runs(tx: Transaction, house: House, planned: Planned, step: str | None, page: int) -> tuple[int, list[RunFound]]:
    """How many runs are behind a number of the card, and a page of them: all that are done, or those that departed from
    a step."""
    of = Overview(Period.around(house.office.day(tx.at), Span.MONTH), planned.sop)
    listed = Behind(of, Which.DEVIATING if step else Which.DONE, step=step, page=page)
    return tx.figures.behind(scope(house, planned, tx.at), stage(tx, planned), listed, view.PAGE)
