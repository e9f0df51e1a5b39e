"""/tugas: everything that waits for somebody, each kind told by those who know it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.engine.errands import ErrandKind
from bot.services import approvals, cards, deciders, drafts, followups, report_cards
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.errands import Errand
from bot.storage.people import Person
from bot.views import tasks as view
from bot.views.tasks import Task

Tell = Callable[[Transaction, House, Person, Sequence[Errand]], Iterator[Task]]


def show(tx: Transaction, house: House, me: Person, page: int, *, anew: bool = False) -> None:
    """A page of what waits for somebody. Where it has emptied meanwhile, the first."""
    found, total = tx.errands.of(me.id, page * view.PAGE, view.PAGE)
    if page and not found:
        show(tx, house, me, 0, anew=anew)
        return
    listed = _told(tx, house, me, found)
    screen = view.tasks(house.words(me), house.pack, listed, total, page, tx.at)
    tx.cards.put(cards.MENU, me.chat, screen, seen_id=me.seen_id, anew=anew)


def _told(tx: Transaction, house: House, me: Person, found: Sequence[Errand]) -> list[Task]:
    """Each kind is looked up at once, so that the statements do not grow with the list."""
    kinds = dict.fromkeys(one.kind for one in found)
    told = (task for kind in kinds for task in _TELL[kind](tx, house, me, [one for one in found if one.kind is kind]))
    return sorted(told, key=lambda task: task.since)


def _runs(tx: Transaction, house: House, me: Person, found: Sequence[Errand]) -> Iterator[Task]:
    runs = {run.id: run for run in tx.runs.some(int(one.subject) for one in found)}
    sops = tx.versions.sops(run.digest for run in runs.values())
    for one in found:
        run = runs[int(one.subject)]
        yield view.run_task(house.words(me), sops[run.digest], run, me.id, one.since)


_TELL: Mapping[ErrandKind, Tell] = {
    ErrandKind.RUN: _runs,
    ErrandKind.FOLLOW_UP: followups.tasks,
    ErrandKind.VERSION: approvals.tasks,
    ErrandKind.DRAFT: drafts.tasks,
    ErrandKind.REVIEW: deciders.tasks,
    ErrandKind.REPORT: report_cards.tasks,
}
"""How the errands of each kind are told."""
