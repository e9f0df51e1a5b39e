"""What a phone shows: a text in Telegram's HTML, and rows of buttons under it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import TypeAlias

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


Row = tuple[Button, ...]


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
class Written:
    """A document of our own."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Screen:
    """One message. Letters have no rows, and they alone may carry a file; then the text is its caption.

    However long the words are that it is made of, the text is one that Telegram takes."""

    text: str
    rows: tuple[Row, ...] = ()
    file: Known | Drawn | Written | None = None
    quiet: bool = False  # its message makes no sound

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", fitted(self.text, LONGEST_CAPTION if self.file else LONGEST))


@dataclass(frozen=True, slots=True)
class Vanish:
    """Not a message, but that one goes: what somebody wrote and is not to stand there."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Menu:
    """Not a message, but what somebody finds in the menu of the chat: commands and what they do; none takes it away."""

    commands: tuple[tuple[str, str], ...]


Sendable: TypeAlias = Screen | Vanish | Menu
"""What a letter carries."""


def h(text: str) -> str:
    """`text` from a file or a person, safe inside Telegram's HTML."""
    return escape(text, quote=False)


def cut(text: str, longest: int) -> str:
    """`text` with at most `longest` characters, an ellipsis telling what is gone. Cut before it is escaped."""
    if _units(text) <= longest:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (longest - 1)]
    return kept.decode("utf-16-le", "ignore").rstrip() + "…"


def quoted(text: str, file: Known | None = None) -> str:
    """Somebody's words on a line of their own, short enough to stand under a file where there is one."""
    return f"\n“{h(cut(text, 700 if file else 1500))}”" if text else ""


_PIECE = re.compile("<[^>]*>|&[a-z]+;|.")


def fitted(html: str, longest: int) -> str:
    """`html` with at most `longest` characters to be seen. Where it has more, its longest lines give way, visibly."""
    if _units(html) <= longest:
        return html
    lines = [_PIECE.findall(line) for line in html.split("\n")]
    widths = [sum(map(_width, line)) for line in lines]
    # as if poured over all lines: the highest level at which everything has room
    most = bisect_right(range(longest), longest, key=lambda level: sum(min(width, level) + 1 for width in widths)) - 1
    return "\n".join(
        "".join(_shortened(line, most) if width > most else line) for line, width in zip(lines, widths, strict=True)
    )


def _shortened(line: Iterable[str], most: int) -> Iterator[str]:
    """The pieces of a line that has more than `most` characters: what has room, an ellipsis, and every mark."""
    room = most - 1
    for piece in line:
        width = _width(piece)
        if width > room >= 0:
            yield "…"
            room = -1
        elif width == 0 or room >= 0:
            yield piece
            room -= width


def _width(piece: str) -> int:
    """As Telegram counts: nothing for a mark, one for what is escaped, two for most emoji."""
    return 0 if piece[0] == "<" else 1 if piece[0] == "&" else _units(piece)


def _units(text: str) -> int:
    """Characters as Telegram counts them."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
