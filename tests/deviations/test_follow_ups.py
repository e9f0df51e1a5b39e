"""What is done about a deviation: told to those who watch, taken care of, closed by two, watched, and back again."""

from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.sandbox.person import Person
from bot.storage.database import Transaction
from bot.storage.export import deviations
from bot.storage.journal import journal
from bot.storage.tables import DeviationRow, FollowUpRow, RunRow, table
from tests.conftest import Office, folder_of

SOP = """\
id: periksa-mesin
title: SOP Periksa Mesin
version: "1"
status: trial
kind: technical
unit: Bengkel
team: {author: teknisi, supervisor: kepala, manager: kepala}
positions: {teknisi: Teknisi, kepala: Kepala}
steps:
  - {id: ukur, do: Mengukur suhu, by: teknisi, evidence: {photos: 1}}
  - {id: tutup, do: Menutup katup, by: teknisi, critical: true}
"""


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    (tmp_path / "office.yaml").write_text("follow_up: {watched: 2}\n", encoding="utf-8")
    return folder_of(tmp_path, {"mesin.yaml": SOP})


def button(person: Person, word: str) -> tuple[int, str]:
    """A button of the newest message, to be tapped when it is old."""
    message = person.messages[-1]
    rows = message["reply_markup"]["inline_keyboard"]
    return message["message_id"], next(one["callback_data"] for row in rows for one in row if word in one["text"])


async def begin(office: Office) -> Person:
    for person in (office.clerk, office.supervisor, office.manager):
        await person.says("/start")
    await start(office.clerk)
    return office.clerk


async def start(clerk: Person) -> None:
    await clerk.says("/start sop_periksa-mesin")
    await clerk.taps("Mulai")


async def without_photo(clerk: Person) -> None:
    await clerk.taps("Kendala")
    await clerk.taps("Selesai dengan catatan")
    await clerk.taps("Alasan lain")


async def with_photo(clerk: Person, photo: bytes) -> None:
    await clerk.sends_photo(photo)
    await clerk.taps("Selesai")


async def finish(clerk: Person) -> None:
    await clerk.taps("Lanjut")
    await clerk.taps("Selesai")


async def test_a_deviation_is_taken_care_of_closed_watched_and_comes_back(office: Office) -> None:
    clerk, siti = await begin(office), office.supervisor
    await without_photo(clerk)
    await clerk.taps("Urungkan")
    await office.later(seconds=61)
    assert "Penyimpangan" not in siti.chat  # what is undone within the minute is told to nobody

    await without_photo(clerk)
    await finish(clerk)
    await office.later(seconds=61)
    assert "tanpa bukti" in siti.sees
    assert "sedang" in siti.sees
    assert "Tindak lanjut 2: terbuka" in siti.sees

    await siti.says("/tugas")
    assert "Penyimpangan pada langkah 1: tanpa bukti" in siti.sees
    await siti.taps("Periksa Mesin")
    assert "Penyimpangan #" in siti.sees  # its number, as runs have theirs, and no count

    await siti.taps("Saya tangani")
    await office.manager.says("/tugas")
    assert "Penyimpangan" not in office.manager.sees  # now it waits for Siti alone
    await siti.taps("Rencana")
    await siti.says("Memasang contoh foto")
    assert "Rencana: Memasang contoh foto" in siti.sees
    await siti.taps("Tenggat")
    await siti.says("kapan-kapan")
    assert "Tenggat 8 Desember 2026" in siti.sees
    await siti.says("30/11/2026")
    assert "Tenggat 30 November 2026" in siti.sees

    await office.later(days=7)
    assert "Lewat tenggat sejak 30 November 2026" in siti.sees
    await siti.taps("Sudah ditindaklanjuti")
    await siti.says("Contoh sudah dipasang")
    assert "dipantau" in siti.sees
    assert "Dipantau: 0 dari 2 pelaksanaan." in siti.sees

    await start(clerk)
    await without_photo(clerk)
    await finish(clerk)
    await office.later(seconds=61)
    assert "Terulang setelah ditutup." in siti.sees
    told = await office.app.database.run(lambda tx: list(deviations(tx.connection, names=False)))
    proofless = [row for row in told if row["kind"] == "evidence_missing"]
    assert [(row["severity"], row["recurrence"], row["follow_up"]) for row in proofless] == [
        ("sedang", 1, "open"),
        ("sedang", 2, "open"),
    ]
    assert "Tindak lanjut 2: terbuka" in siti.sees


