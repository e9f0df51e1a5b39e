"""Di mana berkas ini? Whoever may see a run learns who has it, since when, and how long it took, by two clocks."""

from pathlib import Path

import pytest

from bot.engine.people import Role
from tests.conftest import Office, folder_of
from tests.people.test_handing_over import SURAT, write
from tests.people.test_what_waits_too_long import man

ASKED = "Di mana berkas ini?"


@pytest.fixture
def database_url(tmp_path: Path, sqlite_tables: Path) -> str:
    """What is tested here are words: one database is enough."""
    (tmp_path / "pandu.db").write_bytes(sqlite_tables.read_bytes())
    return f"sqlite:///{tmp_path}/pandu.db"


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    return folder_of(tmp_path, {"surat-keluar.yaml": SURAT})


async def test_the_starter_sees_who_has_it_since_when_and_both_clocks(office: Office) -> None:
    await man(office)
    await write(office)
    await office.later(hours=2)  # 11.00
    await office.author.taps("Terima")
    await office.later(hours=4)  # 15.00, an hour of it lunch
    await office.clerk.taps(ASKED)

    assert "Langkah 2: Memeriksa konsep surat" in office.clerk.sees
    assert "Di tangan ⁨Budi⁩ sejak 11.00 WITA" in office.clerk.sees
    assert "Langkah ini: dikerjakan 3 jam dan menunggu 2 jam." in office.clerk.sees
    assert "Waktu kantor: 5 jam kerja." in office.clerk.sees
    assert "Waktu pemohon: 6 jam." in office.clerk.sees

    await office.clerk.taps("Kembali")
    assert "Jeda" in office.clerk.screen
    await office.clerk.taps("Jeda")
    await office.clerk.taps("Menunggu pihak lain")
    await office.clerk.taps("Cukup")
    await office.later(days=2)
    await office.clerk.says("di mana berkas ini?")

    assert "Dijeda sejak" in office.clerk.sees
    assert "Waktu pemohon: 2 hari 6 jam." in office.clerk.sees
    assert "Di luar kantor: 15 jam" in office.clerk.sees


async def test_of_several_runs_a_list_tells_where_each_is_and_a_number_asks_for_one(office: Office) -> None:
    await man(office)
    await write(office)
    await write(office)
    await office.author.taps("Terima")
    await office.clerk.says("/lanjut")
    await office.clerk.taps("Di mana berkasnya?")

    assert "Ditawarkan kepada Pemeriksa sejak 09.00 WITA" in office.clerk.sees
    assert "Di tangan ⁨Budi⁩" in office.clerk.sees
    await office.clerk.taps("#1")
    assert ASKED in office.clerk.sees
    await office.supervisor.says("di mana berkas #2")
    assert "Di tangan ⁨Budi⁩" in office.supervisor.sees


async def test_whoever_has_no_business_with_it_learns_nothing(office: Office) -> None:
    await man(office)
    await write(office)
    office.world.add_person(998, "Orang Lain")
    await office.app.database.run(lambda tx: tx.people.add(998, "Orang Lain", "id", [Role.PERFORMER]))
    other = office.person(998)
    await other.says("dimana berkas 1")

    assert "Pemeriksa" not in other.chat
    await other.says("/start")
    await office.clerk.taps(ASKED)
    data = office.clerk.messages[-1]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await other.taps_data(other.messages[-1]["message_id"], data.replace("back", "where"))
    assert "Pemeriksa" not in other.chat
