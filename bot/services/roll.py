"""A list of people is compared with who is known; taken in, it adds and corrects, and takes nothing away."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.engine.desk import Flaw, Listed, Snag
from bot.engine.people import Role, in_order
from bot.engine.staffing import Denied, Holding, Post, Span
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
    positions: tuple[Post, ...] = ()
    ends: tuple[tuple[Holding, date], ...] = ()
    away: Span | None = None
    stand_in: Person | None = None

    @property
    def is_none(self) -> bool:
        """True where everything is as the line says."""
        more = self.positions or self.ends or self.away
        return not (self.name or self.nip or self.unit or self.roles or more)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The lines of a list beside who is known."""

    new: tuple[Listed, ...]
    changes: tuple[Change, ...]
    same: int
    flaws: tuple[Flaw, ...]


class _Flawed(Exception):
    """A line cannot be taken in as it is."""

    def __init__(self, snag: Snag, words: str) -> None:
        super().__init__(snag)
        self.flaw = snag, words


class _Known:
    """Who is known, to be found as a list names them: by the NIP, else by a name that only one has."""

    def __init__(self, tx: Transaction) -> None:
        people = tx.people.everyone()
        self._by_nip = {one.nip: one for one in people if one.nip}
        self._by_name: dict[str, list[Person]] = defaultdict(list)
        for one in people:
            self._by_name[one.name.casefold()].append(one)
        self.held: dict[int, list[Holding]] = defaultdict(list)
        for holding in tx.holdings.lasting(date.min):
            self.held[holding.person].append(holding)
        self.away: dict[int, set[Span]] = defaultdict(set)
        for absence in tx.absences.lasting(date.min):
            self.away[absence.person].add(absence.span)

    def meant(self, line: Listed) -> Person | None:
        """Whom a line means, None for somebody new. Raises _Flawed where it may be several."""
        match self._by_nip.get(line.nip), self._alike(line.name, line.nip):
            case (None, []):
                return None
            case (None, [whom]) | (Person() as whom, _):
                return whom
            case _:
                raise _Flawed(Snag.NAME_UNCLEAR, line.name)

    def _alike(self, name: str, nip: str) -> list[Person]:
        """Those of that name; a NIP tells two of the same name apart."""
        return [one for one in self._by_name[name.casefold()] if not (nip and one.nip)]

    def stand_in(self, line: Listed) -> Person | None:
        """Who stands in. Raises _Flawed where that is nobody, or not one person."""
        found = self._by_nip.get(line.stand_in.replace(" ", ""))
        match [found] if found else self._by_name[line.stand_in.casefold()]:
            case [one] if one.admitted:
                return one
            case _ if not line.stand_in:
                return None
            case _:
                raise _Flawed(Snag.STAND_IN, line.stand_in)


def compare(tx: Transaction, lines: Iterable[Listed], today: date) -> Comparison:
    """What the lines would change."""
    known = _Known(tx)
    new: list[Listed] = []
    changes: list[Change] = []
    flaws: list[Flaw] = []
    for line in lines:
        try:
            whom = known.meant(line)
            if whom is None:
                new.append(_newcomer(line))
            else:
                changes.append(_change(line, whom, known, today))
        except _Flawed as flawed:
            flaws.append(Flaw(line.line, *flawed.flaw))
    real = tuple(change for change in changes if not change.is_none)
    return Comparison(tuple(new), real, len(changes) - len(real), tuple(flaws))


def _newcomer(line: Listed) -> Listed:
    if line.away is not None:
        raise _Flawed(Snag.AWAY_NEW, line.name)
    return line


def _change(line: Listed, whom: Person, known: _Known, today: date) -> Change:
    posts = [(post, _same(post, known.held[whom.id], today)) for post in line.positions]
    is_news = line.away is not None and line.away not in known.away[whom.id]
    return Change(
        whom,
        line.name if line.name.casefold() != whom.name.casefold() else "",
        line.nip if line.nip != whom.nip else "",
        line.unit if line.unit != whom.unit else None,
        tuple(role for role in line.roles if role not in whom.roles),
        tuple(post for post, held in posts if held is None),
        tuple((held, post.until) for post, held in posts if held and post.until and post.until != held.span.until),
        line.away if is_news else None,
        known.stand_in(line) if is_news else None,
    )


