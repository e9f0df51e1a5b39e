"""The four people of the demo can walk every shipped SOP together, each with rights of their own."""

from bot.demo import PHONES, SEATS, seat
from bot.engine.people import Role
from bot.library.folder import Folder
from tests.conftest import SOPS, Office
from tests.people.records import held, known


def test_whatever_a_shipped_sop_asks_for_one_of_the_four_holds() -> None:
    held_by_four = {position for _, positions in SEATS.values() for position in positions.split()}
    needed = {one.id for sop in Folder(SOPS).load().sops for one in sop.positions if not one.external}

    assert held_by_four == needed


def test_every_role_is_somebodys_and_one_is_nobodys_boss() -> None:
    assert {role for _, roles in PHONES for role in roles} == set(Role)
    assert frozenset({Role.PERFORMER}) in {roles for _, roles in PHONES}


async def test_they_are_seated_once_and_what_an_admin_changes_stays(office: Office) -> None:
    for _ in range(2):
        await office.app.database.run(seat, office.app.house)
    assert [position for position, _, _ in await held(office, 104)] == SEATS[104][1].split()
    await office.works_in("seksi-pakis", 103)

    await office.app.database.run(seat, office.app.house)

    assert (await known(office, 103)).unit == "seksi-pakis"
    assert len(await held(office, 103)) == len(SEATS[103][1].split())