async def test_what_is_grave_is_closed_by_a_second_person_and_settled_when_it_stays_away(office: Office) -> None:
    clerk, siti, nur = await begin(office), office.supervisor, office.manager
    await with_photo(clerk, b"first")
    await clerk.taps("Kendala")
    await clerk.taps("Tidak bisa")
    await clerk.taps("Alat atau aplikasi tidak tersedia")
    assert "Ada langkah yang tidak bisa" in siti.chat and "Ada langkah yang tidak bisa" not in nur.chat  # who is asked
    await office.later(seconds=61)
    assert "berat" in siti.sees

    await siti.taps("Saya tangani")
    await siti.taps("Ubah tingkat")
    await siti.taps("ringan")
    assert "harus ditetapkan orang lain" in siti.alert
    await siti.taps("Kembali")
    await siti.taps("Sudah ditindaklanjuti")
    await siti.sends_photo(b"proof")
    assert "menunggu pemeriksaan orang kedua" in siti.sees
    assert "Setujui penutupan" not in siti.screen
    assert "menyatakan sudah selesai." in nur.sees

    message_id, agree = button(nur, "Setujui penutupan")
    await nur.taps("Belum selesai")
    await nur.says("Fotonya kabur")
    assert "Nur⁩: Fotonya kabur" in siti.sees
    await nur.taps_data(message_id, agree)
    assert "Ada yang lebih dulu" in nur.alert
    await siti.taps("Sudah ditindaklanjuti")
    await siti.says("Katup baru terpasang")
    await nur.taps("Setujui penutupan")
    assert "Dipantau: 0 dari 2 pelaksanaan." in siti.sees

    await clerk.taps("Lanjut")
    await nur.taps("Izinkan")  # it began before the closing, so it shows nothing
    for number in range(2):
        await start(clerk)
        await with_photo(clerk, b"again %d" % number)
        await clerk.taps("Selesai")
    await office.later(seconds=61)
    assert "Tidak terulang dalam 2 pelaksanaan." in siti.sees


async def test_who_makes_it_light_and_then_takes_it_does_not_close_alone_what_was_grave(office: Office) -> None:
    clerk, siti, nur = await begin(office), office.supervisor, office.manager
    await with_photo(clerk, b"first")
    await clerk.taps("Kendala")
    await clerk.taps("Tidak bisa")
    await clerk.taps("Alat atau aplikasi tidak tersedia")
    await office.later(seconds=61)

    await siti.taps("Ubah tingkat")
    await siti.taps("ringan")
    await siti.says("Tidak seberapa")
    await siti.taps("Saya tangani")
    await siti.taps("Sudah ditindaklanjuti")
    await siti.says("Katup terpasang")

    assert "menunggu pemeriksaan orang kedua" in siti.sees
    await nur.taps("Setujui penutupan")
    assert "Dipantau: 0 dari 2 pelaksanaan." in siti.sees


async def test_what_was_made_light_within_its_first_minute_is_followed_up_and_closed_by_two_all_the_same(
    office: Office,
) -> None:
    clerk, siti, nur = await begin(office), office.supervisor, office.manager
    await with_photo(clerk, b"first")
    await clerk.taps("Kendala")
    await clerk.taps("Tidak bisa")
    await clerk.taps("Alat atau aplikasi tidak tersedia")

    await clerk.taps("Lanjut")
    await nur.taps("Izinkan")

    await nur.taps("Penyimpangan")
    await nur.taps("2. tidak bisa")
    await nur.taps("Ubah tingkat")
    await nur.taps("ringan")
    await nur.says("Tidak seberapa")
    await office.later(seconds=61)

    assert "terbuka" in nur.sees
    await nur.taps("Saya tangani")
    await nur.taps("Sudah ditindaklanjuti")
    await nur.says("Katup terpasang")
    assert "menunggu pemeriksaan orang kedua" in nur.sees
    await siti.taps("Setujui penutupan")
    assert "Dipantau: 0 dari 2 pelaksanaan." in nur.sees


async def test_one_that_was_undone_gives_way_to_an_equal_one_of_the_same_minute(office: Office) -> None:
    clerk, siti = await begin(office), office.supervisor
    await without_photo(clerk)
    await clerk.taps("Urungkan")
    await without_photo(clerk)
    await finish(clerk)

    await office.later(seconds=61)

    assert "tanpa bukti" in siti.sees
    assert "terbuka" in siti.sees


async def test_what_can_still_be_undone_is_not_taken_yet(office: Office) -> None:
    clerk, siti = await begin(office), office.supervisor
    await with_photo(clerk, b"first")
    await siti.says("/rekap")
    for tap in ("Terbuka", "#1"):
        await siti.taps(tap)
    await without_photo(clerk)  # none is wanted at this step: a note, and the run is over
    for tap in ("Penyimpangan", "2. selesai"):
        await siti.taps(tap)

    await siti.taps("Saya tangani")
    assert "masih bisa diurungkan" in siti.alert
    await clerk.taps("Urungkan")

    assert await states(office) == []


