"""The life of a shipped SOP, on four phones in the page: its trial, what runs and a report say of it, the reminder a
month later, the decision, the draft, its approval with a PIN, and the first run of what was made of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from bot.sandbox.page import Phone
from tests.conftest import SOPS, Office, folder_of
from tests.people.test_signing import PIN
from tests.sandbox.phones import Phones, phones_of

ANDI, SITI, BUDI, NUR = "Andi Pratama", "Siti Rahma", "Budi Santoso", "Hj. Nurhayati"
PEOPLE = (
    (Phone(101, ANDI, "Tim inventarisasi"), ("tim-inventarisasi", "penanggung-jawab-ruangan")),
    (Phone(102, SITI, "Kasubbag TU"), ("kasubbag-tu",)),
    (Phone(103, BUDI, "Petugas BMN"), ("petugas-bmn",)),
    (Phone(104, NUR, "Kepala Kantor"), ("kepala-kantor", "kuasa-pengguna-barang")),
)
FILE = "inventarisasi-bmn.yaml"
OFFICE = "approval: [supervisor, {role: manager, sign: true}]\n"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """The shipped SOP alone, as a draft, in an office whose manager signs."""
    (tmp_path / "office.yaml").write_text(OFFICE, encoding="utf-8")
    shipped = (SOPS / FILE).read_text(encoding="utf-8")
    return folder_of(tmp_path, {FILE: shipped.replace("status: trial", "status: draft")})


@pytest.fixture
async def phones(office: Office) -> AsyncIterator[Phones]:
    async with phones_of(office, PEOPLE) as opened:
        yield opened


class Hand(Protocol):
    """Somebody at a phone, in the page or not."""

    async def taps(self, word: str) -> None: ...
    async def says(self, text: str) -> object: ...
    async def sends_document(self, name: str, data: bytes) -> object: ...


@dataclass(frozen=True)
class Finger:
    """Somebody in the page."""

    phones: Phones
    name: str

    async def taps(self, word: str) -> None:
        await self.phones.taps(self.name, word)

    async def says(self, text: str) -> None:
        await self.phones.says(self.name, text)

    async def sends_document(self, name: str, data: bytes) -> None:
        await self.phones.sends_file(self.name, name, data)


async def counts(hand: Hand) -> None:
    """The team comes to the second step of an inventory, and has entered how many of the goods it found."""
    await hand.says("inventarisasi")
    await each(hand, "Inventarisasi BMN", "Mulai")
    await hand.says("412")
    await hand.taps("Selesai")
    await hand.says("410")


async def leaves_conditions_out(hand: Hand, sheet: bytes) -> None:
    """The team goes on from there, but for the step that it never has the time for."""
    await each(hand, "Sudah diperiksa ulang", "Lanjut")
    await hand.says("0")
    await each(hand, "Semua ruangan", "Setiap label", "Selesai", "Semua ditemukan")
    await each(hand, "Kendala", "Lewati", "Waktu tidak cukup", "Lanjut", "Ditandatangani")
    await hand.sends_document("berita-acara.pdf", sheet)
    await hand.taps("Selesai")


async def enters(hand: Hand) -> None:
    """Whoever keeps the books enters it."""
    await each(hand, "Terima", "Kondisi pada SAKTI", "DBR ditempel", "Selesai")


async def each(hand: Hand, *labels: str) -> None:
    for label in labels:
        await hand.taps(label)


async def runs_it(office: Office, phones: Phones) -> None:
    """One run in the page, with a report, and four more elsewhere."""
    andi, nur, budi = (Finger(phones, name) for name in (ANDI, NUR, BUDI))
    await counts(andi)
    await phones.draw("life-unusual")
    await each(andi, "Kembali", "Kendala", "Prosedur salah", "Salah ketik", "Usulkan kalimat baru")
    await andi.says("Mendatangi ruangan, memindai label, dan menghitung barang")
    await phones.draw("life-report")
    await andi.says("410")
    await leaves_conditions_out(andi, b"the first sheet")
    await each(nur, "Terima", "Setujui")
    await phones.draw("life-pin")
    for _ in range(2):
        await nur.says(PIN)
    await enters(budi)
    await phones.later(minutes=2)
    await phones.draw("life-done")
    for number in range(4):
        await counts(office.clerk)
        await leaves_conditions_out(office.clerk, f"sheet {number}".encode())
        await office.manager.taps("Terima")
        assert "Barang yang ditemukan: 410 unit" in office.manager.sees and "Lampiran (1)" in office.manager.screen
        await office.manager.taps("Setujui")
        await office.manager.says(PIN)
        await enters(office.author)
        await phones.later(minutes=20)


async def test_from_its_trial_to_the_first_run_of_what_was_made_of_it(
    office: Office, phones: Phones, sops_dir: Path
) -> None:
    await phones.says(NUR, "/start sop_inventarisasi-bmn")
    await phones.taps(NUR, "Mulai uji coba")
    await phones.draw("life-trial")
    await runs_it(office, phones)

    await phones.later(days=34)
    await phones.draw("life-reminder")
    await phones.taps(SITI, "Inventarisasi BMN")
    await phones.sees(SITI, "Pelaksanaan selesai: 5")
    await phones.draw("life-evidence")
    await phones.taps(SITI, "Revisi")
    await phones.draw("life-deciding")
    await phones.taps(SITI, "Langkah belum sesuai pekerjaan")
    await phones.draw("life-decided")

    await phones.taps(BUDI, "Buka draf")
    await phones.draw("life-proposals")
    await phones.taps(BUDI, "dilewati")
    await phones.draw("life-left-out")
    await phones.taps(BUDI, "Jadikan boleh dilewati", "laporan 1")
    await phones.draw("life-wording")
    await phones.taps(BUDI, "Pakai kalimat usulan")
    await phones.draw("life-changes")
    await phones.taps(BUDI, "di luar kisaran")
    await phones.draw("life-value")
    await phones.taps(BUDI, "Jangan dipakai")
    await phones.says(BUDI, "Selisih harus tetap dijelaskan")
    await phones.draw("life-ready")
    await phones.taps(BUDI, "Ajukan persetujuan")
    await phones.taps(SITI, "Setujui")
    await phones.draw("life-approving")
    await phones.taps(NUR, "Setujui, berlakukan")
    await phones.says(NUR, PIN)
    await phones.draw("life-approved")

    await phones.says(ANDI, "inventarisasi")
    await phones.taps(ANDI, "Inventarisasi BMN", "Mulai")
    await phones.sees(ANDI, "Langkah 5: sekarang boleh dilewati")
    await phones.draw("life-changed")
    await phones.taps(ANDI, "Paham")
    await phones.draw("life-next")

    await office.app.read_files()
    assert "optional: true" in (sops_dir / FILE).read_text(encoding="utf-8")
