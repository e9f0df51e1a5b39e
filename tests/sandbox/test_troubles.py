"""Speed limits, faults on purpose, and updates that are brought to the bot."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.calls import Refusal
from bot.sandbox.faults import TRANSIENT, Fault, Faults
from bot.sandbox.flood import Flood
from bot.sandbox.server import Server
from bot.sandbox.world import World
from tests.sandbox.line import ANI, TOKEN, Line, buttons


def test_five_messages_go_at_once_and_then_one_a_second() -> None:
    flood = Flood()

    assert [flood.wait("7", 0.0) for _ in range(8)] == [0, 0, 0, 0, 0, 1, 2, 3]
    assert flood.wait("8", 0.0) == 0


def test_a_wait_of_more_than_eight_seconds_is_refused_and_costs_nothing() -> None:
    flood = Flood()
    for _ in range(13):
        flood.wait("7", 0.0)

    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            flood.wait("7", 0.0)
        assert refused.value == Refusal(429, "Too Many Requests: retry after 9", 9)
    assert flood.wait("7", 9.0) == 0


def test_thirty_chats_go_at_once_and_then_thirty_a_second() -> None:
    flood = Flood()

    waits = [flood.wait(str(chat), 0.0) for chat in range(60)]

    assert waits[:30] == [0] * 30
    assert waits[59] == pytest.approx(1.0)


async def test_too_much_is_answered_429_with_the_seconds_to_wait(world: World) -> None:
    async with Server(world) as server, aiohttp.ClientSession() as session:
        args = {"chat_id": str(ANI), "text": "a"}

        async def send() -> aiohttp.ClientResponse:
            return await session.post(f"{server.url}/bot{TOKEN}/sendMessage", data=args)

        waiting = {asyncio.create_task(send()) for _ in range(14)}
        refused = None
        while refused is None:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            refused = next((task.result() for task in done if task.result().status == 429), None)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

        assert refused.headers["Retry-After"] == "9"
        assert (await refused.json())["parameters"] == {"retry_after": 9}


def test_the_same_seed_goes_wrong_the_same_way() -> None:
    logs = []
    for _ in range(2):
        faults = Faults(seed=7, rate=0.3)
        for _ in range(100):
            faults.draw("sendMessage")
        logs.append(faults.log)

    assert logs[0] == logs[1]
    assert 10 < len(logs[0]) < 60
    assert {injected.fault for injected in logs[0]} == set(TRANSIENT)


def test_faults_can_be_kept_to_some_methods() -> None:
    faults = Faults(seed=1, rate=1.0, methods=["getupdates"])

    assert faults.draw("sendMessage") is None
    assert faults.draw("getUpdates") is not None


@dataclass
class Troubled:
    line: Line
    faults: Faults

    async def writes(self) -> tuple[int, str]:
        """Status and content type of the answer; raises what the client raises."""
        args = {"chat_id": str(ANI), "text": "a"}
        async with self.line.session.post(self.line.address("sendMessage"), data=args) as response:
            return response.status, response.content_type

    @property
    def written(self) -> int:
        return sum(message["from"]["is_bot"] for message in self.line.world.history(ANI))


@pytest.fixture
async def troubled(world: World) -> AsyncIterator[Troubled]:
    faults = Faults(seed=1, rate=0.0, slowness=0.01)
    async with Server(world, faults, flood=False) as server, aiohttp.ClientSession() as session:
        yield Troubled(Line(server, session), faults)


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (Fault.FLOOD, (429, "application/json")),
        (Fault.ERROR, (500, "application/json")),
        (Fault.GATEWAY, (502, "text/html")),
        (Fault.UNAUTHORIZED, (401, "application/json")),
        (Fault.NOT_FOUND, (404, "application/json")),
    ],
)
async def test_a_refused_call_has_done_nothing(troubled: Troubled, fault: Fault, answer: tuple[int, str]) -> None:
    troubled.faults.next(fault)

    assert await troubled.writes() == answer
    assert troubled.written == 0
    assert (await troubled.writes())[0] == 200


@pytest.mark.parametrize(("fault", "written"), [(Fault.CUT_BEFORE, 0), (Fault.CUT_AFTER, 1)])
async def test_a_cut_line_tells_nothing_of_what_was_done(troubled: Troubled, fault: Fault, written: int) -> None:
    troubled.faults.next(fault)

    with pytest.raises(aiohttp.ClientError):
        await troubled.writes()

    assert troubled.written == written


async def test_half_an_answer_is_none_though_the_work_is_done(troubled: Troubled) -> None:
    troubled.faults.next(Fault.GARBLED)

    with pytest.raises(ValueError, match="line 1 column"):
        await troubled.line.writes()

    assert troubled.written == 1


async def test_a_slow_call_is_done_all_the_same(troubled: Troubled) -> None:
    troubled.faults.next(Fault.SLOW)

    assert (await troubled.writes())[0] == 200
    assert troubled.written == 1


@dataclass
class Bot:
    """A bot that is brought its updates; it answers with the statuses given, then with 200."""

    statuses: list[int] = field(default_factory=list)
    body: dict[str, Any] = field(default_factory=dict)
    seen: list[tuple[str, Any]] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.seen.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), update))
        self.arrived.set()
        return web.json_response(self.body, status=self.statuses.pop(0) if self.statuses else 200)

    async def has_seen(self, number: int) -> None:
        async with asyncio.timeout(5):
            while len(self.seen) < number:
                self.arrived.clear()
                await self.arrived.wait()


@pytest.fixture
async def bot(line: Line) -> AsyncIterator[Bot]:
    bot = Bot()
    app = web.Application()
    app.router.add_post("/hook", bot.take)
    async with TestServer(app) as server:
        await line.get("setWebhook", url=str(server.make_url("/hook")), secret_token="rahasia")
        yield bot
        await line.get("deleteWebhook")


async def test_updates_are_brought_in_order_with_the_secret(line: Line, bot: Bot) -> None:
    line.world.say(ANI, "a")
    line.world.say(ANI, "b")
    await bot.has_seen(2)

    assert [(secret, update["message"]["text"]) for secret, update in bot.seen] == [("rahasia", "a"), ("rahasia", "b")]


async def test_an_update_that_is_not_taken_comes_again_before_the_next(line: Line, bot: Bot) -> None:
    bot.statuses = [500]
    line.world.say(ANI, "a")
    line.world.say(ANI, "b")
    await bot.has_seen(3)

    assert [update["message"]["text"] for _, update in bot.seen] == ["a", "a", "b"]
    info = await line.get("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_a_tap_does_not_wait_for_a_message_that_is_not_taken(line: Line, bot: Bot) -> None:
    bot.statuses = [500, 500]
    line.world.say(ANI, "a")
    await bot.has_seen(2)
    line.world.tap(ANI, 1, "x")
    await bot.has_seen(3)

    assert "callback_query" in bot.seen[2][1]
    assert (await line.get("getWebhookInfo"))["pending_update_count"] >= 1


async def test_the_bot_may_call_a_method_in_its_answer(line: Line, bot: Bot) -> None:
    bot.body = {"method": "sendMessage", "chat_id": ANI, "text": "Halo", "reply_markup": buttons("Ya")}
    changes = line.world.subscribe()
    line.world.say(ANI, "a")
    async with asyncio.timeout(5):
        while not (await changes.get()).body["from"]["is_bot"]:
            pass

    assert line.world.history(ANI)[-1]["reply_markup"] == buttons("Ya")


async def test_nobody_can_ask_while_updates_are_brought(line: Line, bot: Bot) -> None:
    assert (await line.complaint("getUpdates")).startswith("Conflict: can't use getUpdates method while webhook is")


async def test_a_new_address_ends_a_held_question_and_says_what_it_did(line: Line) -> None:
    asked = asyncio.create_task(line.complaint("getUpdates", timeout=50))
    await line.is_held()

    said = await line.ask("setWebhook", url="http://127.0.0.1:1/")

    assert await asked == "Conflict: terminated by setWebhook request"
    assert said["description"] == "Webhook was set"
    assert (await line.ask("setWebhook", url="http://127.0.0.1:1/"))["parameters"] == {"retry_after": 1}
    line.world.say(ANI, "a")
    assert (await line.ask("deleteWebhook", drop_pending_updates=True))["description"] == "Webhook was deleted"
    assert line.world.updates.pending(line.world.now) == []
    assert (await line.ask("deleteWebhook"))["description"] == "Webhook is already deleted"
    assert (await line.get("getWebhookInfo"))["url"] == ""
