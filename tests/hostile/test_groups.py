"""Groups and channels: the bot does not stay, says nothing there, and does nothing that is said there."""

import pytest

from bot.sandbox.faults import Fault
from tests.conftest import Office

GROUP = -1_001_234_567_890


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_taken_into_a_group_the_bot_leaves_and_tells_why_in_private(office: Office, kind: str) -> None:
    await office.clerk.says("/start")

    office.world.add_to_group(101, GROUP, kind)
    await office.settle()

    assert office.world.groups == {}
    assert "Saya keluar dari grup" in office.clerk.sees


async def test_a_stranger_who_takes_it_into_a_group_hears_nothing(office: Office) -> None:
    office.world.add_to_group(999, GROUP)
    await office.settle()

    assert office.world.groups == {}
    assert office.person(999).messages == []


async def test_the_reason_is_told_once_an_hour(office: Office) -> None:
    await office.clerk.says("/start")
    for _ in range(3):
        office.world.add_to_group(101, GROUP)
        await office.settle()

    assert office.world.groups == {}
    assert office.clerk.chat.count("Saya keluar dari grup") == 1


async def test_where_it_cannot_leave_it_stays_silent(office: Office) -> None:
    office.faults.methods = frozenset({"leavechat"})
    office.faults.next(Fault.ERROR)
    office.world.add_to_group(101, GROUP)
    await office.settle()
    before = len(office.clerk.messages)
    heard = {"message_id": 5, "from": {"id": 101, "is_bot": False, "first_name": "Andi"}, "date": office.world.now}
    command = {"text": "/start", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]}

    office.world.push_raw({"message": {**heard, **command, "chat": office.world.groups[GROUP]}})
    await office.settle()

    assert len(office.clerk.messages) == before
