"""Several people and their phones: a step goes from hand to hand, and everyone sees whose turn it is."""

from datetime import date
from pathlib import Path

import pytest

from bot.engine.commands import Assign
from bot.engine.deviations import Reason
from bot.engine.people import Role
from bot.engine.staffing import Acting, Span
from bot.storage.database import Transaction
from bot.views.taps import Stamp
from tests.conftest import Office, folder_of
from tests.people.records import kinds, known

SURAT = """\
id: surat-keluar
title: SOP Surat Keluar
number: SOP-009/KK/2026
version: "1"
status: trial
kind: administrative
scope: micro
unit: Subbagian Tata Usaha
team:
  author: pengonsep
  supervisor: kasubbag-tu
  manager: kepala-kantor
positions:
  pengonsep: Pengonsep
  pemeriksa: Pemeriksa
  kasubbag-tu: Kasubbag TU
  kepala-kantor: Kepala Kantor
phases:
  - Pelaksanaan
steps:
  - id: konsep
    do: Menyusun konsep surat
    by: initiator
    phase: Pelaksanaan
    record:
      - name: perihal
        label: Perihal
        type: text
        example: Undangan rapat
  - id: periksa
    do: Memeriksa konsep surat
    by: pemeriksa
    phase: Pelaksanaan
    critical: true
  - id: setujui
    approve: Menyetujui surat
    by: kepala-kantor
    phase: Pelaksanaan
    reject: konsep
  - id: kirim
    do: Mengirim surat
    by: pengonsep
    phase: Pelaksanaan
"""


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    return folder_of(tmp_path, {"surat-keluar.yaml": SURAT})


@pytest.fixture
async def manned(office: Office) -> Office:
    """Andi writes, Siti and Budi check, Nur approves; Siti is Kasubbag TU too."""
    for person in (office.clerk, office.supervisor, office.author, office.manager):
        await person.says("/start")
    await office.holds(101, "pengonsep")
    await office.holds(102, "kasubbag-tu")
    await office.holds(102, "pemeriksa")
    await office.holds(103, "pemeriksa")
    await office.holds(104, "kepala-kantor")
    return office


async def write(office: Office) -> None:
    await office.clerk.says("surat keluar")
    await office.clerk.taps("Surat Keluar")
    await office.clerk.taps("Mulai")
    await office.clerk.says("Undangan rapat")
    await office.clerk.taps("Selesai")


async def test_the_next_ones_get_a_card_with_what_was_recorded_and_the_first_to_accept_has_it(manned: Office) -> None:
    await write(manned)
    for checker in (manned.supervisor, manned.author):
        assert "Langkah ini untuk Anda" in checker.sees
        assert "Undangan rapat" in checker.sees
    assert "Pemeriksa" in manned.clerk.sees  # to whom it is offered

    await manned.author.taps("Terima")

    assert "Memeriksa konsep surat" in manned.author.sees
    assert "Budi" in manned.supervisor.sees
    assert "Budi" in manned.clerk.sees


async def test_a_stopped_run_tells_why_and_what_is_added_to_that_to_everyone_who_has_its_card(manned: Office) -> None:
    await write(manned)
    await manned.clerk.taps("Hentikan")
    await manned.clerk.taps("Alasan lain")
    assert "Alasan: Alasan lain" in manned.clerk.sees and "Ingin menambahkan sesuatu?" in manned.clerk.sees

    await manned.clerk.says("Rapatnya ditiadakan")

    for person in (manned.clerk, manned.author):
        assert "Pelaksanaan dihentikan" in person.sees
        assert "Alasan: Alasan lain\n“Rapatnya ditiadakan”" in person.sees


async def test_a_card_offers_its_reader_only_what_they_may_still_ask(manned: Office) -> None:
    await write(manned)
    await manned.supervisor.taps("Terima")
    await manned.author.taps("Di mana berkas ini?")  # whoever was offered the step may ask while it lasts
    assert "Di tangan" in manned.author.sees
    await manned.author.taps("Kembali")

    await manned.supervisor.taps("Selesai")
    assert "Di mana berkas ini?" not in manned.author.screen
    assert "Di mana berkas ini?" in manned.clerk.screen
    await manned.manager.taps("Terima")
    await manned.manager.taps("Setujui")
    await manned.clerk.taps("Terima")
    await manned.clerk.taps("Selesai")

    assert "Penjelasan" in manned.clerk.screen
    assert "Buka SOP ini lagi" in manned.author.screen
    assert "Penjelasan" not in manned.author.screen


