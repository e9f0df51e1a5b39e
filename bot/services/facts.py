"""Runs that are over are measured, one at a time, once their end can no longer be undone; then they are asked about."""

from bot.engine.facts import measured
from bot.services import feedback
from bot.services.house import House
from bot.storage.database import Transaction


def measure_one(tx: Transaction, house: House) -> bool:
    """Measure one run that is over. True where there may be more."""
    run_id = tx.facts.due()
    if run_id is None:
        return False
    run = tx.runs.get(run_id)
    assert run is not None
    if run.taken_back:
        tx.facts.forget(run_id)  # whoever opened it never did
    elif tx.facts.keep(run, measured(tx.versions.sop(run.digest), run_id, tx.facts.history(run_id), house.office)):
        feedback.ask(tx, house, run)
    return True
