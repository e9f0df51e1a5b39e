"""Two who decide the same thing in the same moment, in two processes: one decision counts, and nothing is lost."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.engine.people import Role
from bot.sandbox.person import Person
from bot.storage.audit import agree, verify
from bot.storage.database import Transaction
from bot.storage.tables import JournalRow, table
from tests.conftest import SOPS, Office, folder_of
from tests.deviations import test_follow_ups as machine
from tests.people import test_erasure as guests
from tests.people.records import kinds, known
from tests.races.conftest import Two
from tests.versions import test_a_draft as letters
from tests.versions.rapat import content, standing, submitted, waiting

journal = table(JournalRow)
OFFICE = "follow_up: {watched: 2}\n"


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    (tmp_path / "office.yaml").write_text(OFFICE, encoding="utf-8")
    files = {"mesin.yaml": machine.SOP, "tamu.yaml": guests.SOP, "layanan-surat.yaml": letters.SOP}
    folder = folder_of(tmp_path, files | {"a.yaml": content("1", "Bekerja")})
    shutil.copy(SOPS / "uji-fungsi-komputer.yaml", folder)
    return folder


async def gives(office: Office, number: int, role: Role) -> None:
    """Somebody has a role from now on."""
    await office.person(number).says("/start")
    who = (await known(office, number)).id
    await office.app.database.run(lambda tx: tx.people.give_roles(who, [Role.PERFORMER, role]))


async def bodies(office: Office, kind: str) -> list[dict[str, Any]]:
    """What the journal tells of a kind."""
    told = select(journal.c.body).where(journal.c.kind == kind).order_by(journal.c.seq)
    found = await office.app.database.run(lambda tx: list(tx.connection.execute(told).scalars()))
    return [json.loads(body)["data"] for body in found]


async def holds_together(office: Office) -> bool:
    """Whether the journal is whole, and every table tells the same."""

    def work(tx: Transaction) -> bool:
        return verify(tx.connection).broken is None and agree(tx.connection) is None

    return await office.app.database.run(work)


async def departed(office: Office) -> Office:
    """Andi departed gravely from an SOP that Siti, Budi and Nur watch over."""
    await gives(office, 103, Role.SUPERVISOR)
    clerk = await machine.begin(office)
    await machine.with_photo(clerk, b"first")
    for tap in ("Kendala", "Tidak bisa", "Alat atau aplikasi tidak tersedia"):
        await clerk.taps(tap)
    await office.later(seconds=61)
    return office


async def test_of_two_who_take_one_follow_up_and_of_two_who_close_it_one_does(two: Two) -> None:
    office = await departed(two.office)
    siti, budi, nur = office.supervisor, office.author, office.manager

    await two.at_once([two.presses(siti, "Saya tangani")], [two.presses(budi, "Saya tangani")])

    assert (await kinds(office)).count("follow_up_given") == 1
    owner, late = (siti, budi) if "Sudah ditindaklanjuti" in siti.screen else (budi, siti)
    assert "Ada yang lebih dulu" in late.alert and not owner.alert
    await owner.taps("Sudah ditindaklanjuti")
    await owner.says("Katup baru terpasang")

    await two.at_once([two.presses(late, "Setujui penutupan")], [two.presses(nur, "Setujui penutupan")])

    assert (await kinds(office)).count("follow_up_closed") == 1
    assert sorted("Ada yang lebih dulu" in one.alert for one in (late, nur)) == [False, True]
    assert await holds_together(office)


async def test_a_follow_up_is_closed_or_comes_back_and_never_both(two: Two) -> None:
    office = await departed(two.office)
    siti, budi, nur = office.supervisor, office.author, office.manager
    await siti.taps("Saya tangani")
    await siti.taps("Sudah ditindaklanjuti")
    await siti.says("Katup baru terpasang")
    await nur.taps("Belum selesai")

    await two.at_once([two.presses(budi, "Setujui penutupan")], [two.writes(nur, "Fotonya kabur")])

    told = await kinds(office)
    assert told.count("follow_up_closed") + told.count("follow_up_reopened") == 1
    if told.count("follow_up_closed"):
        assert "Ada yang lebih dulu" in nur.chat
    else:
        assert "Ada yang lebih dulu" in budi.alert and "Fotonya kabur" in siti.sees
    assert await holds_together(office)


async def test_a_review_is_decided_or_put_off_and_never_both(two: Two) -> None:
    office = two.office
    await gives(office, 103, Role.SUPERVISOR)
    for person in (office.supervisor, office.manager):
        await person.says("/start")
    await office.holds(102, "kasubbag-tu")
    await office.holds(103, "kasubbag-tu")
    await office.later(days=31)
    for person, taps in ((office.supervisor, ("Tunda",)), (office.author, ("Berlakukan",))):
        await person.says("/tinjauan")
        for tap in ("Uji Fungsi Komputer", *taps):
            await person.taps(tap)

    await two.at_once(
        [two.writes(office.supervisor, "Kepala kantor dinas luar")], [two.presses(office.author, "Sesuai pekerjaan")]
    )

    verdicts = [one["verdict"]["value"] for one in await bodies(office, "decided")]
    assert len(verdicts) == 1
    late = office.supervisor if verdicts == ["in force"] else office.author
    assert "sudah diputuskan" in late.chat + late.alert
    assert await holds_together(office)


async def test_a_version_is_signed_or_comes_back_and_never_both(two: Two, sops_dir: Path) -> None:
    office, other = two.office, two.office.clerk
    await gives(office, 101, Role.SUPERVISOR)
    await submitted(office, sops_dir)
    await other.taps("Tolak")

    await two.at_once([two.presses(office.supervisor, "Setujui")], [two.writes(other, "Sebutkan formulirnya")])

    told = await kinds(office)
    assert told.count("version_approved") + told.count("version_turned_down") == 1
    assert await waiting(office) == ([(await known(office, 104)).id] if told.count("version_approved") else [])
    assert office.author.chat.count("Sebutkan formulirnya") == told.count("version_turned_down")
    assert (await office.app.database.run(standing))["2"] == "draft"


async def test_two_open_one_draft_and_take_its_proposal_once(two: Two) -> None:
    team = await letters.gathered(two.office)
    await letters.reported(team, "Menerima dan mencatat surat")
    for person in (team.author, team.manager):
        await person.says("/start sop_layanan")

    await two.at_once([two.presses(team.author, "Buat draf")], [two.presses(team.manager, "Buat draf")])

    assert (await kinds(team)).count("draft_opened") == 1
    for person in (team.author, team.manager):
        assert "laporan 1" in person.screen
        await person.taps("laporan 1")

    await two.at_once(
        [two.presses(team.author, "Pakai kalimat usulan")], [two.presses(team.manager, "Pakai kalimat usulan")]
    )

    assert (await kinds(team)).count("proposal_taken") == 1
    assert team.clerk.chat.count("Masuk revisi") == 1
    assert (await letters.source(team)).count("Menerima dan mencatat surat") == 1
    assert await holds_together(team)


@pytest.fixture
async def stopped(two: Two) -> Office:
    """Andi, of whom Nur and Budi may erase what is known, was stopped in the moment in which he answered."""
    office, clerk = two.office, two.office.clerk
    for person in (clerk, office.supervisor, office.author, office.manager):
        await person.says("/start")
    await gives(office, 103, Role.ADMIN)
    for number in (101, 102):
        await office.holds(number, "petugas")
    await clerk.says("/start sop_buku-tamu")
    await clerk.taps("Mulai")
    await guests.opens(office, "Andi")
    await office.manager.taps("Blokir")

    await two.at_once([two.writes(clerk, "Haji Lamappa")], [two.presses(office.manager, "Blokir")])

    assert (await kinds(office)).count("access_stopped") == (await kinds(office)).count("recorded") == 1
    await office.later(minutes=1)
    assert "Haji Lamappa" in office.supervisor.sees  # to whom the step goes, with what was answered
    return office


async def about_to_erase(admin: Person) -> None:
    await admin.says("/orang Andi")
    for tap in ("Andi", "Hapus data pribadi", "Permintaan yang bersangkutan"):
        await admin.taps(tap)


async def nothing_is_left(office: Office) -> bool:
    """Whether he was erased, once, with his name and his words."""
    left = await office.app.database.run(guests.everything)
    del left["inbox"]  # what comes in while they are erased may tell the name, and is forgotten in two weeks
    assert [name for name, rows in left.items() if "Haji Lamappa" in rows or "Andi" in rows] == []
    return (await kinds(office)).count("person_erased") == 1 and await holds_together(office)


async def test_of_two_who_erase_somebody_one_does(two: Two, stopped: Office) -> None:
    for admin in (stopped.manager, stopped.author):
        await about_to_erase(admin)

    await two.at_once(
        [two.presses(stopped.manager, "Hapus selamanya")], [two.presses(stopped.author, "Hapus selamanya")]
    )

    assert await nothing_is_left(stopped)


async def test_who_is_erased_is_not_named_anew_in_the_same_moment(two: Two, stopped: Office) -> None:
    await about_to_erase(stopped.manager)
    await stopped.author.says("/orang Andi")
    for tap in ("Andi", "Nama"):
        await stopped.author.taps(tap)

    await two.at_once(
        [two.presses(stopped.manager, "Hapus selamanya")], [two.writes(stopped.author, "Andi Baru")], in_order=True
    )

    assert await nothing_is_left(stopped)
