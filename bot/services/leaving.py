"""Whoever cannot be had any more, as they were stopped or nothing reaches them, does not hold up what they have."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.engine.commands import release
from bot.engine.people import supervisors
from bot.engine.run import Run
from bot.services import children, hands
from bot.services.house import House
from bot.services.recall import SLICE
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views.people import Left, steps_left


def release_some(tx: Transaction, house: House, after: int) -> int | None:
    """Offer anew what those have who cannot be had, of the next runs behind run `after`, and tell whoever watches over
    them, once. Returns the last run looked at, None behind the last."""
    runs = tx.runs.left_after(after, SLICE)
    holders = {one.id: one for one in tx.people.some({run.holder for run in runs if run.holder is not None})}
    told: dict[tuple[int, int], list[Left]] = defaultdict(list)
    for run in runs:
        whom = holders[run.holder or 0]
        for watcher, left in _released(tx, house, whom, run):
            told[watcher, whom.id].append(left)
    _tell(tx, house, holders, told)
    return runs[-1].id if len(runs) == SLICE else None


def _released(tx: Transaction, house: House, whom: Person, run: Run) -> list[tuple[int, Left]]:
    """Release one run. Who is to be told of it, and what."""
    sop = tx.versions.sop(run.digest)
    staff = house.staff_of(tx, sop, run)
    events = release(run, staff)
    if not events:
        return []
    after = hands.move(tx, house, None, run, sop, events)
    after = children.follow(tx, house, whom, run, after, sop, events)
    hands.show_everyone(tx, house, whom, run, after, sop, events)
    watching = next(iter(supervisors(sop, after, staff)), ())
    assert run.step is not None
    left = Left(sop, sop.step(run.step), run.id)
    return [(one, left) for one in watching]


def _tell(
    tx: Transaction, house: House, holders: Mapping[int, Person], told: Mapping[tuple[int, int], Sequence[Left]]
) -> None:
    for watcher in tx.people.some({one for one, _ in told}):
        for (to, number), left in told.items():
            if to == watcher.id:
                whom, first = holders[number], left[0].run
                letter = steps_left(house.words(watcher), whom.name, left, stopped=whom.blocked_at is not None)
                tx.letters.put(f"left:{whom.id}:{first}:{tx.at.isoformat()}:{to}", watcher.chat, letter)
