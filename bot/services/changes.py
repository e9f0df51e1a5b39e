"""Before the first run of a changed SOP one is shown what changed, and says that it was understood."""

from dataclasses import replace

from bot.engine import questions as q
from bot.engine.approval import ChangeUnderstood
from bot.engine.difference import differences
from bot.engine.run import Progress
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
        case Asked(ask=tap.ask, what=q.Looking(sop=tap.sop, after=after)) if _shown(tx, house, me, tap, after):
            return Answer()
        case _:
            return menu.start_run(tx, house, me, tap)


def go_on(tx: Transaction, house: House, me: Person, tap: t.GoOn) -> Answer:
    """Start the SOP that continues the one of a run that is done, once; whoever comes second sees that run."""
    tx.journal.hold()  # or the end of the run might be undone meanwhile
    run, live, words = tx.runs.get(tap.run), tx.versions.live_of(tap.sop), house.words(me)
    follows = run is not None and live is not None and live.sop.continues == run.sop and not run.rehearsal
    if run is None or not follows or run.progress is not Progress.DONE or not cards.sees(tx, house, me, run):
        return Answer(words("That card was old. Please look at the new one."), alert=True)
    begun = menu.continued(tx, run.id, tap.sop)
    if begun is None:
        asked = cards.ask(tx, house, me, q.Looking(tap.sop, run.id))
        answer = start(tx, house, replace(me, asked=asked), t.StartRun(asked.ask, tap.sop))
    else:
        answer = menu.show_begun(tx, house, me, begun)
    cards.show_in_place(tx, house, me, run, tx.versions.sop(run.digest))
    return answer


def _shown(tx: Transaction, house: House, me: Person, tap: t.StartRun, after: int | None) -> bool:
    live, last = tx.versions.live_of(tap.sop), tx.runs.last_version(me.id, tap.sop)
    if live is None or last is None or tx.versions.is_understood(me.id, live.sop.digest):
        return False
    before = tx.versions.sop(last)
    found = differences(before, live.sop)
    if not found:
        return False
    screen = view.changed(house.words(me), house.pack, tap.ask, live.sop, before.version, found)
    tx.cards.put(cards.MENU, me.chat, screen, seen_id=me.seen_id, anew=after is not None)  # below the run's card
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
