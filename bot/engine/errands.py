"""Errands: what waits for somebody, whatever it is about. One list holds them all."""

from datetime import datetime
from enum import StrEnum

from bot.engine.run import Run


class ErrandKind(StrEnum):
    """What an errand is about; its subject is the number or the name of that thing."""

    RUN = "run"
    """A step that one has or is offered, an approval, leave that one is asked for: the run knows which."""
    FOLLOW_UP = "follow_up"
    """A deviation that somebody has to do something about; its subject is the follow-up."""
    VERSION = "version"
    """A version that waits to be approved; its subject is the approval."""
    DRAFT = "draft"
    """A draft that its author works on."""
    REVIEW = "review"
    """A review whose window is open, or that is late."""
    REPORT = "report"
    """A report without an answer."""


def waits_since(run: Run) -> datetime:
    """Since when the run waits for whoever has to act now."""
    if run.wish is not None:
        return run.wish.since
    return run.entered_at if run.holder is None else run.work_began
