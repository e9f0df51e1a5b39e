"""What the office's own file says about waiting: when who is waited for is reminded, and who is told after that."""

from collections.abc import Iterator
from datetime import timedelta

from bot.engine.calendar import Duration
from bot.engine.delays import USUAL, Patience
from bot.library.departures import WORKING_TIME, is_working_time, working
from bot.library.fields import Group, Percent
from bot.library.problems import Finding
from bot.library.schema import Length
from bot.views.words import N_


class WaitingRule(Group):
    """How long is waited, in working time."""

    remind: Length | None = None
    """Until whoever has not answered an offer, a wish for leave or what is to be approved is reminded."""
    escalate: Length | None = None
    """Until the next in line is told; after as long again the one after."""
    leave: Length | None = None
    """Until the next in line is asked for leave as well."""
    warn: Percent = USUAL.warn
    """At how many per cent of its standard time whoever has a step is told."""


_LENGTHS = ("remind", "escalate", "leave")


def patience(written: WaitingRule | None) -> Patience:
    """What counts, the usual where the file is silent."""
    if written is None:
        return USUAL
    remind, escalate, leave = (_or(getattr(written, key), getattr(USUAL, key)) for key in _LENGTHS)
    return Patience(remind, escalate, leave, written.warn)


def _or(length: Duration | None, usual: timedelta) -> timedelta:
    return usual if length is None else working(length)


def findings(written: WaitingRule | None) -> Iterator[Finding]:
    """What is wrong with it beyond its words."""
    if written is None:
        return
    lengths = {key: getattr(written, key) for key in _LENGTHS}
    odd = [key for key, length in lengths.items() if length is not None and not is_working_time(length)]
    for key in odd:
        yield Finding(("waiting", key), WORKING_TIME)
    found = patience(written) if not odd else USUAL
    if found.escalate <= found.remind:
        place = "remind" if written.escalate is None else "escalate"
        yield Finding(("waiting", place), N_("Whoever is waited for must be reminded before the next in line is told."))
