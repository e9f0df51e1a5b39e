"""Ways in: a stranger asks and an admin allows it, or brings an invitation that is good for once."""

from collections.abc import Sequence
from datetime import timedelta

from bot.engine.people import Role
from bot.engine.rights import About, Action, grantable
from bot.engine.staffing import AccessAsked, AccessRefused, Denial, Denied, InvitationRevoked, Invited
from bot.services import menu, personnel
from bot.services.house import Answer, House
from bot.services.people import DOOR, ONCE_AN_HOUR, answer_at_door, tell
from bot.storage.database import Transaction
from bot.storage.invitations import Invitation, Request, Terms
from bot.storage.journal import Entry, Where
from bot.storage.people import Person
from bot.views import people as view

MISSES = 5
"""Invitations that somebody may try in vain within an hour."""
ASK_AGAIN = timedelta(days=1)
"""Who was refused may ask again after this."""


def _card(request: int) -> str:
    return f"request:{request}"


# Asking


def ask_in(tx: Transaction, house: House, me: Person) -> Answer:
    """A stranger asks to be let in: the admins get a card. Asked again, it stays the one request."""
    words = house.words(me)
    if me.admitted:
        return Answer(view.known_already(words).text, alert=True)
    last = tx.requests.last_of(me.id)
    if last is not None and last.decided_at is not None and tx.at - last.decided_at < ASK_AGAIN:
        return Answer(view.refused(words).text, alert=True)
    if last is None or last.decided_at is not None:
        request = tx.requests.add(me.id)
        tx.journal.append(me.id, [Entry(AccessAsked(request, me.id), Where())])
        for admin in tell(tx, house, (Role.ADMIN,), but=0):
            screen = view.request_card(house.words(admin), house.pack, request, me.name, me.chat)
            tx.cards.put(_card(request), admin.chat, screen, seen_id=admin.seen_id)
    tx.cards.put(DOOR, me.chat, view.asked_in(words), seen_id=0)
    return Answer()


def undecided(tx: Transaction, request: int) -> Request:
    """The request of that number. Raises Denied where it was answered before."""
    found = tx.requests.get(request)
    if found is None or found.decided_at is not None:
        raise Denied(Denial.ANSWERED)
    return found


def refuse(tx: Transaction, house: House, me: Person, request: int) -> None:
    """Do not let the stranger in who asked, and say so. Raises Denied where it was answered before."""
    _require(house, me, Action.ADMIT)
    found = undecided(tx, request)
    _decide(tx, house, me, found, allowed=False)
    tx.journal.append(me.id, [Entry(AccessRefused(request, found.person), Where())])
    whom = tx.people.get(found.person)
    tx.cards.put(DOOR, whom.chat, view.refused(house.words(whom)), seen_id=whom.seen_id, anew=True)


def allow(tx: Transaction, house: House, me: Person, request: int, terms: Terms) -> None:
    """Let the stranger in who asked. Raises Denied where it was answered before."""
    _require(house, me, Action.ADMIT)
    _require_grantable(house, me, terms)
    found = undecided(tx, request)
    _decide(tx, house, me, found, allowed=True)
    whom = tx.people.get(found.person)
    if not whom.admitted:
        personnel.admit(tx, house, me, whom, terms, request=request)
        _welcome(tx, house, whom.id)


def _decide(tx: Transaction, house: House, me: Person, found: Request, *, allowed: bool) -> None:
    if not tx.requests.decide(found.id, me.id, allowed=allowed):
        raise Denied(Denial.ANSWERED)
    whom = tx.people.get(found.person)
    for admin in tell(tx, house, (Role.ADMIN,), but=0):
        screen = view.request_answered(house.words(admin), whom.name, me.name, allowed=allowed)
        tx.cards.put(_card(found.id), admin.chat, screen, seen_id=0)


