"""The card of whoever looks after people, drawn as it lies open: whom they see of it, and what they may change."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from rapidfuzz import fuzz, utils

from bot.engine import desk as d
from bot.engine.desk import Ask, Desk
from bot.engine.people import in_order
from bot.engine.rights import Action, grantable
from bot.engine.staffing import Absence, Denial, Denied, Holding, Post, Span
from bot.services import cards, entry, personnel, roll
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views import desk as view
from bot.views import roll as lists
from bot.views.desk import Go
from bot.views.screen import Screen

ALIKE = 75
"""Likeness, of 100, from which on a name is found for typed words."""


def visible(tx: Transaction, house: House, me: Person) -> list[Person]:
    """Everyone whom I may see, by name."""
    people = [one for one in tx.people.everyone() if house.allows(me, Action.SEE_PEOPLE, one.about)]
    return sorted(people, key=lambda one: one.name.casefold())


def seen(tx: Transaction, house: House, me: Person, person: int) -> Person:
    """Somebody whom I may see. Raises Denied, the same for whom there is not."""
    found = next(iter(tx.people.some([person])), None)
    if found is None or not found.roles or not house.allows(me, Action.SEE_PEOPLE, found.about):
        raise Denied(Denial.FORBIDDEN)
    return found


def named(among: Sequence[Person], text: str) -> list[Person]:
    """Those whose name is meant, the likeliest first; or whose NIP begins so."""
    digits = re.sub(r"\s", "", text)
    if digits.isdigit():
        return [one for one in among if (one.nip or "").startswith(digits)]
    likeness = {
        one.id: fuzz.token_set_ratio(text, one.name, processor=utils.default_process)
        if text.casefold() not in one.name.casefold()
        else 100
        for one in among
    }
    found = [one for one in among if likeness[one.id] >= ALIKE]
    return sorted(found, key=lambda one: -likeness[one.id])


def may(tx: Transaction, house: House, me: Person, whom: Person) -> frozenset[Go]:
    """What I may change about somebody."""
    changes = house.allows(me, Action.CHANGE_PEOPLE, whom.about)
    access = Go.STOP if whom.blocked_at is None else Go.RESTORE
    asked = {
        Go.NAME: changes,
        Go.NIP: changes,
        Go.POSITIONS: changes,
        Go.UNIT: changes and len(house.units) > 0,
        Go.ROLES: changes and me.id != whom.id,
        Go.ABSENCES: personnel.may_send_away(house, me, whom),
        Go.PIN: changes and tx.pins.has(whom.id),
        access: personnel.may_stop(house, me, whom),
        Go.ERASE: whom.blocked_at is not None and personnel.may_erase(house, me, whom),
    }
    return frozenset(place for place, yes in asked.items() if yes)


def put(tx: Transaction, house: House, me: Person, state: Desk, said: str = "", *, anew: bool = False) -> None:
    """Let `state` lie open, and draw it."""
    inside = me.asked is not None and isinstance(me.asked.what, Desk)
    asked = tx.questions.ask(me.id, state) if inside else cards.ask(tx, house, me, state)
    frame = view.Frame(
        house.words(me), house.pack, asked.ask, house.office.day(tx.at), house.units, personnel.titles(tx), said
    )
    tx.cards.put(cards.PEOPLE, me.chat, _screen(tx, house, me, frame, state), seen_id=me.seen_id, anew=anew)


def _screen(tx: Transaction, house: House, me: Person, frame: view.Frame, state: Desk) -> Screen:
    today = frame.today
    match state:
        case d.Directory():
            return _directory(tx, house, me, frame, state)
        case d.Inviting():
            return _inviting(tx, house, me, frame, state)
        case d.Invitations(page=page):
            return view.invitations(frame, _open_invitations(tx, house, me), page)
        case d.Requests():
            asking = [(one.id, tx.people.get(one.person)) for one in tx.requests.undecided()]
            return view.requests(frame, [(number, one.name, one.chat) for number, one in asking])
        case d.ListComing():
            return lists.coming(frame)
        case d.ListRead(lines=lines, flaws=flaws):
            found = roll.compare(tx, lines, today)
            changed = [change.whom.name for change in found.changes]
            return lists.preview(frame, found.new, changed, found.same, (*flaws, *found.flaws))
        case _:
            pass
    whom = tx.people.get(state.person)
    one = _member(tx, whom, today)
    match state:
        case d.Card():
            return view.card(frame, one, may(tx, house, me, whom))
        case d.Renaming():
            return view.new_name(frame, one)
        case d.Numbering():
            return view.new_nip(frame, one)
        case d.Moving(page=page):
            return view.new_unit(frame, one, page, whom.unit)
        case d.Empowering(roles=roles):
            return view.roles(frame, one, roles)
        case d.Positions():
            return view.positions(frame, one)
        case d.Giving():
            return _giving(house, tx, frame, one, state)
        case d.Ending(holding=number):
            held = next((held for held in one.holdings if held.id == number), None)
            return view.ending(frame, one, held) if held else view.positions(frame, one)
        case d.Absences():
            return view.absences(frame, one)
        case d.Away():
            return _away(tx, house, me, frame, one, state)
        case d.Stopping():
            held_steps = sum(run.holder == whom.id for run in tx.runs.open_of(whom.id))
            return view.stopping(frame, one, held_steps)
        case d.Erasing(why=why):
            return view.erasing(frame, one, why)


def _member(tx: Transaction, whom: Person, today: date) -> view.Member:
    holdings = tuple(one for one in tx.holdings.of(whom.id) if not one.span.is_over(today))
    absences = tuple(one for one in tx.absences.of(whom.id) if not one.span.is_over(today))
    others = tx.people.some(one.stand_in for one in absences if one.stand_in is not None)
    return replace(_line(whom), holdings=holdings, absences=absences, others={other.id: other.name for other in others})


def _line(whom: Person) -> view.Member:
    return view.Member(
        whom.id, whom.name, whom.nip, whom.unit, whom.roles, whom.blocked_at, whom.awaited, whom.reachable
    )


def _directory(tx: Transaction, house: House, me: Person, frame: view.Frame, state: d.Directory) -> Screen:
    people = visible(tx, house, me)
    first = not (state.unit or state.everyone or state.words)
    counts = _counts(tx, house, me, people)
    if first and len(house.units):
        return view.by_unit(frame, counts, state.page)
    chosen = named(people, state.words) if state.words else [one for one in people if _is_in(one, state.unit)]
    lines = _lines(tx, chosen, frame.today)
    return view.listed(frame, lines, state.page, unit=state.unit, found=state.words, counts=counts if first else None)


def _lines(tx: Transaction, people: Sequence[Person], today: date) -> list[view.Member]:
    """People as a list shows them, with what they hold and when they are away."""
    held: dict[int, list[Holding]] = defaultdict(list)
    away: dict[int, list[Absence]] = defaultdict(list)
    for holding in tx.holdings.lasting(today):
        held[holding.person].append(holding)
    for absence in tx.absences.lasting(today):
        away[absence.person].append(absence)
    return [replace(_line(one), holdings=tuple(held[one.id]), absences=tuple(away[one.id])) for one in people]


def _is_in(one: Person, unit: str | None) -> bool:
    return unit is None or (one.unit or view.NONE) == unit


def _counts(tx: Transaction, house: House, me: Person, people: Sequence[Person]) -> view.Counts:
    asking = len(tx.requests.undecided()) if house.allows(me, Action.ADMIT) else 0
    invitations, takes_lists = len(_open_invitations(tx, house, me)), house.allows(me, Action.IMPORT_PEOPLE)
    return view.Counts(Counter(one.unit for one in people), invitations, asking, takes_lists)


def _open_invitations(tx: Transaction, house: House, me: Person) -> list[view.Open]:
    return [
        view.Open(
            one.id,
            view.Draft(one.terms.roles, one.terms.unit, _ids(one.terms.positions), one.terms.name),
            tx.people.get(one.inviter).name,
            one.expires_at,
        )
        for one in tx.invitations.valid()
        if entry.sees(house, me, one)
    ]


def _ids(posts: Iterable[Post]) -> tuple[str, ...]:
    return tuple(post.position for post in posts)


def _inviting(tx: Transaction, house: House, me: Person, frame: view.Frame, state: d.Inviting) -> Screen:
    match state.asks:
        case Ask.UNIT:
            return view.new_unit(frame, None, state.page, state.unit)
        case Ask.POSITION:
            offered = _likely_positions(frame, state.words)
            return view.which_position(frame, None, offered, state.page, state.positions, state.words)
        case Ask.NAME:
            return view.new_name(frame, None)
        case _:
            pass
    draft = view.Draft(state.roles, state.unit, state.positions, state.name)
    asked = None if state.request is None else tx.people.get(_asking(tx, state.request)).name
    offered_roles = in_order(grantable(me.who.roles))
    may_give = house.allows(me, Action.CHANGE_PEOPLE)
    return view.inviting(frame, draft, offered_roles, may_give_positions=may_give, asked=asked)


def _asking(tx: Transaction, number: int) -> int:
    found = tx.requests.get(number)
    assert found is not None
    return found.person


def _likely_positions(frame: view.Frame, text: str) -> list[str]:
    wanted = text.casefold()
    return [one for one, title in frame.titles.items() if wanted in title.casefold() or wanted in one]


def _giving(house: House, tx: Transaction, frame: view.Frame, one: view.Member, state: d.Giving) -> Screen:
    match state.asks:
        case Ask.SINCE:
            return view.first_day(frame)
        case Ask.UNTIL:
            return view.last_day(frame)
        case Ask.UNIT:
            return view.new_unit(frame, None, state.page, state.unit or one.unit)
        case None if state.position is not None:
            return view.giving(frame, one, state.position, days(house, tx, state), state.acting, state.unit)
        case _:
            return view.which_position(frame, one, _likely_positions(frame, state.words), state.page, (), state.words)


def _away(tx: Transaction, house: House, me: Person, frame: view.Frame, one: view.Member, state: d.Away) -> Screen:
    match state.asks:
        case Ask.SINCE:
            return view.first_day(frame)
        case Ask.UNTIL:
            return view.last_day(frame)
        case Ask.STAND_IN:
            able = [other for other in visible(tx, house, me) if other.id != one.id and other.admitted]
            found = named(able, state.words) if state.words else able
            return view.which_stand_in(frame, one, _lines(tx, found, frame.today), state.page)
        case _:
            stand_in = None if state.stand_in is None else tx.people.get(state.stand_in).name
            return view.away(frame, one, days(house, tx, state), stand_in)


def days(house: House, tx: Transaction, state: d.Giving | d.Away) -> Span:
    return Span(state.since or house.office.day(tx.at), state.until)
