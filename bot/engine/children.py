"""A run and the runs below it: what happens in one of them by what happened in the other."""

from collections.abc import Sequence
from datetime import datetime

from bot.engine.calendar import Office
from bot.engine.commands import Situation, back_to_child, enter, resumed, timing, undone
from bot.engine.run import (
    ChildEnded,
    ChildStopped,
    Event,
    Paused,
    Progress,
    Resumed,
    Run,
    Stopped,
    TakenBack,
    Undone,
)
from bot.engine.sop import Child


def carried_down(
    events: Sequence[Event], before: Run, after: Run, child: Run, office: Office, at: datetime
) -> list[Event]:
    """What happens in `child`, for which its parent waits or waited, by `events` that led from `before` to `after`.

    It rests, goes on and is given up with its parent; what the parent undoes is undone in it too."""
    for event in events:
        match event:
            case Paused(reason=reason) if child.progress is Progress.ACTIVE:
                return [Paused(reason)]
            case Resumed() if child.progress is Progress.PAUSED and child.paused_at == before.paused_at:
                return [resumed(child, at, office)]
            case Stopped(reason=reason) if not child.over and child.step is not None:
                return [Stopped(child.step, reason)]
            case Undone() if not _waits_for(after, child) and not child.over and child.step is not None:
                return [TakenBack(child.step)]
            case TakenBack() if not child.over and child.step is not None:
                return [TakenBack(child.step)]
            case Undone() if _waits_for(after, child) and child.over:
                return undone(child)
            case _:
                pass
    return []


def carried_up(before: Run, child: Run, parent: Situation) -> list[Event]:
    """What happens in the run that waits for `child`, or waited for it, now that the child is no longer as `before`.

    Raises Refused where the child goes on and the parent cannot be brought back to wait for it."""
    match before.over, child.progress:
        case False, Progress.DONE if _waits_for(parent.run, child):
            return _ended(parent, child)
        case False, Progress.STOPPED if _waits_for(parent.run, child):
            return [ChildStopped(parent.step.id, child.id, child.deviations)]
        case True, Progress.ACTIVE | Progress.PAUSED:
            return back_to_child(parent, child.id)
        case _:
            return []


def _waits_for(parent: Run, child: Run) -> bool:
    return parent.child is not None and parent.child.run == child.id


def _ended(parent: Situation, child: Run) -> list[Event]:
    step, run = parent.step, parent.run
    assert isinstance(step.does, Child)
    ended = ChildEnded(step.id, child.id, child.deviations)
    return [ended, *timing(run, step, parent.at, parent.office), *enter(parent, step.does.next)]
