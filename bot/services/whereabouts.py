"""Where is this file? Asked from a run's card, from the list of one's runs, or in words."""

import re
from collections.abc import Sequence

from bot.engine.people import stands_in
from bot.engine.questions import Whereabouts
from bot.engine.run import Run
from bot.engine.sop import Sop
from bot.services import cards, menu
from bot.services import runs as running
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import whereabouts as view

_ASKED = re.compile(
    r"(?:di\s?mana|sampai (?:di ?)?mana|where(?: is|'s)?)"
    r"(?: (?:berkas|surat|dokumen|pelaksanaan|it|the file|my file))?(?:nya)?"
    r"(?: (?:ini|itu|saya|sekarang|now))*(?: ?#?(\d{1,9}))?[ ?]*",
    re.IGNORECASE | re.ASCII,
)


def asks(text: str) -> bool:
    """Whether somebody asks where a file is: di mana berkas ini? The number of the run may follow."""
    return _ASKED.fullmatch(text.strip()) is not None


def answer(tx: Transaction, house: House, me: Person, text: str) -> None:
    """Tell where the run is whose number was given, else the only one that they take part in, else all of them."""
    found = _ASKED.fullmatch(text.strip())
    if found is not None and found[1]:
        show(tx, house, me, int(found[1]))
    else:
        show_all(tx, house, me)


def show_all(tx: Transaction, house: House, me: Person) -> Answer:
    """Where everything is that one started or has."""
    mine = [one.id for one in tx.runs.open_of(me.id)]
    if not mine:
        menu.list_runs(tx, house, me)
    elif len(mine) == 1:
        show(tx, house, me, mine[0])
    else:
        screen = view.listed(house.words(me), house.pack, _somewhere(tx, house, mine), tx.at)
        tx.cards.put(cards.MENU, me.chat, screen, seen_id=me.seen_id, anew=True)
    return Answer()


def _somewhere(tx: Transaction, house: House, numbers: Sequence[int]) -> list[view.Somewhere]:
    runs = {run.id: run for run in tx.runs.some(numbers)}
    sops = tx.versions.sops(run.digest for run in runs.values())
    at = [(runs[number], sops[runs[number].digest]) for number in numbers]
    stand_ins = {run.id: _stand_in(tx, house, run, sop) for run, sop in at}
    named = {one for run, _ in at for one in (run.holder, run.released, stand_ins[run.id]) if one is not None}
    names = {one.id: one.name for one in tx.people.some(named)}

    def called(person: int | None) -> str:
        return names.get(person or 0, "")

    return [
        view.Somewhere(
            run,
            sop,
            sop.step(run.step or sop.first.id),
            called(run.holder),
            called(stand_ins[run.id]),
            called(run.released),
        )
        for run, sop in at
    ]


def _stand_in(tx: Transaction, house: House, run: Run, sop: Sop) -> int | None:
    """Who works here is looked up only where somebody could not be had."""
    return None if run.released is None else stands_in(sop, run, house.staff_of(tx, sop, run))


def show(tx: Transaction, house: House, me: Person, run_id: int) -> Answer:
    """Where one run is, on its card below. One that is over, or that they may not see, is told as ever."""
    run = tx.runs.get(run_id)
    if run is None or run.over or not cards.sees(tx, house, me, run):
        return running.reopen(tx, house, me, run_id)
    # looked at, not asked: whatever else is asked of the person stays open
    asked = Asked(0, run.id, run.visit, Whereabouts())
    cards.show(tx, house, me, run, tx.versions.sop(run.digest), asked=asked, anew=True)
    return Answer()
