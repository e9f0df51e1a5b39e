"""The page with the bot behind it: four people walk an administrative SOP, each on their own phone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.page import Phone
from tests.conftest import Office
from tests.people.records import kinds
from tests.people.test_handing_over import SURAT
from tests.sandbox.phones import Phones, phones_of

ANDI, SITI, BUDI, NUR = "Andi Pratama", "Siti Rahma", "Budi Santoso", "Hj. Nurhayati"
PEOPLE = (
    (Phone(101, ANDI, "Pengonsep"), ("pengonsep",)),
    (Phone(102, SITI, "Kasubbag TU"), ("kasubbag-tu",)),
    (Phone(103, BUDI, "Pemeriksa"), ("pemeriksa",)),
    (Phone(104, NUR, "Kepala Kantor"), ("kepala-kantor",)),
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "sops"
    folder.mkdir()
    signed = SURAT.replace("    reject: konsep\n", "    reject: konsep\n    sign: true\n")
    (folder / "surat-keluar.yaml").write_text(signed, encoding="utf-8")
    return folder


@pytest.fixture
async def phones(office: Office) -> AsyncIterator[Phones]:
    """The page, open; everybody has their position."""
    async with phones_of(office, PEOPLE) as opened:
        yield opened


async def test_four_people_walk_it_with_a_return_a_refused_exception_and_a_signed_approval(
    office: Office, phones: Phones
) -> None:
    await phones.says(ANDI, "surat keluar")
    for word in ("Surat Keluar", "Mulai"):
        await phones.taps(ANDI, word)
    await phones.says(ANDI, "Undangan rapat")
    await phones.taps(ANDI, "Selesai")
    await phones.sees(BUDI, "Langkah ini untuk Anda")
    await phones.draw("offered")

    await phones.taps(BUDI, "Kembalikan")
    await phones.taps(BUDI, "Berkas tidak lengkap")
    await phones.sees(ANDI, "Langkah 1 dari 4")
    await phones.draw("returned")
    await phones.says(ANDI, "Undangan rapat kerja")
    await phones.taps(ANDI, "Selesai")

    for word in ("Terima", "Kendala", "Minta izin melewati", "Waktu tidak cukup", "Lanjut"):
        await phones.taps(BUDI, word)
    await phones.sees(BUDI, "Menunggu izin dari")
    await phones.sees(SITI, "Waktu tidak cukup")
    await phones.draw("asked")
    await phones.taps(SITI, "Tolak")
    await phones.taps(SITI, "Harus dikerjakan dahulu")
    await phones.sees(BUDI, "Harus dikerjakan dahulu")
    await phones.draw("refused")
    await phones.taps(BUDI, "Selesai")

    await phones.taps(NUR, "Terima")
    await phones.taps(NUR, "Setujui")
    await phones.sees(NUR, "Pilih PIN untuk mengesahkan")
    await phones.draw("pin")
    for _ in range(2):
        await phones.says(NUR, "480315")
    await phones.sees(NUR, "Disahkan dengan PIN Anda")
    await phones.draw("signed")
    for word in ("Terima", "Selesai"):
        await phones.taps(ANDI, word)
    await phones.sees(ANDI, "Pelaksanaan selesai")
    await phones.draw("done")

    told = await kinds(office)
    assert [told.count(kind) for kind in ("returned", "leave_refused", "signed", "completed")] == [1, 1, 1, 1]
