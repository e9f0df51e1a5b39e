"""Two who may both approve a version tap in the same moment, in two processes: one decision counts."""

from pathlib import Path

import pytest

from bot.engine.people import Role
from bot.engine.sop import Status
from tests.conftest import folder_of
from tests.people.records import kinds, known
from tests.races.conftest import Two
from tests.versions.rapat import content, standing, submitted, waiting


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    return folder_of(tmp_path, {"a.yaml": content("1", "Bekerja")})


async def test_of_two_managers_one_puts_it_in_force_or_the_other_on_trial(two: Two, sops_dir: Path) -> None:
    office, other = two.office, two.office.clerk
    await other.says("/start")
    clerk = (await known(office, 101)).id
    await office.app.database.run(lambda tx: tx.people.give_roles(clerk, [Role.MANAGER]))
    await submitted(office, sops_dir)
    await office.supervisor.taps("Setujui")

    await two.at_once(
        [two.presses(office.manager, "Setujui, berlakukan")], [two.presses(other, "Setujui, uji coba dulu")]
    )

    assert (await kinds(office)).count("version_approved") == 2  # one at each stage
    late = [person for person in (office.manager, other) if "sudah diputuskan" in person.alert]
    becomes = Status.TRIAL if late == [office.manager] else Status.IN_FORCE
    assert len(late) == 1
    assert await office.app.database.run(standing) == {"1": Status.SUPERSEDED, "2": becomes}
    assert await waiting(office) == []
    assert office.author.chat.count("Versi Anda disetujui") == 1


async def test_of_two_supervisors_one_signs_and_the_manager_is_asked_once(two: Two, sops_dir: Path) -> None:
    office, other = two.office, two.office.clerk
    await other.says("/start")
    clerk = (await known(office, 101)).id
    await office.app.database.run(lambda tx: tx.people.give_roles(clerk, [Role.SUPERVISOR]))
    await submitted(office, sops_dir)

    await two.at_once([two.presses(office.supervisor, "Setujui")], [two.presses(other, "Setujui")])

    assert (await kinds(office)).count("version_approved") == 1
    assert await waiting(office) == [(await known(office, 104)).id]
    assert office.manager.chat.count("Versi 2 menunggu persetujuan") == 1
