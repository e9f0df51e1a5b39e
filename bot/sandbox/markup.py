"""Reads Telegram's HTML exactly as Telegram does, down to the words of its complaints.

The grammar and the complaints are those of TDLib, Telegram's own open library (Boost Software License 1.0)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.sandbox import links
from bot.sandbox.entities import Entity, fixed, in_order, units, with_found
from bot.sandbox.found import find

_LONGEST_BYTES = 35_000
_KINDS = {
    b"b": "bold",
    b"strong": "bold",
    b"i": "italic",
    b"em": "italic",
    b"u": "underline",
    b"ins": "underline",
    b"s": "strikethrough",
    b"strike": "strikethrough",
    b"del": "strikethrough",
    b"tg-spoiler": "spoiler",
    b"span": "spoiler",
    b"a": "text_link",
    b"pre": "pre",
    b"code": "code",
    b"blockquote": "blockquote",
    b"tg-emoji": "custom_emoji",
    b"tg-time": "date_time",
}
_SPACES = (b" ", b"\t", b"\r", b"\n", b"\v", b"\0")
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_SPECIAL = re.compile(rb"[<&]")
_REFERENCE = re.compile(rb"&(?:#x([0-9A-Fa-f]*)|#([0-9]*)|([A-Za-z]*))")
_TAG_NAME = re.compile(rb"[^ \t\r\n\v\0>]*")
_ATTRIBUTE_NAME = re.compile(rb"[^ \t\r\n\v\0=>/\"']*")
_TOKEN = re.compile(rb"[A-Za-z0-9.\-]*")
_BLANKS = re.compile(rb"[ \t\r\n\v]*")
_VISIBLE = re.compile(
    r"[^ \n\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufffc\ufeff\u00a0\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
_GONE = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_DIRECTION_MARKS = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")


class Malformed(ValueError):
    """A text that Telegram does not take; the message is its complaint."""


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters and the marks on them."""

    plain: str
    entities: tuple[Entity, ...] = ()


@dataclass(slots=True)
class _Tag:
    name: bytes
    begin: int
    position: int
    argument: str = ""
    unix: int = 0


def parse_html(html: str) -> Text:
    """The characters and marks of `html`, neither cleaned nor trimmed. Raises Malformed."""
    return _Reader(html).read()


def bare(plain: str) -> str:
    """`plain` without the characters that Telegram takes out, tabs and the like as spaces."""
    return _DIRECTION_MARKS.sub(lambda found: "\u200c" * len(found[0]), _CONTROL.sub(" ", _GONE.sub("", plain)))


def cleaned(text: Text) -> Text:
    """What stands in the chat when `text` is sent: trimmed, freed of odd characters, links and the like marked.

    Empty where nothing visible is left. Raises Malformed for marks that do not fit the text."""
    text = _without_odd_characters(replace(text, entities=tuple(fixed(_not_empty(text.entities)))))
    text = _trimmed(replace(text, entities=tuple(fixed(_not_empty(text.entities)))))
    if not _VISIBLE.search(text.plain):
        return Text("")
    text = _shortened(text)
    return Text(text.plain, tuple(with_found(list(text.entities), find(text.plain))))


