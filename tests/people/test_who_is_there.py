"""Who does today what a position does: the database tells it in one statement, as the rule says in plain words."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.people import Role, Staff
from bot.engine.sop import Kind, Position, Sop, Team
from bot.engine.staffing import Acting, Span
from bot.storage import migrate
from bot.storage.database import Database, Transaction
from bot.storage.versions import Versions

TODAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HOME, OTHER, ELSEWHERE = "subbag-tu", "seksi-penmad", "seksi-pakis"
SOP = Sop(
    id="surat",
    title="SOP Surat",
    version="1",
    kind=Kind.ADMINISTRATIVE,
    unit="Tata Usaha",
    team=Team("penulis", "kepala", "kepala"),
    positions=(Position("kepala", "Kepala"), Position("petugas", "Petugas"), Position("kurir", "Kurir")),
    digest="0" * 64,
    steps=(),
)

days = st.integers(-2, 2).map(lambda by: TODAY + timedelta(days=by))
spans = st.builds(Span, days, st.none() | days)
units = st.sampled_from([HOME, OTHER, ELSEWHERE, None])


@dataclass(frozen=True)
class One:
    """Somebody: what they hold, when they are away and who stands in, and whether they can be had at all."""

    unit: str | None
    admin: bool
    reachable: bool
    blocked: bool
    held: tuple[tuple[str, Span, str | None], ...]
    away: tuple[tuple[Span, int | None], ...]

    @property
    def serves(self) -> bool:
        return self.reachable and not self.blocked

    @property
    def stand_ins(self) -> list[int | None]:
        return [stand_in for span, stand_in in self.away if span.covers(TODAY)]


NUMBERS = range(4)
ones = st.builds(
    One,
    units,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.lists(st.tuples(st.sampled_from(["kepala", "petugas", "tamu"]), spans, units), max_size=3).map(tuple),
    st.lists(st.tuples(spans, st.none() | st.sampled_from(NUMBERS)), max_size=2).map(tuple),
)
offices = st.lists(ones, min_size=4, max_size=4)


def expected(office: Sequence[One], position: str, wanted: Sequence[str | None]) -> set[int]:
    """The rule in plain words."""
    there: dict[str | None, set[int]] = {}
    for number, one in enumerate(office):
        if one.blocked:
            continue
        stand_ins = {who for who in one.stand_ins if who is not None and _can_stand_in(office[who])}
        able = stand_ins if one.stand_ins else {number} if one.reachable else set()
        for held, span, unit in one.held:
            if held == position and span.covers(TODAY):
                there.setdefault(unit or one.unit, set()).update(able)
    for unit in wanted:
        if unit is not None and there.get(unit):
            return there[unit]
    return set().union(*there.values())


def _if_there(office: Sequence[One], people: Sequence[int], who: int | None) -> int | None:
    return people[who] if who is not None and _can_stand_in(office[who]) else None


def _can_stand_in(one: One) -> bool:
    return one.serves and not one.stand_ins


def keep(tx: Transaction, office: Sequence[One]) -> list[int]:
    """Write the office down, and return the ids of its people."""
    people = [_keep(tx, number, one) for number, one in enumerate(office)]
    for me, one in zip(people, office, strict=True):
        for position, span, unit in one.held:
            tx.holdings.add(me, position, span, Acting.DEFINITIVE, unit)
        for span, stand_in in one.away:
            tx.absences.add(me, span, None if stand_in is None else people[stand_in])
    return people


def _keep(tx: Transaction, number: int, one: One) -> int:
    roles = [Role.PERFORMER, *([Role.ADMIN] if one.admin else [])]
    me = tx.people.add(1000 + number, f"Orang {number}", "id", roles, reachable=one.reachable)
    tx.people.change(me, unit=one.unit, blocked_at=AT if one.blocked else None)
    return me


@pytest.fixture
def database(database_url: str) -> Database:
    """An empty database."""
    migrate.upgrade(database_url, AT)
    return Database(database_url, lambda: AT)


def test_the_database_knows_who_is_there_as_the_rule_says(database: Database) -> None:
    @settings(max_examples=150)
    @given(offices, st.tuples(units, units))
    def holds(office: list[One], wanted: tuple[str | None, str | None]) -> None:
        with database.engine.connect() as connection:
            tx = Transaction(connection, Versions(connection, {}), AT)
            people = keep(tx, office)
            staff = tx.people.staff(SOP, wanted[0], TODAY, wanted[1], people[:3])
            connection.rollback()
        for position in ("kepala", "petugas"):
            found = staff.holding(position)
            assert {people.index(one) for one in found} == expected(office, position, wanted)
            assert len(found) == len(set(found)), "somebody twice"
        assert staff.holding("kurir", "tamu") == ()
        admins = {number for number, one in enumerate(office) if one.admin and one.serves}
        assert {people.index(one) for one in staff.admins} == admins
        out = {number for number, one in enumerate(office[:3]) if not one.serves}
        assert {people.index(one) for one in staff.out} == out
        away = {number: one.stand_ins for number, one in enumerate(office[:3]) if one.stand_ins}
        assert {people.index(one) for one in staff.away} == set(away)
        for one, told in staff.away.items():
            named = away[people.index(one)]
            assert told.stand_in in {_if_there(office, people, who) for who in named}

    holds()
    database.close()


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (TODAY - timedelta(days=1), "Andi"),
        (TODAY, "Siti"),
        (TODAY + timedelta(days=2), "Siti"),
        (TODAY + timedelta(days=3), "Andi"),
    ],
)
async def test_a_stand_in_begins_with_the_first_day_and_ends_after_the_last(
    database: Database, day: date, there: str
) -> None:
    def work(tx: Transaction) -> Staff:
        andi, siti = (tx.people.add(number, name, "id", [Role.PERFORMER]) for number, name in enumerate(names, 1))
        tx.holdings.add(andi, "kepala", Span(date(2020, 1, 1)), Acting.DEFINITIVE)
        tx.absences.add(andi, Span(TODAY, TODAY + timedelta(days=2)), siti)
        return tx.people.staff(SOP, None, day)

    names = ("Andi", "Siti")
    staff = await database.run(work)
    await asyncio.to_thread(database.close)

    assert [names[one - 1] for one in staff.holding("kepala")] == [there]


async def test_a_plh_of_another_unit_does_the_step_where_he_acts(database: Database) -> None:
    def work(tx: Transaction) -> tuple[Staff, Staff]:
        head, acting = (tx.people.add(number, name, "id", [Role.SUPERVISOR]) for number, name in ((1, "A"), (2, "B")))
        tx.people.change(head, unit=OTHER)
        tx.people.change(acting, unit=OTHER)
        tx.holdings.add(head, "kepala", Span(date(2020, 1, 1)), Acting.DEFINITIVE)
        tx.holdings.add(acting, "kepala", Span(TODAY, TODAY), Acting.PLH, HOME)
        return tx.people.staff(SOP, HOME, TODAY), tx.people.staff(SOP, HOME, TODAY + timedelta(days=1))

    today, tomorrow = await database.run(work)
    await asyncio.to_thread(database.close)

    assert (today.holding("kepala"), tomorrow.holding("kepala")) == ((2,), (1,))
