"""Who may do what outside a run: every role, every action, on one's own, in one's unit and elsewhere."""

from itertools import chain, combinations

import pytest

from bot.engine.people import Role
from bot.engine.rights import About, Action, Who, allowed, grantable, stands_above
from bot.engine.units import Unit, Units

TABLE = """
                   performer  author  supervisor  manager  admin
enter              self       self    self        self     self
use                all        all     all         all      all
run                all        all     all         all      all
report             all        all     all         all      all
see_reviews        all        all     all         all      all
join_review        all        all     all         all      all
see_drafts         -          all     -           -        all
write              -          all     -           -        all
rehearse           all        all     all         all      all
start_trial        -          all     -           -        all
approve_version    -          -       unit        unit     all
review             -          -       unit        unit     all
post_code          -          all     all         -        all
see_reports        -          unit    unit        unit     all
answer_reports     -          unit    unit        unit     all
follow_up          self       self    unit        unit     all
judge_deviations   -          -       unit        unit     all
see_figures        self       self    unit        unit     all
export             self       self    unit        unit     all
announce_change    -          all     all         all      all
see_people         -          -       unit        unit     all
invite             -          -       unit        unit     all
set_absence          -          -       unit        unit     all
block              -          -       unit        unit     all
change_people      -          -       -           -        all
erase_person       -          -       -           -        all
admit              -          -       -           -        all
import_people      -          -       -           -        all
"""
REACHES = {
    "-": set[str](),
    "self": {"self"},
    "unit": {"self", "unit", "below"},
    "all": {"self", "unit", "below", "above", "elsewhere", "no unit"},
}

OFFICE = Units(
    [Unit("kantor", "Kantor"), Unit("tu", "TU", "kantor"), Unit("arsip", "Arsip", "tu"), Unit("zawa", "Zakat")]
)
ME, SOMEBODY = 1, 2
SCOPES = {
    "self": About("zawa", ME),
    "unit": About("tu", SOMEBODY),
    "below": About("arsip", SOMEBODY),
    "above": About("kantor", SOMEBODY),
    "elsewhere": About("zawa", SOMEBODY),
    "no unit": About(None, SOMEBODY),
}


def _table() -> dict[tuple[Action, Role], set[str]]:
    header, *lines = TABLE.strip("\n").splitlines()
    roles = [Role(name) for name in header.split()]
    read: dict[tuple[Action, Role], set[str]] = {}
    for name, *cells in (line.split() for line in lines):
        read |= {(Action(name), role): REACHES[cell] for role, cell in zip(roles, cells, strict=True)}
    return read


EXPECTED = _table()
SETS_OF_ROLES = [frozenset(some) for some in chain.from_iterable(combinations(Role, size) for size in range(6))]


def test_the_table_tells_every_action_and_every_role() -> None:
    assert set(EXPECTED) == {(action, role) for action in Action for role in Role}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("roles", SETS_OF_ROLES, ids=lambda roles: "+".join(sorted(roles)) or "stranger")
def test_who_may_do_what(roles: frozenset[Role], action: Action) -> None:
    me = Who(ME, roles, "tu")

    may = {scope for scope, about in SCOPES.items() if allowed(me, action, about, OFFICE)}

    assert may == {scope for role in roles for scope in EXPECTED[action, role]}


@pytest.mark.parametrize("action", Action)
def test_whoever_has_no_unit_reaches_none_but_themselves(action: Action) -> None:
    me = Who(ME, frozenset({Role.SUPERVISOR}))

    for about in (About("tu", SOMEBODY), About(None, SOMEBODY)):
        assert allowed(me, action, about, OFFICE) is ("elsewhere" in EXPECTED[action, Role.SUPERVISOR])


def test_an_office_without_units_is_one_unit() -> None:
    me = Who(ME, frozenset({Role.SUPERVISOR}))

    assert allowed(me, Action.SEE_PEOPLE, About(None, SOMEBODY), Units())
    assert not allowed(me, Action.CHANGE_PEOPLE, About(None, SOMEBODY), Units())


@pytest.mark.parametrize("roles", SETS_OF_ROLES, ids=lambda roles: "+".join(sorted(roles)) or "stranger")
def test_nobody_gives_a_role_that_stands_beside_or_above_theirs_but_admins(roles: frozenset[Role]) -> None:
    order = list(Role)
    highest = max((order.index(role) for role in roles), default=-1)

    given = grantable(roles)

    assert given == (frozenset(Role) if Role.ADMIN in roles else frozenset(order[: max(highest, 0)]))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("other", Role)
def test_one_stops_whoever_stands_below_and_an_admin_anyone_else(role: Role, other: Role) -> None:
    below = list(Role).index(other) < list(Role).index(role)

    me, them = Who(ME, frozenset({role})), Who(SOMEBODY, frozenset({other}))

    assert stands_above(me, them) is (role is Role.ADMIN or below)
    assert not stands_above(me, Who(ME, frozenset({other})))
