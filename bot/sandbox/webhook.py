"""The other way round: updates are brought to the bot's own address, each queue in order, again until it takes them."""

import asyncio
import json
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.calls import Call, bad, refusal, too_many
from bot.sandbox.polling import Polling, allow
from bot.sandbox.world import World

Json = dict[str, Any]

LONGEST_ANSWER = 60.0
_PORTS = frozenset({80, 88, 443, 8443})
_HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate"}


@dataclass(frozen=True, slots=True)
class Hook:
    """Where updates are brought, and how."""

    url: str
    secret: str
    connections: int
    ip: str


class Webhook:
    """setWebhook and the like, and the carrying. `anywhere` allows http, any port and this machine's own addresses.

    `answer` carries out a call that the bot puts into its answer to an update."""

    def __init__(
        self, world: World, polling: Polling, answer: Callable[[Call], Awaitable[object]], *, anywhere: bool
    ) -> None:
        self._world = world
        self._polling = polling
        self._answer = answer
        self._anywhere = anywhere
        self._hook: Hook | None = None
        self._next_set = 0.0
        self._last_error: Json = {}
        self._carriers: dict[str, asyncio.Task[None]] = {}

    @property
    def active(self) -> bool:
        return self._hook is not None

    async def set(self, call: Call) -> tuple[bool, str]:
        """The result and its description."""
        url = call.text("url")
        if not url:
            return await self.delete(call)
        now = asyncio.get_running_loop().time()
        if now < self._next_set:
            raise too_many(1)
        self._next_set = now + 1
        hook = Hook(url, self._secret(call), call.number("max_connections", 40, 1, 100), call.text("ip_address"))
        if hook == self._hook and not call.flag("drop_pending_updates"):
            allow(self._world, call)
            return True, "Webhook is already set"
        if not self._anywhere:
            _check_address(url)
        await self._stop()
        allow(self._world, call)
        self._drop(call)
        self._polling.interrupt("terminated by setWebhook request")
        self._hook, self._last_error = hook, {}
        self._world.updates.wakes.append(self._carry)
        self._carry()
        return True, "Webhook was set"

    async def delete(self, call: Call) -> tuple[bool, str]:
        was = self._hook is not None
        await self._stop()
        self._drop(call)
        return True, "Webhook was deleted" if was else "Webhook is already deleted"

    def info(self) -> Json:
        pending = len(self._world.updates.pending(self._world.now))
        hook = self._hook
        known: Json = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": pending,
        }
        if hook is None:
            return known
        more = {"ip_address": hook.ip} if hook.ip else {}
        return {**known, "max_connections": hook.connections, **more, **self._last_error}

    async def close(self) -> None:
        """Stop carrying; what was not taken stays in the queue."""
        await self._stop()

    @staticmethod
    def _secret(call: Call) -> str:
        secret = call.text("secret_token")
        if len(secret) > 256:
            raise bad("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret, re.ASCII):
            raise bad("secret token contains unallowed characters")
        return secret

    def _drop(self, call: Call) -> None:
        if call.flag("drop_pending_updates"):
            self._world.updates.clear()

    async def _stop(self) -> None:
        if self._hook is None:
            return
        self._hook = None
        self._world.updates.wakes.remove(self._carry)
        carriers = tuple(self._carriers.values())
        for carrier in carriers:
            carrier.cancel()
        await asyncio.gather(*carriers, return_exceptions=True)

    def _carry(self) -> None:
        """Give every queue that has something and is not being carried a carrier, as far as connections allow."""
        if self._hook is None:
            return
        for queue in {_queue(update): None for update in self._world.updates.pending(self._world.now)}:
            if queue not in self._carriers and len(self._carriers) < self._hook.connections:
                carrier = asyncio.create_task(self._carry_queue(queue, self._hook))
                self._carriers[queue] = carrier
                carrier.add_done_callback(partial(self._done, queue))

    def _done(self, queue: str, _: object) -> None:
        del self._carriers[queue]
        self._carry()

    async def _carry_queue(self, queue: str, hook: Hook) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LONGEST_ANSWER)) as session:
            failures = 0
            while (update := self._first(queue)) is not None:
                after = await self._bring(session, hook, update, failures)
                if after is None:
                    failures = 0
                    self._world.updates.forget(update["update_id"])
                else:
                    failures += 1
                    await asyncio.sleep(after)

    def _first(self, queue: str) -> Json | None:
        pending = self._world.updates.pending(self._world.now)
        return next((update for update in pending if _queue(update) == queue), None)

    async def _bring(self, session: aiohttp.ClientSession, hook: Hook, update: Json, failures: int) -> float | None:
        """None once the bot has taken the update, else the seconds after which to come again."""
        secret = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, data=json.dumps(update), headers={**_HEADERS, **secret}) as response:
                body = await response.read()
                if 200 <= response.status < 300:
                    await self._reply(body)
                    return None
                self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
                return min(3600.0, float(response.headers.get("Retry-After", _pause(failures))))
        except TimeoutError:
            self._failed("Read timeout expired")
        except aiohttp.ClientConnectorError:
            self._failed("Connection refused")
        except aiohttp.ClientError:
            self._failed("Connection closed")
        return _pause(failures)

    def _failed(self, message: str) -> None:
        self._last_error = {"last_error_date": self._world.now, "last_error_message": message}

    async def _reply(self, body: bytes) -> None:
        """A call in the body of the bot's answer; its result nobody sees."""
        try:
            arguments = json.loads(body)
            method = str(arguments.pop("method"))
        except (ValueError, AttributeError, KeyError, TypeError):
            return
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in arguments.items()}
        if not method.lower().startswith("get") and method.lower() not in ("setwebhook", "deletewebhook"):
            await self._answer(Call(method, texts))


def conflict() -> Exception:
    return refusal(
        409, "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )


def _pause(failures: int) -> float:
    """The first time again comes at once, then after 2, 4, 8 … seconds, at most one or two minutes."""
    return 0.0 if failures == 0 else min(2.0**failures, random.uniform(60, 120))  # noqa: S311


def _queue(update: Json) -> str:
    """In one queue an update waits for the one before; taps wait apart from what the same person writes."""
    match update:
        case {"message": {"chat": {"id": chat}}} | {"edited_message": {"chat": {"id": chat}}}:
            return f"chat {chat}"
        case {"callback_query": {"from": {"id": user}}}:
            return f"taps {user}"
        case {"my_chat_member": {"from": {"id": user}}}:
            return f"member {user}"
        case _:
            return "others"


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        raise bad("invalid webhook URL specified") from None
    if not parts.hostname:
        raise bad("invalid webhook URL specified")
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in _PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    try:
        address = ip_address(parts.hostname)
    except ValueError:
        return
    if address.version == 6:
        raise bad("bad webhook: IPv6-only addresses are not allowed")
    if address.is_private or address.is_loopback or address.is_reserved:
        raise bad(f"bad webhook: IP address {address} is reserved")
