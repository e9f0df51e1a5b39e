"""YAML as plain data with the place of each value: every scalar stays the text that its author wrote.

Only a part of YAML is let in. Anchors, tags, deep nesting and a second document are refused while the file is still a
stream of events, so that no small file can fill the memory."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from bot.library.problems import Finding, Path, Problem
from bot.views.words import N_

Data: TypeAlias = "str | list[Data] | dict[str, Data] | None"
Place: TypeAlias = tuple[int, int]
"""Line and column, both counted from 1."""

LARGEST = 256 * 1024
"""Bytes of a file."""

DEEPEST = 20
"""Lists and groups within one another."""

_NOTHING = {"null", "Null", "NULL", "~"}
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ue000-\uf8ff]"
)
"""Control characters, and those that nobody sees but that make two equal words differ or turn a line around."""

_INVISIBLE = N_("An invisible or broken character (U+{code}) stands here; delete it.")


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a file and where each part stands: a value at its key, an item of a list where it begins.

    A key with nothing behind it, `null` or an empty text counts as left out; in a list it is None."""

    file: str
    data: Data = None
    places: Mapping[Path, Place] = field(default_factory=dict)

    def problem(self, finding: Finding) -> Problem:
        """`finding` with its line and column: those of its path, or of the closest part above that the file has."""
        path = finding.path
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return Problem(
            self.file, line, column, finding.message, finding.values, warning=finding.warning, instead=finding.instead
        )


def parse(source: bytes, file: str) -> tuple[Document, list[Problem]]:
    """The document in `source` and what is wrong with it as YAML. Whatever the bytes, nothing is raised."""
    try:
        composer = _Composer(file, yaml.parse(_decode(source), yaml.CSafeLoader))
        data = composer.compose()
    except _Unreadable as unreadable:
        line, column = unreadable.place
        return Document(file), [Problem(file, line, column, unreadable.message, unreadable.values)]
    return Document(file, data, composer.places), composer.problems


class _Unreadable(Exception):
    """From this place on nothing can be read."""

    def __init__(self, place: Place, message: str, **values: object) -> None:
        super().__init__(message)
        self.place, self.message, self.values = place, message, values


# From bytes to text


def _decode(source: bytes) -> str:
    if len(source) > LARGEST:
        raise _Unreadable((1, 1), N_("The file is larger than 256 kB; split the procedure."))
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _Unreadable((1, 1), N_("The file is saved as UTF-16; save it as UTF-8."))
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(errors="ignore")
        raise _Unreadable(_end(before), N_("This character is not UTF-8; save the file as UTF-8.")) from None
    unseen = _UNSEEN.search(text)
    if unseen is not None:
        raise _Unreadable(_end(text[: unseen.start()]), _INVISIBLE, code=_code(unseen))
    return unicodedata.normalize("NFC", text)


def _code(unseen: re.Match[str]) -> str:
    return f"{ord(unseen[0]):04X}"


def _end(text: str) -> Place:
    return text.count("\n") + 1, len(text) - text.rfind("\n")


# From text to data

_HINTS: Mapping[str, str] = {
    "mapping values are not allowed in this context": N_(
        "A ': ' cannot stand here; put a text that contains it in quotes, or mend the indentation."
    ),
    "found character that cannot start any token": N_(
        "A value cannot begin like this; indent with spaces instead of tabs, and put a text that begins with a sign in "
        "quotes."
    ),
    "found a tab character that violates indentation": N_("Indent with spaces instead of tabs."),
    "did not find expected key": N_(
        "This fits nothing above; mend the indentation, or put the whole text of this line in quotes."
    ),
    "did not find expected '-' indicator": N_("A list ends here without its '-'; mend the indentation."),
    "did not find expected node content": N_("A value is missing here; put a text that is only signs in quotes."),
    "did not find expected <document start>": N_(
        "The file goes on after its end; put the whole text of this line in quotes."
    ),
    "could not find expected ':'": N_("A ':' is missing on the line before; write `key: value`."),
}
_OPENED: Mapping[str, str] = {
    "found unexpected end of stream": N_("The quotes that open here are never closed."),
    "did not find expected ',' or ']'": N_("The list that opens here is not closed; put texts with signs in quotes."),
    "did not find expected ',' or '}'": N_("The group that opens here is not closed; put texts with signs in quotes."),
}
"""Told at the place where it opened: the end of the file, where YAML notices, helps nobody."""


