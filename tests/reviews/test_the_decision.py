"""A trial is looked at with what it has shown, the team has its say, and somebody decides; then it begins anew."""

import asyncio
import json
import shutil
from datetime import UTC, datetime

from bot.engine.review import ReviewKind, Verdict
from bot.engine.sop import Status
from bot.storage.database import Transaction
from bot.storage.reviews import Planned
from bot.storage.versions import Version
from tests.conftest import SOPS, Office
from tests.log.test_exports import exported
from tests.people.records import kinds

SOP = "uji-fungsi-komputer"


async def stands(office: Office, sop: str = SOP) -> tuple[Status, list[tuple[ReviewKind, int]]]:
    """How the version stands, and what is to be decided of it in how many days."""

    def work(tx: Transaction) -> tuple[Version, list[Planned]]:
        version = next(one for one in tx.versions.all_of(sop) if one.status is not Status.DRAFT)
        return version, [one for one in tx.reviews.all_of(version.sop.digest) if one.decided_at is None]

    version, reviews = await office.app.database.run(work)
    today = office.app.house.office.day(office.clock.now)
    return version.status, [(one.kind, (one.due - today).days) for one in reviews]


async def test_a_trial_is_decided_with_a_reason_and_brings_monitoring_and_evaluation(team: Office) -> None:
    await team.author.says("/sop uji fungsi")
    await team.author.taps("Uji Fungsi Komputer")
    await team.author.taps("Mulai")
    await team.later(days=35)
    assert "Yang perlu dilihat" in team.author.sees

    await team.author.taps("Uji Fungsi Komputer")
    assert "Pelaksanaan selesai: 0" in team.author.sees
    assert "Berlakukan" not in team.author.screen
    await team.author.taps("Beri masukan")
    await team.author.says("Langkah 2 terlalu panjang <b>")

    await team.supervisor.says("/tugas")
    assert "Tinjauan uji coba · 🟡 sedang dibuka" in team.supervisor.sees
    await team.supervisor.taps("🔎 Uji Fungsi Komputer")
    assert "Diuji coba sejak 24 November 2026" in team.supervisor.sees
    assert "“Langkah 2 terlalu panjang <b>”" in team.supervisor.sees
    await team.supervisor.taps("Berlakukan")
    await team.supervisor.taps("Kembali")
    await team.supervisor.taps("Berlakukan")
    await team.supervisor.taps("Hanya penyimpangan kecil")

    assert "Sudah tercatat" in team.supervisor.sees
    assert "✔️ Berlakukan" in team.supervisor.sees
    assert "Alasan: Hanya penyimpangan kecil." in team.manager.chat
    await team.supervisor.says("/tugas")
    assert "Uji Fungsi" not in team.supervisor.sees
    assert await stands(team) == (
        Status.IN_FORCE,
        [(ReviewKind.MONITORING, 182), (ReviewKind.EVALUATION, 365)],
    )
    assert {"remarked", "decided", "status_changed"} <= set(await kinds(team))
    rows = [json.loads(line) for line in (await exported(team, "reviews", "jsonl")).splitlines()]
    [told] = [one for one in rows if (one["sop"], one["kind"]) == (SOP, "trial")]
    assert (told["verdict"], told["ground"], told["put_off"]) == ("in force", "small_gaps", 0)
    assert told["reminders"] > 0 and told["person"].startswith("p-") and told["decided_at"] > told["at"]

    await team.later(days=200)
    await team.author.says("/lanjut")
    assert "Peninjauan terlambat" in team.author.sees


async def test_only_the_supervisor_decides_until_it_is_late_and_two_decide_once(team: Office) -> None:
    shutil.copy(SOPS / "pemeliharaan-komputer.yaml", team.app.settings.sops_dir)
    await team.app.read_files()
    await team.later(days=70)  # the deadline is 24 January
    for person in (team.supervisor, team.manager):
        await person.says("/tugas")
        await person.taps("🔎 Uji Fungsi Komputer")
        await person.taps("Cabut")

    await asyncio.gather(team.supervisor.taps("Tidak dipakai lagi"), team.manager.taps("Sudah ada SOP pengganti"))

    assert (await kinds(team)).count("decided") == 1
    assert "✔️ Cabut" in team.supervisor.chat
    assert "✔️ Cabut" in team.manager.chat
    assert await stands(team) == (Status.WITHDRAWN, [])
    assert "menjalankan Uji Fungsi Komputer, yang tidak dapat dimulai lagi" in team.author.chat

    await team.clerk.says("/sop uji fungsi")
    assert "Uji Fungsi Komputer" not in team.clerk.screen


async def test_a_review_is_put_off_twice_with_a_reason_and_a_revision_is_due_in_thirty_days(team: Office) -> None:
    await team.later(days=31)
    for _ in range(2):
        await team.supervisor.says("/tinjauan")
        await team.supervisor.taps("Uji Fungsi Komputer")
        await team.supervisor.taps("Tunda")
        await team.supervisor.says("Kepala kantor dinas luar")
        await team.supervisor.says("/tugas")
        assert "Uji Fungsi" not in team.supervisor.sees
    await team.later(days=52)
    await team.supervisor.says("/tugas")
    await team.supervisor.taps("🔎 Uji Fungsi Komputer")
    assert "Tunda" not in team.supervisor.screen
    assert "Sudah ditunda 2 kali" in team.supervisor.sees
    assert (await stands(team))[1] == [(ReviewKind.TRIAL, 30 + 28 - 52)]

    await team.supervisor.taps("Revisi")
    await team.supervisor.taps("Langkah belum sesuai pekerjaan")

    assert await stands(team) == (Status.TRIAL, [(ReviewKind.REVISION, 30)])


