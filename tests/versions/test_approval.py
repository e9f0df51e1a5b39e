"""A draft is submitted by its author and approved by others, who see what it changes."""

from pathlib import Path

import pytest

from bot.engine.approval import Approver, approvers
from bot.engine.people import Role
from bot.engine.sop import Status
from bot.sandbox.person import Person
from tests.conftest import Office, folder_of
from tests.people.records import known
from tests.versions.rapat import content, standing, submitted, waiting


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """A folder with one SOP in it."""
    return folder_of(tmp_path, {"a.yaml": content("1", "Bekerja")})


async def test_two_others_approve_what_they_have_read_and_it_is_in_force(office: Office, sops_dir: Path) -> None:
    await office.clerk.says("/start sop_rapat")
    await office.clerk.taps("Mulai")
    await submitted(office, sops_dir)

    assert "menunggu persetujuan" not in office.manager.sees
    await office.supervisor.says("/tugas")
    assert "Versi 2 menunggu persetujuan" in office.supervisor.sees
    await office.supervisor.taps("📄")
    assert "kalimat: “Bekerja” menjadi “Mencatat”" in office.supervisor.sees
    await office.supervisor.taps("Setujui")
    await office.supervisor.says("/tugas")
    assert "Tidak ada tugas yang menunggu Anda" in office.supervisor.sees
    assert "menunggu persetujuan" in office.manager.sees
    await office.manager.says("/start")
    await office.manager.taps("1 tugas menunggu Anda")
    await office.manager.taps("📄")
    await office.manager.taps("Setujui, berlakukan")
    assert await waiting(office) == []
    assert "Versi ini sekarang berlaku" in office.manager.chat
    assert "Tahap ini sudah disetujui" in office.supervisor.chat

    assert await office.app.database.run(standing) == {"1": Status.SUPERSEDED, "2": Status.IN_FORCE}
    assert "Versi Anda disetujui" in office.author.chat
    await office.clerk.says("/lanjut")
    assert "Bekerja" in office.clerk.sees

    await office.manager.says("/start")
    (sops_dir / "a.yaml").write_text(content("2", "Merapikan"))
    await office.app.read_files()
    await office.settle()
    assert "naikkan versinya" in office.manager.chat


async def test_whoever_is_to_approve_it_walks_it_first_and_that_counts_nowhere(office: Office, sops_dir: Path) -> None:
    await submitted(office, sops_dir)

    await office.supervisor.taps("Simulasi")

    assert "Simulasi" in office.supervisor.sees
    assert "Mencatat" in office.supervisor.sees  # the words of the version that waits
    await office.supervisor.taps("Selesai")
    assert await office.app.database.run(standing) == {"1": Status.TRIAL, "2": Status.DRAFT}
    await office.supervisor.says("/tugas")
    await office.supervisor.taps("📄")
    await office.supervisor.taps("Setujui")
    await office.manager.taps("Setujui, berlakukan")
    assert await office.app.database.run(standing) == {"1": Status.SUPERSEDED, "2": Status.IN_FORCE}


async def test_it_comes_back_with_a_reason_and_late_taps_change_nothing(office: Office, sops_dir: Path) -> None:
    await submitted(office, sops_dir)

    await office.supervisor.taps("Tolak")
    assert "Setujui" not in office.supervisor.screen
    await office.supervisor.taps("Kembali")
    assert "Mengapa belum disetujui?" not in office.supervisor.sees and "Setujui" in office.supervisor.screen
    await office.supervisor.taps("Tolak")
    await office.supervisor.says("/batal")
    assert "belum diputuskan" in office.supervisor.chat
    await office.supervisor.taps("Buka versi")
    await office.supervisor.taps("Tolak")
    await office.supervisor.says("Sebutkan formulirnya")

    assert "“Sebutkan formulirnya”" in office.supervisor.chat
    assert "Sebutkan formulirnya" in office.author.chat
    assert await waiting(office) == []
    assert await office.app.database.run(standing) == {"1": Status.TRIAL, "2": Status.DRAFT}
    await office.author.says("/start sop_rapat")
    await office.author.taps("Ajukan")
    await office.supervisor.taps("Setujui")
    await office.manager.taps("uji coba dulu")
    assert "Versi ini sekarang dalam uji coba" in office.manager.chat
    assert await office.app.database.run(standing) == {"1": Status.SUPERSEDED, "2": Status.TRIAL}


