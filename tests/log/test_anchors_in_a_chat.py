"""The chat that an office chooses gets the hash of the log once a day, silently, whatever is restarted."""

from pathlib import Path

import pytest

from bot.storage.anchors import read
from bot.storage.audit import verify
from tests.conftest import StartOffice

INSPECTOR = 999


@pytest.fixture(autouse=True)
def chosen(tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_text(f"anchors: {INSPECTOR}\n")


async def test_the_chat_gets_one_a_day_and_verify_reads_what_it_got(start_office: StartOffice) -> None:
    for _ in range(2):
        async with start_office() as office:
            inspector = office.person(INSPECTOR)
            await inspector.says("/start")
            await office.later(minutes=5)
    assert inspector.chat.count("Jangkar jejak audit 24 November 2026") == 1

    async with start_office() as office:
        await office.later(days=1)
        told = read(inspector.chat)
        found = await office.app.database.run(lambda tx: verify(tx.connection, told))

    assert len(told) == 2
    assert found.broken is None
