"""/orang: whoever looks after people finds somebody and changes what is known of them, on one card."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.engine import desk as d
from bot.engine import questions as q
from bot.engine.desk import Ask, Desk
from bot.engine.messages import Incoming, Said
from bot.engine.people import Role, in_order
from bot.engine.rights import Action
from bot.engine.staffing import Acting, Denial, Denied, ErasedFor, NipFault, Post, read_nip
from bot.engine.values import Misread, clean, read_day
from bot.library.roll import LARGEST, Known, read_list
from bot.services import desk_card, entry, personnel, pin, record, roll
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.invitations import Terms
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import desk as view
from bot.views import people as screens
from bot.views import roll as lists
from bot.views import taps as t
from bot.views.desk import Go, Move

CANCEL = ("batal", "cancel")
SPREADSHEETS = (".xlsx", ".xls", ".ods")
NO_NIP = ("-", "–", "kosong", "empty", "tidak ada", "none")

Moved = tuple[Desk, str]
"""What lies open after a move, and what is said on it."""


# Ways to it


def open_people(tx: Transaction, house: House, me: Person, text: str = "") -> None:
    """/orang, with or without a name; with `blokir` before it, to stop somebody's access."""
    stop = re.fullmatch(r"(?:blokir|block)\s+(.+)", text, re.IGNORECASE)
    if stop is None:
        desk_card.put(tx, house, me, d.Directory(words=text), anew=True)
        return
    match desk_card.named(desk_card.visible(tx, house, me), stop[1]):
        case [only]:
            desk_card.put(tx, house, me, *_stopping(house, me, only), anew=True)
        case _:
            desk_card.put(tx, house, me, d.Directory(words=stop[1]), anew=True)


def _stopping(house: House, me: Person, whom: Person) -> Moved:
    try:
        personnel.require_stop(house, me, whom)
    except Denied as denied:
        return d.Card(whom.id), screens.denial(house.words(me), denied.why)
    return d.Stopping(whom.id), ""


def let_in(tx: Transaction, house: House, me: Person, request: int) -> Answer:
    """An admin chooses with what a stranger is let in."""
    try:
        desk_card.put(tx, house, me, _letting_in(tx, request), anew=True)
    except Denied as denied:
        return _no(house, me, record.denial(tx, me, denied))
    return Answer()


def _letting_in(tx: Transaction, request: int) -> d.Inviting:
    asking = tx.people.get(entry.undecided(tx, request).person)
    return d.Inviting(name=asking.name, request=request)


def keep_out(tx: Transaction, house: House, me: Person, request: int) -> Answer:
    """An admin does not let a stranger in."""
    try:
        entry.refuse(tx, house, me, request)
    except Denied as denied:
        return _no(house, me, record.denial(tx, me, denied))
    return Answer()


def _no(house: House, me: Person, why: Denial) -> Answer:
    return Answer(screens.denial(house.words(me), why), alert=True)


# Taps


def press(tx: Transaction, house: House, me: Person, tap: t.Desk) -> Answer:
    """A tap on the card: one effect, and the card as it is then."""
    match me.asked:
        case Asked(ask=tap.ask, what=state) if isinstance(state, Desk):
            pass
        case _:
            return _no(house, me, Denial.STALE)
    _hold(tx, state)
    try:
        desk_card.put(tx, house, me, *_moved(tx, house, me, state, tap.move, tap.to))
    except Denied as denied:
        return _no(house, me, record.denial(tx, me, denied))
    return Answer()


def _hold(tx: Transaction, state: q.Question) -> None:
    """Let nobody else change people until this transaction ends: whoever is erased in another process meanwhile would
    have a name again. Who erases waits for runs before anything is held."""
    if isinstance(state, Desk) and not isinstance(state, d.Erasing):
        tx.journal.hold()


