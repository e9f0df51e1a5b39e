"""Ways in: a stranger asks and an admin allows it, or brings an invitation; nothing else leads in."""

import json
import re

import pytest
from sqlalchemy import select

from bot.engine.people import Role
from bot.storage.audit import verify
from bot.storage.database import Transaction
from bot.storage.tables import InvitationRow, JournalRow, LetterRow, table
from tests.conftest import Office, StartOffice
from tests.people.records import kinds, known

STRANGER = 999
journal, invitation, letter = table(JournalRow), table(InvitationRow), table(LetterRow)


async def invited(office: Office, *taps: str) -> str:
    """The link of an invitation that the admin makes after these taps."""
    await office.manager.says("/orang")
    await office.manager.taps("Undang")
    for tap in taps:
        await office.manager.taps(tap)
    await office.manager.taps("Buat undangan")
    found = re.findall(r"https://t\.me/\w+\?start=(inv_[\w-]{22})\b", office.manager.sees)
    assert len(found) == 1, office.manager.chat
    return str(found[0])


async def test_a_stranger_hears_one_polite_line_an_hour_and_nothing_of_the_office(office: Office) -> None:
    stranger = office.person(STRANGER)
    for words in ("/start", "laptop", "/sop", "/orang", "/start sop_uji-fungsi-komputer", "/lapor"):
        await stranger.says(words)

    assert stranger.chat.count("belum terdaftar") == 1
    assert "Komputer" not in stranger.chat
    assert len([one for one in stranger.messages if one["from"]["is_bot"]]) == 1

    await office.later(hours=1, minutes=1)
    await stranger.says("halo")

    assert stranger.chat.count("belum terdaftar") == 2


async def test_a_stranger_asks_and_is_let_in_with_what_the_admin_chooses(office: Office) -> None:
    stranger = office.person(STRANGER)
    await office.manager.says("/start")
    await stranger.says("/start")
    await stranger.taps("Minta akses")

    assert "diteruskan kepada admin" in stranger.sees
    assert "Orang Asing" in office.manager.sees and "999" in office.manager.sees

    await office.manager.taps("Izinkan")
    await office.manager.taps("Penulis")
    await office.manager.taps("Unit")
    await office.manager.taps("Seksi PAKIS")
    await office.manager.taps("Jabatan")
    await office.manager.says("kepala seksi")
    await office.manager.taps("Kepala Seksi")
    await office.manager.taps("Kembali")
    await office.manager.taps("Izinkan masuk")

    now = await known(office, STRANGER)
    assert now.roles == {Role.PERFORMER, Role.AUTHOR}
    assert now.unit == "seksi-pakis"
    assert "Kepala Seksi" in office.manager.sees
    assert "Selamat datang" in stranger.chat
    assert "Semua SOP" in stranger.screen
    assert (await kinds(office))[-3:] == ["access_asked", "admitted", "position_given"]
    await stranger.says("laptop")
    assert "Komputer" in stranger.screen


async def test_a_request_is_answered_once(office: Office) -> None:
    stranger = office.person(STRANGER)
    await office.manager.says("/start")
    await stranger.says("/start")
    await stranger.taps("Minta akses")
    message, card = office.manager.messages[-1]["message_id"], office.manager.messages[-1]
    refuse = card["reply_markup"]["inline_keyboard"][0][1]["callback_data"]
    await office.manager.taps("Tolak")

    assert "belum dapat diterima" in stranger.sees
    assert "tidak diizinkan masuk oleh" in office.manager.sees

    await office.manager.taps_data(message, refuse)
    assert "sudah dijawab" in office.manager.alert
    assert (await kinds(office)).count("access_refused") == 1


async def test_who_was_refused_asks_again_only_the_next_day(office: Office) -> None:
    stranger = office.person(STRANGER)
    await office.manager.says("/start")
    await stranger.says("/start")
    ask = stranger.messages[-1]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await stranger.taps("Minta akses")
    await stranger.taps_data(1, ask)
    await office.manager.taps("Tolak")
    await stranger.taps_data(1, ask)

    assert "belum dapat diterima" in stranger.alert
    assert (await kinds(office)).count("access_asked") == 1

    await office.later(days=1, hours=1)
    await stranger.taps_data(1, ask)

    assert (await kinds(office)).count("access_asked") == 2


async def test_an_invitation_lets_one_person_in_and_its_maker_hears_who(office: Office) -> None:
    await office.manager.says("/start")
    office.world.add_person(998, "Orang Kedua")
    link = await invited(office, "Unit", "Seksi PAKIS")
    assert any("photo" in one for one in office.manager.messages)
    assert "Jumat, 27 November 2026 09.00 WITA" in office.manager.sees
    stranger, second = office.person(STRANGER), office.person(998)

    await stranger.says(f"/start {link}")
    await second.says(f"/start {link}")

    assert "Semua SOP" in stranger.screen
    assert (await known(office, STRANGER)).unit == "seksi-pakis"
    assert "Orang Asing" in office.manager.sees and "sudah dipakai" in office.manager.sees
    assert "tidak dapat dipakai" in second.sees
    assert not (await known(office, 998)).admitted


