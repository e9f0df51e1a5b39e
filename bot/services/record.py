"""What is journalled beside what people do in runs: settings, what was taken out, and what was tried in vain."""

import hashlib
import json

from bot.engine.records import AttemptDenied, SettingsTaken, TakenOut
from bot.engine.staffing import Denial, Denied
from bot.storage import notes
from bot.storage.database import Transaction
from bot.storage.journal import Entry, Where
from bot.storage.people import Person

_NOT_ALLOWED = frozenset({Denial.FORBIDDEN, Denial.ONESELF, Denial.ABOVE, Denial.LAST_ADMIN})


def settings(tx: Transaction, file: str, zone: str, language: str) -> bool:
    """Journal the office's settings where they are others than the last time the bot began, and say whether."""
    tx.journal.hold()  # several processes may begin at once
    before = tx.install.settings()
    after = hashlib.sha256(json.dumps([file, zone, language]).encode()).hexdigest()
    others = tx.install.work_by(after)
    if others:
        tx.journal.append(None, [Entry(SettingsTaken(before, after, file, zone, language), Where())])
    return others


def taken_out(tx: Transaction, told: TakenOut) -> None:
    """Journal what the command line took out."""
    notes.take(tx.connection, told, tx.at)


def attempt(tx: Transaction, me: Person, action: str, run: int | None = None) -> None:
    """Journal that I tried what is not for me."""
    tx.journal.append(me.id, [Entry(AttemptDenied(f"{action}", run), Where(unit=me.unit))])


def denial(tx: Transaction, me: Person, denied: Denied) -> Denial:
    """Why something about people was not done. It is journalled where it was not for me, and no mere slip."""
    if denied.why in _NOT_ALLOWED:
        attempt(tx, me, f"people: {denied.why}")
    return denied.why
