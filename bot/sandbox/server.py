"""The Bot API over HTTP on this machine, as strict as Telegram's own; faults can be put in between."""

import asyncio
import json
from typing import Any, Self

from aiohttp import web

from bot.sandbox.api import Answer, Api, refused
from bot.sandbox.calls import Call, Refusal, Upload, refusal, too_many
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.world import World

Json = dict[str, Any]

LARGEST_REQUEST = 50 << 20
"""Bytes."""

_GATEWAY = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>"
)


class Server:
    """`async with Server(world) as server:` answers at `server.url`, on a free port unless one is named.

    `app` takes more routes until it is entered. `local_webhooks` lets updates be brought to this machine."""

    def __init__(
        self,
        world: World,
        faults: Faults | None = None,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        flood: bool = True,
        local_webhooks: bool = False,
    ) -> None:
        self.world = world
        self.faults = faults
        self.app = web.Application(client_max_size=LARGEST_REQUEST)
        self.app.router.add_route("*", "/bot{token}/{method}", self._method)
        self.app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._api = Api(world, flood=flood, local_webhooks=local_webhooks)
        self._host, self._port = host, port
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._api.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Where methods are, without the token: `{url}/bot{token}/{method}`."""
        return f"http://{self._host}:{self._runner.addresses[0][1]}"

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if not request.content_type.startswith("multipart/"):
            await request.read()  # what has arrived is worked on, even where the caller is gone meanwhile
        fault = self.faults.draw(method) if self.faults else None
        if self.faults and self.faults.latency:
            await asyncio.sleep(self.faults.latency)
        if fault is not None and (spoilt := await self._spoilt(fault, request)) is not None:
            return spoilt
        answer = self._stranger(request) or await self._answer(request, method)
        match fault:
            case Fault.CUT_AFTER:
                return _cut(request)
            case Fault.GARBLED:
                return _garbled(answer)
            case _:
                return _response(answer)

    def _stranger(self, request: web.Request) -> Answer | None:
        """The refusal of a wrong token."""
        token = request.match_info["token"]
        if token == self.world.token:
            return None
        number, colon, _ = token.partition(":")
        if not colon or not number.isdecimal():
            return refused(Refusal(404, "Not Found"))
        return refused(Refusal(401, "Unauthorized"))

    async def _answer(self, request: web.Request, method: str) -> Answer:
        try:
            return await self._api.answer(await _call(request, method))
        except web.HTTPRequestEntityTooLarge:
            return refused(Refusal(413, "Request Entity Too Large"))
        except ValueError:
            return refused(refusal(400, "can't parse the request"))

    async def _spoilt(self, fault: Fault, request: web.Request) -> web.StreamResponse | None:
        """The answer to a call that goes wrong before the work, None where the work is still done."""
        assert self.faults is not None
        match fault:
            case Fault.FLOOD:
                return _response(refused(too_many(self.faults.retry_after)))
            case Fault.ERROR:
                return _response(refused(Refusal(500, "Internal Server Error")))
            case Fault.GATEWAY:
                return web.Response(status=502, text=_GATEWAY, content_type="text/html")
            case Fault.UNAUTHORIZED:
                return _response(refused(Refusal(401, "Unauthorized")))
            case Fault.NOT_FOUND:
                return _response(refused(Refusal(404, "Not Found")))
            case Fault.CUT_BEFORE:
                return _cut(request)
            case Fault.SLOW:
                await asyncio.sleep(self.faults.slowness)
                return None
            case Fault.CUT_AFTER | Fault.GARBLED:
                return None

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if (stranger := self._stranger(request)) is not None:
            return _response(stranger)
        file = self.world.files.by_path(request.match_info["path"])
        if file is None or file.too_big:
            return _response(refused(Refusal(404, "Not Found")))
        return web.Response(body=file.data, content_type="application/octet-stream")


async def _call(request: web.Request, method: str) -> Call:
    """The arguments from the address and from the body, however they are written."""
    args = dict(request.query)
    if request.content_type == "application/json":
        return Call(method, args | _arguments(await request.read()))
    files = {}
    for name, given in (await request.post()).items():
        if isinstance(given, web.FileField):
            files[name] = Upload(given.filename, given.content_type, given.file.read())
        else:
            args[name] = given if isinstance(given, str) else bytes(given).decode()
    return Call(method, args, files)


def _arguments(body: bytes) -> dict[str, str]:
    """Arguments written as one JSON object. Raises ValueError for anything else."""
    values = json.loads(body or b"{}")
    if not isinstance(values, dict):
        raise ValueError("arguments are a JSON object")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}


def _response(answer: Answer) -> web.Response:
    response = web.Response(status=answer.status, body=_written(answer), content_type="application/json")
    if answer.status == 429:
        response.headers["Retry-After"] = str(answer.body["parameters"]["retry_after"])
    return response


def _garbled(answer: Answer) -> web.Response:
    """The first half of the answer, as if it were all."""
    body = _written(answer)
    return web.Response(status=answer.status, body=body[: len(body) // 2], content_type="application/json")


def _written(answer: Answer) -> bytes:
    return json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _cut(request: web.Request) -> web.StreamResponse:
    """Close the line without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
