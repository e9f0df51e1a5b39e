"""An SOP that continues another is offered at that one's end: one tap, one run, and whoever may begin it is named."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Office
from tests.library.test_folder import text


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """Three SOPs on trial: the second comes after the first, and so does the third, which a storekeeper begins."""
    folder = tmp_path / "sops"
    folder.mkdir()
    for name, more in (("terima", ""), ("catat", "continues: terima\n"), ("simpan", "continues: terima\n")):
        whole = text(name).replace("kind:", "status: trial\nkind:") + more
        if name == "simpan":
            whole = whole.replace("by: staf", "by: gudang").replace(
                "  staf: Staf", "  staf: Staf\n  gudang: Juru Gudang"
            )
        (folder / f"{name}.yaml").write_text(whole)
    return folder


def offered(end: dict[str, Any]) -> str:
    """What the button carries that goes on from there."""
    buttons = [button for row in end["reply_markup"]["inline_keyboard"] for button in row]
    return next(str(button["callback_data"]) for button in buttons if "Teruskan" in button["text"])


async def test_one_tap_at_the_end_starts_what_comes_next_once(office: Office, sops_dir: Path) -> None:
    for person in (office.clerk, office.supervisor):
        await person.says("/start")
    await office.holds(102, "gudang")
    await office.clerk.says("/start sop_terima")
    await office.clerk.taps("Mulai")
    assert "Teruskan" not in office.clerk.screen
    await office.clerk.taps("Selesai")
    assert "Teruskan ke catat" in office.clerk.screen
    assert "Teruskan ke simpan" not in office.clerk.screen
    assert "Berikutnya simpan, dimulai oleh Juru Gudang." in office.clerk.sees

    end = office.clerk.messages[-1]
    goes_on = offered(end)
    await office.clerk.taps("Teruskan ke catat")
    assert "Lanjutan dari pelaksanaan #1." in office.clerk.sees
    await office.clerk.taps_data(end["message_id"], goes_on)
    assert "Sudah dimulai" in office.clerk.alert
    assert await office.app.database.run(lambda tx: tx.runs.after(1)) == {"catat": 2}
    assert "📂 catat #2" in office.clerk.chat

    await office.clerk.taps("Selesai")
    assert "Teruskan" not in office.clerk.screen
    for person in (office.clerk, office.supervisor):
        await person.taps_data(end["message_id"], goes_on.replace("catat", "simpan"))
    assert "dimulai oleh jabatan lain" in office.clerk.alert
    assert await office.app.database.run(lambda tx: tx.runs.after(1)) == {"catat": 2, "simpan": 3}


async def test_who_may_not_start_an_sop_is_told_so_and_nothing_starts(office: Office) -> None:
    for person in (office.clerk, office.supervisor):
        await person.says("/start")
    await office.holds(102, "gudang")
    await office.clerk.says("/start sop_simpan")

    await office.clerk.taps("Mulai")

    assert "dimulai oleh jabatan lain" in office.clerk.alert
    assert await office.app.database.run(lambda tx: tx.runs.get(1)) is None


async def test_a_first_run_of_what_was_changed_reads_that_before_it_goes_on(office: Office, sops_dir: Path) -> None:
    for person in (office.clerk, office.supervisor):
        await person.says("/start sop_catat")
        await person.taps("Mulai")
        await person.taps("Selesai")
    await office.author.says("/start")
    await office.manager.says("/start")
    file = sops_dir / "catat.yaml"
    file.write_text(file.read_text().replace('version: "1"', 'version: "2"').replace("Bekerja", "Menulis buku"))
    await office.app.read_files()
    await office.author.says("/start sop_catat")
    await office.author.taps("Ajukan")
    for person in (office.supervisor, office.manager):
        await person.taps("Setujui")
    await office.clerk.says("/start sop_terima")
    await office.clerk.taps("Mulai")
    await office.clerk.taps("Selesai")
    end = office.clerk.messages[-1]

    await office.supervisor.taps_data(end["message_id"], offered(end))
    assert "Yang berubah" in office.supervisor.chat
    await office.supervisor.says("/start sop_catat")
    await office.supervisor.taps("Mulai")
    await office.supervisor.taps("Paham")
    assert "Menulis buku" in office.supervisor.sees
    assert await office.app.database.run(lambda tx: tx.runs.after(3)) == {}  # they began another one, from the menu

    await office.clerk.taps("Teruskan ke catat")
    assert "Yang berubah" in office.clerk.sees
    await office.supervisor.taps_data(end["message_id"], offered(end))
    assert await office.app.database.run(lambda tx: tx.runs.after(3)) == {"catat": 5}
    await office.clerk.taps("Paham")

    assert "Sudah dimulai" in office.clerk.alert
    assert await office.app.database.run(lambda tx: tx.runs.get(6)) is None
