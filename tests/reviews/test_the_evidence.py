"""The card of a review brings what speaks for its decision, every number leads to its runs, and its form agrees."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from bot.services import reviews
from bot.storage.database import Transaction
from tests.conftest import Office
from tests.figures.conftest import CLEAN, SKIPPING, walk

FIGURES = Path(__file__).parents[1] / "figures" / "sops"
TEAM = "team: {author: petugas-ti, supervisor: kasubbag-tu, manager: kepala-kantor}"
SEATS = "petugas-ti: Petugas TI, kasubbag-tu: Kepala Subbagian, kepala-kantor: Kepala Kantor"


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """An SOP on trial and one in force, with the same three steps and a team."""
    folder = tmp_path / "sops"
    folder.mkdir()
    for name in ("harian", "percobaan"):
        text = (FIGURES / f"{name}.yaml").read_text(encoding="utf-8")
        text = text.replace("team: {author: arsip, supervisor: arsip, manager: arsip}", TEAM)
        (folder / f"{name}.yaml").write_text(text.replace("{arsip: Arsiparis}", f"{{arsip: Arsiparis, {SEATS}}}"))
    return folder


async def cells(office: Office, user_id: int) -> list[str]:
    """What stands in the workbook that somebody is sent."""
    await office.settle()
    file = office.world.files.by_id(office.person(user_id).messages[-1]["document"]["file_id"])
    assert file is not None
    page = openpyxl.load_workbook(BytesIO(file.data)).active
    assert page is not None
    return [str(cell.value or "") for row in page.rows for cell in row]


async def test_a_trial_is_looked_at_early_with_all_that_it_has_shown(team: Office) -> None:
    slow = await walk(team, 101, "percobaan", SKIPPING, minutes=45)
    for _ in range(4):
        await walk(team, 101, "percobaan", CLEAN)
    await team.clerk.says("/lapor")
    await team.clerk.says("percobaan")
    await team.clerk.says("1")
    await team.clerk.taps("Waktu tidak realistis")
    await team.later(minutes=2)
    await team.manager.says("/ganti arsiparis")
    await team.manager.taps("Percobaan Surat")
    await team.manager.taps("Minta ditinjau")

    await team.supervisor.says("/tinjauan")
    await team.supervisor.taps("Percobaan Surat")
    card = team.supervisor.sees
    for told in (
        "Peninjauan dipercepat karena ada yang berganti: “arsiparis”.",
        "Pelaksanaan selesai: 5, oleh 1 orang.",
        "Yang diharapkan: 5, oleh 2 orang.",
        "Kesesuaian: rata-rata 96 %.",
        "Langkah 3: Menyimpan surat: 1 penyimpangan",
        "1 laporan menunggu jawaban.",
        "Berganti 24 November 2026: “arsiparis”",
        "separuh dalam 10 menit, 9 dari 10 dalam 45 menit; baku 30 menit (5×)",
        "Usulan waktu baku: 45 menit",
    ):
        assert told in card

    await team.supervisor.taps("Pelaksanaan: 5")
    assert team.supervisor.sees.count("#") == 5
    await team.supervisor.taps("Langkah 3: 1×")
    assert team.supervisor.sees.count("#") == 1
    await team.supervisor.taps("Kembali")
    await team.supervisor.taps("Formulir · Excel")
    report = await cells(team, 102)
    assert "45 menit" in report
    assert "Pelaksanaan selesai: 5, oleh 1 orang." in report
    assert "Kesesuaian 96 %; tanpa penyimpangan 80 %." in report
    await team.supervisor.taps("Pelaksanaan: 5")
    await team.supervisor.taps(f"#{slow}")
    assert f"#{slow}" in team.supervisor.sees
    assert "dilewati" in team.supervisor.sees

    await team.supervisor.says("/tinjauan")
    await team.supervisor.taps("Percobaan Surat")
    await team.supervisor.taps("Berlakukan")
    await team.supervisor.taps("Hanya penyimpangan kecil")
    assert "Pelaksanaan selesai: 5, oleh 1 orang." in team.supervisor.sees
    await team.later(days=2)
    await walk(team, 103, "percobaan", CLEAN)
    await team.app.database.run(_rate_on_trial)
    await team.supervisor.taps("Pelaksanaan: 5")
    await team.supervisor.taps("Kembali")
    assert "Pelaksanaan selesai: 5, oleh 1 orang." in team.supervisor.sees
    assert "Penilaian" not in team.supervisor.sees


def _rate_on_trial(tx: Transaction) -> None:
    """Somebody says late what they think of the trial."""
    live = tx.versions.live_of("percobaan")
    assert live is not None
    tx.feedback.add("percobaan", live.sop.digest, tx.at.date(), 1, trial=True, person=None, unit=None)


async def test_a_verdict_otherwise_than_the_rule_stands_on_the_forms_with_its_reason_and_initials(team: Office) -> None:
    for _ in range(5):
        await walk(team, 101, "harian", CLEAN)
    await team.later(days=160)
    await team.supervisor.says("/tinjauan")
    await team.supervisor.taps("Pencatatan Harian")
    assert "Monitoring setiap 6 bulan." in team.supervisor.sees
    assert "Menurut aturan kantor: Berjalan dengan baik." in team.supervisor.sees
    await team.supervisor.taps("Tidak berjalan dengan baik")
    await team.supervisor.says("Arsip sering penuh")
    await team.supervisor.says("Tambah lemari")
    await team.manager.says("/rekap")
    await team.manager.taps("Dokumen")
    await team.manager.taps("Tabel 7: monitoring · Excel")
    form = await cells(team, 104)
    assert "[  ] Berjalan dengan baik\n[X] Tidak berjalan dengan baik" in form
    assert "Tambah lemari" in form
    assert any("Alasan: Arsip sering penuh.\nMenurut aturan kantor: Berjalan dengan baik." in one for one in form)
    assert "S.\n3 Mei 2027" in form

    await team.later(days=180)
    await team.supervisor.says("/tinjauan")
    await team.supervisor.taps("Pencatatan Harian")
    await team.supervisor.taps("Tetap berlaku")
    for number in range(7):
        await team.supervisor.taps("Tidak" if number == 2 else "Ya")
    await team.supervisor.taps("Sesuai pekerjaan")
    await team.manager.says("/rekap")
    await team.manager.taps("Dokumen")
    await team.manager.taps("Tabel 8: evaluasi · Excel")
    form = await cells(team, 104)
    answers = form[form.index("Pencatatan Harian") + 1 :][:8]
    assert answers[:7] == ["Ya", "Ya", "Tidak", "Ya", "Ya", "Ya", "Ya"]
    assert answers[7].split("\n")[:2] == ["Tetap berlaku", "Alasan: Sesuai pekerjaan sehari-hari."]
    assert answers[7].split("\n")[2].startswith("S. ")

    await team.app.database.run(_next_version, team)
    await walk(team, 101, "harian", SKIPPING)
    await team.later(minutes=2)
    await team.supervisor.says("/tinjauan")
    await team.supervisor.taps("Pencatatan Harian")
    before, after = team.supervisor.sees.split("Sebelum dan sesudah revisi")[1].split("Versi 2")
    assert "Kesesuaian 100 %; tanpa penyimpangan 100 %." in before
    assert "terlalu sedikit untuk dibandingkan" in after


def _next_version(tx: Transaction, office: Office) -> None:
    old = tx.versions.live_of("harian")
    assert old is not None
    new = replace(old.sop, version="2", digest="2" * 64)
    reviews.load(tx, office.app.house, new)
    reviews.put_in_force(tx, office.app.house, new, None)