def _welcome(tx: Transaction, house: House, person: int) -> None:
    whom = tx.people.get(person)
    tx.cards.put(DOOR, whom.chat, view.welcome(house.words(whom), whom.name), seen_id=0)
    menu.home(tx, house, whom)


# Inviting


def invite(tx: Transaction, house: House, me: Person, all_terms: Sequence[Terms]) -> list[tuple[Invitation, str]]:
    """Make an invitation for each of the terms, and return them with the links that their bearers open."""
    for terms in all_terms:
        _require(house, me, Action.INVITE, terms.unit)
        _require_grantable(house, me, terms)
    made = [tx.invitations.add(me.id, terms) for terms in all_terms]
    tx.journal.append(me.id, [_invited(invitation) for invitation, _ in made])
    return [(invitation, house.link(f"inv_{token}")) for invitation, token in made]


def _invited(made: Invitation) -> Entry:
    terms = made.terms
    positions = tuple(post.position for post in terms.positions)
    return Entry(Invited(made.id, terms.roles, terms.unit, positions, made.expires_at), Where(unit=terms.unit))


def _require(house: House, me: Person, action: Action, unit: str | None = None) -> None:
    if not house.allows(me, action, About(unit)):
        raise Denied(Denial.FORBIDDEN)


def _require_grantable(house: House, me: Person, terms: Terms) -> None:
    if not terms.roles:
        raise Denied(Denial.NO_ROLE)
    if not set(terms.roles) <= grantable(me.who.roles):
        raise Denied(Denial.ABOVE)
    if terms.positions and not house.allows(me, Action.CHANGE_PEOPLE, About(terms.unit)):
        raise Denied(Denial.FORBIDDEN)


def revoke(tx: Transaction, house: House, me: Person, number: int) -> None:
    """Take an invitation back. Raises Denied where it cannot be used any more."""
    invitation = tx.invitations.get(number)
    if invitation is None or not sees(house, me, invitation) or not tx.invitations.revoke(number):
        raise Denied(Denial.VOID)
    tx.journal.append(me.id, [Entry(InvitationRevoked(number), Where(unit=invitation.terms.unit))])


def sees(house: House, me: Person, invitation: Invitation) -> bool:
    """Whether I may see an invitation and take it back: my own, and those into units that I look after."""
    return house.allows(me, Action.INVITE, About(invitation.terms.unit, invitation.inviter))


def redeem(tx: Transaction, house: House, me: Person, token: str) -> None:
    """Somebody brings an invitation. A right one admits them; a wrong one gets one polite line, whatever is wrong.

    After too many tries that is said once, and until the hour is over there is no answer."""
    words = house.words(me)
    if me.admitted:
        menu.home(tx, house, me)
        return
    misses = tx.people.misses(me.id, tx.at - ONCE_AN_HOUR)
    invitation = tx.invitations.use(token, me.id) if misses < MISSES else None
    if invitation is None or not _is_good(tx, house, invitation):
        tx.people.missed(me.id, misses)
        if misses <= MISSES:
            screen = view.no_invitation(words) if misses < MISSES else view.too_many_tries(words)
            answer_at_door(tx, me, screen)
        return
    inviter = tx.people.get(invitation.inviter)
    personnel.admit(tx, house, inviter, me, invitation.terms, invitation=invitation.id)
    open_request = tx.requests.last_of(me.id)
    if open_request is not None and open_request.decided_at is None:
        _decide(tx, house, inviter, open_request, allowed=True)
    _welcome(tx, house, me.id)
    letter = view.invitation_used(house.words(inviter), tx.people.get(me.id).name, me.chat)
    tx.letters.put(f"invited:{invitation.id}", inviter.chat, letter)


def _is_good(tx: Transaction, house: House, invitation: Invitation) -> bool:
    """Whether the inviter might still invite so today."""
    inviter = tx.people.get(invitation.inviter)
    try:
        _require(house, inviter, Action.INVITE, invitation.terms.unit)
        _require_grantable(house, inviter, invitation.terms)
    except Denied:
        return False
    return True
