"""SOP files change while the bot runs: what the phones then show, and what the admins hear."""

from pathlib import Path

import pytest

from tests.conftest import Office
from tests.library.test_folder import text


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """A folder with one SOP in it."""
    folder = tmp_path / "sops"
    folder.mkdir()
    write(folder)
    return folder


def write(folder: Path, *, does: str = "Bekerja", version: str = "1") -> None:
    """Write the file of SOP rapat."""
    content = text("rapat", version=version).replace("kind:", "status: trial\nkind:")
    (folder / "a.yaml").write_text(content.replace("Bekerja", does))


async def reads(office: Office) -> None:
    """The bot looks at its files, as it does every few seconds, and says what it has to say."""
    await office.app.read_files()
    await office.settle()


async def starts(office: Office) -> None:
    """The clerk starts the SOP."""
    await office.clerk.says("rapat")
    await office.clerk.taps("rapat")
    await office.clerk.taps("Mulai")


def said_to_the_admin(office: Office, words: str) -> int:
    return sum(words in message.get("text", "") for message in office.manager.messages)


@pytest.mark.parametrize("changes", [["Rapat"], ["Rapat", "Bekerja"]])
async def test_until_it_is_run_a_version_takes_whatever_content_its_file_has(
    office: Office, sops_dir: Path, changes: list[str]
) -> None:
    for does in changes:
        write(sops_dir, does=does)
        await reads(office)

    await starts(office)

    assert changes[-1] in office.clerk.sees


async def test_once_it_is_run_its_content_stays_and_the_admin_is_told_to_raise_the_version(
    office: Office, sops_dir: Path
) -> None:
    await office.manager.says("/start")
    await starts(office)

    write(sops_dir, does="Rapat")
    await reads(office)
    await reads(office)

    assert said_to_the_admin(office, "rapat: versi 1 sudah pernah dijalankan; naikkan versinya") == 1
    await office.clerk.says("/lanjut")
    assert "Bekerja" in office.clerk.sees


async def test_a_new_version_comes_as_a_draft_and_runs_go_on_with_the_old(office: Office, sops_dir: Path) -> None:
    await office.manager.says("/start")

    write(sops_dir, does="Rapat", version="2.0")
    await reads(office)
    await starts(office)

    assert said_to_the_admin(office, "2.0") == 1
    assert "Bekerja" in office.clerk.sees


async def test_a_file_that_breaks_takes_nothing_away_and_the_admin_hears_once(office: Office, sops_dir: Path) -> None:
    await office.manager.says("/start")

    (sops_dir / "a.yaml").write_text("id: rapat")
    await reads(office)
    await reads(office)
    await starts(office)

    assert said_to_the_admin(office, "a.yaml:1:1: `title` belum ada di sini") == 1
    assert "Bekerja" in office.clerk.sees


async def test_what_runs_an_sop_that_is_not_there_yet_is_taken_in_once_it_is(office: Office, sops_dir: Path) -> None:
    trial = "status: trial\nkind:"
    (sops_dir / "b.yaml").write_text(text("acara", runs="notulen").replace("kind:", trial))
    await reads(office)
    (sops_dir / "c.yaml").write_text(text("notulen").replace("kind:", trial))
    await reads(office)

    await office.clerk.says("/start sop_acara")

    assert "SOP acara" in office.clerk.sees
