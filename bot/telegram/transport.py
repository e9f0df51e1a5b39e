"""HTTP for python-telegram-bot over aiohttp: connections are kept, and many calls run side by side."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, cast

import aiohttp
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

SLOWEST = 30.0
"""Seconds for an answer. Telegram itself may hold a throttled call for eight; giving up earlier invites doubles."""


class NotSent(NetworkError):
    """The call surely did not reach Telegram, so that it may be made again."""


class AiohttpRequest(BaseRequest):
    """The network seam of python-telegram-bot."""

    def __init__(self, connections: int = 128) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds that are waited for an answer where the caller does not say."""
        return SLOWEST

    async def initialize(self) -> None:
        """Open the session."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=75)
            self._session = aiohttp.ClientSession(connector=connector, skip_auto_headers=["User-Agent"])

    async def shutdown(self) -> None:
        """Close it."""
        if self._session is not None:
            await self._session.close()

    async def post_json(self, url: str, values: Mapping[str, Any]) -> Any:
        """Call with plain values as JSON, and return the plain result. Raises what `post` raises."""
        # python-telegram-bot hands on unread what it is given for `do_request`, and reads the answer's errors for us
        return await self.post(url, cast(RequestData, _Json(values)))

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What Telegram answered. Raises TelegramError, and unlike the library's own way logs nothing of it: where it
        is cut off, it may still hold what people wrote."""
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except ValueError:
            raise TelegramError("the answer is no JSON") from None
        if not isinstance(answer, dict):
            raise TelegramError("the answer is no object")
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call. Raises NotSent, TimedOut or NetworkError, never with the address in the text."""
        if self._session is None:
            raise RuntimeError("the request was not initialized")
        seconds = read_timeout if isinstance(read_timeout, int | float) else SLOWEST
        limits = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=seconds)
        try:
            async with self._session.request(method, url, **_body(request_data), timeout=limits) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, ConnectionError, asyncio.IncompleteReadError) as error:
            raise NetworkError(type(error).__name__) from None


class _Json(dict[str, Any]):
    """The values of a call, as they are."""


def _body(data: RequestData | None) -> dict[str, Any]:
    """How a call's values go into the request."""
    if isinstance(data, _Json):
        return {"json": data}
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": data.json_parameters}
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, kind) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return {"data": form}