async def test_one_whose_deviation_was_undone_gives_way_and_is_void_where_no_other_came(office: Office) -> None:
    clerk, siti = await begin(office), office.supervisor
    await skipped(clerk)
    await clerk.taps("Urungkan")
    await office.app.database.run(_taken_all_the_same)
    await office.later(days=1)
    assert await states(office) == ["void"]

    await skipped(clerk)
    await finish(clerk)
    await office.app.database.run(_taken_all_the_same)
    await office.later(days=1)
    assert await states(office) == ["void", "open"]
    await siti.says("/rekap")
    for tap in ("Selesai", "#1", "Penyimpangan", "1. dilewati"):
        await siti.taps(tap)
    assert "Tindak lanjut 2: terbuka" in siti.sees


async def test_what_one_person_closed_is_open_again_when_it_weighs_more(office: Office) -> None:
    clerk, siti, nur = await begin(office), office.supervisor, office.manager
    await without_photo(clerk)
    await finish(clerk)
    await office.later(seconds=61)
    for tap in ("Saya tangani", "Sudah ditindaklanjuti"):
        await siti.taps(tap)
    await siti.says("Contoh sudah dipasang")
    assert await states(office) == ["watched"]

    for tap in ("Ubah tingkat", "berat"):
        await nur.taps(tap)
    await nur.says("Ternyata berbahaya")

    assert "Tindak lanjut 1: terbuka" in siti.sees
    await siti.taps("Sudah ditindaklanjuti")
    await siti.says("Sudah diperiksa lagi")
    assert "menunggu pemeriksaan orang kedua" in siti.sees


async def skipped(clerk: Person) -> None:
    """A light deviation, which nobody is told of."""
    await clerk.taps("Kendala")
    await clerk.taps("Lewati")
    await clerk.taps("Tidak diperlukan")


def _taken_all_the_same(tx: Transaction) -> None:
    """As a release before this one could leave it: open, with a deviation that was undone."""
    deviation, run = table(DeviationRow), table(RunRow)
    first = select(deviation, run.c.unit.label("of")).join(run, run.c.id == deviation.c.run).order_by(deviation.c.seq)
    one = tx.connection.execute(first.limit(1)).one()
    key = {"sop": one.sop, "step": one.step, "kind": one.kind, "unit": one.of or ""}
    state = {"severity": one.severity, "state": "open", "turn": 2, "due": tx.at.date(), "next_at": tx.at}
    tx.connection.execute(insert(table(FollowUpRow)).values(deviation=one.seq, **key, **state))


async def states(office: Office) -> list[str]:
    rows = select(table(FollowUpRow).c.state).order_by(table(FollowUpRow).c.id)
    return await office.app.database.run(lambda tx: list(tx.connection.execute(rows).scalars()))


async def test_two_take_it_at_once_and_how_severe_it_is_changes_with_a_reason(office: Office) -> None:
    clerk, siti = await begin(office), office.supervisor
    await without_photo(clerk)
    await finish(clerk)
    await office.later(seconds=61)

    for person in (siti, office.manager):  # both at once
        message_id, take = button(person, "Saya tangani")
        office.world.tap(person.id, message_id, take)
    await office.settle()

    await siti.taps("Ubah tingkat")
    await siti.taps("berat")
    await siti.says("Mesin sedang bertekanan")

    assert "🔴" in siti.sees
    rows = await office.app.database.run(
        lambda tx: tx.connection.execute(select(journal.c.kind, journal.c.person)).all()
    )
    kinds = [row.kind for row in rows]
    assert (kinds.count("severity_changed"), kinds.count("follow_up_given")) == (1, 1)
    states = await office.app.database.run(
        lambda tx: list(tx.connection.execute(select(table(FollowUpRow).c.severity)).scalars())
    )
    assert states == ["berat"]

    owner, other = (siti, office.manager) if "Sudah ditindaklanjuti" in siti.screen else (office.manager, siti)
    await other.taps("Ubah tingkat")
    await other.taps("ringan")
    await other.says("Katupnya tertutup")
    await owner.taps("Sudah ditindaklanjuti")
    await owner.says("Sudah diperiksa")
    assert "menunggu pemeriksaan orang kedua" in owner.sees  # it was grave only for a while


async def test_it_is_handed_to_somebody_with_a_name_and_not_to_whoever_never_wrote(office: Office) -> None:
    await without_photo(await begin(office))  # Budi is let in, and nobody knows yet what he is called
    await finish(office.clerk)
    await office.later(seconds=61)

    await office.supervisor.taps("Serahkan")

    assert office.supervisor.screen.count("[") == 4  # three people, and back
    assert office.world.strict_violations == []


async def test_where_a_file_is_is_told_of_a_run_in_which_something_was_graded_anew(office: Office) -> None:
    await without_photo(await begin(office))
    await office.later(seconds=61)
    for tap in ("Ubah tingkat", "berat"):
        await office.supervisor.taps(tap)
    await office.supervisor.says("Pompa dapat rusak")

    await office.clerk.says("di mana berkas ini")

    assert "Menutup katup" in office.clerk.sees
    assert "ada yang salah" not in office.clerk.chat.lower()