async def test_who_comes_second_is_told_who_has_it(manned: Office) -> None:
    await write(manned)
    message = manned.supervisor.messages[-1]
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await manned.author.taps("Terima")

    await manned.supervisor.taps_data(message["message_id"], data)

    assert "Budi" in manned.supervisor.alert


async def test_whoever_types_done_at_a_step_of_somebody_else_is_told_who_has_it(manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    await manned.clerk.says("selesai")

    assert "Budi" in manned.clerk.sees
    assert "Langkah 2 dari 4" in manned.clerk.sees


async def test_bukan_saya_leaves_it_to_the_others(manned: Office) -> None:
    await write(manned)

    await manned.author.taps("Bukan saya")

    assert "Pemeriksa" in manned.author.sees
    await manned.supervisor.taps("Terima")
    assert "Memeriksa konsep surat" in manned.supervisor.sees


async def test_what_nobody_takes_is_for_the_supervisor_to_give_to_somebody(manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Bukan saya")
    await manned.supervisor.taps("Bukan saya")  # who is not asked to give to somebody what they did not take

    assert "tidak mengambil langkah ini" in manned.manager.sees
    await manned.manager.says("/tugas")
    assert "Belum diambil, langkah 2: Memeriksa konsep surat" in manned.manager.sees
    await manned.manager.taps("Surat Keluar")
    await manned.manager.taps("Tunjuk")
    await manned.manager.taps("Budi")
    assert "memberikan langkah ini kepada Anda" in manned.author.sees


async def test_what_nobody_takes_is_told_to_the_supervisor_and_to_an_admin_and_one_of_them_gives_it(
    manned: Office,
) -> None:
    person = await known(manned, 102)
    await manned.app.database.run(lambda tx: [tx.holdings.drop(one.id) for one in tx.holdings.of(person.id)[1:]])
    await write(manned)
    await manned.author.taps("Bukan saya")

    for one in (102, 104):
        assert letters(manned, one, "tidak mengambil langkah ini") == 1
    await manned.manager.taps("Ambil alih")
    assert "Selesai" in manned.manager.screen and "Nur" in manned.supervisor.sees


async def test_the_supervisor_does_not_take_an_approval_from_whoever_is_there_for_it(manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    await manned.author.taps("Selesai")
    run = await manned.app.database.run(lambda tx: tx.runs.get(1))
    assert run is not None
    me = (await known(manned, 102)).id
    await manned.supervisor.taps_data(1, manned.app.house.pack.run(Stamp(1, run.visit), Assign(me, Reason.ON_LEAVE)))
    assert "untuk pemegang jabatannya" in str(manned.supervisor.alert)
    assert "Tunjuk" in manned.supervisor.screen and "Ambil alih" not in manned.supervisor.screen
    assert "assigned" not in await kinds(manned)


async def test_of_many_the_likeliest_come_first_and_the_others_behind_a_button(manned: Office) -> None:
    def hire(tx: Transaction) -> None:
        for number in range(201, 209):
            newcomer = tx.people.by_chat(number)
            assert newcomer is not None
            tx.people.give_roles(newcomer.id, [Role.PERFORMER])
            tx.holdings.add(newcomer.id, "pemeriksa", Span(date(2026, 1, 1)), Acting.DEFINITIVE)

    for number in range(201, 209):
        manned.world.add_person(number, f"Wayan {number}")
        manned.world.say(number, "/start")
    await manned.settle()
    await manned.app.database.run(hire)
    await write(manned)
    await manned.author.taps("Bukan saya")
    await manned.supervisor.taps("Bukan saya")
    await manned.supervisor.taps("Tunjuk")
    assert "Wayan 201" in manned.supervisor.screen
    assert "Budi" not in manned.supervisor.screen  # who did not take it
    await manned.supervisor.taps("›")
    assert "Wayan 201" not in manned.supervisor.screen
    await manned.supervisor.taps("‹")
    await manned.supervisor.taps("›")
    await manned.supervisor.taps("Budi")

    assert "memberikan langkah ini kepada Anda" in manned.author.sees


async def test_a_copy_of_a_card_that_is_nobodys_business_any_more_dies_at_the_first_touch(manned: Office) -> None:
    await write(manned)
    offer = manned.author.messages[-1]
    copy = manned.world.post(103, {"text": offer["text"], "reply_markup": offer["reply_markup"]})
    await manned.supervisor.taps("Terima")
    await manned.supervisor.taps("Selesai")

    await manned.author.taps_data(copy["message_id"], copy["reply_markup"]["inline_keyboard"][0][0]["callback_data"])

    for message in (offer, copy):
        assert "reply_markup" not in manned.world.message(103, message["message_id"])
    assert "Langkah 3 dari 4" in manned.world.message(103, copy["message_id"])["text"]


async def test_what_is_paused_can_be_accepted_by_nobody(manned: Office) -> None:
    await write(manned)

    await manned.clerk.taps("Jeda")
    await manned.clerk.taps("Menunggu pihak lain")

    assert "Dijeda sejak" in manned.author.sees
    assert "Terima" not in manned.author.screen
    assert "Ambil alih" not in manned.supervisor.screen
    await manned.supervisor.taps("Lanjutkan")
    await manned.author.taps("Terima")
    assert "Memeriksa konsep surat" in manned.author.sees


async def test_kembalikan_asks_why_and_goes_to_whoever_wrote_it(manned: Office) -> None:
    await write(manned)

    await manned.author.taps("Kembalikan")
    await manned.author.taps("Berkas tidak lengkap")

    assert "Langkah 1 dari 4" in manned.clerk.sees
    assert "Undangan rapat" in manned.clerk.sees  # as it was before


async def test_a_critical_step_is_skipped_by_leave_given_on_the_supervisors_phone(manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    assert "hanya dapat dilewati dengan izin" in manned.author.sees
    await manned.author.taps("Kendala")
    await manned.author.taps("Minta izin")
    await manned.author.taps("Waktu tidak cukup")
    await manned.author.taps("Lanjut")
    assert "Menunggu izin dari" in manned.author.sees
    assert "Budi" in manned.supervisor.sees

    await manned.supervisor.taps("Izinkan")

    assert "Langkah ini untuk Anda" in manned.manager.sees


async def test_a_refused_leave_comes_back_with_its_reason(manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    await manned.author.taps("Kendala")
    await manned.author.taps("Minta izin")
    await manned.author.taps("Waktu tidak cukup")

    await manned.supervisor.taps("Tolak")
    assert "Mengapa tidak diizinkan?" in manned.supervisor.sees
    await manned.supervisor.taps("Harus dikerjakan dahulu")

    assert "Langkah 2 dari 4" in manned.author.sees
    assert "Selesai" in manned.author.screen


async def test_approve_and_reject_on_the_approvers_phone(manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    await manned.author.taps("Selesai")
    await manned.manager.taps("Terima")
    await manned.manager.taps("Tolak")
    await manned.manager.taps("Berkas tidak lengkap")
    assert "Langkah 1 dari 4" in manned.clerk.sees

    await manned.clerk.says("Undangan rapat kerja")
    await manned.clerk.taps("Selesai")
    await manned.author.taps("Selesai")
    await manned.manager.taps("Setujui")
    await manned.clerk.taps("Terima")
    await manned.clerk.taps("Selesai")

    assert "Pelaksanaan selesai" in manned.clerk.sees


async def test_a_supervisor_takes_over_with_a_reason(manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Terima")

    await manned.supervisor.taps("Ambil alih")
    assert "Mengapa langkah ini dialihkan?" in manned.supervisor.sees
    await manned.supervisor.taps("Tidak dapat dihubungi")
    await manned.supervisor.taps("Lanjut")

    assert "Memeriksa konsep surat" in manned.supervisor.sees
    assert "Siti" in manned.author.sees


async def test_an_undone_hand_over_takes_the_offer_back(manned: Office) -> None:
    await write(manned)

    await manned.clerk.taps("Urungkan")

    assert "Langkah 1 dari 4" in manned.clerk.sees
    assert "Terima" not in manned.author.screen
    assert "Andi" in manned.author.sees


# Whoever has a step cannot be had any more


def letters(office: Office, person: int, words: str) -> int:
    texts = (one.get("text", "").translate({0x2068: None, 0x2069: None}) for one in office.person(person).messages)
    return sum(words in text for text in texts)


@pytest.mark.parametrize("how", ["blocks", "is deleted", "is stopped"])
async def test_a_step_goes_on_to_others_when_whoever_has_it_is_gone(manned: Office, how: str) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    match how:
        case "blocks":
            await manned.author.blocks()
            why = "Budi tidak dapat lagi dihubungi"
        case "is deleted":
            manned.world.deactivate(103)
            await manned.clerk.says("/lanjut")
            await manned.clerk.taps("Jeda")  # of which Budi is told, in vain
            await manned.clerk.taps("Menunggu")
            await manned.clerk.taps("Cukup")
            await manned.clerk.taps("Lanjutkan")
            why = "Budi tidak dapat lagi dihubungi"
        case _:
            await manned.manager.says("/orang blokir budi")
            await manned.manager.taps("Blokir")
            why = "Akses Budi dihentikan"
    await manned.later(seconds=30)
    await manned.later(seconds=30)

    assert letters(manned, 102, why) == 1
    assert "Langkah ini untuk Anda" in manned.supervisor.chat
    assert "Undangan rapat" in manned.supervisor.chat
    assert "Ditawarkan kepada Pemeriksa" in manned.clerk.chat
    assert (await kinds(manned)).count("released") == 1

    await manned.supervisor.taps("Terima")
    await manned.supervisor.taps("Selesai")

    assert "Menyetujui surat" in manned.manager.chat


async def test_whoever_comes_back_gets_their_cards_as_they_are_now_and_their_step_while_nobody_has_it(
    manned: Office,
) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    await manned.author.blocks()
    await manned.later(seconds=30)
    assert "Ditawarkan" not in manned.author.chat  # it stands as it was when nothing reached him any more

    await manned.author.unblocks()
    assert "Ditawarkan kepada Pemeriksa" in manned.author.chat
    await manned.later(seconds=30)

    await manned.author.taps("Terima")
    await manned.author.taps("Selesai")
    assert "Menyetujui surat" in manned.manager.chat
    assert "Langkah 3 dari 4" in manned.supervisor.chat


async def test_a_step_that_nobody_else_holds_is_for_the_supervisor_to_assign(manned: Office) -> None:
    await manned.clerk.says("surat keluar")
    await manned.clerk.taps("Surat Keluar")
    await manned.clerk.taps("Mulai")
    await manned.clerk.blocks()
    await manned.later(seconds=30)

    assert "Langkah ini belum ada pelaksananya" in manned.supervisor.chat
    await manned.supervisor.says("/tugas")
    assert "Belum diambil" in manned.supervisor.chat
    await manned.supervisor.taps("#1")
    await manned.supervisor.taps("Ambil alih")
    await manned.supervisor.says("Undangan rapat")
    await manned.supervisor.taps("Selesai")

    assert "Langkah 2 dari 4" in manned.supervisor.sees
    await manned.clerk.unblocks()
    await manned.clerk.says("/tugas")
    assert "Tidak ada tugas" in manned.clerk.sees


async def test_one_person_alone_goes_on_where_they_were_when_they_are_back(office: Office) -> None:
    await office.clerk.says("/start")
    await office.clerk.says("surat keluar")
    await office.clerk.taps("Surat Keluar")
    await office.clerk.taps("Mulai")
    await office.clerk.says("Undangan rapat")
    await office.clerk.blocks()
    await office.later(seconds=30)
    await office.clerk.unblocks()
    await office.later(seconds=30)

    await office.clerk.taps("Terima")

    assert "Undangan rapat" in office.clerk.chat  # what was entered is still there
    await office.clerk.taps("Selesai")
    assert "Langkah 2 dari 4" in office.clerk.chat


async def test_leave_is_answered_though_whoever_asked_is_gone_and_then_the_step_is_free(manned: Office) -> None:
    await write(manned)
    await manned.author.taps("Terima")
    await manned.author.taps("Kendala")
    await manned.author.taps("Minta izin melewati")
    await manned.author.taps("Waktu tidak cukup")
    await manned.author.blocks()
    await manned.later(seconds=30)
    assert "released" not in await kinds(manned)

    await manned.supervisor.taps("Tolak")
    await manned.supervisor.taps("Harus dikerjakan dahulu")
    await manned.later(seconds=30)

    assert (await kinds(manned)).count("released") == 1
    assert "Langkah ini untuk Anda" in manned.supervisor.chat


async def test_what_is_sent_back_to_somebody_who_is_gone_does_not_wait_for_them(manned: Office) -> None:
    await write(manned)
    await manned.clerk.blocks()
    await manned.author.taps("Kembalikan")
    await manned.author.taps("Berkas tidak lengkap")
    await manned.later(seconds=30)

    assert letters(manned, 102, "Andi tidak dapat lagi dihubungi") == 1
    assert "Langkah ini belum ada pelaksananya" in manned.supervisor.chat
