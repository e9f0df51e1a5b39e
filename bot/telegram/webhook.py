"""Takes updates that Telegram brings. Each is kept first, and only then answered."""

import asyncio
import hmac
import json

import structlog
from aiohttp import web
from telegram import Bot

from bot.settings import Address
from bot.telegram.intake import ALLOWED, Intake, Json, is_update
from bot.telegram.patience import insist
from bot.telegram.watch import Watch

log = structlog.get_logger()

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1 << 20
"""Bytes of an update. Telegram's own limit is half of it."""
SLOWEST = 10.0
"""Seconds within which a request must be here: first its head, then its body."""
LOOK = 30.0
"""Seconds between two looks at how Telegram fares with us."""


class NotBrought(Exception):
    """Telegram has updates for us and could not bring any. Its text is what Telegram says about it."""


class Webhook:
    """An endpoint of our own, and the telling of Telegram where it is.

    Any path will do: the proxy in front may change it, and what counts is the secret."""

    def __init__(self, bot: Bot, url: str, secret: str, listen: Address, intake: Intake, watch: Watch) -> None:
        self._bot = bot
        self._url = url
        self._secret = secret
        self._listen = listen
        self._intake = intake
        self._watch = watch
        self._is_set = False
        self._kept = 0
        self._strangers = 0

    async def run(self) -> None:
        """Listen until cancelled; then what is being kept is still kept."""
        endpoint = web.Application(client_max_size=LARGEST)
        endpoint.router.add_post("/{path:.*}", self._take)
        runner = web.AppRunner(
            endpoint,
            access_log=None,
            auto_decompress=False,  # a packed body could be far larger than it looks
            keepalive_timeout=SLOWEST,
            lingering_time=1,
            shutdown_timeout=SLOWEST,
        )
        await runner.setup()
        with self._watch.on_duty():
            try:
                await web.TCPSite(runner, *self._listen).start()
                await self._look_again_and_again()
            finally:
                await runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(errors="replace"), self._secret.encode()):
            self._strangers += 1
            return web.Response(status=403)
        try:
            async with asyncio.timeout(SLOWEST):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        update = _read(body)
        if update is None:
            # refused, it would come again for a day and hold up the person's other messages
            log.error("webhook.odd", size=len(body))
            return web.Response()
        try:
            async with self._watch.hearing():
                await self._intake.keep([update])
        except Exception as error:
            self._watch.missed(error)
            return web.Response(status=503)
        return web.Response()

    async def _look_again_and_again(self) -> None:
        self._is_set = False
        while True:
            await insist(self._look, self._watch.missed)
            await asyncio.sleep(LOOK)

    async def _look(self) -> None:
        if self._strangers:
            log.error("webhook.strangers", calls=self._strangers)
            self._strangers = 0
        info = await self._bot.get_webhook_info()
        if not self._is_set or info.url != self._url:
            await self._bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=ALLOWED)
            self._is_set = True
        elif info.pending_update_count and self._intake.kept == self._kept:
            raise NotBrought(info.last_error_message)
        self._kept = self._intake.kept
        async with self._watch.hearing():
            await self._watch.count(info.pending_update_count)


def _read(body: bytes) -> Json | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return update if is_update(update) else None
