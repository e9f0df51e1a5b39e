"""From what keeps coming back in runs to a new version: proposed, changed by buttons, signed, and written out."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.engine.people import Role
from bot.engine.sop import Status
from bot.storage.database import Transaction
from bot.storage.tables import JournalRow, table
from tests.conftest import Office, StartOffice, folder_of
from tests.people.records import kinds, known
from tests.people.test_signing import PIN

OFFICE = """\
approval: [supervisor, {role: manager, sign: true}]
units:
  - {id: kantor, title: Kantor}
  - {id: tu, title: Tata Usaha, parent: kantor}
"""
SOP = """\
id: layanan
title: SOP Layanan Surat   # disepakati 2026
version: "1"
status: trial
kind: technical
unit: Tata Usaha
team: {author: penulis, supervisor: pengawas, manager: kepala}
positions:
  staf: Staf
  penulis: Penulis SOP
  pengawas: Kasubbag TU
  kepala: Kepala Kantor
steps:
  # yang pertama
  - id: terima
    do: Menerima surat
    by: staf
    within: 5 menit  # lihat loket
  - id: stempel
    do: Memberi stempel
    by: staf
    needs: Stempel
  - id: arsip
    do: Mengarsipkan
    by: staf
"""
AFTER = (
    SOP.replace('version: "1"', 'version: "2"')
    .replace("do: Menerima surat", "do: Menerima dan mencatat surat")
    .replace("    needs: Stempel\n", "    needs: [Stempel, Bantalan tinta]\n    optional: true\n")
    .replace(
        "do: Mengarsipkan\n    by: staf\n",
        "do: Mengarsipkan\n    by: staf\n    within: 2 hari\n",
    )
)


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """A folder with one SOP in it, in an office whose manager signs."""
    (tmp_path / "office.yaml").write_text(OFFICE)
    return folder_of(tmp_path, {"layanan-surat.yaml": SOP})


@pytest.fixture
async def team(office: Office) -> Office:
    return await gathered(office)


async def gathered(office: Office) -> Office:
    """Everybody wrote to the bot, and holds the positions of the team."""
    for person in (office.clerk, office.supervisor, office.author, office.manager):
        await person.says("/start")
    await office.works_in("kantor", 102, 103, 104)
    await office.holds(101, "staf")
    await office.holds(102, "pengawas")
    await office.holds(103, "penulis")
    await office.holds(104, "kepala")
    return office


async def ran(team: Office, times: int) -> None:
    """The clerk runs it, and leaves the stamp out."""
    for _ in range(times):
        await team.clerk.says("/start sop_layanan")
        for tap in ("Mulai", "Selesai", "Kendala", "Lewati", "Tidak diperlukan", "Lanjut", "Selesai"):
            await team.clerk.taps(tap)
    await team.later(minutes=2)


async def revised(team: Office) -> None:
    """The supervisor decides that it is revised."""
    await team.later(days=31)
    await team.supervisor.says("/tinjauan")
    for tap in ("Layanan Surat", "Revisi", "Langkah belum sesuai pekerjaan"):
        await team.supervisor.taps(tap)


async def change(team: Office, step: str, part: str, words: str) -> None:
    """The author changes a part of a step, from the card of the draft."""
    for tap in ("Ubah langkah", step, part):
        await team.author.taps(tap)
    await team.author.says(words)


async def standing(team: Office) -> dict[str, Status]:
    def work(tx: Transaction) -> dict[str, Status]:
        return {one.sop.version: one.status for one in tx.versions.all_of("layanan")}

    return await team.app.database.run(work)


async def test_a_deviation_that_keeps_coming_back_becomes_a_version_that_is_signed_and_written(
    team: Office, sops_dir: Path
) -> None:
    await ran(team, 5)
    await team.clerk.says("/lapor")
    await team.clerk.says("layanan")
    await team.clerk.says("1")
    await team.clerk.taps("Salah ketik")
    await team.clerk.taps("Usulkan kalimat baru")
    await team.clerk.says("Menerima dan mencatat surat")
    await revised(team)

    author = team.author
    assert "Draf siap Anda kerjakan" in author.chat and "2 usulan menunggu" in author.chat
    await author.says("/tugas")
    assert "Draf versi 2 · 2 usulan perlu diputuskan" in author.sees
    await author.taps("✏️")
    assert "Langkah 2: dilewati, 5 dari 5" in author.sees and "Ajukan" not in author.screen
    await author.says("/start sop_layanan")
    await author.taps("Ajukan")
    assert "Putuskan dahulu semua usulan" in author.alert

    await author.taps("Langkah 2: dilewati")
    assert "5 dari 5 pelaksanaan melewati langkah ini" in author.sees
    await author.taps("5 pelaksanaan terkait")
    assert "#5 · " in author.sees and "Tidak diperlukan kali ini" in author.sees
    for tap in ("Kembali", "Jadikan boleh dilewati"):
        await author.taps(tap)
    assert "Langkah 2: sekarang boleh dilewati" in author.sees
    await author.taps("laporan 1")
    assert "Usulan kalimat: “Menerima dan mencatat surat”" in author.sees
    await author.taps("Pakai kalimat usulan")
    assert "Masuk revisi" in team.clerk.chat

    await change(team, "3. ", "Waktu", "kapan-kapan")
    assert "Perubahan itu tidak sesuai" in author.sees and "time_note" not in author.sees
    await author.says("2 hari")
    assert "Waktu: 2 hari" in author.sees
    for tap in ("Naikkan", "Turunkan", "Kembali", "Kembali"):
        await author.taps(tap)
    await change(team, "2. ", "Kelengkapan", "Stempel\nBantalan tinta")
    for tap in ("Kembali", "Kembali", "Ajukan"):
        await author.taps(tap)
    assert "📨 Versi 2 menunggu persetujuan" in author.sees

    await team.supervisor.taps("Setujui")
    boss = team.manager
    assert "kelengkapan: ditambah “Bantalan tinta”" in boss.sees
    assert "kalimat: “Menerima surat” menjadi “Menerima dan mencatat surat”" in boss.sees
    await boss.taps("Setujui, berlakukan")
    assert "Pilih PIN" in boss.sees
    await boss.says("batal")
    assert "belum diputuskan" in boss.chat
    for tap in ("Buka versi", "Setujui, berlakukan"):
        await boss.taps(tap)
    for words in ("12", PIN, PIN):
        await boss.says(words)
    assert await standing(team) == {"1": Status.SUPERSEDED, "2": Status.IN_FORCE}
    assert PIN not in boss.chat
    assert {"draft_opened", "proposal_taken", "draft_edited", "version_signed", "report_published"} <= set(
        await kinds(team)
    )
    assert await signed(team) == [("disahkan", "Kepala Kantor")]

    await team.app.read_files()
    assert (sops_dir / "layanan-surat.yaml").read_text() == AFTER
    assert listed(sops_dir) == ["layanan-surat.yaml"]
    await team.app.read_files()
    assert await standing(team) == {"1": Status.SUPERSEDED, "2": Status.IN_FORCE}
    assert "sudah dijalankan" not in boss.chat

    await team.clerk.says("/start sop_layanan")
    await team.clerk.taps("Mulai")
    assert "Yang berubah" in team.clerk.sees and "Langkah 2: sekarang boleh dilewati" in team.clerk.sees
    await team.clerk.taps("Paham")
    await team.clerk.taps("Selesai")
    assert "Boleh dilewati bila tidak diperlukan" in team.clerk.sees
    for tap in ("Kendala", "Lewati", "Tidak diperlukan", "Lanjut", "Selesai"):
        await team.clerk.taps(tap)
    assert "Sesuai 100 %" in team.clerk.sees


def listed(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def signed(team: Office) -> list[tuple[str, str]]:
    """With which meaning and as what versions were signed."""
    journal = table(JournalRow)

    def work(tx: Transaction) -> list[tuple[str, str]]:
        bodies = tx.connection.execute(select(journal.c.body).where(journal.c.kind == "version_signed")).scalars()
        data = [json.loads(body)["data"] for body in bodies]
        return [(one["meaning"]["value"], one["position"]) for one in data]

    return await team.app.database.run(work)


async def test_what_is_refused_has_a_reason_that_its_reporter_reads_and_a_train_leaves_the_draft(team: Office) -> None:
    await ran(team, 5)
    await team.clerk.says("/lapor")
    await team.clerk.says("layanan")
    await team.clerk.says("1")
    await team.clerk.taps("Urutan salah")
    await team.clerk.says("Stempel dahulu")
    await revised(team)

    await team.author.taps("Buka draf")
    await team.author.taps("laporan 1")
    assert "“Stempel dahulu”" in team.author.sees
    await team.author.taps("Jangan dipakai")
    await team.author.says("Surat dibaca dahulu")
    assert "Surat dibaca dahulu" in team.clerk.chat
    await team.author.taps("Langkah 2")
    await team.author.taps("Latih pelaksana")

    assert "Belum ada perubahan" in team.author.sees
    assert "Ajukan" not in team.author.screen


async def test_a_file_and_a_draft_of_the_chat_do_not_overwrite_each_other(team: Office, sops_dir: Path) -> None:
    file = sops_dir / "layanan-surat.yaml"
    await team.author.says("/start sop_layanan")
    await team.author.taps("Buat draf")
    await change(team, "3. ", "Kalimat", "Menyimpan: rapi # selalu")
    file.write_text(SOP.replace('version: "1"', 'version: "2"'))
    await team.app.read_files()
    file.write_text(SOP)
    await team.app.read_files()
    await team.settle()
    await team.author.taps("Buka draf")
    assert "Pakai draf ini" not in team.author.screen  # the file is again what it was
    theirs = SOP.replace('version: "1"', 'version: "2"').replace("Memberi stempel", "Menstempel")
    file.write_text(theirs)
    await team.app.read_files()
    await team.settle()
    assert "Draf dan berkasnya berbeda isi" in team.author.sees

    await team.author.taps("Buka draf")
    await team.author.taps("Pakai draf ini")
    assert "Isi berkasnya dikirim di bawah" in team.author.chat and "layanan.yaml" in str(team.author.messages[-1])
    assert "Menstempel" not in await source(team)
    file.write_text(theirs.replace("Menstempel", "Mencap"))
    await team.app.read_files()
    await team.settle()
    await team.author.taps("Buka draf")
    await team.author.taps("Pakai isi berkas")
    assert "Mencap" in await source(team)

    await team.author.taps("Ubah langkah")
    for tap in ("1. ", "Kalimat"):
        await team.author.taps(tap)
    await team.author.says("Menerima berkas")
    for tap in ("Kembali", "Kembali", "Ajukan"):
        await team.author.taps(tap)
    await team.supervisor.taps("Setujui")
    await team.manager.taps("berlakukan")
    file.write_text("# disunting lagi\n" + file.read_text())
    for words in (PIN, PIN):
        await team.manager.says(words)
    await team.app.read_files()
    await team.settle()

    assert file.read_text().startswith("# disunting lagi")
    assert "Berkasnya berubah sementara itu" in team.author.sees
    assert await standing(team) == {"1": Status.SUPERSEDED, "2": Status.IN_FORCE}


async def source(team: Office) -> str:
    def work(tx: Transaction) -> str:
        draft = tx.versions.draft_of("layanan")
        assert draft is not None
        return tx.versions.source(draft.sop.digest) or ""

    return await team.app.database.run(work)


async def test_two_who_change_a_draft_at_once_both_change_it_and_neither_approves_it(team: Office) -> None:
    await team.author.says("/start sop_layanan")
    await team.author.taps("Buat draf")
    await team.manager.says("/start sop_layanan")
    await team.manager.taps("Draf: versi 2")
    for person in (team.author, team.manager):
        await person.taps("Ubah langkah")
    await team.author.taps("2. ")
    await team.manager.taps("3. ")
    await team.manager.taps("Kalimat")

    await asyncio.gather(team.author.taps("Jadikan boleh dilewati"), team.manager.says("Menyimpan"))

    text = await source(team)
    assert "optional: true" in text and "do: Menyimpan" in text
    assert text.replace("    optional: true\n", "").replace("do: Menyimpan", "do: Mengarsipkan") == SOP.replace(
        'version: "1"', 'version: "2"'
    )
    await team.author.taps("Hapus langkah")
    assert "Langkah dihapus. Ketuk Kembali" in team.author.sees
    for tap in ("Kembali", "Batalkan perubahan terakhir"):
        await team.author.taps(tap)
    assert await source(team) == text
    await team.author.taps("Ajukan")
    assert "Belum ada orang lain" in team.author.alert  # the manager is the only other one, and wrote in it


async def reported(team: Office, wording: str) -> None:
    """The clerk proposes other words for the first step."""
    await team.clerk.says("/lapor")
    await team.clerk.says("layanan")
    await team.clerk.says("1")
    await team.clerk.taps("Salah ketik")
    await team.clerk.taps("Usulkan kalimat baru")
    await team.clerk.says(wording)


async def test_what_is_taken_back_is_to_be_decided_again(team: Office, sops_dir: Path) -> None:
    await reported(team, "Menerima dan mencatat surat")
    await team.author.says("/start sop_layanan")
    for tap in ("Buat draf", "laporan 1", "Pakai kalimat usulan", "Batalkan perubahan terakhir"):
        await team.author.taps(tap)
    assert "🟡 Langkah 1: laporan 1" in team.author.sees and "Ajukan" not in team.author.screen

    for tap in ("laporan 1", "Pakai kalimat usulan"):
        await team.author.taps(tap)
    await change(team, "3. ", "Kalimat", "Menyimpan")
    for tap in ("Kembali", "Kembali", "Batalkan perubahan terakhir"):
        await team.author.taps(tap)
    assert "✅ Langkah 1: laporan 1" in team.author.sees  # another change was taken back

    (sops_dir / "layanan-surat.yaml").write_text(SOP.replace('version: "1"', 'version: "2"') + "# baru\n")
    await team.app.read_files()
    await team.settle()
    for tap in ("Buka draf", "Pakai isi berkas"):
        await team.author.taps(tap)
    assert "🟡 Langkah 1: laporan 1" in team.author.sees and "Menerima dan mencatat" not in await source(team)


async def test_a_draft_is_opened_after_the_version_that_it_replaces_has_new_content(
    start_office: StartOffice, sops_dir: Path
) -> None:
    async with start_office() as office:
        team = await gathered(office)
        await reported(team, "Menerima dan mencatat surat")
        await team.author.says("/start sop_layanan")
        await team.author.taps("Buat draf")
        (sops_dir / "layanan-surat.yaml").write_text(SOP.replace("Memberi stempel", "Menstempel"))
        await team.app.read_files()
    async with start_office() as team:  # which has read no content but what is kept
        await team.author.says("/start sop_layanan")
        await team.author.taps("Draf: versi 2")

        assert "🟡 Langkah 1: laporan 1" in team.author.sees and "Menstempel" in team.author.sees


async def test_a_tap_on_an_old_card_takes_nothing_back_that_somebody_else_did_since(
    team: Office, sops_dir: Path
) -> None:
    await team.author.says("/start sop_layanan")
    await team.author.taps("Buat draf")
    await change(team, "3. ", "Kalimat", "Menyimpan")
    for tap in ("Kembali", "Kembali"):
        await team.author.taps(tap)
    await team.manager.says("/start sop_layanan")
    for tap in ("Draf: versi 2", "Ubah langkah", "2. ", "Jadikan boleh dilewati", "Kembali", "Kembali"):
        await team.manager.taps(tap)
    changed = await source(team)

    await team.author.taps("Batalkan perubahan terakhir")
    assert "Draf sudah berubah sementara itu" in team.author.sees and await source(team) == changed

    file, theirs = sops_dir / "layanan-surat.yaml", SOP.replace('version: "1"', 'version: "2"')
    file.write_text(theirs.replace("Memberi stempel", "Menstempel"))
    await team.app.read_files()
    for tap in ("Pakai isi berkas", "Pakai draf ini"):
        await team.manager.says("/start sop_layanan")
        await team.manager.taps("Draf: versi 2")
        file.write_text(theirs.replace("Memberi stempel", f"Mencap {tap}"))
        await team.app.read_files()
        await team.manager.taps(tap)
        assert "Draf sudah berubah sementara itu" in team.manager.sees and await source(team) == changed


async def test_who_may_not_read_the_reports_of_an_sop_decides_about_none_on_its_draft(team: Office) -> None:
    await team.clerk.says("/lapor")
    await team.clerk.says("layanan")
    await team.clerk.says("1")
    await team.clerk.taps("Urutan salah")
    await team.clerk.says("Stempel dahulu")
    clerk = (await known(team, 101)).id
    await team.app.database.run(lambda tx: tx.people.give_roles(clerk, [Role.PERFORMER, Role.AUTHOR]))
    await team.clerk.says("/start sop_layanan")
    await team.clerk.taps("Buat draf")

    await team.clerk.taps("laporan 1")

    assert "bukan untuk Anda" in team.clerk.alert
    assert "Stempel dahulu" not in team.clerk.sees


async def test_what_is_changed_while_it_is_approved_or_rehearsed_is_approved_anew_and_walked_on_as_it_was(
    team: Office,
) -> None:
    await team.author.says("/start sop_layanan")
    await team.author.taps("Buat draf")
    await change(team, "3. ", "Kalimat", "Menyimpan")
    await team.author.says("/start sop_layanan")
    await team.author.taps("Simulasi")
    await team.author.taps("Selesai")
    await team.author.says("/start sop_layanan")
    for tap in ("Ajukan", "Draf: versi 2", "Ubah langkah", "2. "):
        await team.author.taps(tap)

    await asyncio.gather(team.author.taps("Jadikan boleh dilewati"), team.supervisor.taps("Setujui"))

    assert "optional: true" in await source(team)
    assert await team.app.database.run(lambda tx: tx.approvals.open_of("layanan")) is None
    await team.manager.says("/tugas")
    assert "menunggu persetujuan" not in team.manager.sees
    await team.author.says("/lanjut")
    assert "Memberi stempel" in team.author.sees
    assert "Boleh dilewati" not in team.author.sees


async def test_a_draft_that_is_not_needed_is_given_up_and_what_was_proposed_is_free_for_another(team: Office) -> None:
    await ran(team, 5)
    await revised(team)
    author = team.author
    await author.says("/tugas")
    await author.taps("✏️")
    await author.taps("Langkah 2: dilewati")
    await author.taps("Jadikan boleh dilewati")
    await author.taps("Ajukan")
    await author.says("/start sop_layanan")
    await author.taps("Draf")
    assert "Buang draf" not in author.screen  # while others are to approve it
    await team.supervisor.taps("Tolak")
    await team.supervisor.says("Tidak perlu lagi")

    await author.says("/tugas")
    await author.taps("✏️")
    await author.taps("Buang draf")
    assert "Versi 1 tetap dipakai" in author.sees
    await author.taps("Kembali")
    await author.taps("Buang draf")
    await author.taps("Ya")

    assert "Draf sudah dibuang" in author.sees
    assert await standing(team) == {"1": Status.TRIAL, "2": Status.WITHDRAWN}
    assert "draft_discarded" in await kinds(team)
    await author.says("/tugas")
    assert "Draf" not in author.sees
    await author.says("/start sop_layanan")
    await author.taps("Buat draf")
    assert "🟡 Langkah 2: dilewati, 5 dari 5" in author.screen
