"""Whoever cannot be had any more, as they were stopped or nothing reaches them, or is away, does not hold up what they
have."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.engine.commands import release
from bot.engine.people import supervisors
from bot.engine.run import Run
from bot.services import children, hands
from bot.services.house import House
from bot.services.recall import SLICE
from bot.storage.database import Failed, Transaction
from bot.storage.people import Person
from bot.views.people import Left, Why, steps_left, steps_passed_on


def release_some(tx: Transaction, house: House, after: int, failed: Failed) -> int | None:
    """Offer anew what those have who cannot be had or are away, of the next runs behind run `after`. Whoever watches
    over them is told, once; where a stand-in has it, only whoever is away. Returns the last run looked at, None behind
    the last. A run that fails is told to `failed`, and holds up no other."""
    runs = tx.runs.left_after(after, SLICE, house.office.day(tx.at))
    holders = {one.id: one for one in tx.people.some({run.holder for run in runs if run.holder is not None})}
    told: dict[tuple[int, int], list[Left]] = defaultdict(list)
    for run in runs:
        whom = holders[run.holder or 0]
        with tx.spared(run.id, failed):
            for watcher, left in _released(tx, house, whom, run):
                told[watcher, whom.id].append(left)
    _tell(tx, house, holders, told)
    return runs[-1].id if len(runs) == SLICE else None


def _released(tx: Transaction, house: House, whom: Person, run: Run) -> list[tuple[int, Left]]:
    """Release one run. Who is to be told of it, and what."""
    sop = tx.versions.sop(run.digest)
    staff = house.staff_of(tx, sop, run)
    events = release(run, staff, house.office)
    if not events:
        return []
    after = hands.move(tx, house, None, run, sop, events)
    after = children.follow(tx, house, whom, run, after, sop, events)
    hands.show_everyone(tx, house, whom, run, after, sop, events)
    assert run.step is not None
    away = staff.away.get(whom.id) if whom.id not in staff.out else None
    stand_in = away.stand_in if away else None
    left = Left(sop, sop.step(run.step), run.id, stand_in)
    watching = next(iter(supervisors(sop, after, staff)), ()) if stand_in is None else ()
    return [(one, left) for one in (*watching, *((whom.id,) if away else ()))]


def _tell(
    tx: Transaction, house: House, holders: Mapping[int, Person], told: Mapping[tuple[int, int], Sequence[Left]]
) -> None:
    stand_ins = {one.stand_in for listed in told.values() for one in listed if one.stand_in is not None}
    called = {one.id: one.name for one in tx.people.some(stand_ins)}
    hearers = {one.id: one for one in tx.people.some({one for one, _ in told})}
    for (to, number), left in told.items():
        hearer, whom = hearers[to], holders[number]
        words = house.words(hearer)
        own = whom.id == hearer.id
        letter = steps_passed_on(words, called, left) if own else steps_left(words, whom.name, left, _why(whom))
        tx.letters.put(f"left:{whom.id}:{left[0].run}:{tx.at.isoformat()}:{to}", hearer.chat, letter)


def _why(whom: Person) -> Why:
    if whom.blocked_at is not None:
        return Why.STOPPED
    return Why.AWAY if whom.reachable else Why.UNREACHABLE
