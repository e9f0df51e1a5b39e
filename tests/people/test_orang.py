"""/orang: whoever looks after people finds somebody and changes what is known of them."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.engine.people import Role
from bot.engine.staffing import Acting, Span
from bot.storage.audit import verify
from bot.storage.database import Transaction
from bot.storage.tables import JournalRow, JournalTextRow, table
from tests.conftest import Office
from tests.people.records import held, kinds, known

journal, texts = table(JournalRow), table(JournalTextRow)


@pytest.fixture
async def staffed(office: Office) -> Office:
    """Everybody has opened the bot; Andi and Siti work for Subbagian Tata Usaha, Budi for Seksi PAKIS."""
    for person in (office.clerk, office.supervisor, office.author, office.manager):
        await person.says("/start")
    await office.works_in("subbag-tu", 101, 102)
    await office.works_in("seksi-pakis", 103)
    return office


async def opens(office: Office, name: str) -> None:
    """The admin opens somebody's card."""
    await office.manager.says(f"/orang {name}")
    await office.manager.taps(name)


async def test_people_are_listed_by_unit_and_found_by_a_mistyped_name(staffed: Office) -> None:
    admin = staffed.manager
    await admin.says("/orang")
    assert "[Subbagian Tata Usaha (2)]" in admin.screen
    assert "[tanpa unit (1)]" in admin.screen
    assert "[👥 Semua orang (4)]" in admin.screen

    await admin.taps("Subbagian Tata Usaha")
    assert "[Andi]" in admin.screen and "[Siti]" in admin.screen and "Budi" not in admin.screen

    await admin.says("bdui")
    await admin.taps("Budi")
    assert "Unit: Seksi PAKIS" in admin.sees


async def test_words_that_name_nobody_search_for_an_sop_as_ever(staffed: Office) -> None:
    await staffed.manager.says("/orang")
    await staffed.manager.says("laptop")

    assert "Komputer" in staffed.manager.screen


async def test_name_nip_unit_and_roles_are_changed_and_names_stay_out_of_the_chain(staffed: Office) -> None:
    admin = staffed.manager
    await opens(staffed, "Andi")
    await admin.taps("Nama")
    await admin.says("Andi Pratama, S.Kom")
    await admin.taps("NIP")
    await admin.says("19850217 201003 1 002")
    await admin.taps("Unit")
    await admin.taps("Zakat Wakaf")
    await admin.taps("Peran")
    await admin.taps("Penulis")
    await admin.taps("Simpan")

    now = await known(staffed, 101)
    assert (now.name, now.nip) == ("Andi Pratama, S.Kom", "198502172010031002")
    assert now.unit == "zakat-wakaf"
    assert now.roles == {Role.PERFORMER, Role.AUTHOR}
    assert "Pelaksana, Penulis" in staffed.clerk.sees
    assert (await kinds(staffed))[-4:] == ["name_changed", "nip_changed", "unit_changed", "roles_changed"]

    def chain(tx: Transaction) -> tuple[str, int, bool]:
        bodies = "".join(tx.connection.execute(select(journal.c.body)).scalars())
        words = len(tx.connection.execute(select(texts).where(texts.c.name.in_(["before", "after"]))).all())
        return bodies, words, verify(tx.connection)[1] is None

    bodies, words, whole = await staffed.app.database.run(chain)
    assert "Pratama" not in bodies and "198502172010031002" not in bodies
    assert (words, whole) == (4, True)


@pytest.mark.parametrize(
    ("nip", "why"),
    [
        ("1985021720100310", "18 angka"),
        ("198513172010031002", "tanggal lahir"),
        ("198502171980031002", "pengangkatan"),
        ("198502172010133002", "pengangkatan"),
        ("198502172010033002", "1 atau 2"),
        ("bukan nomor", "18 angka"),
    ],
)
async def test_a_nip_that_cannot_be_is_asked_again_with_the_reason(staffed: Office, nip: str, why: str) -> None:
    await opens(staffed, "Andi")
    await staffed.manager.taps("NIP")
    await staffed.manager.says(nip)

    assert why in staffed.manager.sees
    assert (await known(staffed, 101)).nip is None

    await staffed.manager.says("198502172022211002")
    assert (await known(staffed, 101)).nip == "198502172022211002"


