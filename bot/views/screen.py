"""What a phone shows: a text in Telegram's HTML, and rows of buttons under it."""

from dataclasses import dataclass
from enum import StrEnum
from html import escape

from bot.engine.messages import Form

LONGEST = 4096
"""Characters that Telegram takes in one message, counted after its markup is read."""

LONGEST_CAPTION = 1024
"""The same, where the text stands under a file."""


class Style(StrEnum):
    """A button's colour; it must also read without."""

    PLAIN = ""
    GO = "success"
    MAIN = "primary"
    STOP = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """A label and what a tap on it sends back, at most 64 bytes."""

    label: str
    data: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Known:
    """A file that Telegram has already, under the id that it gave to this bot."""

    form: Form
    file_id: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture of our own, as PNG."""

    png: bytes


@dataclass(frozen=True, slots=True)
class Screen:
    """One message. Letters have no rows, and they alone may carry a file; then the text is its caption."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    file: Known | Drawn | None = None


def h(text: str) -> str:
    """`text` from a file or a person, safe inside Telegram's HTML."""
    return escape(text, quote=False)


def cut(text: str, longest: int) -> str:
    """`text` with at most `longest` characters, an ellipsis telling what is gone. Cut before it is escaped."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
