"""Somebody is invited, holds a position and gets its steps; while they are away, their stand-in; stopped, nobody."""

import re
from pathlib import Path

import pytest

from tests.conftest import Office, folder_of
from tests.people.test_handing_over import SURAT, write


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    return folder_of(tmp_path, {"surat-keluar.yaml": SURAT})


async def test_steps_of_a_position_come_to_a_newcomer_then_to_the_stand_in_then_to_nobody(office: Office) -> None:
    admin, newcomer = office.manager, office.person(999)
    for person in (office.clerk, office.author, admin):
        await person.says("/start")
    await office.holds(101, "pengonsep")

    await admin.says("/orang")
    for tap in ("Undang", "Jabatan", "Pemeriksa", "Kembali", "Buat undangan"):
        await admin.taps(tap)
    [link] = re.findall(r"start=(inv_[\w-]{22})\b", admin.sees)
    await newcomer.says(f"/start {link}")
    await write(office)

    assert "Langkah ini untuk Anda" in newcomer.sees and "Undangan rapat" in newcomer.sees

    await admin.says("/orang asing")
    for tap in ("Orang Asing", "Cuti", "Catat cuti", "Pengganti", "Budi", "Simpan"):
        await admin.taps(tap)
    await write(office)

    assert "Langkah ini untuk Anda" in office.author.sees and "#2" in office.author.sees
    assert "#2" not in newcomer.chat

    await admin.says("/orang blokir asing")
    await admin.taps("Blokir")
    await write(office)

    assert "#3" in office.clerk.sees and "belum ada" in office.clerk.sees
    assert "#3" not in newcomer.chat
