"""Photos, files and places as proof: counted, refused with a clear word, and recognised where they served before."""

from pathlib import Path

import pytest

from bot.sandbox.files import THUMBNAIL
from bot.storage.database import Transaction
from bot.storage.tables import DeviationRow, table
from tests.conftest import Office

deviation = table(DeviationRow)


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parent / "sops"


def picture(number: int) -> bytes:
    """A picture unlike every other."""
    return THUMBNAIL + bytes([number])


async def begin(office: Office) -> None:
    await office.clerk.says("/start sop_bukti")
    await office.clerk.taps("Mulai")


async def to_step(office: Office, number: int) -> None:
    await begin(office)
    for _ in range(number - 1):
        await office.clerk.taps("Kendala")
        await office.clerk.taps("Lewati")
        await office.clerk.taps("Waktu tidak cukup")
        await office.clerk.taps("Lanjut")


async def kinds(office: Office) -> list[str]:
    """The deviations so far."""
    return await office.app.database.run(_kinds)


def _kinds(tx: Transaction) -> list[str]:
    counted = deviation.select().where(deviation.c.undone.is_(False)).order_by(deviation.c.seq)
    return list(tx.connection.execute(counted).columns("kind").scalars())


async def test_photos_are_counted_until_there_are_enough(office: Office) -> None:
    await begin(office)
    assert "Foto 0/2" in office.clerk.sees

    await office.clerk.sends_photo(picture(1))
    assert "Foto 1/2" in office.clerk.sees
    assert "Selesai" not in office.clerk.screen

    await office.clerk.sends_photo(picture(2))
    assert "Foto 2/2" in office.clerk.sees
    await office.clerk.taps("Selesai")
    assert "Langkah 2 dari 4" in office.clerk.sees


async def test_an_album_counts_photo_by_photo_and_has_no_end(office: Office) -> None:
    await begin(office)

    await office.clerk.sends_album([picture(1), picture(2), picture(3)])

    assert "Foto 2/2" in office.clerk.sees
    assert "Terlampir juga: 1 foto" in office.clerk.sees


async def test_a_picture_sent_as_a_document_is_a_photo(office: Office) -> None:
    await begin(office)

    await office.clerk.sends_document("mesin.jpg", picture(1), "image/jpeg")

    assert "Foto 1/2" in office.clerk.sees


async def test_a_scan_sent_as_a_document_is_the_file_that_a_step_wants(office: Office) -> None:
    await to_step(office, 2)

    await office.clerk.sends_document("berita-acara.jpg", picture(1), "image/jpeg")

    assert "Berkas 1/1" in office.clerk.sees


@pytest.mark.parametrize(("step", "wanted"), [(1, "Silakan kirim foto"), (2, "Silakan kirim berkas")])
async def test_the_wrong_kind_is_told_which_is_right(office: Office, step: int, wanted: str) -> None:
    await to_step(office, step)

    if step == 1:
        await office.clerk.sends_document("berita-acara.pdf", b"%PDF", "application/pdf")
    else:
        await office.clerk.sends_photo(picture(1))
    assert wanted in office.clerk.sees

    await office.clerk.sends_voice()
    assert wanted in office.clerk.sees


async def test_a_place_is_proof_where_a_step_wants_it(office: Office) -> None:
    await to_step(office, 3)

    await office.clerk.sends_location(2.15, 117.48)

    assert "Lokasi 1/1" in office.clerk.sees


async def test_a_step_that_wants_nothing_keeps_a_photo_and_has_no_use_for_a_voice(office: Office) -> None:
    await to_step(office, 4)

    await office.clerk.sends_voice()
    assert "tidak memerlukan pesan suara" in office.clerk.sees

    await office.clerk.sends_photo(picture(1))
    assert "Terlampir juga: 1 foto" in office.clerk.sees


async def test_a_file_above_20_mb_is_refused_before_it_fails(office: Office) -> None:
    await to_step(office, 2)

    await office.clerk.sends_document("film.zip", bytes((20 << 20) + 1))

    assert "lebih dari 20 MB" in office.clerk.sees


async def test_the_same_photo_twice_in_a_step_counts_once(office: Office) -> None:
    await begin(office)
    number = await office.clerk.sends_photo(picture(1))

    await office.clerk.forwards(number)

    assert "sudah dihitung" in office.clerk.sees
    assert "Foto 1/2" in office.clerk.sees


async def test_a_photo_of_another_run_is_asked_about_at_once(office: Office) -> None:
    await begin(office)
    number = await office.clerk.sends_photo(picture(1))
    await begin_again(office)

    await office.clerk.forwards(number)
    assert "Ternyata foto ini sudah dipakai pada pelaksanaan #1, 09.00 WITA" in office.clerk.sees
    assert "evidence_reused" not in await kinds(office)

    await office.clerk.taps("Ya, pakai")
    assert "Foto 1/2" in office.clerk.sees
    assert await kinds(office) == ["stopped", "evidence_reused"]


async def begin_again(office: Office) -> None:
    """Stop the first run, and begin another."""
    await office.clerk.taps("Lainnya")
    await office.clerk.taps("Hentikan")
    await office.clerk.taps("SOP yang dipilih keliru")
    await office.clerk.taps("Cukup")
    await begin(office)


async def test_the_same_picture_sent_anew_is_recognised_by_its_bytes(office: Office) -> None:
    await begin(office)
    await office.clerk.sends_photo(picture(1))
    await begin_again(office)

    await office.clerk.sends_photo(picture(1))
    assert "sudah dipakai pada pelaksanaan #1" in office.clerk.sees

    await office.clerk.taps("Tidak, saya kirim yang lain")
    assert "Foto 0/2" in office.clerk.sees
    assert await kinds(office) == ["stopped"]


