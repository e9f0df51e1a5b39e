"""Before the first run of a changed SOP one is shown what changed, and says that it was understood."""

from bot.engine import questions as q
from bot.engine.approval import ChangeUnderstood
from bot.engine.difference import differences
from bot.services import cards, menu
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import changes as view
from bot.views import taps as t


def start(tx: Transaction, house: House, me: Person, tap: t.StartRun) -> Answer:
    """Start the SOP whose card is open, or first show what changed since one last ran it."""
    match me.asked:
        case Asked(ask=tap.ask, what=q.Looking(sop=tap.sop)) if _shown(tx, house, me, tap):
            return Answer()
        case _:
            return menu.start_run(tx, house, me, tap)


def _shown(tx: Transaction, house: House, me: Person, tap: t.StartRun) -> bool:
    live, last = tx.versions.live_of(tap.sop), tx.runs.last_version(me.id, tap.sop)
    if live is None or last is None or tx.versions.is_understood(me.id, live.sop.digest):
        return False
    before = tx.versions.sop(last)
    found = differences(before, live.sop)
    if not found:
        return False
    screen = view.changed(house.words(me), house.pack, tap.ask, live.sop, before.version, found)
    tx.cards.put(cards.MENU, me.chat, screen, seen_id=me.seen_id)
    return True


def understood(tx: Transaction, house: House, me: Person, tap: t.Understood) -> Answer:
    """What changed was understood: that is kept, once a person and version, and the run starts."""
    live = tx.versions.live_of(tap.sop)
    match me.asked:
        case Asked(ask=tap.ask, what=q.Looking(sop=tap.sop)) if live is not None:
            sop = live.sop
            if tx.versions.understand(me.id, sop.digest, tx.at):
                where = Where(None, sop.id, sop.version, None, None, sop.unit)
                tx.journal.append(me.id, [Entry(ChangeUnderstood(sop.digest), where)])
        case _:
            pass
    return menu.start_run(tx, house, me, t.StartRun(tap.ask, tap.sop))
