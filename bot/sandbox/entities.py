"""What is bold, what is a link: marks on a text, counted in UTF-16 units, and which of them may stand inside which.

The rules are those of TDLib, Telegram's own open library (Boost Software License 1.0)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
"""These overlap freely; where they do they are cut into pieces."""

QUOTES = frozenset({"blockquote", "expandable_blockquote"})
VERBATIM = frozenset({"pre", "code", "date_time"})
"""Nothing stands inside these, and they stand only inside a quote."""

_PRIORITY = {
    **dict.fromkeys(QUOTES, 0),
    "pre": 11,
    "code": 20,
    "date_time": 30,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}


@dataclass(frozen=True, slots=True)
class Entity:
    """One mark. `detail` is what its kind needs besides: a link, a language, a person's id, an emoji's id, a time."""

    kind: str
    offset: int
    length: int
    detail: str = ""

    @property
    def end(self) -> int:
        return self.offset + self.length

    def between(self, begin: int, end: int) -> "Entity":
        """The same mark elsewhere."""
        return Entity(self.kind, begin, end - begin, self.detail)


def units(text: str) -> int:
    """The length of `text` in UTF-16 units, in which offsets are counted."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Earlier ones first, then longer ones, then by kind."""
    return sorted(entities, key=_order)


def _order(entity: Entity) -> tuple[int, int, int]:
    priority = _PRIORITY.get(entity.kind, 50)
    return entity.offset, -entity.length, priority - 1 if entity.kind == "pre" and entity.detail else priority


def fixed(entities: Iterable[Entity]) -> list[Entity]:
    """The same marks as Telegram keeps them: none crossing another, overlapping styles cut into pieces."""
    ordered = in_order(entities)
    return ordered if _valid(ordered) else _joined(ordered, lambda whole, quotes: _apart(whole))


def with_found(entities: list[Entity], found: list[Entity]) -> list[Entity]:
    """Fixed marks and the `found` ones that do not disturb them."""
    if not found:
        return entities
    return _joined(entities, lambda whole, quotes: _filled(whole, _within(found, quotes)))


def _joined(entities: list[Entity], settle: Callable[[list[Entity], list[Entity]], list[Entity]]) -> list[Entity]:
    styles = [entity for entity in entities if entity.kind in SPLITTABLE]
    quotes = _apart(entity for entity in entities if entity.kind in QUOTES)
    whole = settle(
        [entity for entity in entities if entity.kind not in QUOTES and entity.kind not in SPLITTABLE], quotes
    )
    frame = in_order(chain(_within(whole, quotes), quotes))
    return in_order(chain(frame, _split(styles, frame)))


def _apart(entities: Iterable[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in entities:
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _within(entities: list[Entity], quotes: list[Entity]) -> list[Entity]:
    """Those that stand inside one quote or outside all of them."""

    def crosses(entity: Entity) -> bool:
        quote = next((quote for quote in quotes if quote.end > entity.offset), None)
        return quote is not None and (quote.end < entity.end or entity.offset < quote.offset < entity.end)

    return [entity for entity in entities if not crosses(entity)]


def _filled(old: list[Entity], new: list[Entity]) -> list[Entity]:
    free = [one for one in new if not any(one.offset < other.end and other.offset < one.end for other in old)]
    return in_order(chain(old, free))


@dataclass(slots=True)
class _Open:
    begin: int
    end: int


class _Splitter:
    """Lets styles run until something begins or ends, and cuts them there."""

    def __init__(self, styles: list[Entity]) -> None:
        self.pieces: list[Entity] = []
        self._coming = styles
        self._next = 0
        self._open: dict[str, _Open] = {}

    def until(self, end: int) -> None:
        while self._next < len(self._coming) and self._coming[self._next].offset < end:
            self._begin(self._coming[self._next])
            self._next += 1
        self._cut(end)

    def _begin(self, style: Entity) -> None:
        running = self._open.get(style.kind)
        if running is not None and style.offset <= running.end:
            running.end = max(running.end, style.end)
            return
        self._cut(style.offset)
        self._open[style.kind] = _Open(style.offset, style.end)

    def _cut(self, at: int) -> None:
        for kind in SPLITTABLE:
            running = self._open.get(kind)
            if running is None or running.begin >= at:
                continue
            end = min(running.end, at)
            self.pieces.append(Entity(kind, running.begin, end - running.begin))
            running.begin = end
            if running.end <= at:
                del self._open[kind]


def _split(styles: list[Entity], frame: list[Entity]) -> list[Entity]:
    """`styles` cut at the borders of the frame, and left out where nothing may stand inside."""
    if not styles:
        return []
    splitter = _Splitter(styles)
    around: list[Entity] = []

    def move(offset: int) -> None:
        while around and offset >= around[-1].end:
            before = len(splitter.pieces)
            innermost = around.pop()
            splitter.until(innermost.end)
            if innermost.kind in VERBATIM:
                del splitter.pieces[before:]
        splitter.until(offset)

    for entity in frame:
        move(entity.offset)
        around.append(entity)
    move(max(entity.end for entity in chain(styles, frame)) + 1)
    return in_order(splitter.pieces)


def _valid(entities: list[Entity]) -> bool:
    around: list[Entity] = []
    last: dict[str, int] = {}
    for entity in entities:
        while around and entity.offset >= around[-1].end:
            around.pop()
        if around and not _may_stand(entity, around):
            return False
        if entity.kind in SPLITTABLE:
            if last.get(entity.kind, -1) >= entity.offset:
                return False
            last[entity.kind] = entity.end
        around.append(entity)
    return True


def _may_stand(entity: Entity, around: list[Entity]) -> bool:
    kinds = {outer.kind for outer in around}
    return not (
        entity.end > around[-1].end
        or entity.kind in kinds
        or around[-1].kind in VERBATIM
        or (entity.kind in VERBATIM and kinds - QUOTES)
        or (entity.kind not in SPLITTABLE and entity.kind not in VERBATIM and kinds - QUOTES - set(SPLITTABLE))
        or (entity.kind in QUOTES and kinds & QUOTES)
        or kinds & set(SPLITTABLE)
    )


def to_wire(entity: Entity) -> dict[str, Any]:
    """The mark as the Bot API writes it."""
    wire: dict[str, Any] = {"offset": entity.offset, "length": entity.length, "type": entity.kind}
    match entity.kind:
        case "text_link":
            wire["url"] = entity.detail
        case "text_mention":
            wire["user"] = {"id": int(entity.detail), "is_bot": False, "first_name": ""}
        case "custom_emoji":
            wire["custom_emoji_id"] = entity.detail
        case "pre" if entity.detail:
            wire["language"] = entity.detail
        case "date_time":
            at, _, look = entity.detail.partition(" ")
            wire["unix_time"] = int(at)
            wire["date_time_format"] = look
    return wire
