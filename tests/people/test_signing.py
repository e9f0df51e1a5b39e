"""An approval that is signed: the PIN is chosen in the chat, gone from it at once, and kept nowhere."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from bot.storage.database import Transaction
from bot.storage.tables import JournalRow, JournalTextRow, RunRow, table
from tests.conftest import Office
from tests.people.records import kinds
from tests.people.test_handing_over import SURAT, write

PIN, OTHER, WRONG = "480315", "905172", "271904"
NIP = "198502172010031002"
journal, texts = table(JournalRow), table(JournalTextRow)


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "sops"
    folder.mkdir()
    signed = SURAT.replace("    reject: konsep\n", "    reject: konsep\n    sign: true\n")
    (folder / "surat-keluar.yaml").write_text(signed, encoding="utf-8")
    return folder


@pytest.fixture
async def manned(office: Office) -> Office:
    """Andi writes, Siti checks, Budi approves, Nur is admin."""
    for person in (office.clerk, office.supervisor, office.author, office.manager):
        await person.says("/start")
    for number, position in ((101, "pengonsep"), (102, "pemeriksa"), (103, "kepala-kantor")):
        await office.holds(number, position)
    return office


async def comes_to_be_approved(office: Office) -> None:
    """A letter lies before Budi, who taps that he approves."""
    await write(office)
    for tap in ("Terima", "Selesai"):
        await office.supervisor.taps(tap)
    await office.author.taps("Terima")
    assert "Perihal: Undangan rapat" in office.author.sees
    await office.author.taps("Setujui")


async def everything(office: Office) -> str:
    """All that the database holds."""

    def work(tx: Transaction) -> str:
        tables = SQLModel.metadata.sorted_tables
        return "\n".join(str(tuple(row)) for one in tables for row in tx.connection.execute(select(one)))

    return await office.app.database.run(work)


async def test_it_is_chosen_when_first_needed_and_the_approval_tells_who_signed_what(
    manned: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    boss = manned.author
    await manned.manager.says("/orang Budi")
    for tap in ("Budi", "NIP"):
        await manned.manager.taps(tap)
    await manned.manager.says(NIP)
    await comes_to_be_approved(manned)
    assert "Pilih PIN" in boss.sees and "bukan tanda tangan elektronik tersertifikasi" in boss.sees

    await boss.says("setuju")
    assert "PIN terdiri atas enam angka" in boss.sees
    await boss.says("123456")
    assert "mudah ditebak" in boss.sees
    await boss.says(PIN)
    assert "sekali lagi" in boss.sees
    await boss.says(OTHER)
    assert "Keduanya berbeda" in boss.sees
    assert "approved" not in await kinds(manned)
    await boss.says(PIN)
    await boss.says(PIN)

    assert "Disahkan dengan PIN Anda" in boss.sees
    assert {"pin_chosen", "approved", "signed"} <= set(await kinds(manned))
    assert "Langkah ini untuk Anda" in manned.clerk.sees or "Langkah 4 dari 4" in manned.clerk.sees
    assert PIN not in boss.chat and OTHER not in boss.chat
    kept = await everything(manned)
    assert PIN not in kept and OTHER not in kept
    assert PIN not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))

    def signature(tx: Transaction) -> tuple[object, str]:
        row = tx.connection.execute(select(journal).where(journal.c.kind == "signed")).one()
        words = tx.connection.execute(select(texts.c.text).where(texts.c.seq == row.seq)).scalar_one()
        return {**json.loads(row.body)["data"], "by": row.person == tx.people.by_chat(103).id}, words  # type: ignore[union-attr]

    told, nip = await manned.app.database.run(signature)
    assert isinstance(told, dict)
    assert (told["position"], told["meaning"], told["by"]) == ("kepala-kantor", "Menyetujui surat", True)
    assert NIP in nip and NIP not in str(told)


@pytest.mark.parametrize("supervised", [(102, 103), (103,)], ids=["by one of the unit", "by one of no unit"])
async def test_five_wrong_ones_lock_it_the_admin_hears_and_clears_what_was_forgotten(
    manned: Office, supervised: tuple[int, ...]
) -> None:
    boss, admin = manned.author, manned.manager
    await manned.works_in("subbag-tu", *supervised)
    await comes_to_be_approved(manned)
    await boss.says(PIN)
    await boss.says(PIN)
    await boss.taps("Urungkan")
    await boss.taps("Setujui")
    for left in (4, 3, 2, 1):
        await boss.says(WRONG)
        assert f"Sisa percobaan: {left}" in boss.sees
    await boss.says(WRONG)
    assert "terlalu sering" in boss.sees
    for watching in (admin, manned.supervisor):
        assert "PIN yang keliru" in watching.chat and "dikunci sampai" in watching.chat
    assert "PIN yang keliru" not in manned.clerk.chat

    await boss.says(PIN)
    await boss.taps("Kembali")
    await boss.taps("Setujui")
    assert "09.15" in boss.alert
    assert (await kinds(manned)).count("approved") == 1

    await manned.later(minutes=16)
    await boss.taps("Setujui")
    await boss.taps("Ganti PIN")
    for typed in (PIN, OTHER, OTHER):
        await boss.says(typed)
    assert (await kinds(manned)).count("approved") == 2

    await admin.says("/orang Budi")
    for tap in ("Budi", "Hapus PIN"):
        await admin.taps(tap)
    assert "Admin telah menghapus PIN" in boss.chat
    assert "Hapus PIN" not in admin.screen
    await boss.taps("Urungkan")
    await boss.taps("Setujui")
    await boss.says(OTHER)
    assert "Ketik PIN yang sama sekali lagi" in boss.sees
    assert (await kinds(manned)).count("pin_cleared") == 1
    assert WRONG not in boss.chat and WRONG not in await everything(manned)


async def test_nothing_of_it_is_kept_of_what_was_edited_typed_as_a_command_or_put_aside(manned: Office) -> None:
    boss, run = manned.author, table(RunRow)
    await comes_to_be_approved(manned)
    await boss.says(f"/{PIN}")
    assert "PIN terdiri atas enam angka" in boss.sees
    assert PIN not in boss.chat and PIN not in await everything(manned)
    boss.world.edit_text(boss.id, boss.world.say(boss.id, "48031"), PIN)
    await manned.settle()
    assert PIN not in boss.chat  # the message is gone, whatever it was changed to

    def put(state: object) -> Callable[[Transaction], object]:
        return lambda tx: tx.connection.execute(run.update().values(state=state)).rowcount

    whole = await manned.app.database.run(lambda tx: tx.connection.execute(select(run.c.state)).scalar_one())
    await manned.app.database.run(put('{"is": "x"}'))
    await boss.says(OTHER)  # over which we stumble until it is put aside
    await manned.app.database.run(put(whole))

    assert "disisihkan" in manned.manager.sees
    kept = await everything(manned)
    assert PIN not in kept and OTHER not in kept
