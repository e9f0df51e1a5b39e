"""The demo's clock: real time, and as far ahead of it as somebody has moved it on."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta


class MovableClock:
    """Called, it tells the time in UTC. `offset` is how far it is ahead of real time: save it, and give it back."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._offset

    @property
    def offset(self) -> timedelta:
        return self._offset

    def advance(self, by: timedelta) -> None:
        """Move on. Raises ValueError for a step back, since what is recorded has already happened."""
        if by < timedelta():
            raise ValueError("the clock moves only on")
        self._offset += by


def month_after(now: datetime) -> datetime:
    """The same time on the same day of the next month, or on its last day where it has no such day."""
    year, month = now.year + now.month // 12, now.month % 12 + 1
    return now.replace(year=year, month=month, day=min(now.day, monthrange(year, month)[1]))
