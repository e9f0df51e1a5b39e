"""An admin sends a list of people: it is shown what it would change, and the new ones get their links."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import func, select

from bot.engine.people import Role
from bot.engine.staffing import Acting, Span
from bot.storage.database import Transaction
from bot.storage.tables import FileRow, table
from tests.conftest import Office
from tests.people.records import held, kinds, known

file = table(FileRow)
HEADER = "nama;nip;unit;jabatan;peran\n"


@pytest.fixture
async def staffed(office: Office) -> Office:
    """Everybody has opened the bot, and the admin looks at people."""
    for person in (office.clerk, office.supervisor, office.author, office.manager):
        await person.says("/start")
    await office.manager.says("/orang")
    return office


async def sends(office: Office, text: str, name: str = "Pegawai 2026.csv") -> None:
    await office.manager.sends_document(name, text.encode("utf-8-sig"), "text/csv")


def table_of(office: Office) -> list[dict[str, str]]:
    """The list of links that the admin got."""
    document = next(one["document"] for one in reversed(office.manager.messages) if "document" in one)
    assert document["file_name"] == "undangan.csv"
    kept = office.world.files.by_id(document["file_id"])
    assert kept is not None
    return list(csv.DictReader(io.StringIO(kept.data.decode("utf-8-sig")), delimiter=";"))


async def test_a_list_is_looked_at_before_it_is_taken_in(staffed: Office) -> None:
    lines = (
        "Andi;198502172010031002;Seksi PAKIS;Petugas TI;Penulis\nRina Wati;;Subbagian Tata Usaha;PPK;\nBudi;;;;Bos\n"
    )
    await sends(staffed, HEADER + lines)

    assert "Baru, akan diundang: 1" in staffed.manager.sees and "Rina Wati" in staffed.manager.sees
    assert "Sudah dikenal, akan diubah: 1" in staffed.manager.sees
    assert "Baris 4: Tidak ada peran Bos" in staffed.manager.sees
    assert (await known(staffed, 101)).nip is None

    await staffed.manager.taps("Masukkan")

    now = await known(staffed, 101)
    assert (now.nip, now.unit) == ("198502172010031002", "seksi-pakis")
    assert now.roles == {Role.PERFORMER, Role.AUTHOR}
    assert [position for position, _, _ in await held(staffed, 101)] == ["petugas-ti"]
    assert "Diubah: 1. Diundang: 1." in staffed.manager.chat
    [row] = table_of(staffed)
    assert (row["nama"], row["unit"]) == ("Rina Wati", "Subbagian Tata Usaha")
    await staffed.person(999).says(f"/start {row['tautan'].split('start=')[1]}")
    new = await known(staffed, 999)
    assert (new.name, new.unit, new.admitted) == ("Rina Wati", "subbag-tu", True)
    assert [position for position, _, _ in await held(staffed, 999)] == ["ppk"]


async def test_the_same_list_again_changes_nothing_and_brings_new_links(staffed: Office) -> None:
    lines = HEADER + "Andi;;Seksi PAKIS;Petugas TI;\nRina;;;;\n"
    for _ in range(2):
        await sends(staffed, lines)
        await staffed.manager.taps("Masukkan")
    assert "Diubah: 0. Diundang: 1." in staffed.manager.chat

    assert (await kinds(staffed)).count("invitation_revoked") == 1
    assert len(await held(staffed, 101)) == 1


async def test_it_takes_nothing_away(staffed: Office) -> None:
    await staffed.holds(102, "kasubbag-tu")
    await sends(staffed, HEADER + "Siti;;;PPK;Pelaksana\n")
    await staffed.manager.taps("Masukkan")

    assert [position for position, _, _ in await held(staffed, 102)] == ["kasubbag-tu", "ppk"]
    assert (await known(staffed, 102)).roles == {Role.PERFORMER, Role.SUPERVISOR}


async def test_positions_come_with_their_days_and_an_absence_with_its_stand_in(staffed: Office) -> None:
    await staffed.holds(101, "petugas-ti")
    lines = (
        "Andi;Petugas TI (s.d. 31/12/2026) | Plt. PPK (1/12/2026 s.d. 5/12/2026);7/12/2026 s.d. 9/12/2026;Siti\n"
        "Rina;Plh. Kasubbag TU (sejak 1/12/2026);;\n"
    )
    await sends(staffed, "nama;jabatan;cuti;pengganti\n" + lines)
    await staffed.manager.taps("Masukkan")

    assert await held(staffed, 101) == [
        ("petugas-ti", Span(date(2026, 11, 24), date(2026, 12, 31)), Acting.DEFINITIVE),
        ("ppk", Span(date(2026, 12, 1), date(2026, 12, 5)), Acting.PLT),
    ]
    assert "Anda menjadi pengganti" in staffed.supervisor.sees and "Andi" in staffed.supervisor.sees
    [row] = table_of(staffed)
    await staffed.person(999).says(f"/start {row['tautan'].split('start=')[1]}")
    assert await held(staffed, 999) == [("kasubbag-tu", Span(date(2026, 12, 1)), Acting.PLH)]

    await sends(staffed, "nama;jabatan;cuti;pengganti\n" + lines)
    assert "akan diubah: 0" in staffed.manager.sees and "tetap: 2" in staffed.manager.sees


async def test_an_absence_of_somebody_new_and_a_stand_in_whom_nobody_knows_are_named(staffed: Office) -> None:
    await sends(staffed, "nama;cuti;pengganti\nRina;besok;\nAndi;besok;Joko\n")

    assert "Baris 2: Rina masih baru" in staffed.manager.sees
    assert "Baris 3: Tidak ada Joko" in staffed.manager.sees
    assert "Masukkan" not in staffed.manager.screen


async def test_of_somebody_for_whom_one_thing_is_refused_nothing_is_changed(staffed: Office) -> None:
    await staffed.holds(101, "ppk")
    await sends(staffed, HEADER + "Andi;198502172010031002;Seksi PAKIS;PPK (sejak 1/12/2026);\nSiti;;;PPK;\n")
    await staffed.manager.taps("Masukkan")

    assert "Diubah: 1. Diundang: 0. Tidak diubah: Andi." in staffed.manager.chat
    now = await known(staffed, 101)
    assert (now.nip, now.unit) == (None, None)
    assert len(await held(staffed, 101)) == 1 and len(await held(staffed, 102)) == 1


async def test_the_list_as_it_stands_comes_as_one_that_can_be_changed_and_sent_back(staffed: Office) -> None:
    await sends(
        staffed,
        HEADER + "Andi;198502172010031002;Seksi PAKIS;Petugas TI | Plh. PPK (sejak 1/11/2026);Penulis\nSiti;;;PPK;\n",
    )
    await staffed.manager.taps("Masukkan")
    await staffed.manager.taps("Daftar CSV")

    document = next(one["document"] for one in reversed(staffed.manager.messages) if "document" in one)
    kept = staffed.world.files.by_id(document["file_id"])
    assert kept is not None
    text = kept.data.decode("utf-8-sig")
    assert "Plh. PPK (01/11/2026) | Petugas TI (24/11/2026);pelaksana | penulis" in text

    await sends(staffed, text)
    assert "tetap: 4" in staffed.manager.sees
    await sends(staffed, text.replace("Siti;", "Siti Rahma;").replace("01/11/2026", "01/11/2026 s.d. 30/11/2026"))
    assert "Sudah dikenal, akan diubah: 1" in staffed.manager.sees and "Baru, akan diundang: 1" in staffed.manager.sees


async def test_nobody_promotes_themselves_by_a_list(staffed: Office) -> None:
    await sends(staffed, HEADER + "Nur;;;;Penulis\n")
    await staffed.manager.taps("Masukkan")

    assert "Tidak diubah" in staffed.manager.chat
    assert Role.AUTHOR not in (await known(staffed, 104)).roles


async def test_the_file_is_not_kept(staffed: Office) -> None:
    await sends(staffed, HEADER + "Rina;;;;\n")

    def rows(tx: Transaction) -> int:
        return int(tx.connection.execute(select(func.count()).select_from(file)).scalar_one())

    assert await staffed.app.database.run(rows) == 0
    assert not list((staffed.app.settings.data_dir / "files").glob("*"))


async def test_three_hundred_people_at_once(staffed: Office) -> None:
    names = [f"Pegawai {chr(65 + number // 26)}{chr(65 + number % 26)}" for number in range(300)]
    await sends(staffed, HEADER + "".join(f"{name};;Seksi PAKIS;Petugas TI;\n" for name in names))
    assert "Baru, akan diundang: 300" in staffed.manager.sees and "dan 292 lagi" in staffed.manager.sees
    await staffed.manager.taps("Masukkan")

    rows = table_of(staffed)
    assert [row["nama"] for row in rows] == names
    assert len({row["tautan"] for row in rows}) == 300


@pytest.mark.parametrize(
    ("text", "said"),
    [("PK\3\4", "bukan berkas CSV"), (HEADER, "Daftarnya kosong"), ("a;b\n1;2\n", "Baris pertama")],
)
async def test_what_is_no_list_is_told_so(staffed: Office, text: str, said: str) -> None:
    await staffed.manager.sends_document("a.csv", text.encode(), "text/csv")

    assert said in staffed.manager.sees
    assert "Masukkan" not in staffed.manager.screen


async def test_a_spreadsheet_is_asked_for_as_csv(staffed: Office) -> None:
    await staffed.manager.sends_document("Pegawai.XLSX", b"PK", "application/vnd.ms-excel")

    assert "pilih Simpan Sebagai, lalu CSV" in staffed.manager.sees


async def test_a_table_of_a_run_is_no_list_of_people(staffed: Office) -> None:
    await staffed.manager.says("/sop")
    await sends(staffed, HEADER + "Rina;;;;\n")

    assert "Daftar orang" not in staffed.manager.chat


async def test_a_list_of_somebody_who_may_not_is_a_file_as_any_other(staffed: Office) -> None:
    await staffed.works_in("subbag-tu", 102)
    await staffed.supervisor.says("/orang")
    await staffed.supervisor.sends_document("a.csv", (HEADER + "Rina;;;;\n").encode(), "text/csv")

    assert "Daftar orang" not in staffed.supervisor.chat
    assert "invited" not in await kinds(staffed)
