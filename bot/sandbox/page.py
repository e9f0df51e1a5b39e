"""The page with the phones: what they show goes out as one stream of changes, what people do comes in by POST."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.sandbox.clock import MovableClock
from bot.sandbox.world import World

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Json: TypeAlias = dict[str, Any]

WITA = ZoneInfo("Asia/Makassar")
ASSETS = Path(__file__).with_name("page")
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

LARGEST = 20 * 1024 * 1024
"""Bytes of a photo or a document: what a bot may fetch from Telegram."""

BEAT = 15
"""Seconds after which the stream speaks even if nothing changed, so that either side notices that the other is gone."""

PATIENCE = 15
"""Seconds for which a tapped button turns before the page gives up on an answer."""

GUARDED = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Sent with every answer. A file that somebody uploaded gets no rights either."""
