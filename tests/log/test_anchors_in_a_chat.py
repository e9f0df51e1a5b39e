"""The chat that an office chooses gets the hash of the log once a day, silently, whatever is restarted."""

from pathlib import Path

from bot.storage.anchors import read
from bot.storage.audit import verify
from tests.conftest import StartOffice

INSPECTOR = 999


async def test_the_chat_gets_one_a_day_and_verify_reads_what_it_got(start_office: StartOffice, tmp_path: Path) -> None:
    async with start_office() as office:
        await office.person(INSPECTOR).says("/start")
    (tmp_path / "office.yaml").write_text(f"anchors: {INSPECTOR}\n")
    for day in (1, 0):
        async with start_office() as office:
            inspector = office.person(INSPECTOR)
            await office.later(days=day, minutes=5)
    assert inspector.chat.count("Jangkar jejak audit 25 November 2026") == 1

    async with start_office() as office:
        await office.later(days=1)
        told = read(inspector.chat)
        found = await office.app.database.run(lambda tx: verify(tx.connection, told))

    assert len(told) == 2
    assert found.broken is None


async def test_a_chat_that_is_lost_is_told_to_the_admin_once_and_gets_what_it_missed(
    start_office: StartOffice, tmp_path: Path
) -> None:
    async with start_office() as office:
        await office.person(INSPECTOR).says("/start")
        await office.manager.says("/start")
    (tmp_path / "office.yaml").write_text(f"anchors: {INSPECTOR}\n")
    async with start_office() as office:
        inspector, admin = office.person(INSPECTOR), office.manager
        await inspector.blocks()
        for _ in range(4):
            await office.later(days=1)
            await office.later(minutes=5)

        assert admin.chat.count("tidak terjangkau") == 1
        assert f"{INSPECTOR}" in admin.sees and "25 November 2026" in admin.sees

        await inspector.unblocks()
        await office.later(days=1)
        found = await office.app.database.run(lambda tx: verify(tx.connection, read(inspector.chat)))

    assert len(read(inspector.chat)) == 5
    assert found.broken is None
    assert admin.chat.count("tidak terjangkau") == 1
