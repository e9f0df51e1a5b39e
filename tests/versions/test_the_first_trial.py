"""The first version of an SOP is put on trial from its card; beside a version in use, others approve the next."""

from pathlib import Path

import pytest

from bot.engine.sop import Status
from tests.conftest import Office
from tests.library.test_folder import text
from tests.versions.rapat import content, standing, waiting


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """A folder with the draft of an SOP in it."""
    folder = tmp_path / "sops"
    folder.mkdir()
    (folder / "a.yaml").write_text(text("rapat", version="1").replace("kind:", "status: draft\nkind:"))
    return folder


async def test_only_the_first_version_is_put_on_trial_from_its_card(office: Office, sops_dir: Path) -> None:
    for person in (office.supervisor, office.manager, office.author):
        await person.says("/start")
    await office.author.says("/start sop_rapat")
    await office.author.taps("Ajukan persetujuan: versi 1")
    assert await waiting(office)
    await office.author.taps("Mulai uji coba: versi 1")

    assert "Uji coba dimulai" in office.author.alert
    assert await waiting(office) == []
    await office.supervisor.taps("Setujui")
    assert await office.app.database.run(standing) == {"1": Status.TRIAL}


async def test_a_card_from_before_does_not_pass_by_those_who_approve(office: Office, sops_dir: Path) -> None:
    await office.manager.says("/start sop_rapat")
    await office.author.says("/start sop_rapat")
    await office.author.taps("Mulai uji coba: versi 1")
    (sops_dir / "a.yaml").write_text(content("2", "Mencatat"))
    await office.app.read_files()

    await office.manager.taps("Mulai uji coba")

    assert "Versi baru perlu disetujui dahulu: Ajukan persetujuan" in office.manager.alert
    assert "Mulai uji coba" not in office.manager.screen
    assert await office.app.database.run(standing) == {"1": Status.TRIAL, "2": Status.DRAFT}
