"""Who works here has changed, or a day has begun: whoever is to act now is called, and finds what waits for them."""

from bot.engine.errands import ErrandKind
from bot.engine.run import Run
from bot.services import approvals, cards, deciders, drafts, followups, hands, report_cards
from bot.services.house import House
from bot.storage.database import Failed, Transaction

SLICE = 50
"""Runs looked at in one transaction, so that no tap waits long for it."""


def staffed(tx: Transaction, house: House) -> int:
    """A number that changes when who is there changes."""
    return tx.people.fingerprint(house.office.day(tx.at))


def recall(tx: Transaction, house: House, after: int, failed: Failed) -> int | None:
    """Call anew for the next open runs behind run `after`. Returns the last one looked at, None behind the last.
    A run that fails is told to `failed`, and holds up no other."""
    runs = tx.runs.open_after(after, SLICE)
    tx.runs.look_anew(run.id for run in runs)  # whom nobody could be told of, somebody may be by now
    for run in runs:
        if (run.holder is None and run.child is None) or run.wish is not None:
            with tx.spared(run.id, failed):
                _call_anew(tx, house, run)
    return runs[-1].id if len(runs) == SLICE else None


def recall_beside(tx: Transaction, house: House, failed: Failed) -> None:
    """The same for what is no run: versions that wait to be approved, drafts, reviews whose window is open, follow-ups,
    and reports without an answer. What fails is told to `failed`, and holds up nothing else."""
    tx.journal.hold()  # as whoever approves or decides does before it waits for nobody: or it could be put back
    with tx.spared("beside runs", failed):
        approvals.call_anew(tx, house)
        drafts.entrust_all(tx, house)
        deciders.entrust_all(tx, house)
        followups.call_anew(tx, house)
        report_cards.await_answer(tx, house, tx.reports.unanswered())


def _call_anew(tx: Transaction, house: House, run: Run) -> None:
    if not tx.runs.hold(run):
        return  # somebody has just moved it, and called whoever is to act then
    sop, before = tx.versions.sop(run.digest), tx.errands.whose(ErrandKind.RUN, run.id)
    hands.entrust(tx, house, run, sop)
    now = tx.errands.whose(ErrandKind.RUN, run.id)
    for person in tx.people.some({*before} ^ {*now}):
        if person.id in now:
            cards.show(tx, house, person, run, sop, asked=cards.about(person, run), anew=True)
        else:
            cards.show_in_place(tx, house, person, run, sop)
