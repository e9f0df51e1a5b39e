"""Wakes functions up at intervals. What is due stands in rows; no schedule of ours lives here."""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Ticker:
    """APScheduler, with nothing in its memory but what to call and how often."""

    def __init__(self) -> None:
        # a tick that was missed is made up for once, and never runs beside itself
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(job_defaults=defaults, timezone="UTC")

    def every(self, seconds: float, tick: Callable[[], Awaitable[None]]) -> None:
        """Call `tick` every so many seconds."""
        self._scheduler.add_job(tick, "interval", seconds=seconds)

    def start(self) -> None:
        """Begin; needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """End; what is under way goes on."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
