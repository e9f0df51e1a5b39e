"""Polling goes on whatever Telegram answers, and may be ended and begun again at any moment."""

import asyncio

import aiohttp
import pytest

from bot.sandbox.faults import Fault
from tests.conftest import TOKEN, Office


@pytest.mark.parametrize("fault", list(Fault))
async def test_polling_goes_on_whatever_telegram_answers(office: Office, fault: Fault) -> None:
    await office.clerk.says("/bantuan")
    office.faults.methods = frozenset({"getupdates"})
    office.faults.next(fault, fault)
    office.world.say(101, "/lapor")  # the call that waits takes it, the next two go wrong
    office.world.say(101, "/bahasa")

    await office.settle()

    assert office.faults.log
    assert "SOP mana yang dimaksud" in office.clerk.chat
    assert "Bahasa apa" in office.clerk.chat


async def test_polling_that_is_ended_at_any_moment_loses_nothing_and_doubles_nothing(office: Office) -> None:
    await office.clerk.says("/bantuan")
    polling = office.app.incoming
    office.app._lead[0].cancel()

    for number in range(30):
        office.world.say(101, f"kata {number}")
        once = asyncio.create_task(polling.run())
        await asyncio.sleep(0.002 * number)
        once.cancel()
        await asyncio.gather(once, return_exceptions=True)
    last = asyncio.create_task(polling.run())
    await office.settle()
    last.cancel()

    handled = await office.app.database.run(lambda tx: tx.connection.exec_driver_sql(HANDLED).scalar())
    assert handled == 31


HANDLED = "SELECT count(*) FROM inbox WHERE state = 'done'"


async def test_whoever_polls_beside_us_loses_the_line_again(office: Office) -> None:
    address = f"{office.app.settings.telegram_api_url}/bot{TOKEN}/getUpdates?timeout=20"
    async with aiohttp.ClientSession() as somebody_else, somebody_else.get(address) as answer:
        assert answer.status == 409  # ours, sent away by theirs, came back and sent theirs away

    await office.clerk.says("/bantuan")

    assert "Yang dapat Anda lakukan" in office.clerk.sees
