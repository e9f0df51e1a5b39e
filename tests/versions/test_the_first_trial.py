"""The first version of an SOP is put on trial from its card; beside a version in use, others approve the next."""

from pathlib import Path

import pytest

from bot.engine.review import Ground, Judging, ReviewKind, Verdict
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


async def test_only_the_first_version_is_put_on_trial_from_its_card(office: Office, sops_dir: Path) -> None:
    for person in (office.supervisor, office.manager, office.author):
        await person.says("/start")
    await office.author.says("/start sop_rapat")
    await office.author.taps("Ajukan persetujuan: versi 1")
    assert await waiting(office)
    await office.author.taps("Mulai uji coba: versi 1")

    assert "Uji coba dimulai" in office.author.alert
    assert await waiting(office) == []
    assert "Uji cobanya sudah dimulai" in office.supervisor.sees
    assert "Setujui" not in office.supervisor.screen
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


async def test_who_reported_an_sop_that_was_withdrawn_hears_of_the_version_put_on_trial(
    office: Office, sops_dir: Path
) -> None:
    await office.author.says("/start sop_rapat")
    await office.author.taps("Mulai uji coba: versi 1")
    await office.clerk.says("/lapor")
    await office.clerk.says("rapat")
    await office.clerk.taps("Seluruh SOP")
    await office.clerk.taps("Langkah kurang")
    await office.author.taps("Lihat laporan")
    await office.author.taps("Masuk revisi")
    await office.author.taps("Jawab tanpa keterangan")
    await office.later(days=31)
    await office.app.database.run(_withdraw, office)
    (sops_dir / "a.yaml").write_text(content("2", "Mencatat").replace("trial", "draft"))
    await office.app.read_files()

    await office.author.says("/start sop_rapat")
    await office.author.taps("Mulai uji coba: versi 2")

    assert "Laporan Anda nomor 1 sudah masuk versi 2" in office.clerk.chat
    assert [one.kind for one in await office.app.database.run(lambda tx: tx.reviews.open())] == [ReviewKind.TRIAL]


def _withdraw(tx: Transaction, office: Office) -> None:
    me, planned = tx.people.by_chat(102), tx.reviews.open()[0]
    assert me is not None
    judging = Judging(planned.id, planned.dates.round, Verdict.WITHDRAW, (), Ground.UNUSED)
    assert reviews.decide(tx, office.app.house, me, planned, judging)
