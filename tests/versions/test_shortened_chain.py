"""The office shortens its approval chain while a version waits: what waited behind the new end waits for its last."""

from pathlib import Path

import pytest

from bot.engine.sop import Status
from tests.conftest import StartOffice, folder_of
from tests.versions.rapat import content, standing, submitted, waiting


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    return folder_of(tmp_path, {"a.yaml": content("1", "Bekerja")})


@pytest.mark.parametrize("signed", [0, 1])
async def test_a_version_that_waits_at_a_stage_that_is_gone_is_approved_by_the_last(
    start_office: StartOffice, sops_dir: Path, tmp_path: Path, signed: int
) -> None:
    async with start_office() as office:
        await submitted(office, sops_dir)
        for _ in range(signed):
            await office.supervisor.taps("Setujui")

    (tmp_path / "office.yaml").write_text("approval: [manager]\n", encoding="utf-8")
    async with start_office() as office:
        nur = office.manager
        await office.later(minutes=1)
        await nur.says("/tugas")
        await nur.taps("📄")
        assert "Setujui, berlakukan" in nur.screen
        await nur.taps("Setujui, berlakukan")

        assert await office.app.database.run(standing) == {"1": Status.SUPERSEDED, "2": Status.IN_FORCE}
        assert await waiting(office) == []
        assert "Versi Anda disetujui" in office.author.chat
