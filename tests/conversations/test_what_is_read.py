"""What a clerk reads at each turn: the right step, what to do next, and why something did not work."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import SOPS, Office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """A folder of SOPs that may be written to."""
    return Path(shutil.copytree(SOPS, tmp_path / "sops"))


async def begin(office: Office, title: str = "Pemeliharaan Komputer") -> None:
    await office.clerk.says(title)
    await office.clerk.taps(title)
    await office.clerk.taps("Mulai")


async def reach_the_decision(office: Office) -> None:
    """Walk the maintenance SOP to its third step."""
    await begin(office)
    for words in ("Ruang Umum", "120", "Tidak menyala", "selesai", "PK-014", "3100102001", "selesai"):
        await office.clerk.says(words)
    assert "Langkah 3 dari 16" in office.clerk.sees


async def reach_the_disk(office: Office) -> None:
    """Walk the test SOP to its third step, where a number has limits."""
    await begin(office, "Uji Fungsi Komputer")
    await office.clerk.says("120")
    for word in ("Laptop", "Normal", "Selesai", "Semua tombol", "Penunjuk", "Selesai"):
        await office.clerk.taps(word)
    assert "Kesehatan media" in office.clerk.sees


async def test_why_an_answer_was_not_taken_stands_last_where_one_types(office: Office) -> None:
    await begin(office)
    await office.clerk.says("Ruang Umum")

    await office.clerk.says("dua puluh")

    assert office.clerk.sees.splitlines()[-1].startswith("💬 Harus angka saja")


async def test_what_is_asked_tells_how_many_answers_there_are(office: Office) -> None:
    await begin(office)
    assert "Ruang tempat barang (1/3)" in office.clerk.sees

    await office.clerk.says("Ruang Umum")

    assert "NUP barang (2/3)" in office.clerk.sees
    assert "Gejala" not in office.clerk.sees.replace("kolom gejala", "")


async def test_in_the_next_round_one_tap_gives_the_answer_of_the_round_before(office: Office) -> None:
    await reach_the_decision(office)
    await office.clerk.taps("Belum lengkap")
    await office.clerk.taps("Gejala belum jelas")
    await office.clerk.taps("Lanjut")
    assert "putaran ke-2" in office.clerk.sees

    await office.clerk.taps("Tetap: Ruang Umum")

    assert "✅ Ruang tempat barang: Ruang Umum" in office.clerk.sees
    assert "NUP barang (2/3)" in office.clerk.sees


async def test_a_button_that_keeps_an_answer_keeps_nothing_where_there_was_none(office: Office) -> None:
    await begin(office)
    message = office.clerk.messages[-1]["message_id"]

    await office.clerk.taps_data(message, "r1.1.1.0.keep.0")

    assert "tidak cocok" in office.clerk.alert
    assert "Ruang tempat barang (1/3)" in office.clerk.sees


async def test_a_surprising_number_tells_the_usual_range_and_can_be_typed_again(office: Office) -> None:
    await reach_the_disk(office)
    await office.clerk.says("4")
    assert "4 % di luar kisaran biasa (50 sampai 100). Mengapa?" in office.clerk.sees

    await office.clerk.says("94")

    assert "✅ Kesehatan media: 94 %" in office.clerk.sees


async def test_a_record_that_ends_no_step_speaks_of_this_step_and_undoes_no_other(office: Office) -> None:
    await reach_the_disk(office)
    await office.clerk.says("40")

    await office.clerk.taps("Kondisi yang sudah diketahui")

    assert "Langkah 3 dari 10" in office.clerk.sees
    assert "Sudah tercatat" in office.clerk.sees
    assert "Urungkan" not in office.clerk.screen


async def test_a_record_that_ends_a_step_speaks_of_the_step_that_ended(office: Office) -> None:
    await reach_the_disk(office)
    await office.clerk.taps("Kendala")
    await office.clerk.taps("Lewati")

    await office.clerk.taps("Waktu tidak cukup")

    assert "Langkah 3 dari 10" in office.clerk.sees
    assert "Urungkan" in office.clerk.screen


async def test_a_run_that_rests_does_not_offer_to_go_on_twice(office: Office) -> None:
    await begin(office)
    for word in ("Lainnya", "Jeda", "Jam kerja habis"):
        await office.clerk.taps(word)

    assert "ketuk Cukup" in office.clerk.sees
    assert "Lanjut" not in office.clerk.screen


async def test_a_stopped_run_asks_for_words_too(office: Office) -> None:
    await begin(office)
    for word in ("Lainnya", "Hentikan", "SOP yang dipilih keliru"):
        await office.clerk.taps(word)

    assert "Pelaksanaan dihentikan" in office.clerk.sees
    assert "Ingin menambahkan sesuatu?" in office.clerk.sees


async def test_before_the_first_step_is_done_the_menu_of_a_run_says_so_without_a_number(office: Office) -> None:
    await begin(office)
    await office.clerk.taps("Lainnya")

    assert "Belum ada langkah yang selesai." in office.clerk.sees


async def test_a_list_of_ticks_says_what_to_do_and_which_field_may_stay_empty(office: Office) -> None:
    await begin(office, "Uji Fungsi Komputer")
    await office.clerk.says("120")
    for word in ("Laptop", "Normal", "Selesai"):
        await office.clerk.taps(word)

    assert "Ketuk setiap butir yang sudah dikerjakan." in office.clerk.sees
    assert "Tombol atau penunjuk yang bermasalah · boleh dikosongkan" in office.clerk.sees


async def test_several_choices_show_their_boxes_from_the_first(office: Office) -> None:
    await begin(office, "Uji Fungsi Komputer")
    for _ in range(4):
        for word in ("Kendala", "Lewati", "Waktu tidak cukup", "Lanjut"):
            await office.clerk.taps(word)

    assert "[⬜ Wi-Fi]" in office.clerk.screen


async def test_the_supervisor_hears_of_a_step_that_cannot_be_done_and_the_clerk_of_that(office: Office) -> None:
    await office.supervisor.says("/start")
    await begin(office)
    for word in ("Kendala", "Tidak bisa", "Pejabat tidak di tempat"):
        await office.clerk.taps(word)
    assert "Pengawas sudah diberi tahu." in office.clerk.sees

    await office.clerk.says("Petugas sedang dinas luar")

    assert "Petugas sedang dinas luar" in office.supervisor.sees


async def test_the_author_gets_a_report_and_the_reporter_the_card_below(office: Office) -> None:
    await office.person(103).says("/start")
    await begin(office)
    for word in ("Kendala", "Prosedur salah", "Salah ketik"):
        await office.clerk.taps(word)

    await office.clerk.says("Judulnya keliru")

    assert "Judulnya keliru" in office.person(103).sees
    assert "Langkah 1 dari 16" in office.clerk.sees
    assert "Laporan nomor 1 sudah sampai" in office.clerk.chat


async def test_an_sop_opened_from_a_notice_comes_below_it(office: Office) -> None:
    await office.manager.says("/start")
    await office.later(days=35)

    await office.manager.taps("Pemeliharaan Komputer")
    await office.manager.taps("Buka SOP")

    assert "Tentang SOP ini" in office.manager.sees


async def test_a_late_reminder_does_not_say_today(office: Office) -> None:
    await office.manager.says("/start")
    await office.later(days=76)

    assert "🔴 lewat tenggat 24 Januari 2027" in office.manager.sees
    await office.manager.says("/tinjauan")
    assert "🔴 lewat tenggat 24 Januari 2027" in office.manager.sees


async def test_the_end_names_each_deviating_step_once_and_counts_rounds(office: Office) -> None:
    await reach_the_decision(office)
    await office.clerk.taps("Belum lengkap")
    await office.clerk.taps("Gejala belum jelas")
    await office.clerk.taps("Lanjut")
    for _ in range(3):
        await office.clerk.taps("Tetap")
    await office.clerk.says("selesai")
    for _ in range(2):
        await office.clerk.taps("Tetap")
    await office.clerk.says("selesai")
    await office.clerk.taps("Tercatat dan lengkap")
    await walk_to_the_end(office)

    end = office.clerk.sees
    assert ". Langkah 4 dilewati, langkah 6 dilewati, langkah 14 dilewati, langkah 15 dilewati" in end

    await office.clerk.taps("Penjelasan")

    assert "Dihitung: 1 − (5 + 0) ÷ (8 + 10). Waktu tidak ikut dihitung." in office.clerk.sees
    assert "1. Mengajukan" in office.clerk.sees
    assert "diulang 1 kali" in office.clerk.sees
    assert "dilewati: tidak diperlukan kali ini" in office.clerk.sees
    assert "tidak perlu pada pelaksanaan ini" in office.clerk.sees

    await office.clerk.taps("Kembali")
    assert "Sesuai 72 %." in office.clerk.sees


async def walk_to_the_end(office: Office) -> None:
    """From the fourth step of the maintenance SOP: skip what can be skipped, else do it."""
    await skip(office)
    for word in ("Pengguna menyetujui", "Salinan dibuat", "Salinan dicoba", "Selesai"):
        await office.clerk.taps(word)
    await skip(office)
    await office.clerk.taps("Tidak layak diperbaiki")
    for _ in range(3):
        await skip(office)
    assert "Pelaksanaan selesai" in office.clerk.sees


async def skip(office: Office) -> None:
    for word in ("Kendala", "Lewati", "Tidak diperlukan"):
        await office.clerk.taps(word)
    await office.clerk.taps("Lanjut" if "Lanjut" in office.clerk.screen else "Cukup")


async def test_a_draft_beside_a_live_version_goes_on_trial_once_others_approved_it(
    office: Office, sops_dir: Path
) -> None:
    for person in (office.manager, office.author, office.supervisor):
        await person.says("/start")
    await begin(office, "Uji Fungsi Komputer")
    text = (sops_dir / "uji-fungsi-komputer.yaml").read_text(encoding="utf-8")
    (sops_dir / "kedua.yaml").write_text(text.replace('version: "1"', 'version: "2"'), encoding="utf-8")
    await office.app.read_files()
    await office.settle()

    await office.author.taps("Buka SOP")
    assert "Mulai uji coba" not in office.author.screen
    await office.author.taps("Ajukan persetujuan: versi 2")
    await office.supervisor.taps("Setujui")
    await office.manager.taps("Setujui, uji coba dulu")

    await office.manager.taps("Buka SOP")
    assert "versi 2 · uji coba" in office.manager.sees
    await office.clerk.says("/lanjut")
    assert "versi 1 · digantikan" in office.clerk.sees
    await office.later(days=35)
    lists = [one for one in office.manager.messages if "Yang perlu dilihat" in one.get("text", "")]
    assert len(lists) == 1
