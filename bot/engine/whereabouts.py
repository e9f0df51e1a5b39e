"""How long a run took until now, by two clocks: that of whoever waits for its result, and that of the office."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.engine.calendar import Office
from bot.engine.deviations import Reason
from bot.engine.run import Entered, Event, Paused, Progress, Run, Started, begin, evolve
from bot.engine.sop import Sop


class Use(StrEnum):
    """What time is used for."""

    WORKED = "worked"
    """Somebody had the step."""
    WAITED = "waited"
    """It was offered, leave was asked for, or another run was waited for."""
    RESTED = "rested"
    """The run was paused for a reason of the office's own."""
    OUTSIDE = "outside"
    """It was with somebody outside: at the step of an external position, or paused to wait for others."""


@dataclass
class Clocks:
    """`elapsed` is all the time since the start, day and night: so long has whoever applied for it waited. `spent` is
    the office's working time, by what it was used for; `here` of it that of the present step."""

    elapsed: timedelta = timedelta()
    spent: dict[Use, timedelta] = field(default_factory=dict)
    here: dict[Use, timedelta] = field(default_factory=dict)

    @property
    def office(self) -> timedelta:
        """The working time for which the office had it."""
        return sum((length for use, length in self.spent.items() if use is not Use.OUTSIDE), timedelta())


def clocks(sop: Sop, run_id: int, history: Iterable[tuple[Event, datetime]], office: Office, now: datetime) -> Clocks:
    """The clocks of a run by all that happened in it, up to its end or now. What was undone took its time all the
    same."""
    events = iter(history)
    first, since = next(events)
    assert isinstance(first, Started)
    run, shown, outside, began = begin(run_id, first, since), Clocks(), False, since
    for event, at in events:
        _count(shown, _use(sop, run, outside=outside), office.worked(since, at))
        match event:
            case Paused(reason=reason):
                outside = reason is Reason.WAITING
            case Entered(kept=False):
                shown.here = {}
            case _:
                pass
        run, since = evolve(run, event, at), at
    if not run.over:
        _count(shown, _use(sop, run, outside=outside), office.worked(since, now))
    shown.elapsed = (run.ended_at if run.over and run.ended_at else now) - began
    return shown


def _count(shown: Clocks, use: Use | None, length: timedelta) -> None:
    if use is not None and length:
        shown.spent[use] = shown.spent.get(use, timedelta()) + length
        shown.here[use] = shown.here.get(use, timedelta()) + length


def _use(sop: Sop, run: Run, *, outside: bool) -> Use | None:
    """What the time is used for while the run stands so; `outside`: it was paused, if it is, to wait for others."""
    if run.over or run.step is None:
        return None
    if run.progress is Progress.PAUSED:
        return Use.OUTSIDE if outside else Use.RESTED
    by = [sop.position(name) for name in sop.step(run.step).by]
    if by and all(position is not None and position.external for position in by):
        return Use.OUTSIDE
    return Use.WORKED if run.holder is not None and run.wish is None else Use.WAITED
