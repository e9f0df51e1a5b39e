"""What is changed about people: each change is checked, kept, journalled, and told to whom it concerns."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.engine.events import Told
from bot.engine.people import Role, in_order
from bot.engine.rights import Action, grantable, stands_above
from bot.engine.sop import Status
from bot.engine.staffing import (
    Absence,
    AccessRestored,
    AccessStopped,
    Acting,
    Admitted,
    CameBack,
    Denial,
    Denied,
    ErasedFor,
    Holding,
    NameChanged,
    NipChanged,
    PersonErased,
    PositionEnded,
    PositionGiven,
    RolesChanged,
    Span,
    UnitChanged,
    WentAway,
)
from bot.engine.values import clean
from bot.services import commands
from bot.services.house import House
from bot.storage import erasure
from bot.storage.database import Transaction
from bot.storage.invitations import Terms
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.views import people as view
from bot.views.words import Words

LONGEST_NAME = 120
ONE_DAY = timedelta(days=1)


def titles(tx: Transaction) -> Mapping[str, str]:
    """The positions that the SOPs know, by id, in the order of their titles."""
    kept = tx.versions.in_state([Status.DRAFT, Status.TRIAL, Status.IN_FORCE])
    known = {one.id: one.title for version in kept for one in version.sop.positions if not one.external}
    return dict(sorted(known.items(), key=lambda one: one[1].casefold()))


def require(house: House, me: Person, action: Action, whom: Person) -> None:
    """Raise Denied where I may not do that to somebody."""
    if not house.allows(me, action, whom.about):
        raise Denied(Denial.FORBIDDEN)


def _note(
    tx: Transaction, me: Person | None, event: Told, unit: str | None = None, position: str | None = None
) -> None:
    tx.journal.append(me.id if me else None, [Entry(event, Where(unit=unit, position=position))])


# Letting in


def admit(
    tx: Transaction,
    house: House,
    by: Person | None,
    whom: Person,
    terms: Terms,
    *,
    invitation: int | None = None,
    request: int | None = None,
) -> None:
    """Let somebody in with these terms, from today on."""
    roles = in_order(terms.roles)
    unit = terms.unit if house.units.get(terms.unit) else None
    tx.people.give_roles(whom.id, roles)
    tx.people.change(whom.id, unit=unit)
    commands.offer(tx, house, whom.id)
    _note(tx, by, Admitted(whom.id, roles, unit, invitation, request), unit)
    if terms.name:
        _name(tx, by, whom, terms.name)
    if terms.nip and tx.people.by_nip(terms.nip) is None:
        _number(tx, by, whom, terms.nip)
    for post in terms.positions:
        days = post.days(house.office.day(tx.at))
        if days.is_real:  # else it was over before they came
            _give(tx, by, whom, post.position, days, post.acting, None)


def seat(tx: Transaction, house: House, chat: int, unit: str, positions: Iterable[str]) -> None:
    """Give somebody whom the settings let in a unit and positions, unless they have a unit already."""
    whom = tx.people.by_chat(chat)
    assert whom is not None
    if whom.unit is None:
        tx.people.change(whom.id, unit=unit)
        _note(tx, None, UnitChanged(whom.id, None, unit), unit)
        for position in positions:
            _give(tx, None, replace(whom, unit=unit), position, Span(house.office.day(tx.at)), Acting.DEFINITIVE, None)


# Who somebody is


def rename(tx: Transaction, house: House, me: Person, whom: Person, name: str) -> None:
    """Call somebody otherwise."""
    require(house, me, Action.CHANGE_PEOPLE, whom)
    _name(tx, me, whom, name)


def _name(tx: Transaction, me: Person | None, whom: Person, name: str) -> None:
    name = one_line(name)
    if not name:
        raise Denied(Denial.NO_NAME)
    if name != whom.name:
        tx.people.change(whom.id, name=name)
        _note(tx, me, NameChanged(whom.id, whom.name, name), whom.unit)


def one_line(name: str) -> str:
    """A name as it is kept."""
    return " ".join(clean(name).split())[:LONGEST_NAME].strip()


def number(tx: Transaction, house: House, me: Person, whom: Person, nip: str) -> None:
    """Give somebody their NIP, 18 digits that were read already; an empty one takes it away."""
    require(house, me, Action.CHANGE_PEOPLE, whom)
    other = tx.people.by_nip(nip) if nip else None
    if other is not None and other.id != whom.id:
        raise Denied(Denial.NIP_TAKEN)
    _number(tx, me, whom, nip)


def _number(tx: Transaction, me: Person | None, whom: Person, nip: str) -> None:
    if nip != (whom.nip or ""):
        tx.people.change(whom.id, nip=nip or None)
        _note(tx, me, NipChanged(whom.id, whom.nip or "", nip), whom.unit)


def move(tx: Transaction, house: House, me: Person, whom: Person, unit: str | None) -> None:
    """Let somebody work in another unit."""
    require(house, me, Action.CHANGE_PEOPLE, whom)
    if unit is not None and house.units.get(unit) is None:
        raise Denied(Denial.STALE)
    if unit != whom.unit:
        tx.people.change(whom.id, unit=unit)
        _note(tx, me, UnitChanged(whom.id, whom.unit, unit), unit)


def empower(tx: Transaction, house: House, me: Person, whom: Person, roles: Iterable[Role]) -> None:
    """Give somebody these roles and no others. Nobody changes their own, and an admin is always left."""
    me, whom = _held(tx, me, whom)
    require(house, me, Action.CHANGE_PEOPLE, whom)
    after = in_order(roles)
    if whom.id == me.id:
        raise Denied(Denial.ONESELF)
    if not after:
        raise Denied(Denial.NO_ROLE)
    if not set(after) - whom.roles <= grantable(me.roles):
        raise Denied(Denial.ABOVE)
    if Role.ADMIN in whom.roles and Role.ADMIN not in after:
        _require_another_admin(tx, whom)
    if set(after) != whom.roles:
        tx.people.give_roles(whom.id, after)
        commands.offer(tx, house, whom.id)
        _note(tx, me, RolesChanged(whom.id, in_order(whom.roles), after), whom.unit)
        tx.letters.put(f"roles:{whom.id}:{tx.at.isoformat()}", whom.chat, view.new_roles(house.words(whom), after))


def _held(tx: Transaction, me: Person, whom: Person) -> tuple[Person, Person]:
    """Both of us as we stand, until this transaction ends: of two admins who remove each other at once in two
    processes, the second is no admin any more."""
    tx.journal.hold()
    return tx.people.get(me.id), tx.people.get(whom.id)


def _require_another_admin(tx: Transaction, whom: Person) -> None:
    admins = {one.id for one in tx.people.with_role([Role.ADMIN])}
    if admins == {whom.id}:
        raise Denied(Denial.LAST_ADMIN)


# Positions


def give(
    tx: Transaction,
    house: House,
    me: Person,
    whom: Person,
    position: str,
    span: Span,
    acting: Acting = Acting.DEFINITIVE,
    unit: str | None = None,
) -> None:
    """Let somebody hold a position, in `unit` if not in their own."""
    require(house, me, Action.CHANGE_PEOPLE, whom)
    if not span.is_real:
        raise Denied(Denial.NO_DAYS)
    unit = None if unit == whom.unit else unit
    held = [one for one in tx.holdings.of(whom.id) if one.position == position and one.unit == unit]
    if any(one.span.meets(span) for one in held):
        raise Denied(Denial.HELD_ALREADY)
    holding = _give(tx, me, whom, position, span, acting, unit)
    letter = view.new_position(house.words(whom), titles(tx).get(position, position), span, acting)
    tx.letters.put(f"position:{holding}", whom.chat, letter)


def _give(
    tx: Transaction, me: Person | None, whom: Person, position: str, span: Span, acting: Acting, unit: str | None
) -> int:
    holding = tx.holdings.add(whom.id, position, span, acting, unit)
    event = PositionGiven(whom.id, holding, position, span.since, span.until, acting, unit)
    _note(tx, me, event, unit or whom.unit, position)
    return holding


def end(tx: Transaction, house: House, me: Person, whom: Person, holding: Holding, last: date) -> None:
    """Let `last` be the last day on which somebody holds a position; before it began it is taken back."""
    require(house, me, Action.CHANGE_PEOPLE, whom)
    today = house.office.day(tx.at)
    if holding.span.is_over(today):
        raise Denied(Denial.IS_OVER)
    if last < holding.span.since <= today:
        raise Denied(Denial.BEFORE_BEGIN)
    after = last if holding.span.since <= last else None
    if after is None:
        tx.holdings.drop(holding.id)
    else:
        tx.holdings.end(holding.id, after)
    event = PositionEnded(whom.id, holding.id, holding.position, holding.span.until, after)
    _note(tx, me, event, holding.unit or whom.unit, holding.position)


# Absence


def send_away(tx: Transaction, house: House, me: Person, whom: Person, span: Span, stand_in: Person | None) -> None:
    """Somebody is away; whoever stands in hears of it."""
    _require_may_send_away(house, me, whom)
    if stand_in is not None and (stand_in.id == whom.id or not stand_in.admitted):
        raise Denied(Denial.NOBODY)
    if stand_in is not None:
        require(house, me, Action.SEE_PEOPLE, stand_in)
    if not span.is_real:
        raise Denied(Denial.NO_DAYS)
    if any(one.span.meets(span) for one in tx.absences.of(whom.id)):
        raise Denied(Denial.AWAY_ALREADY)
    absence = tx.absences.add(whom.id, span, stand_in.id if stand_in else None)
    event = WentAway(whom.id, absence, span.since, span.until, stand_in.id if stand_in else None)
    _note(tx, me, event, whom.unit)
    if stand_in is not None:
        letter = view.stands_in(house.words(stand_in), whom.name, span)
        tx.letters.put(f"stand-in:{absence}", stand_in.chat, letter)


def call_back(tx: Transaction, house: House, me: Person, whom: Person, absence: Absence) -> None:
    """Somebody is back from today on; what had not begun does not begin."""
    _require_may_send_away(house, me, whom)
    today = house.office.day(tx.at)
    if absence.span.is_over(today):
        raise Denied(Denial.IS_OVER)
    after = today - ONE_DAY if absence.span.since < today else None
    if after is None:
        tx.absences.drop(absence.id)
    else:
        tx.absences.end(absence.id, after)
    _note(tx, me, CameBack(whom.id, absence.id, absence.span.until, after), whom.unit)


def may_send_away(house: House, me: Person, whom: Person) -> bool:
    """Whether I may say when somebody is away: of myself, and of those below me."""
    return house.allows(me, Action.SET_ABSENCE, whom.about) and (me.id == whom.id or stands_above(me.who, whom.who))


def _require_may_send_away(house: House, me: Person, whom: Person) -> None:
    if not may_send_away(house, me, whom):
        raise Denied(Denial.FORBIDDEN)


# Access


def stop(tx: Transaction, house: House, me: Person, whom: Person) -> None:
    """Stop somebody's access. What they did stays; what they hold is offered to others as the ticker comes by."""
    me, whom = _held(tx, me, whom)
    require_stop(house, me, whom)
    _require_another_admin(tx, whom)
    if whom.blocked_at is not None:
        return
    tx.people.change(whom.id, blocked_at=tx.at)
    commands.offer(tx, house, whom.id)
    tx.questions.drop(whom.id)
    _note(tx, me, AccessStopped(whom.id), whom.unit)


