"""YAML as plain data in which every scalar stays the text that its author wrote, and the places of what is wrong.

Only a part of YAML is let in. Anchors, tags, deep nesting and a second document are refused while the file is still a
stream of events, so that no small file can fill the memory. Where a value stands is looked up only once something is
wrong with it, which is seldom."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
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
    "\ue000-\uf8ff\u115f\u1160\u2800\u3164\uffa0]"
)
"""Control characters, and those that nobody sees but that make two equal words differ or turn a line around."""

_INVISIBLE = N_("An invisible or broken character (U+{code}) stands here; delete it.")


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a file. A key with nothing behind it, `null` or an empty text counts as left out; in a list it is
    None, and so is the data of a file without any."""

    file: str
    source: bytes
    data: Data = None

    def problems(self, findings: Iterable[Finding]) -> list[Problem]:
        """`findings` with their lines and columns, from the top: those of their paths, or of the closest part above
        that the file has."""
        found = list(findings)
        places = dict(_places(self.source)) if found else {}
        told = [_problem(self.file, finding, places) for finding in found]
        return sorted(told, key=lambda problem: (problem.line, problem.column))


def _problem(file: str, finding: Finding, places: Mapping[Path, Place]) -> Problem:
    path = finding.path
    while path and path not in places:
        path = path[:-1]
    line, column = places.get(path, (1, 1))
    return Problem(file, line, column, finding.message, finding.values, finding.warning, finding.instead)


def parse(source: bytes, file: str) -> tuple[Document, list[Problem]]:
    """The document in `source` and what is wrong with it as YAML. Whatever the bytes, nothing is raised."""
    try:
        composer = _Composer(file, yaml.CSafeLoader(_decode(source)).get_event)
        data = composer.compose()
    except _Unreadable as unreadable:
        line, column = unreadable.place
        return Document(file, source), [Problem(file, line, column, unreadable.message, unreadable.values)]
    return Document(file, source, data), composer.problems


def _places(source: bytes) -> Iterator[tuple[Path, Place]]:
    """Where each part of a file stands that `parse` let through: a value at its key, an item where it begins."""
    root = yaml.compose(_decode(source), yaml.CSafeLoader)
    return iter(()) if root is None else _below(root, ())


def _below(node: yaml.Node, path: Path) -> Iterator[tuple[Path, Place]]:
    match node:
        case yaml.MappingNode(value=entries):
            parts = [(key.value.strip(), key, value) for key, value in entries]
        case yaml.SequenceNode(value=items):
            parts = [(number, item, item) for number, item in enumerate(items)]
        case _:
            parts = []
    for part, begins, inner in parts:
        yield (*path, part), _at(begins.start_mark)
        yield from _below(inner, (*path, part))


class _Unreadable(Exception):
    """From this place on nothing can be read."""

    def __init__(self, place: Place, message: str, **values: object) -> None:
        super().__init__(message)
        self.place, self.message, self.values = place, message, values


# From bytes to text


def bytes_of(path: FilePath) -> bytes:
    """What a file holds, and of one that is too large no more than shows it. Raises OSError."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


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


def _at(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


Event: TypeAlias = Any
"""One of PyYAML's events; which attributes it has, its class says."""


@dataclass(slots=True)
class _Composer:
    """Builds the data of one file out of its events, and notes what may not be in it."""

    file: str
    next: Callable[[], Event]
    problems: list[Problem] = field(default_factory=list)

    def compose(self) -> Data:
        """The data of the only document. Raises _Unreadable."""
        try:
            return self._document()
        except yaml.MarkedYAMLError as error:
            raise _unparsable(error) from None

    def _document(self) -> Data:
        self.next()
        if isinstance(self.next(), yaml.StreamEndEvent):
            return None
        data = self._value(self.next(), 0, inline=False)
        self.next()
        another = self.next()
        if isinstance(another, yaml.DocumentStartEvent):
            raise _Unreadable(_at(another.start_mark), N_("A second document begins here; one file holds one."))
        return data

    def _value(self, event: Event, depth: int, inline: bool) -> Data:
        if event.anchor is not None:  # an alias has one too
            self._wrong(event, N_("A text that begins with * or & must stand in quotes; anchors are refused."))
        elif event.tag is not None:
            self._wrong(event, N_("A text that begins with ! must stand in quotes; tags are refused."))
        match event:
            case yaml.ScalarEvent():
                return self._scalar(event, inline)
            case yaml.CollectionStartEvent() if depth >= DEEPEST:
                raise _Unreadable(_at(event.start_mark), N_("This is nested too deep."))
            case yaml.SequenceStartEvent():
                return self._list(depth + 1, inline or bool(event.flow_style))
            case yaml.MappingStartEvent():
                return self._group(depth + 1, inline or bool(event.flow_style))
            case _:
                return None  # an alias, which is refused already

    def _scalar(self, event: Event, inline: bool) -> str | None:
        text: str = event.value.strip()
        if event.style == '"' and (unseen := _UNSEEN.search(text)) is not None:  # an escape, such as "\0"
            self._wrong(event, _INVISIBLE, code=_code(unseen))
        if not event.style:
            if inline and text.count("(") != text.count(")"):
                message = N_("A bracket is left open: where a comma belongs to a text, put the text in quotes.")
                self._wrong(event, message)
            if text in _NOTHING:
                return None
        return text or None

    def _list(self, depth: int, inline: bool) -> list[Data]:
        items: list[Data] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            items.append(self._value(event, depth, inline))
        return items

    def _group(self, depth: int, inline: bool) -> dict[str, Data]:
        group: dict[str, Data] = {}
        seen: set[str] = set()
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self._value(event, depth, inline)
            if not isinstance(key, str):
                self._wrong(event, N_("A key must be one plain word."))
                key = ""
            elif key in seen:
                self._wrong(event, N_("`{key}` is given twice; leave one."), key=key)
            seen.add(key)
            value = self._value(self.next(), depth, inline)
            if value is not None:
                group[key] = value
        return group

    def _wrong(self, event: Event, message: str, **values: object) -> None:
        line, column = _at(event.start_mark)
        self.problems.append(Problem(self.file, line, column, message, values))
