"""A story of a month, on four phones in the page: a run that departs from its SOP in every way there is, a report that
the SOP is wrong, what is done about the gravest of it, and the figures with their picture and their table."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from bot.engine.deviations import Kind
from bot.sandbox.files import THUMBNAIL
from bot.sandbox.page import Phone
from tests.conftest import Office, folder_of
from tests.sandbox.phones import Phones, phones_of

ANDI, SITI, BUDI, NUR = "Andi Pratama", "Siti Rahma", "Budi Santoso", "Hj. Nurhayati"
PEOPLE = (
    (Phone(101, ANDI, "Teknisi"), ("teknisi",)),
    (Phone(102, SITI, "Kasubbag TU"), ("kasubbag-tu", "pemeriksa")),
    (Phone(103, BUDI, "Pemeriksa"), ("pemeriksa",)),
    (Phone(104, NUR, "Kepala Kantor"), ("kepala-kantor",)),
)
SOP = """\
id: perawatan-genset
title: SOP Perawatan Genset
number: SOP-011/KK/2026
version: "1"
status: trial
kind: administrative
unit: Subbagian Tata Usaha
team: {author: pemeriksa, supervisor: kasubbag-tu, manager: kepala-kantor}
positions: {teknisi: Teknisi, pemeriksa: Pemeriksa, kasubbag-tu: Kasubbag TU, kepala-kantor: Kepala Kantor}
steps:
  - {id: sebelum, do: Memotret genset sebelum dikerjakan, by: teknisi, evidence: {photos: 1}}
  - id: ukur
    do: Mencatat suhu mesin
    by: teknisi
    within: 30 menit
    record: [{name: suhu, label: Suhu, type: number, unit: °C, expect: [60, 90]}]
  - {id: panas, do: Memanaskan mesin tanpa beban, by: teknisi, at_least: 10 menit}
  - {id: filter, do: Membersihkan saringan udara, by: teknisi}
  - {id: aki, do: Menambah air aki, by: teknisi}
  - {id: oli, do: Mengganti oli, by: teknisi, needs: [Oli SAE 40]}
  - {id: beban, do: Menguji dengan beban, by: teknisi, output: Lembar uji beban}
  - {id: bersih, do: Membersihkan ruang genset, by: teknisi}
  - {id: kunci, do: Mengunci ruang genset, by: teknisi}
  - {id: buku, do: Mengisi buku servis, by: teknisi}
  - {id: sesudah, do: Memotret genset setelah dikerjakan, by: teknisi, evidence: {photos: 1}}
  - {id: lembar, do: Memotret lembar buku servis, by: teknisi, evidence: {photos: 1}}
  - {id: periksa, do: Memeriksa hasil perawatan, by: pemeriksa, critical: true}
  - {id: otomatis, do: Menguji hidup otomatis, by: teknisi, critical: true}
"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    (tmp_path / "office.yaml").write_text("follow_up: {watched: 2}\n", encoding="utf-8")
    return folder_of(tmp_path, {"genset.yaml": SOP})


@pytest.fixture
async def phones(office: Office) -> AsyncIterator[Phones]:
    async with phones_of(office, PEOPLE) as opened:
        yield opened


async def note(phones: Phones, why: str) -> None:
    """Andi ends his step with a note, and says no more."""
    await phones.taps(ANDI, "Kendala", "Selesai dengan catatan", why, "Lanjut")


async def otherwise(phones: Phones, how: str, why: str) -> None:
    await phones.taps(ANDI, "Kendala", how, why, "Lanjut")