async def test_an_invitation_dies_after_three_days_or_when_it_is_taken_back(office: Office) -> None:
    await office.manager.says("/start")
    old, revoked = await invited(office), await invited(office)
    await office.manager.says("/orang")
    await office.manager.taps("Undangan (2)")
    await office.manager.taps("Cabut: #2")
    stranger = office.person(STRANGER)

    await stranger.says(f"/start {revoked}")
    await office.later(hours=72)
    await stranger.says(f"/start {old}")

    assert stranger.chat.count("tidak dapat dipakai") == 2
    assert not (await known(office, STRANGER)).admitted
    assert (await kinds(office)).count("invitation_revoked") == 1


async def test_only_the_hash_of_an_invitation_is_kept_and_its_letter_is_emptied(office: Office) -> None:
    await office.manager.says("/start")
    link = await invited(office)
    token = link.removeprefix("inv_")

    def everything(tx: Transaction) -> str:
        rows = [tx.connection.execute(select(one)).all() for one in (invitation, letter, journal)]
        return json.dumps(rows, default=str)

    assert token not in await office.app.database.run(everything)


async def test_five_wrong_invitations_in_an_hour_and_even_a_right_one_is_not_looked_at(office: Office) -> None:
    await office.manager.says("/start")
    link = await invited(office)
    stranger = office.person(STRANGER)
    for number in range(5):
        await stranger.says(f"/start inv_{number:022d}")
    await stranger.says(f"/start {link}")

    assert "Terlalu banyak percobaan" in stranger.sees
    assert not (await known(office, STRANGER)).admitted
    assert len([one for one in stranger.messages if one["from"]["is_bot"]]) == 1

    await office.later(minutes=61)
    await stranger.says(f"/start {link}")

    assert (await known(office, STRANGER)).admitted


async def test_an_invitation_is_worth_what_its_maker_may_still_give(office: Office) -> None:
    await office.manager.says("/start")
    await office.supervisor.says("/start")
    await office.works_in("seksi-pakis", 102)
    await office.supervisor.says("/orang")
    await office.supervisor.taps("Undang")
    assert "Pengawas" not in office.supervisor.screen.split("Unit:")[1]
    await office.supervisor.taps("Buat undangan")
    [link] = re.findall(r"start=(inv_[\w-]{22})\b", office.supervisor.sees)
    await office.manager.says("/orang blokir Siti")
    await office.manager.taps("Blokir")
    stranger = office.person(STRANGER)

    await stranger.says(f"/start {link}")

    assert "tidak dapat dipakai" in stranger.sees


async def test_who_is_in_already_uses_up_no_invitation(office: Office) -> None:
    await office.manager.says("/start")
    link = await invited(office, "Pimpinan")
    await office.clerk.says(f"/start {link}")

    assert (await known(office, 101)).roles == {Role.PERFORMER}

    await office.person(STRANGER).says(f"/start {link}")
    assert Role.MANAGER in (await known(office, STRANGER)).roles


async def test_an_admin_of_the_settings_is_known_before_they_write_and_finds_what_waited(
    start_office: StartOffice,
) -> None:
    async with start_office() as office:
        await office.clerk.says("/lapor")
        await office.clerk.says("uji fungsi")
        await office.clerk.taps("Seluruh SOP")
        await office.clerk.taps("Salah ketik")
        assert office.manager.messages == []

        await office.manager.says("/start")

        assert "Laporan nomor 1" in office.manager.chat


async def test_the_settings_only_ever_add_roles(start_office: StartOffice) -> None:
    async with start_office() as office:
        for person in (office.clerk, office.manager):
            await person.says("/start")
        await office.manager.says("/orang Andi")
        await office.manager.taps("Andi")
        await office.manager.taps("Peran")
        await office.manager.taps("Penulis")
        await office.manager.taps("Simpan")
    async with start_office() as office:
        assert (await known(office, 101)).roles == {Role.PERFORMER, Role.AUTHOR}
        count, broken, *_ = await office.app.database.run(lambda tx: verify(tx.connection))
        assert broken is None and count


@pytest.mark.parametrize("token", ["", "x", "inv_", "…" * 10, "A" * 60])
async def test_whatever_an_invitation_says_it_is_answered_politely(office: Office, token: str) -> None:
    stranger = office.person(STRANGER)
    await stranger.says(f"/start inv_{token}")

    assert "tidak dapat dipakai" in stranger.sees or "belum terdaftar" in stranger.sees