async def test_a_nip_belongs_to_one_person(staffed: Office) -> None:
    for name in ("Andi", "Budi"):
        await opens(staffed, name)
        await staffed.manager.taps("NIP")
        await staffed.manager.says("198502172010031002")

    assert "dipakai orang lain" in staffed.manager.sees
    assert (await known(staffed, 103)).nip is None


async def test_a_position_is_given_with_dates_as_plh_in_another_unit_and_ended(staffed: Office) -> None:
    admin = staffed.manager
    await opens(staffed, "Budi")
    await admin.taps("Jabatan")
    await admin.taps("Beri jabatan")
    await admin.says("kasubbag")
    await admin.taps("Kasubbag TU")
    await admin.taps("Plh.")
    await admin.taps("Hari pertama")
    await admin.says("1 Des")
    await admin.taps("Hari terakhir")
    await admin.says("5/12")
    await admin.taps("Unit lain")
    await admin.taps("Subbagian Tata Usaha")
    await admin.taps("Simpan")

    days = Span(date(2026, 12, 1), date(2026, 12, 5))
    assert await held(staffed, 103) == [("kasubbag-tu", days, Acting.PLH)]
    line = "Plh. Kasubbag TU, Subbagian Tata Usaha, 1 Desember 2026 s.d. 5 Desember 2026"
    assert line in admin.sees
    assert "Plh. Kasubbag TU" in staffed.author.sees

    await staffed.later(days=8)
    await admin.taps("Akhiri: Kasubbag TU")
    await admin.taps("Hari ini")

    ended = Span(date(2026, 12, 1), date(2026, 12, 2))
    assert await held(staffed, 103) == [("kasubbag-tu", ended, Acting.PLH)]


async def test_a_position_that_has_not_begun_is_taken_back(staffed: Office) -> None:
    admin = staffed.manager
    await opens(staffed, "Andi")
    for tap in ("Jabatan", "Beri jabatan", "Kasubbag TU", "Hari pertama", "Besok", "Simpan", "Akhiri", "Hari ini"):
        await admin.taps(tap)

    assert await held(staffed, 101) == []
    assert (await kinds(staffed))[-2:] == ["position_given", "position_ended"]


async def test_nobody_holds_a_position_twice_in_the_same_days(staffed: Office) -> None:
    admin = staffed.manager
    await opens(staffed, "Andi")
    await admin.taps("Jabatan")
    for tap in ("Beri jabatan", "Kasubbag TU", "Simpan", "Beri jabatan", "Kasubbag TU", "Simpan"):
        await admin.taps(tap)

    assert "sudah dipegang" in admin.alert
    assert len(await held(staffed, 101)) == 1


@pytest.mark.parametrize(("typed", "day"), [("besok", 25), ("lusa", 26), ("1 Des", 1), ("1/12/2026", 1)])
async def test_dates_are_typed_as_people_write_them(staffed: Office, typed: str, day: int) -> None:
    for tap in ("Jabatan", "Beri jabatan", "Kasubbag TU", "Hari pertama"):
        if tap == "Jabatan":
            await opens(staffed, "Andi")
        await staffed.manager.taps(tap)
    await staffed.manager.says(typed)
    await staffed.manager.taps("Simpan")

    [(_, span, _)] = await held(staffed, 101)
    assert span.since.day == day


async def test_what_is_no_date_is_asked_again(staffed: Office) -> None:
    await opens(staffed, "Andi")
    for tap in ("Cuti", "Catat cuti", "Hari terakhir"):
        await staffed.manager.taps(tap)
    await staffed.manager.says("kapan-kapan")

    assert "bukan tanggal" in staffed.manager.sees
    assert "Hari ini" in staffed.manager.screen