async def walks_his_steps(phones: Phones) -> None:
    """Andi walks the steps of a technician, of which hardly one goes as it is written."""
    await phones.says(ANDI, "genset")
    await phones.taps(ANDI, "Perawatan Genset", "Mulai")
    await phones.sends_photo(ANDI, THUMBNAIL + b"before")
    await phones.taps(ANDI, "Selesai")
    await phones.later(minutes=45)
    await phones.says(ANDI, "104")
    await phones.draw("out-of-range")
    await phones.taps(ANDI, "Kondisi yang sudah diketahui", "Lanjut", "Selesai", "Selesai")
    await otherwise(phones, "Lewati", "Alat atau aplikasi tidak tersedia")
    await otherwise(phones, "Tidak berlaku", "Syaratnya tidak terpenuhi")
    await phones.draw("reasons")
    await note(phones, "Kelengkapan kurang")
    await note(phones, "Output tidak sesuai")
    await note(phones, "Perlu pekerjaan tambahan")
    await phones.taps(ANDI, "Kendala", "Selesai dengan catatan", "Alasan lain")
    await phones.says(ANDI, "Kunci dititipkan di pos jaga")
    await phones.taps(ANDI, "Kendala", "Selesai dengan catatan", "Dicatat belakangan")
    await phones.says(ANDI, "09.10")
    await phones.taps(ANDI, "Lanjut")
    await note(phones, "Alasan lain")
    await phones.sends_photo(ANDI, THUMBNAIL + b"before")
    await phones.draw("used-before")
    await phones.taps(ANDI, "Ya, pakai", "Selesai")


async def goes_from_hand_to_hand(phones: Phones) -> None:
    """Budi sends it back, Siti takes it over from him, and Andi cannot do the last step."""
    await phones.taps(BUDI, "Kembalikan", "Berkas tidak lengkap")
    await phones.sends_photo(ANDI, THUMBNAIL + b"the sheet, whole")
    await phones.taps(ANDI, "Selesai")
    await phones.taps(BUDI, "Terima")
    await phones.taps(SITI, "Ambil alih", "Tidak dapat dihubungi", "Lanjut", "Selesai")
    await phones.taps(ANDI, "Terima", "Kendala", "Prosedur salah", "Waktu tidak realistis")
    await phones.says(ANDI, "Uji otomatis perlu listrik padam, jadi tidak bisa setiap bulan")
    await phones.draw("report")
    await phones.taps(ANDI, "Kendala", "Tidak bisa", "Alat atau aplikasi tidak tersedia", "Lanjut")
    await phones.draw("cannot")
    await phones.taps(SITI, "Izinkan")
    await phones.sees(ANDI, "langkah 5 tidak berlaku, dan 9 lagi.")
    await phones.draw("done")


async def closes_the_gravest(phones: Phones) -> None:
    """Siti takes care of it and proves it, Nurhayati agrees."""
    await phones.later(minutes=2)
    await phones.taps(SITI, "Saya tangani", "Sudah ditindaklanjuti")
    await phones.sends_photo(SITI, THUMBNAIL + b"the new switch")
    await phones.draw("proof")
    await phones.taps(NUR, "Setujui penutupan")
    await phones.sees(SITI, "Dipantau")
    await phones.taps(ANDI, "Penjelasan")
    await phones.draw("closed")


async def test_every_way_to_depart_a_report_its_follow_up_and_the_figures(office: Office, phones: Phones) -> None:
    await walks_his_steps(phones)
    await goes_from_hand_to_hand(phones)
    await closes_the_gravest(phones)
    await phones.says(ANDI, "/start sop_perawatan-genset")
    await phones.taps(ANDI, "Mulai", "Lainnya", "Hentikan", "SOP yang dipilih keliru", "Cukup")
    await phones.later(minutes=2)

    await phones.says(NUR, "/rekap")
    await phones.taps(NUR, "Gambar")
    await phones.draw("figures")
    await phones.says(NUR, "/rekap")
    await phones.taps(NUR, "Dokumen", "Unduh penyimpangan · Excel")
    [sheet] = openpyxl.load_workbook(BytesIO(await phones.downloads(NUR))).worksheets

    head, *rows = sheet.iter_rows(values_only=True)
    assert {row[head.index("kind")] for row in rows} == {kind.value for kind in Kind}
