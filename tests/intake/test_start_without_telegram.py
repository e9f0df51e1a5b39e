"""The bot starts while Telegram is away, and is there as soon as Telegram is."""

from tests.conftest import StartOffice
from tests.intake.conftest import Telegram, eventually


async def test_the_bot_starts_without_telegram_and_serves_once_it_comes(
    telegram: Telegram, start_office: StartOffice
) -> None:
    await telegram.goes()
    telegram.world.say(101, "/start")

    async with start_office() as office:
        office.clock.advance(minutes=1)
        await office.app.tick()  # what is due is found all the same
        await telegram.comes()
        await office.settle()

        assert "Andi" in office.clerk.sees
        await eventually(lambda: office.world.commands(101))


async def test_the_bot_stops_without_ever_having_seen_telegram(telegram: Telegram, start_office: StartOffice) -> None:
    await telegram.goes()

    async with start_office():
        pass
