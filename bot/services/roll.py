"""A list of people is compared with who is known; taken in, it adds and corrects, and takes nothing away."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.engine.desk import Flaw, Listed, Snag
from bot.engine.people import Role
from bot.engine.staffing import Denied, Span
from bot.services import entry, personnel
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.invitations import Terms
from bot.storage.people import Person
from bot.views import roll as view


@dataclass(frozen=True, slots=True)
class Change:
    """What a line changes of somebody who is known."""

    whom: Person
    name: str = ""
    nip: str = ""
    unit: str | None = None
    roles: tuple[Role, ...] = ()
    positions: tuple[str, ...] = ()

    @property
    def is_none(self) -> bool:
        """True where everything is as the line says."""
        return not (self.name or self.nip or self.unit or self.roles or self.positions)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The lines of a list beside who is known."""

    new: tuple[Listed, ...]
    changes: tuple[Change, ...]
    same: int
    flaws: tuple[Flaw, ...]


def compare(tx: Transaction, lines: Iterable[Listed], today: date) -> Comparison:
    """What the lines would change. Somebody is known by their NIP, else by a name that only one has."""
    people = tx.people.everyone()
    by_nip = {one.nip: one for one in people if one.nip}
    by_name: dict[str, list[Person]] = defaultdict(list)
    for one in people:
        by_name[one.name.casefold()].append(one)
    held: dict[int, set[str]] = defaultdict(set)
    for holding in tx.holdings.lasting(today):
        held[holding.person].add(holding.position)
    new: list[Listed] = []
    changes: list[Change] = []
    flaws: list[Flaw] = []
    for line in lines:
        match by_nip.get(line.nip), [one for one in by_name[line.name.casefold()] if not (line.nip and one.nip)]:
            case (None, []):
                new.append(line)
            case (None, [whom]) | (Person() as whom, _):
                changes.append(_change(line, whom, held[whom.id]))
            case _:
                flaws.append(Flaw(line.line, Snag.NAME_UNCLEAR, line.name))
    real = tuple(change for change in changes if not change.is_none)
    return Comparison(tuple(new), real, len(changes) - len(real), tuple(flaws))


def _change(line: Listed, whom: Person, held: set[str]) -> Change:
    return Change(
        whom,
        line.name if line.name.casefold() != whom.name.casefold() else "",
        line.nip if line.nip != whom.nip else "",
        line.unit if line.unit != whom.unit else None,
        tuple(role for role in line.roles if role not in whom.roles),
        tuple(position for position in line.positions if position not in held),
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a list: how many were changed and invited, and whom that was refused for."""

    changed: int
    invited: int
    refused: tuple[str, ...]


def take_in(tx: Transaction, house: House, me: Person, lines: Sequence[Listed]) -> Taken:
    """Change those who are known and invite the others; a letter brings the links."""
    today = house.office.day(tx.at)
    found = compare(tx, lines, today)
    refused = [change.whom.name for change in found.changes if not _changed(tx, house, me, change, today)]
    if found.new:
        _invite(tx, house, me, found.new)
    return Taken(len(found.changes) - len(refused), len(found.new), tuple(refused))


def _changed(tx: Transaction, house: House, me: Person, change: Change, today: date) -> bool:
    whom = change.whom
    try:
        if change.name:
            personnel.rename(tx, house, me, whom, change.name)
        if change.nip:
            personnel.number(tx, house, me, whom, change.nip)
        if change.unit:
            personnel.move(tx, house, me, whom, change.unit)
            whom = tx.people.get(whom.id)
        for position in change.positions:
            personnel.give(tx, house, me, whom, position, Span(today))
        if change.roles:
            personnel.empower(tx, house, me, whom, {*whom.roles, *change.roles})
    except Denied:
        return False
    return True


def _invite(tx: Transaction, house: House, me: Person, lines: Sequence[Listed]) -> None:
    _withdraw(tx, house, me, lines)
    terms = [
        Terms(line.roles or (Role.PERFORMER,), line.unit, line.positions, line.name, line.nip or None) for line in lines
    ]
    invited = entry.invite(tx, house, me, terms)
    rows = [(one.terms.name, one.terms.nip or "", house.unit_title(one.terms.unit), link) for one, link in invited]
    screen = view.invitations(house.words(me), _table(rows), len(rows), invited[0][0].expires_at)
    tx.letters.put(f"list:{me.id}:{tx.at.isoformat()}", me.chat, screen)


def _withdraw(tx: Transaction, house: House, me: Person, lines: Sequence[Listed]) -> None:
    """A list that is sent again brings new links: the old ones are void."""
    names = {line.name.casefold() for line in lines}
    numbers = {line.nip for line in lines if line.nip}
    for one in tx.invitations.valid():
        if one.terms.name.casefold() in names or one.terms.nip in numbers:
            entry.revoke(tx, house, me, one.id)


_RISKY = ("=", "+", "-", "@", "\t", "\r")


def _table(rows: Sequence[Sequence[str]]) -> bytes:
    """As Excel opens it here: semicolons, and a mark that it is UTF-8. Long numbers stay text."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(view.HEADERS)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY) or cell.isdigit() else cell
