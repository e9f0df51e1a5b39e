"""The PIN that people sign with: asked for, chosen, tried and taken away; what waits for it is signed by its caller.

A message that holds one is taken out of the chat and out of the inbox in the transaction that reads it."""

from itertools import pairwise

from bot.engine.commands import Refused, Why
from bot.engine.messages import Said
from bot.engine.people import WATCHERS
from bot.engine.questions import Endorsing, Pin, PinAgain, Signing
from bot.engine.rights import Action
from bot.engine.staffing import Denial, Denied, PinChosen, PinCleared, PinLocked
from bot.services import personnel
from bot.services.house import House
from bot.services.people import tell
from bot.storage.database import Transaction
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.storage.pins import Locked, Right, Wrong, is_right, kept
from bot.views import pin as view
from bot.views.screen import Vanish

DIGITS = 6


def first(tx: Transaction, me: Person) -> Pin:
    """What I am asked for when I am to sign: my PIN, or to choose one. Raises Refused while none is taken."""
    locked = tx.pins.locked(me.id)
    if locked is not None:
        raise Refused(Why.PIN_LOCKED, until=locked.until)
    return Pin.MINE if tx.pins.has(me.id) else Pin.NEW


def hear(tx: Transaction, house: House, me: Person, asked: Pin | PinAgain, said: Said) -> Pin | PinAgain | None:
    """What I am asked for next, None once I have shown that it is me, so that what waits is signed.

    Raises Refused where what I typed is no PIN, or not mine; that it was tried stays counted."""
    forget(tx, me, said)
    typed = said.text.strip()
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        raise Refused(Why.NO_PIN)
    match asked:
        case Pin.MINE:
            _require_right(tx, house, me, typed)
            return None
        case Pin.OLD:
            _require_right(tx, house, me, typed)
            return Pin.NEW
        case Pin.NEW | Pin.DIFFERENT:
            if _is_weak(typed):
                raise Refused(Why.WEAK_PIN)
            return PinAgain(kept(typed))
        case PinAgain(kept=before) if is_right(typed, before):
            tx.pins.choose(me.id, before)
            tx.journal.append(me.id, [Entry(PinChosen(me.id), Where(unit=me.unit))])
            return None
        case PinAgain():
            return Pin.DIFFERENT


def forget(tx: Transaction, me: Person, said: Said) -> None:
    """Take out of the chat and the inbox what I typed."""
    if tx.update is not None:
        tx.inbox.blank(tx.update)
    tx.letters.put(f"vanish:{me.chat}:{said.message_id}", me.chat, Vanish(said.message_id))


def put_aside(tx: Transaction, update: int, chat: int) -> None:
    """An update is put aside without having been handled: where a PIN was asked for, nothing of it is kept either, nor
    where it cannot be read what was."""
    try:
        sender = tx.people.by_chat(chat)
        wanted = sender is not None and sender.asked is not None and isinstance(sender.asked.what, Signing | Endorsing)
    except (LookupError, TypeError, ValueError):  # as what is asked is what nobody can read
        wanted = True
    if wanted:
        tx.inbox.blank(update)


def _is_weak(typed: str) -> bool:
    """All the same, or one after the other."""
    steps = {int(after) - int(before) for before, after in pairwise(typed)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


def _require_right(tx: Transaction, house: House, me: Person, typed: str) -> None:
    match tx.pins.tried(me.id, typed):
        case Right():
            pass
        case Wrong(left=left):
            raise Refused(Why.WRONG_PIN, left=left)
        case Locked(until=until, now=now):
            if now:
                _tell_locked(tx, house, me, PinLocked(me.id, until))
            raise Refused(Why.PIN_LOCKED, until=until)


def _tell_locked(tx: Transaction, house: House, me: Person, locked: PinLocked) -> None:
    """Whoever may see me hears of it, and every supervisor of no unit, as those belong to the office as a whole."""
    tx.journal.append(me.id, [Entry(locked, Where(unit=me.unit))])
    for other in tell(tx, house, WATCHERS, but=me.id):
        if other.unit is None or house.allows(other, Action.SEE_PEOPLE, me.about):
            may_act = personnel.may_stop(house, other, me)
            letter = view.locked(house.words(other), me.name, locked.until, may_act=may_act)
            tx.letters.put(f"pin:{me.id}:{tx.at.isoformat()}:{other.id}", other.chat, letter)


def clear(tx: Transaction, house: House, me: Person, whom: Person) -> None:
    """Take somebody's PIN away, who then chooses a new one. Nobody can read it, or choose it for them."""
    personnel.require(house, me, Action.CHANGE_PEOPLE, whom)
    if not tx.pins.clear(whom.id):
        raise Denied(Denial.STALE)
    tx.journal.append(me.id, [Entry(PinCleared(whom.id), Where(unit=whom.unit))])
    tx.letters.put(f"pin-cleared:{whom.id}:{tx.at.isoformat()}", whom.chat, view.cleared(house.words(whom)))