def _moved(tx: Transaction, house: House, me: Person, state: Desk, move: str, to: str) -> Moved:
    """What a tap leads to. Raises Denied, also for what no button of this card says."""
    match state, move:
        case _, Move.BACK:
            return _before(state), ""
        case ((d.Directory() | d.Moving() | d.Giving() | d.Away() | d.Inviting() | d.Invitations()), Move.TURN):
            return replace(state, page=_number(to)), ""
        case d.Directory(), Move.GO if to == Go.LIST:
            _require(house, me, Action.IMPORT_PEOPLE)
            roll.send_whole(tx, house, me)
            return state, house.words(me)("The list follows below.")
        case d.Directory(), _:
            return _from_list(tx, house, me, move, to), ""
        case d.Card(person=person), Move.GO:
            return _from_card(tx, house, me, desk_card.seen(tx, house, me, person), to)
        case d.Moving(person=person), Move.CHOOSE:
            personnel.move(tx, house, me, desk_card.seen(tx, house, me, person), _unit(house, to))
            return d.Card(person), ""
        case d.Empowering(), (Move.CHOOSE | Move.SAVE):
            return _empower(tx, house, me, state, move, to), ""
        case ((d.Positions() | d.Absences()), _):
            return _from_spans(tx, house, me, state, move, to), ""
        case d.Ending(), Move.DAY:
            return _end(tx, house, me, state, _day(house, tx, to)), ""
        case d.Giving(), _:
            return _give(tx, house, me, state, move, to), ""
        case d.Away(), _:
            return _send_away(tx, house, me, state, move, to), ""
        case d.Stopping(person=person), Move.SAVE:
            personnel.stop(tx, house, me, desk_card.seen(tx, house, me, person))
            return d.Card(person), ""
        case d.Erasing(person=person), (Move.CHOOSE | Move.SAVE):
            return _erase(tx, house, me, state, desk_card.seen(tx, house, me, person), move, to)
        case d.Inviting(), _:
            return _invite(tx, house, me, state, move, to)
        case d.Invitations(), Move.NUMBER:
            entry.revoke(tx, house, me, _number(to))
            return state, ""
        case d.Requests(), Move.NUMBER:
            _require(house, me, Action.ADMIT)
            return _letting_in(tx, _number(to)), ""
        case d.ListRead(lines=lines), Move.SAVE:
            _require(house, me, Action.IMPORT_PEOPLE)
            taken = roll.take_in(tx, house, me, lines)
            return d.Directory(), lists.taken(house.words(me), taken.changed, taken.invited, taken.refused)
        case _:
            raise Denied(Denial.STALE)


def _before(state: Desk) -> Desk:
    """Where the way back leads."""
    match state:
        case d.Giving(asks=None) | d.Giving(asks=Ask.POSITION):
            return d.Positions(state.person)
        case d.Giving() | d.Inviting(asks=Ask()):
            return replace(state, asks=None, words="", page=0)
        case d.Away(asks=Ask()):
            return replace(state, asks=None, words="", page=0)
        case d.Away(person=person):
            return d.Absences(person)
        case d.Ending(person=person):
            return d.Positions(person)
        case d.Erasing(why=ErasedFor()):
            return replace(state, why=None)
        case d.Renaming() | d.Numbering() | d.Moving() | d.Empowering() | d.Positions() | d.Absences():
            return d.Card(state.person)
        case d.Stopping() | d.Erasing():
            return d.Card(state.person)
        case _:
            return d.Directory()


def _from_list(tx: Transaction, house: House, me: Person, move: str, to: str) -> Desk:
    match move, to:
        case Move.CHOOSE, view.ALL:
            return d.Directory(everyone=True)
        case Move.CHOOSE, unit:
            return d.Directory(unit=unit)
        case Move.PERSON, person:
            return d.Card(desk_card.seen(tx, house, me, _number(person)).id)
        case Move.GO, Go.INVITE:
            _require(house, me, Action.INVITE)
            return d.Inviting(unit=me.unit)
        case Move.GO, Go.INVITATIONS:
            _require(house, me, Action.INVITE)
            return d.Invitations()
        case Move.GO, Go.REQUESTS:
            _require(house, me, Action.ADMIT)
            return d.Requests()
        case _:
            raise Denied(Denial.STALE)