async def test_what_changes_after_it_was_submitted_is_submitted_anew(office: Office, sops_dir: Path) -> None:
    await submitted(office, sops_dir)

    (sops_dir / "a.yaml").write_text(content("2", "Merapikan"))
    await office.app.read_files()
    await office.settle()

    assert await waiting(office) == []
    assert "Versi ini diubah setelah diajukan" in office.supervisor.sees
    assert "Tidak lagi menunggu Anda" in office.supervisor.sees
    assert "Setujui" not in office.supervisor.screen
    assert "Ajukan lagi bila sudah siap" in office.author.sees
    assert "diubah" not in office.manager.chat  # whom it had not reached
    await office.author.says("/start sop_rapat")
    await office.author.taps("Ajukan")
    await office.supervisor.taps("Setujui")
    (sops_dir / "a.yaml").write_text(content("2", "Menutup rapat"))
    await office.app.read_files()
    await office.settle()
    assert "Persetujuan Anda berlaku untuk isi sebelumnya" in office.supervisor.sees
    assert "Tidak lagi menunggu Anda" in office.manager.sees
    assert "Setujui" not in office.manager.screen
    assert await office.app.database.run(standing) == {"1": Status.TRIAL, "2": Status.DRAFT}


async def test_whoever_comes_to_be_a_supervisor_is_shown_what_waits_and_only_they(
    office: Office, sops_dir: Path
) -> None:
    await office.clerk.says("/start")
    await submitted(office, sops_dir)
    clerk = (await known(office, 101)).id
    before = await waiting(office)

    await office.app.database.run(lambda tx: tx.people.give_roles(clerk, [Role.SUPERVISOR]))
    await office.later(minutes=1)

    assert sorted(await waiting(office)) == sorted([*before, clerk])
    await office.clerk.taps("Setujui")
    assert "menunggu persetujuan" in office.manager.sees


async def accepted(office: Office, by: Person, kind: str, number: int) -> None:
    """Somebody reports SOP rapat, and the author accepts it."""
    await by.says("/lapor")
    await by.says("rapat")
    await by.says("1")
    await by.taps(kind)
    await office.author.says("/lapor")
    await office.author.taps("Laporan masuk")
    await office.author.taps(f"🟡 {number}")
    await office.author.taps("Diterima")
    await office.author.taps("Jawab tanpa keterangan")


async def taken(office: Office) -> None:
    """The author takes what was reported into the draft, and submits it."""
    await office.author.taps("laporan 1")
    await office.author.taps("Saya ubah sendiri")
    await office.author.taps("Ajukan")


async def test_a_report_that_was_accepted_after_the_version_was_submitted_is_for_the_next(
    office: Office, sops_dir: Path
) -> None:
    await office.author.says("/start")
    await accepted(office, office.clerk, "Urutan salah", 1)
    await submitted(office, sops_dir)
    await taken(office)
    office.clock.advance(minutes=5)
    await accepted(office, office.supervisor, "Waktu tidak realistis", 2)
    await office.supervisor.taps("Setujui")
    await office.manager.taps("berlakukan")

    assert await office.app.database.run(lambda tx: [one.number for one in tx.reports.for_revision("rapat")]) == [2]


def test_nobody_approves_what_they_submitted_or_approved_before() -> None:
    both = frozenset({Role.SUPERVISOR, Role.MANAGER})
    among = [Approver(1, both), Approver(2, both), Approver(3, frozenset({Role.ADMIN}))]
    chain = (Role.SUPERVISOR, Role.MANAGER)

    assert approvers(chain, 0, among, frozenset({1})) == (2,)
    assert approvers(chain, 1, among, frozenset({1, 2})) == (3,)
    assert approvers(chain, 0, among[:1], frozenset({1})) == ()


def test_a_stage_beyond_a_chain_that_was_shortened_is_its_last() -> None:
    among = [Approver(1, frozenset({Role.SUPERVISOR})), Approver(2, frozenset({Role.MANAGER}))]

    assert approvers((Role.MANAGER,), 1, among, frozenset()) == (2,)


async def test_who_may_approve_since_the_night_is_shown_the_version_as_the_office_opens(
    office: Office, sops_dir: Path
) -> None:
    await office.clerk.says("/start")
    await submitted(office, sops_dir)
    clerk = (await known(office, 101)).id
    office.clock.advance(hours=15, minutes=30)  # 00.30
    await office.app.database.run(lambda tx: tx.people.give_roles(clerk, [Role.SUPERVISOR]))
    await office.later(minutes=1)
    assert "menunggu persetujuan" not in office.clerk.chat

    await office.later(hours=8)

    assert "menunggu persetujuan" in office.clerk.chat


async def test_a_report_that_comes_while_a_version_waits_stands_on_its_card(office: Office, sops_dir: Path) -> None:
    await office.clerk.says("/start")
    await submitted(office, sops_dir)
    assert "belum dijawab" not in office.supervisor.sees
    await office.clerk.says("/lapor")
    await office.clerk.says("rapat")
    await office.clerk.says("1")
    await office.clerk.taps("Urutan salah")
    await office.supervisor.says("/tugas")
    await office.supervisor.taps("📄")

    assert "1 laporan belum dijawab" in office.supervisor.sees
