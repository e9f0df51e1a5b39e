"""The month in one message with one picture, for those who lead: on the first working morning of the next."""

from dataclasses import dataclass
from datetime import timedelta

from bot.engine.figures import Overview, Period, Span
from bot.engine.people import Role
from bot.services import counting, papers
from bot.services.house import House
from bot.services.people import tell
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views.papers import Paper

WITHIN = timedelta(days=7)
"""So long after that morning it is still worth sending, as after a downtime."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A summary that somebody has not got yet. Its key makes it one letter, however many processes make it."""

    key: str
    to: Person
    of: Overview
    paper: Paper


def owed(tx: Transaction, house: House) -> list[Owed]:
    """The summaries that are due now. Nobody gets one of a month in which no run of theirs ended."""
    this_month = Period.around(house.office.day(tx.at), Span.MONTH)
    morning = house.office.opening(house.office.start_of(this_month.first))
    if not morning <= tx.at < morning + WITHIN:
        return []
    month = Overview(this_month.previous)
    keys = {f"summary:{month.period.first:%Y-%m}:{one.id}": one for one in tell(tx, house, (Role.MANAGER,), but=0)}
    waiting = {key: one for key, one in keys.items() if key not in tx.letters.wanted(keys)}
    ended = {key: counting.seen(tx, house, one, month).figures for key, one in waiting.items()}
    return [
        Owed(key, one, month, papers.picture(tx, house, one, month))
        for key, one in waiting.items()
        if ended[key].done + ended[key].stopped
    ]


def send(tx: Transaction, house: House, one: Owed, picture: bytes) -> None:
    """Put the letter, unless another process was faster."""
    tx.letters.put(one.key, one.to.chat, papers.letter(house, one.to, one.paper, picture))