def _from_card(tx: Transaction, house: House, me: Person, whom: Person, to: str) -> Moved:
    if to not in desk_card.may(tx, house, me, whom):
        raise Denied(Denial.FORBIDDEN)
    match to:
        case Go.NAME:
            return d.Renaming(whom.id), ""
        case Go.NIP:
            return d.Numbering(whom.id), ""
        case Go.UNIT:
            return d.Moving(whom.id), ""
        case Go.ROLES:
            return d.Empowering(whom.id, in_order(whom.roles)), ""
        case Go.POSITIONS:
            return d.Positions(whom.id), ""
        case Go.ABSENCES:
            return d.Absences(whom.id), ""
        case Go.STOP:
            return d.Stopping(whom.id), ""
        case Go.ERASE:
            return d.Erasing(whom.id), ""
        case Go.PIN:
            pin.clear(tx, house, me, whom)
            return d.Card(whom.id), house.words(me)("The PIN is cleared.")
        case _:
            personnel.restore(tx, house, me, whom)
            return d.Card(whom.id), ""


def _empower(tx: Transaction, house: House, me: Person, state: d.Empowering, move: str, to: str) -> Desk:
    if move == Move.CHOOSE:
        return replace(state, roles=_toggled(state.roles, to))
    personnel.empower(tx, house, me, desk_card.seen(tx, house, me, state.person), state.roles)
    return d.Card(state.person)


def _toggled(roles: Sequence[Role], name: str) -> tuple[Role, ...]:
    if name not in set(Role):
        raise Denied(Denial.STALE)
    return in_order(set(roles) ^ {Role(name)})


def _from_spans(tx: Transaction, house: House, me: Person, state: d.Positions | d.Absences, move: str, to: str) -> Desk:
    whom = desk_card.seen(tx, house, me, state.person)
    match state, move, to:
        case d.Positions(), Move.GO, Go.GIVE:
            return d.Giving(whom.id)
        case d.Positions(), Move.NUMBER, number:
            return d.Ending(whom.id, _number(number))
        case d.Absences(), Move.GO, Go.AWAY:
            return d.Away(whom.id)
        case d.Absences(), Move.NUMBER, number:
            found = next((one for one in tx.absences.of(whom.id) if one.id == _number(number)), None)
            if found is None:
                raise Denied(Denial.STALE)
            personnel.call_back(tx, house, me, whom, found)
            return state
        case _:
            raise Denied(Denial.STALE)


def _end(tx: Transaction, house: House, me: Person, state: d.Ending, last: date | None) -> Desk:
    found = next((one for one in tx.holdings.of(state.person) if one.id == state.holding), None)
    if found is None or last is None:
        raise Denied(Denial.STALE)
    personnel.end(tx, house, me, desk_card.seen(tx, house, me, state.person), found, last)
    return d.Positions(state.person)


def _give(tx: Transaction, house: House, me: Person, state: d.Giving, move: str, to: str) -> Desk:
    done = replace(state, asks=None, words="", page=0)
    match state.asks, move, to:
        case Ask.POSITION, Move.CHOOSE, position if position in personnel.titles(tx):
            return replace(done, position=position)
        case Ask.UNIT, Move.CHOOSE, unit:
            return replace(done, unit=_unit(house, unit))
        case Ask.SINCE | Ask.UNTIL, Move.DAY, day:
            return _dated(done, state.asks, _day(house, tx, day))
        case None, Move.GO, Go.SINCE | Go.UNTIL | Go.UNIT:
            return replace(state, asks=Ask(to))
        case None, Move.CHOOSE, acting if acting in set(Acting):
            return replace(state, acting=Acting(acting))
        case None, Move.SAVE, _ if state.position is not None:
            whom, days = desk_card.seen(tx, house, me, state.person), desk_card.days(house, tx, state)
            personnel.give(tx, house, me, whom, state.position, days, state.acting, state.unit)
            return d.Positions(state.person)
        case _:
            raise Denied(Denial.STALE)


def _send_away(tx: Transaction, house: House, me: Person, state: d.Away, move: str, to: str) -> Desk:
    done = replace(state, asks=None, words="", page=0)
    match state.asks, move, to:
        case Ask.SINCE | Ask.UNTIL, Move.DAY, day:
            return _dated(done, state.asks, _day(house, tx, day))
        case Ask.STAND_IN, Move.CHOOSE, view.NONE:
            return replace(done, stand_in=None)
        case Ask.STAND_IN, Move.PERSON, person:
            return replace(done, stand_in=desk_card.seen(tx, house, me, _number(person)).id)
        case None, Move.GO, Go.SINCE | Go.UNTIL | Go.STAND_IN:
            return replace(state, asks=Ask(to))
        case None, Move.SAVE, _:
            stand_in = None if state.stand_in is None else tx.people.get(state.stand_in)
            whom, days = desk_card.seen(tx, house, me, state.person), desk_card.days(house, tx, state)
            personnel.send_away(tx, house, me, whom, days, stand_in)
            return d.Absences(state.person)
        case _:
            raise Denied(Denial.STALE)