async def test_an_absence_has_a_stand_in_who_hears_of_it_and_whoever_is_back_early_is_back(staffed: Office) -> None:
    admin = staffed.manager
    await staffed.holds(101, "petugas-ti")
    await opens(staffed, "Andi")
    for tap in ("Cuti", "Catat cuti", "Hari terakhir"):
        await admin.taps(tap)
    await admin.says("30 Nov")
    await admin.taps("Pengganti")
    await admin.says("budi")
    await admin.taps("Budi")
    await admin.taps("Simpan")

    assert "Anda menjadi pengganti" in staffed.author.sees and "Andi" in staffed.author.sees
    assert "24 November 2026 s.d. 30 November 2026" in admin.sees
    assert await doing(staffed, "petugas-ti") == ["Budi"]

    await staffed.later(days=2)
    await admin.taps("Akhiri")
    assert await doing(staffed, "petugas-ti") == ["Andi"]
    assert (await kinds(staffed))[-2:] == ["went_away", "came_back"]


async def doing(office: Office, position: str) -> list[str]:
    """Who does today what a position does."""

    def work(tx: Transaction) -> list[str]:
        sop = next(one.sop for one in tx.versions.live() if one.sop.id == "uji-fungsi-komputer")
        staff = tx.people.staff(sop, None, office.app.house.office.day(tx.at))
        return [one.name for one in tx.people.some(staff.holding(position))]

    return await office.app.database.run(work)


async def test_a_stand_in_begins_at_midnight_of_the_offices_zone(staffed: Office) -> None:
    admin = staffed.manager
    await staffed.holds(101, "petugas-ti")
    await opens(staffed, "Andi")
    for tap in ("Cuti", "Catat cuti", "Hari pertama", "Besok", "Hari terakhir", "Besok", "Pengganti", "Budi", "Simpan"):
        await admin.taps(tap)

    await staffed.later(hours=14, minutes=59)  # 23.59 WITA
    assert await doing(staffed, "petugas-ti") == ["Andi"]
    await staffed.later(minutes=1)
    assert await doing(staffed, "petugas-ti") == ["Budi"]
    await staffed.later(hours=23, minutes=59)
    assert await doing(staffed, "petugas-ti") == ["Budi"]
    await staffed.later(minutes=1)
    assert await doing(staffed, "petugas-ti") == ["Andi"]


async def test_access_is_stopped_by_one_line_and_a_yes_and_the_supervisor_hears_of_open_steps(staffed: Office) -> None:
    await staffed.holds(102, "kasubbag-tu")
    await staffed.clerk.says("uji fungsi")
    await staffed.clerk.taps("Uji Fungsi Komputer")
    await staffed.clerk.taps("Mulai")
    await staffed.manager.says("/orang blokir andi")
    assert "1 langkah yang belum selesai" in staffed.manager.sees
    await staffed.manager.taps("Blokir")

    await staffed.clerk.taps("Kendala")

    assert "Akses Anda telah dihentikan" in staffed.clerk.alert
    assert "Akses dihentikan pada 24 November 2026" in staffed.manager.sees
    assert (await kinds(staffed))[-2:] == ["access_stopped", "attempt_denied"]
    await staffed.later(hours=1, minutes=1)
    assert "ditinggalkan pelaksananya" in staffed.supervisor.chat and "#1" in staffed.supervisor.sees
    before = len(staffed.clerk.messages)
    await staffed.clerk.says("selesai")
    await staffed.clerk.says("/start")
    assert [one["text"] for one in staffed.clerk.messages[before:] if one["from"]["is_bot"]] == [
        "Akses Anda telah dihentikan. Mohon hubungi admin kantor."
    ]


async def test_restored_access_is_as_it_was(staffed: Office) -> None:
    await staffed.manager.says("/orang blokir andi")
    await staffed.manager.taps("Blokir")
    await staffed.manager.taps("Pulihkan akses")
    assert "memakai bot ini lagi" in staffed.clerk.sees

    await staffed.clerk.says("laptop")
    assert "Komputer" in staffed.clerk.screen