async def test_an_evaluation_answers_seven_questions_and_a_monitoring_names_what_is_to_be_done(team: Office) -> None:
    await team.later(days=31)
    await team.supervisor.says("/tinjauan")
    await team.supervisor.taps("Uji Fungsi Komputer")
    await team.supervisor.taps("Berlakukan")
    await team.supervisor.taps("Sesuai pekerjaan")
    await team.later(days=180)
    await team.supervisor.taps("Uji Fungsi Komputer")
    await team.supervisor.taps("Tidak berjalan dengan baik")
    await team.supervisor.taps("Waktu baku belum sesuai")
    await team.supervisor.says("Latih petugas baru")
    assert "“Latih petugas baru”" in team.supervisor.sees
    # the next monitoring would fall into the month of the evaluation
    assert (await stands(team))[1] == [(ReviewKind.EVALUATION, 185)]

    await team.later(days=170)
    await team.supervisor.taps("Uji Fungsi Komputer")
    await team.supervisor.taps("Tetap berlaku")
    for number in range(7):
        assert f"Pertanyaan {number + 1} dari 7" in team.supervisor.sees
        await team.supervisor.taps("Tidak" if number == 3 else "Ya")
    assert "👎 Semua orang dapat menjalankan perannya" in team.supervisor.sees
    await team.supervisor.taps("Sesuai pekerjaan")

    assert await stands(team) == (
        Status.IN_FORCE,
        [(ReviewKind.MONITORING, 183), (ReviewKind.EVALUATION, 366)],
    )

    def decided(tx: Transaction) -> list[tuple[Verdict | None, tuple[bool, ...]]]:
        found = tx.reviews.all_of(tx.versions.all_of(SOP)[0].sop.digest)
        return [(one.verdict, one.answers) for one in found if one.verdict]

    assert (Verdict.KEEP, (True, True, True, False, True, True, True)) in await team.app.database.run(decided)


async def test_a_word_for_a_review_that_was_decided_meanwhile_stands_in_the_next_one(team: Office) -> None:
    await team.later(days=35)
    await team.author.taps("Uji Fungsi Komputer")
    await team.author.taps("Beri masukan")
    await team.supervisor.says("/tugas")
    await team.supervisor.taps("🔎 Uji Fungsi Komputer")
    await team.supervisor.taps("Berlakukan")
    await team.supervisor.taps("Hanya penyimpangan kecil")

    await team.author.says("Langkah 2 terlalu panjang")

    assert "Tinjauan itu sudah diputuskan. Masukan Anda masuk ke tinjauan berikutnya." in team.author.sees
    assert "“Langkah 2 terlalu panjang”" in team.author.sees
    assert "Monitoring" in team.author.sees


async def test_a_revision_that_is_not_needed_after_all_is_no_dead_end(team: Office) -> None:
    await team.later(days=31)
    await team.supervisor.says("/tinjauan")
    await team.supervisor.taps("Uji Fungsi Komputer")
    await team.supervisor.taps("Revisi")
    await team.supervisor.taps("Langkah belum sesuai pekerjaan")
    assert await stands(team) == (Status.TRIAL, [(ReviewKind.REVISION, 30)])

    await team.supervisor.says("/tugas")
    await team.supervisor.taps("🔎 Uji Fungsi Komputer")
    assert "Jika tidak diperlukan, putuskan di sini" in team.supervisor.sees
    await team.supervisor.taps("Berlakukan")
    await team.supervisor.taps("Hanya penyimpangan kecil")

    status, left = await stands(team)
    assert (status, [kind for kind, _ in left]) == (Status.IN_FORCE, [ReviewKind.MONITORING, ReviewKind.EVALUATION])


async def test_what_is_decided_is_told_in_the_words_of_whoever_did_on_the_day_of_the_office(team: Office) -> None:
    await team.later(days=31)
    team.clock.now = datetime(2026, 12, 28, 23, 30, tzinfo=UTC)  # 07.30 of the next day in the office
    await team.supervisor.says("/tinjauan")
    await team.supervisor.taps("Uji Fungsi Komputer")
    await team.supervisor.taps("Revisi")
    await team.supervisor.says("Langkah 3 <terbalik>")

    assert "29 Des" in team.supervisor.sees and "28 Des" not in team.supervisor.sees
    assert "Langkah 3 &lt;terbalik&gt;" in team.author.chat or "Langkah 3 <terbalik>" in team.author.chat


async def test_whoever_does_not_work_with_an_sop_reads_when_it_is_reviewed_and_not_what_was_seen(team: Office) -> None:
    await team.later(days=31)
    await team.author.says("/tinjauan")
    await team.author.taps("Uji Fungsi Komputer")
    assert "Pelaksanaan selesai" in team.author.sees
    await team.author.taps("Beri masukan")
    await team.author.says("Langkah 2 terlalu panjang")

    await team.clerk.says("/tinjauan")
    await team.clerk.taps("Uji Fungsi Komputer")

    assert "hanya dapat dilihat oleh yang bekerja dengan SOP ini" in team.clerk.sees
    assert "Tenggat 24 Januari 2027" in team.clerk.sees
    assert "Pelaksanaan selesai" not in team.clerk.sees and "terlalu panjang" not in team.clerk.chat