def _dated(state: d.Giving | d.Away, asks: Ask | None, day: date | None) -> d.Giving | d.Away:
    if asks is Ask.UNTIL:
        return replace(state, until=day)
    if day is None:
        raise Denied(Denial.STALE)
    return replace(state, since=day)


def _erase(tx: Transaction, house: House, me: Person, state: d.Erasing, whom: Person, move: str, to: str) -> Moved:
    match move, state.why:
        case Move.CHOOSE, None if to in set(ErasedFor):
            return replace(state, why=ErasedFor(to)), ""
        case Move.SAVE, ErasedFor() as why:
            personnel.erase(tx, house, me, whom, why)
            return d.Directory(), house.words(me)("The personal data is erased.")
        case _:
            raise Denied(Denial.STALE)


def _invite(tx: Transaction, house: House, me: Person, state: d.Inviting, move: str, to: str) -> Moved:
    done = replace(state, asks=None, words="", page=0)
    match state.asks, move, to:
        case None, Move.CHOOSE, role:
            return replace(state, roles=_toggled(state.roles, role)), ""
        case None, Move.GO, Go.UNIT | Go.NAME:
            return replace(state, asks=Ask(to)), ""
        case None, Move.GO, Go.POSITIONS:
            _require(house, me, Action.CHANGE_PEOPLE)
            return replace(state, asks=Ask.POSITION), ""
        case Ask.UNIT, Move.CHOOSE, unit:
            return replace(done, unit=_unit(house, unit)), ""
        case Ask.POSITION, Move.CHOOSE, position if position in personnel.titles(tx):
            kept = tuple(one for one in state.positions if one != position)
            return replace(state, positions=kept if position in state.positions else (*kept, position)), ""
        case None, Move.SAVE, _:
            return _let(tx, house, me, state)
        case _:
            raise Denied(Denial.STALE)


def _let(tx: Transaction, house: House, me: Person, state: d.Inviting) -> Moved:
    positions = tuple(Post(position) for position in state.positions)
    terms, words = Terms(state.roles, state.unit, positions, state.name), house.words(me)
    if state.request is not None:
        person = entry.undecided(tx, state.request).person
        entry.allow(tx, house, me, state.request, terms)
        return d.Card(person), ""
    [(invitation, link)] = entry.invite(tx, house, me, [terms])
    letter = screens.invitation(words, link, invitation.expires_at, state.name)
    tx.letters.put(f"invitation:{invitation.id}", me.chat, letter)
    return d.Directory(), words("The invitation follows below.")


# What is typed


def hear(tx: Transaction, house: House, me: Person, said: Said) -> bool:
    """What is typed while the card is open. False where it is not for the card."""
    text = clean(said.text)
    if me.asked is None or said.odd or said.forwarded:
        return False
    if said.file is not None:
        return isinstance(me.asked.what, Desk) and _sent(tx, house, me, said.file)
    if not text:
        return False
    if text.casefold() in CANCEL:
        return False
    _hold(tx, me.asked.what)
    try:
        moved = _heard(tx, house, me, me.asked.what, text)
    except Denied as denied:
        moved = _desk(me), screens.denial(house.words(me), record.denial(tx, me, denied))
    except Misread:
        moved = _desk(me), house.words(me)("That is no date that I can read.")
    if moved is not None:
        desk_card.put(tx, house, me, *moved)
    return moved is not None


