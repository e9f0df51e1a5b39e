"""The page with the phones: what they show goes out as one stream of changes, what people do comes in by POST."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.sandbox.clock import MovableClock, month_after
from bot.sandbox.world import Change, World

Json: TypeAlias = dict[str, Any]
Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

ASSETS = Path(__file__).with_name("page")
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
WITA = ZoneInfo("Asia/Makassar")

LARGEST = 20 << 20
"""Bytes of a photo or a document: more than this a bot could not fetch."""

BEAT = 15
"""Seconds after which the stream speaks even if nothing changed, so that each side notices when the other is gone."""

AGAIN = 1000
"""Milliseconds after which a page that lost the stream asks for it again."""

PATIENCE = 15
"""Seconds for which a tapped button turns before the page gives up on an answer."""

GUARDED = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Headers of every answer, uploaded files too: nothing that a person or the bot sent may run in the page."""


@dataclass(frozen=True, slots=True)
class Phone:
    """Whose phone it is. The role is told in Indonesian; of Pelaksana, Pengawas, Penulis and Pimpinan the page knows
    the English too."""

    user_id: int
    name: str
    role: str


class Page:
    """The phones of `people`, who are in `world` already, and the clock that is moved on above them.

    `on_clock` is awaited after each move, before the page hears that it is done."""

    def __init__(
        self, world: World, people: Sequence[Phone], clock: MovableClock, on_clock: Callable[[], Awaitable[None]]
    ) -> None:
        self._world = world
        self._people = {phone.user_id: phone for phone in people}
        self._clock = clock
        self._on_clock = on_clock
        self._streams: set[asyncio.Task[Any]] = set()

    def mount(self, app: web.Application) -> None:
        """Serve the page from `app`, and let go of whoever watches when it shuts down."""
        app.add_routes(self.routes())
        app.on_shutdown.append(self._hang_up)

    def routes(self) -> list[web.RouteDef]:
        """All that the page asks for. Added without `mount`, open streams hold up the shutdown."""
        return [
            web.get("/", _guarded(_asset)),
            web.get("/page/{name}", _guarded(_asset)),
            web.get("/events", _guarded(self._events)),
            web.get("/files/{file_id}", _guarded(self._file)),
            web.post("/clock", _guarded(self._move)),
            web.post(r"/phones/{user_id:\d+}/say", _guarded(self._say)),
            web.post(r"/phones/{user_id:\d+}/tap", _guarded(self._tap)),
            web.post(r"/phones/{user_id:\d+}/photo", _guarded(self._photo)),
            web.post(r"/phones/{user_id:\d+}/document", _guarded(self._document)),
        ]

    # What goes out

    async def _events(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={**GUARDED, "Content-Type": "text/event-stream"})
        await stream.prepare(request)
        task = asyncio.current_task()
        assert task is not None
        self._streams.add(task)
        changes = self._world.subscribe()
        try:
            await self._pour(stream, changes)
        except ConnectionResetError:  # the page was closed
            pass
        finally:
            self._world.unsubscribe(changes)
            self._streams.discard(task)
        return stream

    async def _pour(self, stream: web.StreamResponse, changes: asyncio.Queue[Change]) -> None:
        """Everything first, then what changed, until somebody hangs up."""
        await stream.write(f"retry: {AGAIN}\n\n".encode())
        event = self._everything()
        while True:
            event["now"] = self._now()
            await stream.write(f"data: {json.dumps(event)}\n\n".encode())
            event = {"phones": self._news(await _batch(changes))}

    def _everything(self) -> Json:
        return {
            "people": [{"id": one.user_id, "name": one.name, "role": one.role} for one in self._people.values()],
            "phones": {user_id: self._shown(user_id, self._world.history(user_id), ()) for user_id in self._people},
        }

    def _news(self, batch: Sequence[Change]) -> dict[int, Json]:
        """What the phones have to show after these changes; a phone that none of them touches is left out."""
        touched = {change.user_id for change in batch}
        return {
            user_id: self._shown(user_id, *_written(change for change in batch if change.user_id == user_id))
            for user_id in self._people
            if user_id in touched
        }

    def _shown(self, user_id: int, messages: Iterable[Json], gone: Iterable[int]) -> Json:
        return {
            "messages": list(messages),
            "gone": list(gone),
            "commands": self._world.commands(user_id),
            "pinned": next(iter(self._world.chats[user_id].pinned), None),
        }

    def _now(self) -> int:
        """Milliseconds since 1970, as browsers count."""
        return int(self._clock().timestamp() * 1000)

    async def _file(self, request: web.Request) -> web.Response:
        file = self._world.files.by_id(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound(headers=GUARDED)
        if file.kind == "photo":  # a browser tells a PNG from a JPEG by itself
            return web.Response(body=file.data, content_type="image/jpeg", headers=GUARDED)
        return web.Response(body=file.data, headers={**GUARDED, "Content-Disposition": "attachment"})

    async def _hang_up(self, _app: web.Application) -> None:
        for stream in self._streams:
            stream.cancel()

    # What comes in

    async def _say(self, request: web.Request) -> web.Response:
        body = await request.json()
        number = self._world.say(self._owner(request), body["text"], body["reply_to"])
        return _told({"message": number})

    async def _tap(self, request: web.Request) -> web.Response:
        body = await request.json()
        changes = self._world.subscribe()
        try:
            query = self._world.tap(self._owner(request), body["message"], body["data"])
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    while not self._world.answers(query):
                        await changes.get()
        finally:
            self._world.unsubscribe(changes)
        answers = self._world.answers(query)
        answer = answers[0] if answers else {}
        return _told(
            {"answered": bool(answers), "text": answer.get("text", ""), "alert": answer.get("show_alert", False)}
        )

    async def _photo(self, request: web.Request) -> web.Response:
        data = await _bytes(request)
        number = self._world.send_photo(self._owner(request), data, request.query["caption"] or None)
        return _told({"message": number})

    async def _document(self, request: web.Request) -> web.Response:
        data, query = await _bytes(request), request.query
        mime = query["mime"] or "application/octet-stream"
        number = self._world.send_document(self._owner(request), query["name"], data, mime, query["caption"] or None)
        return _told({"message": number})

    async def _move(self, request: web.Request) -> web.Response:
        self._clock.advance(_until(self._clock(), (await request.json())["by"]))
        await self._on_clock()
        return _told({"now": self._now()})

    def _owner(self, request: web.Request) -> int:
        return self._people[int(request.match_info["user_id"])].user_id


def _guarded(handler: Handler) -> Handler:
    """`handler` for our own page alone; what a phone would not send is answered 400."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        if not _is_ours(request):
            raise web.HTTPForbidden(text="This page is only for the machine that serves it.", headers=GUARDED)
        try:
            return await handler(request)
        except (KeyError, ValueError) as wrong:
            raise web.HTTPBadRequest(text=str(wrong), headers=GUARDED) from wrong

    return guarded


def _is_ours(request: web.Request) -> bool:
    """True where no other site can be behind the call.

    Another site cannot give its pages our Origin, nor make its own name a bare address: the trick of pointing a name
    at this machine ends at Host."""
    if not _is_address(urlsplit(f"//{request.host}").hostname):
        return False
    origin = request.headers.get("Origin")
    return request.method == "GET" if origin is None else origin == f"{request.scheme}://{request.host}"


def _is_address(name: str | None) -> bool:
    try:
        ip_address(name or "")
    except ValueError:
        return name == "localhost"
    return True


async def _asset(request: web.Request) -> web.Response:
    file = ASSETS / request.match_info.get("name", "index.html")
    if file.parent != ASSETS or file.suffix not in KINDS or not file.is_file():
        raise web.HTTPNotFound(headers=GUARDED)
    return web.Response(body=file.read_bytes(), content_type=KINDS[file.suffix], charset="utf-8", headers=GUARDED)


async def _bytes(request: web.Request) -> bytes:
    return await request.clone(client_max_size=LARGEST).read()


async def _batch(changes: asyncio.Queue[Change]) -> list[Change]:
    """All changes that are there once there is one; none where nothing happens for a beat."""
    batch: list[Change] = []
    with suppress(TimeoutError):
        batch.append(await asyncio.wait_for(changes.get(), BEAT))
    while not changes.empty():
        batch.append(changes.get_nowait())
    return batch


def _written(changes: Iterable[Change]) -> tuple[list[Json], list[int]]:
    """The messages that now stand otherwise, oldest first and each as it is last, and the numbers of those gone."""
    messages: dict[int, Json] = {}
    gone: list[int] = []
    for change in changes:
        match change.kind:
            case "message" | "edit":
                messages[change.body["message_id"]] = change.body
            case "delete":
                messages.pop(change.body["message_id"], None)
                gone.append(change.body["message_id"])
    return list(messages.values()), gone


def _until(now: datetime, by: str) -> timedelta:
    """How long it is until an hour, a day, a week or a calendar month later. Raises ValueError for another word."""
    match by:
        case "hour":
            return timedelta(hours=1)
        case "day":
            return timedelta(days=1)
        case "week":
            return timedelta(weeks=1)
        case "month":
            return month_after(now.astimezone(WITA)) - now
        case _:
            raise ValueError(f"no such step: {by}")


def _told(body: Json) -> web.Response:
    return web.json_response(body, headers=GUARDED)