def _same(post: Post, held: Iterable[Holding], today: date) -> Holding | None:
    """The holding that a list means: of the same first day, or, where it tells none, the one that is not over."""

    def fits(one: Holding) -> bool:
        begun = one.span.since == post.since if post.since else not one.span.is_over(today)
        return begun and (one.position, one.acting) == (post.position, post.acting)

    return next(filter(fits, held), None)


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
    try:
        with tx.apart():
            _apply(tx, house, me, change, today)
    except Denied:
        return False
    return True


def _apply(tx: Transaction, house: House, me: Person, change: Change, today: date) -> None:
    whom = change.whom
    if change.name:
        personnel.rename(tx, house, me, whom, change.name)
    if change.nip:
        personnel.number(tx, house, me, whom, change.nip)
    if change.unit:
        personnel.move(tx, house, me, whom, change.unit)
        whom = tx.people.get(whom.id)
    for holding, last in change.ends:
        personnel.end(tx, house, me, whom, holding, last)
    for post in change.positions:
        personnel.give(tx, house, me, whom, post.position, post.days(today), post.acting)
    if change.roles:
        personnel.empower(tx, house, me, whom, {*whom.roles, *change.roles})
    if change.away:
        personnel.send_away(tx, house, me, whom, change.away, change.stand_in)


def _invite(tx: Transaction, house: House, me: Person, lines: Sequence[Listed]) -> None:
    _withdraw(tx, house, me, lines)
    terms = [
        Terms(line.roles or (Role.PERFORMER,), line.unit, line.positions, line.name, line.nip or None) for line in lines
    ]
    invited = entry.invite(tx, house, me, terms)
    rows = [(one.terms.name, one.terms.nip or "", house.unit_title(one.terms.unit), link) for one, link in invited]
    screen = view.invitations(house.words(me), _table(view.HEADERS, rows), len(rows), invited[0][0].expires_at)
    tx.letters.put(f"list:{me.id}:{tx.at.isoformat()}", me.chat, screen)


def _withdraw(tx: Transaction, house: House, me: Person, lines: Sequence[Listed]) -> None:
    """A list that is sent again brings new links: the old ones are void."""
    names = {line.name.casefold() for line in lines}
    numbers = {line.nip for line in lines if line.nip}
    for one in tx.invitations.valid():
        if one.terms.name.casefold() in names or one.terms.nip in numbers:
            entry.revoke(tx, house, me, one.id)


# The list as it stands


def send_whole(tx: Transaction, house: House, me: Person) -> None:
    """A letter brings everyone as a list, in the form in which one is taken in."""
    known, titles = _Known(tx), personnel.titles(tx)
    today = house.office.day(tx.at)
    people = sorted(tx.people.everyone(), key=lambda one: one.name.casefold())
    rows = [_row(house, one, known.held[one.id], titles, today) for one in people if one.admitted and one.name]
    screen = view.whole(house.words(me), _table(view.COLUMNS, rows), len(rows))
    tx.letters.put(f"people:{me.id}:{tx.at.isoformat()}", me.chat, screen)


def _row(house: House, one: Person, held: Iterable[Holding], titles: Mapping[str, str], today: date) -> list[str]:
    lasting = [holding for holding in held if not holding.span.is_over(today) and holding.unit is None]
    positions = view.SEVERAL.join(view.post(titles, holding) for holding in lasting)
    roles = view.SEVERAL.join(view.ROLES[role] for role in in_order(one.roles))
    return [one.name, one.nip or "", house.unit_title(one.unit), positions, roles]


_RISKY = ("=", "+", "-", "@", "\t", "\r")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """As Excel opens it here: semicolons, and a mark that it is UTF-8. Long numbers stay text."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(head)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY) or cell.isdigit() else cell