class _Reader:
    """One pass over the bytes; a zero byte stands behind them as the end."""

    def __init__(self, html: str) -> None:
        self._html = html.encode("utf-8", "surrogatepass")
        self._bytes = self._html + b"\0"
        self._at = 0
        self._out = bytearray()
        self._units = 0
        self._open: list[_Tag] = []
        self._entities: list[Entity] = []

    def read(self) -> Text:
        while (special := _SPECIAL.search(self._html, self._at)) is not None:
            self._copy(special.start())
            if special[0] == b"&":
                self._reference()
            elif self._bytes[self._at + 1 : self._at + 2] == b"/":
                self._end_tag()
            else:
                self._start_tag()
        self._copy(len(self._html))
        if self._open:
            raise Malformed(f'Can\'t find end tag corresponding to start tag "{_text(self._open[-1].name)}"')
        marks = (replace(one, detail="") if one.kind == "code" else one for one in self._entities)
        return Text(self._plain(), tuple(in_order(marks)))

    def _plain(self) -> str:
        try:
            return self._out.decode()
        except UnicodeDecodeError:
            raise Malformed(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            ) from None

    def _copy(self, end: int) -> None:
        piece = self._bytes[self._at : end]
        self._out += piece
        self._units += units(_text(piece))
        self._at = end

    def _reference(self) -> None:
        decoded = _decoded(self._bytes, self._at)
        if decoded is None:
            self._copy(self._at + 1)
            return
        character, self._at = decoded
        self._out += character.encode("utf-8", "surrogatepass")
        self._units += units(character)

    def _start_tag(self) -> None:
        begin = self._at
        name = self._match(_TAG_NAME, begin + 1).lower()
        if not self._left():
            raise Malformed(f"Unclosed start tag at byte offset {begin}")
        if name not in _KINDS:
            raise Malformed(f'Unsupported start tag "{_text(name)}" at byte offset {begin}')
        tag = _Tag(name, self._units, len(self._out))
        self._attributes(tag, begin)
        if name == b"span" and tag.argument != "spoiler":
            raise Malformed(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self._open.append(tag)

    def _attributes(self, tag: _Tag, begin: int) -> None:
        where = f'"{_text(tag.name)}" at byte offset {begin}'
        while True:
            self._match(_BLANKS, self._at)
            if self._byte() == b">":
                self._at += 1
                return
            name = self._match(_ATTRIBUTE_NAME, self._at)
            if not name:
                raise Malformed(f"Empty attribute name in the tag {where}")
            self._match(_BLANKS, self._at)
            if self._byte() == b"=":
                self._match(_BLANKS, self._at + 1)
                if not self._left():
                    raise Malformed(f"Unclosed start tag {where}")
                _take(tag, name, self._value(begin))
            elif not self._left():
                raise Malformed(f"Unclosed start tag {where}")
            elif name == b"expandable" and tag.name == b"blockquote":
                tag.argument = "1"

    def _value(self, begin: int) -> bytes:
        begun = self._at
        if self._byte() in (b"'", b'"'):
            value = self._quoted()
        else:
            value = self._match(_TOKEN, begun).lower()
            if self._byte() not in (*_SPACES, b">"):
                raise Malformed(f"Unexpected end of name token at byte offset {begun}")
        if not self._left():
            raise Malformed(f"Unclosed start tag at byte offset {begin}")
        return value

    def _quoted(self) -> bytes:
        quote = self._byte()
        self._at += 1
        value = bytearray()
        while self._byte() != quote and self._left():
            decoded = _decoded(self._bytes, self._at) if self._byte() == b"&" else None
            if decoded is None:
                value += self._byte()
                self._at += 1
            else:
                character, self._at = decoded
                value += character.encode("utf-8", "surrogatepass")
        if self._left():
            self._at += 1
        return bytes(value)

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise Malformed(f"Unexpected end tag at byte offset {begin}")
        name = self._match(_TAG_NAME, begin + 2).lower()
        self._match(_BLANKS, self._at)
        if self._byte() != b">":
            raise Malformed(f"Unclosed end tag at byte offset {begin}")
        self._at += 1
        tag = self._open.pop()
        if name and name != tag.name:
            raise Malformed(
                f'Unmatched end tag at byte offset {begin}, expected "</{_text(tag.name)}>", found "</{_text(name)}>"'
            )
        if self._units > tag.begin:
            self._mark(tag)

    def _mark(self, tag: _Tag) -> None:
        meaning = _meaning(tag, self._out)
        if meaning is not None:
            kind, detail = meaning
            entity = Entity(kind, tag.begin, self._units - tag.begin, detail)
            self._entities.append(self._verbatim(entity) if kind in ("pre", "code") else entity)

    def _verbatim(self, entity: Entity) -> Entity:
        """`pre` and `code` around the same text are one mark with a language."""
        inner = self._entities[-1] if self._entities else None
        if inner is None or (inner.offset, inner.length) != (entity.offset, entity.length):
            return entity
        match inner.kind, entity.kind:
            case "code", "pre" if inner.detail:
                self._entities.pop()
                return replace(inner, kind="pre")
            case "pre", "code" if entity.detail:
                self._entities.pop()
                return replace(inner, detail=entity.detail)
        return entity

    def _match(self, pattern: re.Pattern[bytes], at: int) -> bytes:
        found = pattern.match(self._bytes, at)
        assert found is not None
        self._at = found.end()
        return found[0]

    def _byte(self) -> bytes:
        return self._bytes[self._at : self._at + 1]

    def _left(self) -> bool:
        return self._bytes[self._at] != 0


def _text(some: bytes) -> str:
    return some.decode("utf-8", "surrogatepass")


def _decoded(data: bytes, at: int) -> tuple[str, int] | None:
    """The character a reference like &amp; at `at` stands for, and where it ends; None where it is no reference."""
    found = _REFERENCE.match(data, at)
    assert found is not None
    hexadecimal, decimal, name = found.groups()
    if name is not None:
        character = _NAMED.get(name)
    else:
        code = int(hexadecimal or b"0", 16) if decimal is None else int(decimal or b"0")
        character = chr(code) if 0 < code < 0x10FFFF and found.end() - at < 10 else None
    if character is None:
        return None
    return character, found.end() + (data[found.end() : found.end() + 1] == b";")


def _take(tag: _Tag, name: bytes, value: bytes) -> None:
    match tag.name, name:
        case (b"a", b"href") | (b"tg-emoji", b"emoji-id") | (b"tg-time", b"format"):
            tag.argument = _text(value)
        case b"code", b"class" if value.startswith(b"language-"):
            tag.argument = _text(value[9:])
        case b"span", b"class" if value.startswith(b"tg-"):
            tag.argument = _text(value[3:])
        case b"blockquote", b"expandable":
            tag.argument = "1"
        case b"tg-time", b"unix":
            tag.unix = _number(value)


def _number(value: bytes) -> int:
    """The number at the beginning of `value`, wrapped to 32 bits as Telegram does."""
    found = re.match(rb"(-?)([0-9]*)", value)
    assert found is not None
    number = int(found[2] or b"0") * (-1 if found[1] else 1)
    return (number + 2**31) % 2**32 - 2**31


def _meaning(tag: _Tag, out: bytearray) -> tuple[str, str] | None:
    """Kind and detail of what the tag marks in the `out` written so far, None where it marks nothing."""
    kind = _KINDS[tag.name]
    match kind:
        case "text_link":
            return _link(tag.argument or _text(bytes(out[tag.position :])))
        case "custom_emoji":
            return kind, _emoji(tag.argument)
        case "date_time":
            look = _date_format(tag.argument)
            return (kind, f"{tag.unix} {look}") if tag.unix > 0 else None
        case "blockquote" if tag.argument:
            return "expandable_blockquote", ""
        case "code":
            return kind, tag.argument
        case _:
            return kind, ""


def _link(link: str) -> tuple[str, str] | None:
    person = links.person(link)
    if person is not None:
        return "text_mention", str(person)
    try:
        return "text_link", links.checked(link)
    except links.BadLink:
        return None


def _emoji(number: str) -> str:
    if not re.fullmatch(r"-?[1-9][0-9]{0,18}", number, re.ASCII) or not -(2**63) <= int(number) < 2**63:
        raise Malformed("Invalid custom emoji identifier specified")
    return number


def _date_format(look: str) -> str:
    if look in ("r", "R"):
        return "r"
    if set(look) - set("tTdDwW"):
        raise Malformed("Invalid date format used")
    day = "w" if {"w", "W"} & set(look) else ""
    date = "d" if "d" in look else "D" if "D" in look else ""
    time = "t" if "t" in look else "T" if "T" in look else ""
    return day + date + time


def _not_empty(entities: Iterable[Entity]) -> list[Entity]:
    return [entity for entity in entities if entity.length > 0]


def _without_odd_characters(text: Text) -> Text:
    encoded = text.plain.encode("utf-16-le", "surrogatepass") if text.entities else b""

    def place(border: int) -> int:
        """Where a border of a mark stands once the odd characters are gone."""
        try:
            before = encoded[: 2 * border].decode("utf-16-le")
        except UnicodeDecodeError:
            raise Malformed("Entity begins or ends in a middle of a UTF-16 symbol") from None
        if 2 * border > len(encoded):
            raise Malformed("Entity begins or ends after the end of the text")
        return units(_GONE.sub("", before))

    def kept(entity: Entity) -> Entity:
        return entity.between(place(entity.offset), place(entity.end))

    return Text(bare(text.plain), tuple(_not_empty(map(kept, text.entities))))


def _trimmed(text: Text) -> Text:
    plain = text.plain.rstrip(" \n")
    end = units(plain)
    entities = [one.between(one.offset, min(one.end, end)) for one in text.entities if one.offset < end]
    before = entities[0].offset if entities else end
    cut = min(len(plain) - len(plain.lstrip(" \n")), before)
    return Text(plain[cut:], tuple(in_order(one.between(one.offset - cut, one.end - cut) for one in entities)))


def _shortened(text: Text) -> Text:
    data = text.plain.encode()
    if len(data) <= _LONGEST_BYTES:
        return text
    plain = data[:_LONGEST_BYTES].decode(errors="ignore")
    return Text(plain, tuple(entity for entity in text.entities if entity.end <= units(plain)))
