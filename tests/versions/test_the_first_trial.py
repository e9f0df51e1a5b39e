"""The first version of an SOP is put on trial from its card; beside a version in use, others approve the next."""

from pathlib import Path

import pytest

from bot.engine.review import Ground, Judging, Verdict
from bot.engine.sop import Status
from bot.services import reviews
from bot.storage.database import Transaction
from tests.conftest import Office, folder_of
from tests.library.test_folder import text
from tests.versions.rapat import content, standing, waiting


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """A folder with the draft of an SOP in it."""
    return folder_of(tmp_path, {"a.yaml": text("rapat", version="1").replace("kind:", "status: draft\nkind:")})


async def test_a_version_that_waits_for_approval_is_not_put_on_trial_past_those_who_approve(
    office: Office, sops_dir: Path
) -> None:
    for person in (office.supervisor, office.manager, office.author):
        await person.says("/start")
    await office.author.says("/start sop_rapat")
    await office.manager.says("/start sop_rapat")
    await office.author.taps("Ajukan persetujuan: versi 1")
    assert "Mulai uji coba" not in office.author.screen
    called = await waiting(office)
    await office.manager.taps("Mulai uji coba: versi 1")

    assert "sudah menunggu persetujuan" in office.manager.alert
    assert "Mulai uji coba" not in office.manager.screen
    assert await waiting(office) == called != []
    assert await office.app.database.run(standing) == {"1": Status.DRAFT}


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


async def test_where_the_version_in_use_was_withdrawn_others_approve_the_next_one_all_the_same(
    office: Office, sops_dir: Path
) -> None:
    for person in (office.supervisor, office.manager):
        await person.says("/start")
    await office.author.says("/start sop_rapat")
    await office.author.taps("Mulai uji coba: versi 1")
    await office.later(days=31)
    await office.app.database.run(_withdraw, office)
    (sops_dir / "a.yaml").write_text(content("2", "Mencatat").replace("trial", "draft"))
    await office.app.read_files()
    await office.author.says("/start sop_rapat")

    assert "Mulai uji coba" not in office.author.screen
    await office.author.taps("Ajukan persetujuan: versi 2")
    assert await waiting(office)
    assert await office.app.database.run(standing) == {"1": Status.WITHDRAWN, "2": Status.DRAFT}


def _withdraw(tx: Transaction, office: Office) -> None:
    me, planned = tx.people.by_chat(102), tx.reviews.open()[0]
    assert me is not None
    judging = Judging(planned.id, planned.dates.round, Verdict.WITHDRAW, (), Ground.UNUSED)
    assert reviews.decide(tx, office.app.house, me, planned, judging)