def _sent(tx: Transaction, house: House, me: Person, file: Incoming) -> bool:
    """A list of people was sent: it is read as soon as it has been fetched."""
    name = file.name.casefold()
    if not name.endswith((".csv", *SPREADSHEETS)) or not me.may(Action.IMPORT_PEOPLE):
        return False
    if name.endswith(SPREADSHEETS):
        _no_list(tx, house, me, d.Snag.NO_TEXT)
    elif (file.size or 0) > LARGEST:
        _no_list(tx, house, me, d.Snag.TOO_LONG)
    else:
        desk_card.put(tx, house, me, d.ListComing(tx.files.keep(file, me.id)))
    return True


def _no_list(tx: Transaction, house: House, me: Person, why: d.Snag) -> None:
    desk_card.put(tx, house, me, d.Directory(), lists.flaw(house.words(me), d.Flaw(0, why)))


def list_came(tx: Transaction, house: House, file: int, content: bytes | None) -> None:
    """A list of people was fetched, or, without content, could not be: what it would change is shown. It is not kept,
    for names and numbers of people live in one table only."""
    sender = tx.files.forget(file)
    me = None if sender is None else tx.people.get(sender)
    match me:
        case Person(asked=Asked(what=d.ListComing(file=coming))) if coming == file and me.may(Action.IMPORT_PEOPLE):
            known = Known(house.units, personnel.titles(tx), house.office.day(tx.at))
            read = d.ListRead((), (d.Flaw(0, d.Snag.NOT_FETCHED),)) if content is None else read_list(content, known)
            desk_card.put(tx, house, me, read)
        case _:
            pass


def _desk(me: Person) -> Desk:
    assert me.asked is not None and isinstance(me.asked.what, Desk)
    return me.asked.what


def _heard(tx: Transaction, house: House, me: Person, state: q.Question, text: str) -> Moved | None:
    words, today = house.words(me), house.office.day(tx.at)
    match state:
        case d.Directory():
            return (d.Directory(words=text), "") if desk_card.named(desk_card.visible(tx, house, me), text) else None
        case d.Renaming(person=person):
            personnel.rename(tx, house, me, desk_card.seen(tx, house, me, person), text)
            return d.Card(person), ""
        case d.Numbering(person=person):
            return _numbered(tx, house, me, desk_card.seen(tx, house, me, person), text)
        case d.Ending():
            return _end(tx, house, me, state, read_day(text, today)), ""
        case d.Giving(asks=Ask.SINCE | Ask.UNTIL) | d.Away(asks=Ask.SINCE | Ask.UNTIL):
            return _dated(replace(state, asks=None), state.asks, read_day(text, today)), ""
        case d.Giving(asks=Ask.POSITION) | d.Inviting(asks=Ask.POSITION) | d.Away(asks=Ask.STAND_IN):
            return replace(state, words=text, page=0), ""
        case d.Inviting(asks=Ask.NAME):
            return replace(state, asks=None, name=personnel.one_line(text)), ""
        case d.Inviting(asks=None) | d.Giving(asks=None) | d.Away(asks=None) | d.Empowering():
            return state, words("Please use the buttons below.")
        case d.Stopping() | d.Erasing():
            return state, words("Please use the buttons below.")
        case _:
            return None


def _numbered(tx: Transaction, house: House, me: Person, whom: Person, text: str) -> Moved:
    if text.casefold() in NO_NIP:
        personnel.number(tx, house, me, whom, "")
        return d.Card(whom.id), ""
    match read_nip(text, house.office.day(tx.at)):
        case NipFault() as fault:
            return d.Numbering(whom.id), screens.nip_fault(house.words(me), fault)
        case digits:
            personnel.number(tx, house, me, whom, digits)
            return d.Card(whom.id), ""


# What buttons say


def _require(house: House, me: Person, action: Action) -> None:
    if not house.allows(me, action):
        raise Denied(Denial.FORBIDDEN)


def _number(to: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", to):
        raise Denied(Denial.STALE)
    return int(to)


def _unit(house: House, to: str) -> str | None:
    if to != view.NONE and house.units.get(to) is None:
        raise Denied(Denial.STALE)
    return None if to == view.NONE else to


def _day(house: House, tx: Transaction, to: str) -> date | None:
    today = house.office.day(tx.at)
    match to:
        case view.TODAY:
            return today
        case view.TOMORROW:
            return today + timedelta(days=1)
        case view.OPEN:
            return None
        case _:
            raise Denied(Denial.STALE)