def _unparsable(error: yaml.MarkedYAMLError) -> _Unreadable:
    reason = error.problem or ""
    if reason in _OPENED and error.context_mark is not None:
        return _Unreadable(_at(error.context_mark), _OPENED[reason])
    return _Unreadable(_at(error.problem_mark), _HINTS.get(reason, N_("This is not YAML: {reason}.")), reason=reason)


def _place(event: yaml.Event) -> Place:
    return _at(event.start_mark)


def _at(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


@dataclass(slots=True)
class _Composer:
    """Builds the data of one file out of its events, and notes what may not be in it."""

    file: str
    events: Iterator[yaml.Event]
    places: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def compose(self) -> Data:
        """The data of the only document. Raises _Unreadable."""
        try:
            return self._document()
        except yaml.MarkedYAMLError as error:
            raise _unparsable(error) from None

    def _document(self) -> Data:
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise _Unreadable((1, 1), N_("The file is empty."))
        data = self._value(self._node(), (), inline=False)
        next(self.events)
        another = next(self.events)
        if isinstance(another, yaml.DocumentStartEvent):
            raise _Unreadable(_place(another), N_("A second document begins here; one file holds one."))
        return data

    def _value(self, event: yaml.NodeEvent, path: Path, inline: bool) -> Data:
        match event:
            case yaml.ScalarEvent():
                return self._scalar(event, inline)
            case yaml.CollectionStartEvent() if len(path) >= DEEPEST:
                raise _Unreadable(_place(event), N_("This is nested too deep."))
            case yaml.SequenceStartEvent():
                return self._list(path, inline or bool(event.flow_style))
            case yaml.MappingStartEvent():
                return self._group(path, inline or bool(event.flow_style))
            case _:
                return None  # an alias, which is refused already

    def _scalar(self, event: yaml.ScalarEvent, inline: bool) -> str | None:
        text: str = event.value.strip()
        plain = not event.style
        if event.style == '"' and (unseen := _UNSEEN.search(text)) is not None:  # an escape, such as "\0"
            self._wrong(event, _INVISIBLE, code=_code(unseen))
        if plain and inline and text.count("(") != text.count(")"):
            self._wrong(event, N_("A bracket is left open: where a comma belongs to a text, put the text in quotes."))
        return None if not text or (plain and text in _NOTHING) else text

    def _list(self, path: Path, inline: bool) -> list[Data]:
        items: list[Data] = []
        while (event := self._node_or_end()) is not None:
            item = (*path, len(items))
            self.places[item] = _place(event)
            items.append(self._value(event, item, inline))
        return items

    def _group(self, path: Path, inline: bool) -> dict[str, Data]:
        group: dict[str, Data] = {}
        while (event := self._node_or_end()) is not None:
            key = self._key(event, path, inline)
            entry = (*path, key)
            if entry in self.places:
                self._wrong(event, N_("`{key}` is given twice; leave one."), key=key)
            self.places[entry] = _place(event)
            value = self._value(self._node(), entry, inline)
            if value is not None:
                group[key] = value
        return group

    def _key(self, event: yaml.NodeEvent, path: Path, inline: bool) -> str:
        key = self._value(event, (*path, ""), inline)  # one level down: keys can nest as well
        if isinstance(key, str):
            return key
        self._wrong(event, N_("A key must be one plain word."))
        return ""

    def _node_or_end(self) -> yaml.NodeEvent | None:
        event = next(self.events)
        return None if isinstance(event, yaml.CollectionEndEvent) else self._let_in(event)

    def _node(self) -> yaml.NodeEvent:
        return self._let_in(next(self.events))

    def _let_in(self, event: yaml.Event) -> yaml.NodeEvent:
        assert isinstance(event, yaml.NodeEvent)
        if event.anchor is not None:  # an alias has one too
            self._wrong(event, N_("A text that begins with * or & must stand in quotes; anchors are refused."))
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            self._wrong(event, N_("A text that begins with ! must stand in quotes; tags are refused."))
        return event

    def _wrong(self, event: yaml.Event, message: str, **values: object) -> None:
        line, column = _place(event)
        self.problems.append(Problem(self.file, line, column, message, values))