async def test_the_last_admin_stays_and_nobody_changes_their_own_roles(staffed: Office) -> None:
    admin = staffed.manager
    await admin.says("/orang blokir nur")
    assert "Peran dan akses sendiri tidak dapat diubah" in admin.sees
    assert "Peran]" not in admin.screen and "Blokir" not in admin.screen

    await opens(staffed, "Andi")
    for tap in ("Peran", "Admin", "Simpan"):
        await admin.taps(tap)
    await staffed.clerk.says("/orang Nur")
    for tap in ("Nur", "Peran", "Admin", "Simpan"):
        await staffed.clerk.taps(tap)
    assert (await known(staffed, 104)).roles == {Role.MANAGER, Role.PERFORMER}

    await staffed.clerk.says("/orang blokir andi")
    assert "tidak dapat diubah" in staffed.clerk.sees


async def test_a_role_is_kept_until_it_is_saved_and_the_last_one_cannot_be_taken(staffed: Office) -> None:
    await opens(staffed, "Andi")
    await staffed.manager.taps("Peran")
    await staffed.manager.taps("Pelaksana")
    await staffed.manager.taps("Simpan")

    assert "paling sedikit satu peran" in staffed.manager.alert
    assert (await known(staffed, 101)).roles == {Role.PERFORMER}


async def test_a_supervisor_sees_their_unit_and_changes_only_absence_and_access_below_them(staffed: Office) -> None:
    supervisor = staffed.supervisor
    await supervisor.says("/orang")
    assert "Semua orang (2)" in supervisor.screen
    await supervisor.says("/orang Budi")
    assert "Budi]" not in supervisor.screen
    await supervisor.says("/orang Andi")
    await supervisor.taps("Andi")

    assert "Cuti" in supervisor.screen and "Blokir" in supervisor.screen
    assert not any(word in supervisor.screen for word in ("[Peran", "[Jabatan", "[Nama", "[NIP", "[Unit"))


async def test_a_manager_of_the_whole_office_sees_every_unit_below(staffed: Office) -> None:
    await opens(staffed, "Siti")
    for tap in ("Unit", "Kantor Kementerian"):
        await staffed.manager.taps(tap)

    await staffed.supervisor.says("/orang")

    assert "Semua orang (3)" in staffed.supervisor.screen


async def test_an_old_button_of_the_card_says_how_to_begin_again(staffed: Office) -> None:
    admin = staffed.manager
    await opens(staffed, "Andi")
    card = admin.messages[-1]
    stop = next(one for row in card["reply_markup"]["inline_keyboard"] for one in row if "Blokir" in one["text"])
    await admin.says("/sop")
    await admin.taps_data(card["message_id"], stop["callback_data"])

    assert "/orang" in admin.alert
    assert (await known(staffed, 101)).admitted


async def test_a_double_tap_on_save_gives_one_position(staffed: Office) -> None:
    admin = staffed.manager
    await opens(staffed, "Andi")
    for tap in ("Jabatan", "Beri jabatan", "Kasubbag TU"):
        await admin.taps(tap)
    card = admin.messages[-1]
    save = next(one for row in card["reply_markup"]["inline_keyboard"] for one in row if "Simpan" in one["text"])
    for _ in range(3):
        staffed.world.tap(104, card["message_id"], save["callback_data"])
    await staffed.settle()

    assert len(await held(staffed, 101)) == 1


async def test_batal_leaves_a_form_and_changes_nothing(staffed: Office) -> None:
    await opens(staffed, "Andi")
    await staffed.manager.taps("Nama")
    await staffed.manager.says("batal")

    assert (await known(staffed, 101)).name == "Andi"
    assert "Pertanyaan ditutup" in staffed.manager.sees


async def test_the_help_tells_of_it_to_whoever_may(staffed: Office) -> None:
    for person in (staffed.manager, staffed.clerk):
        await person.says("/bantuan")

    assert "/orang" in staffed.manager.sees
    assert "/orang" not in staffed.clerk.sees


async def test_it_speaks_english_too(staffed: Office) -> None:
    await staffed.manager.says("/bahasa")
    await staffed.manager.taps("English")
    await staffed.manager.says("/people Andi")
    await staffed.manager.taps("Andi")

    assert "Unit: Subbagian Tata Usaha" in staffed.manager.sees
    assert "[Positions][Absence]" in staffed.manager.screen
