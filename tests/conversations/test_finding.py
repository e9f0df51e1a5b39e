"""Finding an SOP in seconds: by another name, among favourites, by what was used last, by a code on the wall."""

from io import BytesIO
from pathlib import Path

import pytest
import segno

from tests.conftest import Office


@pytest.fixture
def sops_dir() -> Path:
    return Path(__file__).parent / "sops"


def listed(office: Office) -> list[str]:
    """The SOPs that the newest message offers, from the top."""
    rows = office.clerk.messages[-1]["reply_markup"]["inline_keyboard"]
    return [row[0]["text"] for row in rows if ".sop." in row[0]["callback_data"]]


async def test_another_name_finds_it(office: Office) -> None:
    await office.clerk.says("buku jga")

    assert listed(office) == ["Isian Harian"]


async def test_a_favourite_stands_on_top_until_it_is_none(office: Office) -> None:
    await office.clerk.says("/sop surat masuk")
    await office.clerk.taps("Surat Masuk")
    await office.clerk.taps("Jadikan favorit")

    await office.clerk.says("/sop")
    assert listed(office)[0] == "⭐ Surat Masuk"

    await office.clerk.taps("Surat Masuk")
    await office.clerk.taps("Hapus dari favorit")
    await office.clerk.says("/sop")
    assert listed(office)[0] == "Bukti Kerja"


async def test_what_was_used_last_comes_before_the_rest(office: Office) -> None:
    await office.clerk.says("/start sop_isian")
    await office.clerk.taps("Mulai")
    office.clock.advance(minutes=1)
    await office.clerk.says("/start sop_surat-baru")
    await office.clerk.taps("Mulai")

    await office.clerk.says("/sop")

    assert listed(office)[:2] == ["Surat Masuk", "Isian Harian"]


async def test_an_open_run_does_not_swallow_what_is_typed_into_the_menu(office: Office) -> None:
    await office.clerk.says("/start sop_isian")
    await office.clerk.taps("Mulai")
    await office.clerk.says("/start")

    await office.clerk.says("surat masuk")
    assert listed(office) == ["Surat Masuk"]

    await office.clerk.taps("1 pelaksanaan terbuka")
    await office.clerk.says("Gudang")
    assert "Ruang: Gudang" in office.clerk.sees


async def test_a_question_that_the_menu_replaces_leaves_its_card(office: Office) -> None:
    await office.clerk.says("/start sop_surat-baru")
    await office.clerk.taps("Mulai")
    await office.clerk.taps("Kendala")
    card = office.clerk.messages[-1]["message_id"]

    await office.clerk.says("/start")

    assert "Apa yang berbeda" not in office.world.message(101, card)["text"]
    await office.clerk.taps("Kendala")
    assert "Apa yang berbeda" in office.clerk.chat


async def test_the_code_for_the_wall_opens_the_sop(office: Office) -> None:
    await office.supervisor.says("/start sop_surat-baru")
    await office.supervisor.taps("Kode QR")

    newest = office.supervisor.messages[-1]
    link = "https://t.me/pandu_bot?start=sop_surat-baru"
    assert link in newest["caption"]
    drawn = office.world.files.by_id(newest["photo"][-1]["file_id"])
    assert drawn is not None
    assert drawn.data == png_of(link)


def png_of(link: str) -> bytes:
    """The code of an address, as the library of the bot draws it."""
    png = BytesIO()
    segno.make(link, error="q", micro=False).save(png, kind="png", scale=12)
    return png.getvalue()


async def test_two_taps_bring_one_code(office: Office) -> None:
    await office.supervisor.says("/start sop_surat-baru")
    for _ in range(2):
        await office.supervisor.taps("Kode QR")

    assert sum("photo" in one for one in office.supervisor.messages) == 1


async def test_an_employee_is_not_offered_the_code(office: Office) -> None:
    await office.clerk.says("/start sop_surat-baru")

    assert "Kode QR" not in office.clerk.screen
    message = office.clerk.messages[-1]["message_id"]
    await office.clerk.taps_data(message, "m1.c.1.surat-baru")
    assert office.clerk.alert
    assert all("photo" not in one for one in office.clerk.messages)


async def test_a_retired_sop_answers_with_what_continues_it(office: Office) -> None:
    await office.clerk.says("/start sop_surat-lama")
    assert "SOP Agenda Surat" in office.clerk.sees
    assert "tidak sedang berlaku" in office.clerk.sees

    await office.clerk.taps("Surat Masuk")
    assert "Mulai" in office.clerk.screen


@pytest.mark.parametrize("payload", ["sop_tidak-ada", "sop_", "sop_../../etc", "inv_abc", "y" * 64])
async def test_any_other_address_is_answered(office: Office, payload: str) -> None:
    await office.clerk.says(f"/start {payload}")

    assert "Semua SOP" in office.clerk.screen
