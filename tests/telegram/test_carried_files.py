"""A letter with a file: sent by the id that Telegram knows, or drawn by us; never a file of our own by its name."""

from pathlib import Path
from typing import Any

import pytest

from bot.engine.messages import Form
from bot.sandbox.files import THUMBNAIL
from bot.storage.database import Transaction
from bot.views.screen import Drawn, Known, Screen
from tests.conftest import Office


async def carry(office: Office, file: Known | Drawn) -> None:
    await office.app.database.run(_put, Screen("<b>Laporan 1</b>", file=file))
    office.app.sender.wake()
    await office.settle()


def file_id(message: dict[str, Any], form: Form) -> str:
    """The id of the file of a message."""
    held = message[form.value]
    return str(held[-1]["file_id"] if form is Form.PHOTO else held["file_id"])


def _put(tx: Transaction, screen: Screen) -> None:
    tx.letters.put("a letter", 104, screen)


@pytest.mark.parametrize("form", list(Form))
async def test_a_letter_brings_the_file_that_was_sent(office: Office, form: Form) -> None:
    manager = office.manager
    match form:
        case Form.PHOTO:
            number = await manager.sends_photo()
        case Form.DOCUMENT:
            number = await manager.sends_document("berkas.pdf", b"%PDF")
        case Form.VOICE:
            number = await manager.sends_voice()
    sent = file_id(office.world.message(104, number), form)

    await carry(office, Known(form, sent))

    assert file_id(manager.messages[-1], form) == sent
    assert manager.messages[-1]["caption"] == "Laporan 1"


async def test_a_picture_of_our_own_is_brought(office: Office) -> None:
    await office.manager.says("/start")

    await carry(office, Drawn(THUMBNAIL))

    found = office.world.files.by_id(file_id(office.manager.messages[-1], Form.PHOTO))
    assert found is not None
    assert found.data == THUMBNAIL


@pytest.mark.parametrize("name", ["a_secret_of_the_office", "./a_secret_of_the_office", "BQACunknown_to_telegram_1"])
async def test_the_words_arrive_without_a_file_whose_id_is_none(
    office: Office, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.manager.says("/start")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a_secret_of_the_office").write_text("secret")

    await carry(office, Known(Form.DOCUMENT, name))

    assert office.manager.messages[-1]["text"] == "Laporan 1"
    assert all("document" not in one for one in office.manager.messages)
