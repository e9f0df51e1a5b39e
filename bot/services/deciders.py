"""Whom a review waits for: whoever may decide it, from the day on which its window opens."""

from collections.abc import Mapping

from bot.engine import review as r
from bot.engine.errands import ErrandKind
from bot.engine.people import Role
from bot.engine.review import Seat
from bot.engine.rights import Action
from bot.engine.sop import Sop
from bot.services.house import House
from bot.services.people import tell
from bot.storage.database import Transaction
from bot.storage.reviews import Planned


def seated(tx: Transaction, house: House, sop: Sop) -> Mapping[Seat, tuple[int, ...]]:
    """Who is responsible for an SOP today, among those who can be reached."""
    return r.seats(sop, house.staff(tx, sop, house.units.titled(sop.unit)))


def owners(tx: Transaction, house: House, sop: Sop) -> set[int]:
    """Who looks after an SOP: its author, its supervisor and its manager, where there is none of them the admins."""
    found = seated(tx, house, sop)
    team = {person for seat, people in found.items() if seat is not Seat.ADMIN for person in people}
    return team or {one.id for one in tell(tx, house, (Role.ADMIN,), but=0)}


def deciding(tx: Transaction, house: House, planned: Planned, sop: Sop) -> tuple[int, ...]:
    """Whose decision a review is today: a position alone is not enough, one needs the right as well."""
    today = house.office.day(tx.at)
    if planned.decided_at is not None or today < planned.dates.opens:
        return ()
    found = seated(tx, house, sop)
    able = {one.id for one in tx.people.some(set().union(*found.values())) if one.may(Action.REVIEW)}
    filled = {seat: tuple(person for person in people if person in able) for seat, people in found.items()}
    return r.deciding(filled, planned.due, today)


def entrust(tx: Transaction, house: House, review: int) -> None:
    """A review waits for exactly those from now on who may decide it now."""
    planned = tx.reviews.get(review)
    first = r.waits_from(planned.dates)
    waits = first <= house.office.day(tx.at)
    people = deciding(tx, house, planned, tx.versions.sop(planned.digest)) if waits else ()
    tx.errands.put(ErrandKind.REVIEW, review, people, house.office.start_of(first))


def entrust_all(tx: Transaction, house: House) -> None:
    """A day has begun, or others are there: every review that is open waits for whoever may decide it now."""
    for planned in tx.reviews.opened(house.office.day(tx.at)):
        entrust(tx, house, planned.id)