async def test_a_photo_that_is_not_used_again_stays_where_it_was_used_before(office: Office) -> None:
    await begin(office)
    number = await office.clerk.sends_photo(picture(1))
    await office.clerk.sends_photo(picture(2))
    await office.clerk.taps("Selesai")
    for _ in range(2):
        await office.clerk.taps("Kendala")
        await office.clerk.taps("Lewati")
        await office.clerk.taps("Waktu tidak cukup")
        await office.clerk.taps("Lanjut")

    await office.clerk.forwards(number)
    await office.clerk.taps("Tidak, saya kirim yang lain")

    await office.clerk.taps("Lainnya")
    assert "Lampiran (2)" in office.clerk.screen


async def test_the_question_about_a_photo_can_be_answered_in_words(office: Office) -> None:
    await begin(office)
    await office.clerk.sends_photo(picture(1))
    await office.clerk.sends_photo(picture(1))
    assert "sudah dipakai pada langkah 1" in office.clerk.sees

    await office.clerk.says("tidak")
    assert "Foto 1/2" in office.clerk.sees

    await office.clerk.sends_photo(picture(1))
    await office.clerk.says("ya")
    assert "Foto 2/2" in office.clerk.sees
    assert await kinds(office) == ["evidence_reused"]


async def test_two_photos_in_doubt_are_asked_about_one_after_the_other(office: Office) -> None:
    await begin(office)
    await office.clerk.sends_album([picture(1), picture(2)])
    await begin_again(office)
    await office.clerk.sends_album([picture(1), picture(2)])

    await office.clerk.taps("Ya, pakai")
    assert "Pakai lagi?" in office.clerk.sees
    await office.clerk.taps("Ya, pakai")

    assert "Foto 2/2" in office.clerk.sees


async def test_batal_leaves_a_photo_in_doubt_as_it_is(office: Office) -> None:
    await begin(office)
    await office.clerk.sends_photo(picture(1))
    await office.clerk.sends_photo(picture(1))

    await office.clerk.says("/batal")
    await office.clerk.taps("Tidak, saya kirim yang lain")

    assert "Foto 1/2" in office.clerk.sees


async def test_a_caption_does_what_the_word_does(office: Office) -> None:
    await begin(office)
    await office.clerk.sends_photo(picture(1))

    await office.clerk.sends_photo(picture(2), caption="selesai")

    assert "Langkah 2 dari 4" in office.clerk.sees


async def test_any_other_caption_is_kept_beside_its_photo(office: Office) -> None:
    await begin(office)

    await office.clerk.sends_photo(picture(1), caption="Sisi kiri, ada goresan")

    assert "Foto 1/2" in office.clerk.sees
    assert "Sisi kiri, ada goresan" in await texts(office)


async def texts(office: Office) -> str:
    """Everything that people wrote in their own words, as the journal keeps it."""
    return await office.app.database.run(_texts)


def _texts(tx: Transaction) -> str:
    return "\n".join(tx.connection.exec_driver_sql("SELECT text FROM journal_text").scalars())


async def test_a_photo_for_an_ended_step_belongs_to_no_other(office: Office) -> None:
    await to_step(office, 4)
    await office.clerk.taps("Selesai")

    await office.clerk.sends_photo(picture(1))

    assert "tidak ada langkah terbuka" in office.clerk.sees


async def test_the_attachments_are_listed_and_sent_again(office: Office) -> None:
    await begin(office)
    await office.clerk.sends_album([picture(1), picture(2)])
    await office.clerk.taps("Selesai")
    await office.clerk.sends_document("berita-acara.pdf", b"%PDF", "application/pdf")

    await office.clerk.taps("Lainnya")
    await office.clerk.taps("Lampiran (3)")
    assert "Langkah 1: foto · 09.00 WITA" in office.clerk.sees
    assert "Langkah 2: berkas berita-acara.pdf · 09.00 WITA" in office.clerk.sees

    await office.clerk.taps("Kirim ke sini")
    newest = office.clerk.messages[-3:]
    assert ["photo" in one for one in newest] == [True, True, False]
    assert "berita-acara.pdf" in newest[-1]["caption"]
    assert "document" in newest[-1]


async def test_the_attachments_of_an_ended_run_can_still_be_had(office: Office) -> None:
    await to_step(office, 2)
    await office.clerk.sends_document("berita-acara.pdf", b"%PDF", "application/pdf")
    await office.clerk.taps("Selesai")
    await office.clerk.sends_location(2.15, 117.48)
    await office.clerk.taps("Selesai")
    await office.clerk.taps("Selesai")

    await office.clerk.taps("Lampiran (2)")

    assert "berita-acara.pdf" in office.clerk.messages[-2]["caption"]
    assert "lokasi" in office.clerk.sees


async def test_a_photo_that_explains_a_skipped_step_is_listed_with_that_step(office: Office) -> None:
    await begin(office)
    await office.clerk.says("lewati")
    await office.clerk.says("waktu tidak cukup")

    await office.clerk.sends_photo(picture(1))
    await office.clerk.says("lanjut")
    assert "Langkah 2 dari 4" in office.clerk.sees
    await office.clerk.taps("Lainnya")
    await office.clerk.taps("Lampiran (1)")

    assert "Langkah 1: foto" in office.clerk.sees


async def test_a_photo_that_explains_the_end_of_a_run_is_kept_with_it(office: Office) -> None:
    await to_step(office, 4)
    await office.clerk.says("selesai dengan catatan")
    await office.clerk.says("alasan lain")

    await office.clerk.sends_photo(picture(1))
    await office.clerk.says("cukup")

    assert "Lampiran (1)" in office.clerk.screen