def may_stop(house: House, me: Person, whom: Person) -> bool:
    """Whether I may stop or restore somebody's access: of those below me."""
    return house.allows(me, Action.BLOCK, whom.about) and stands_above(me.who, whom.who)


def require_stop(house: House, me: Person, whom: Person) -> None:
    """Raise Denied where I may not stop or restore somebody's access."""
    if whom.id == me.id:
        raise Denied(Denial.ONESELF)
    if not may_stop(house, me, whom):
        raise Denied(Denial.FORBIDDEN)


def restore(tx: Transaction, house: House, me: Person, whom: Person) -> None:
    """Let somebody use the bot again, as before."""
    require_stop(house, me, whom)
    if whom.blocked_at is None:
        return
    tx.people.change(whom.id, blocked_at=None)
    commands.offer(tx, house, whom.id)
    _note(tx, me, AccessRestored(whom.id), whom.unit)
    tx.letters.put(f"restored:{whom.id}:{tx.at.isoformat()}", whom.chat, view.restored(house.words(whom)))


# Erasure


def may_erase(house: House, me: Person, whom: Person) -> bool:
    """Whether I may erase what is known of somebody; never of myself."""
    return house.allows(me, Action.ERASE_PERSON, whom.about) and stands_above(me.who, whom.who)


def erase(tx: Transaction, house: House, me: Person, whom: Person, why: ErasedFor) -> None:
    """Erase what is known of somebody whose access was stopped, for good. What was done as which position stays."""
    if not may_erase(house, me, whom):
        raise Denied(Denial.FORBIDDEN)
    try:
        with tx.apart():
            erasure.stand_still(tx.connection)
    except erasure.InUse:
        raise Denied(Denial.IN_USE) from None
    whom = tx.people.get(whom.id)
    if not whom.roles:
        raise Denied(Denial.STALE)  # another admin erased it first
    if whom.blocked_at is None:
        raise Denied(Denial.HAS_ACCESS)
    if any(run.holder == whom.id for run in tx.runs.open_of(whom.id)):
        raise Denied(Denial.HAS_STEPS)
    done = erasure.erase(tx.connection, whom, view.erased(Words(house.language, house.office.zone), whom.id), tx.at)
    _note(tx, me, PersonErased(whom.id, why, done.entries, done.files), whom.unit)
