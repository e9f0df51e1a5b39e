"""What a phone shows: a text in Telegram's HTML, and rows of buttons under it."""

from dataclasses import dataclass
from enum import StrEnum
from html import escape

LONGEST = 4096
"""Characters that Telegram takes in one message, counted after its markup is read."""


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
class Screen:
    """One message. Letters have no rows."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()


def h(text: str) -> str:
    """`text` from a file or a person, safe inside Telegram's HTML."""
    return escape(text, quote=False)


def cut(text: str, longest: int) -> str:
    """`text` with at most `longest` characters, an ellipsis telling what is gone. Cut before it is escaped."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
