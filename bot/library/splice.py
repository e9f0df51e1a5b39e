"""Changes in the text of an SOP file: a value, the order of its steps. What stands outside of them stays as it is.

A change is made in the text, at the place where the parser found what is changed, so that comments, quotes and line
breaks of the rest stay. What comes of it is read again, and must be the file before with that change."""

import json
import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Any, TypeAlias

import yaml

from bot.library.nodes import Data, parse
from bot.library.problems import Path

Written: TypeAlias = str | tuple[str | None, ...] | None
"""A text, a list of them (None is an open end), or nothing."""

ORDER = ("id", "do", "decide", "approve", "run", "by", "with", "phase", "critical", "optional", "warning", "needs")
"""Behind the last of these that a step has, a key is added that it lacks."""

_PLAIN = re.compile(r"[^\W_](?:[^\n\t#:]|:(?! |$)|(?<! )#)*")
_NOT_IN_A_LIST = re.compile(r"[,\[\]{}]")
_NOTHING = {"null", "~"}


class CannotSplice(ValueError):
    """The text is written in a way in which the change cannot be made without touching the rest."""


def put(text: str, path: Path, value: Written) -> str:
    """`text` with `value` at `path`, whose last part is a key of a group that is there. Raises CannotSplice."""
    *above, key = path
    group = _at(_root(text), above)
    if not isinstance(group, yaml.MappingNode):
        raise CannotSplice(path)
    match [pair for pair in group.value if pair[0].value.strip() == key]:
        case [(name, old)]:
            changed = _replaced(text, group, name, old, value)
        case _:
            changed = _added(text, group, str(key), value)
    return _checked(text, changed, lambda data: _set(data, path, value))


def swap(text: str, place: int) -> str:
    """`text` with a step and the one below it exchanged; `place` counts from 0. Raises CannotSplice."""
    steps = _steps(text)
    if not 0 <= place < len(steps.value) - 1:
        raise CannotSplice(place)
    (begins, ends), (after, last) = _extent(text, steps, place), _extent(text, steps, place + 1)
    changed = text[:begins] + text[after:last] + text[ends:after] + text[begins:ends] + text[last:]

    def swapped(data: Any) -> None:
        data["steps"][place : place + 2] = reversed(data["steps"][place : place + 2])

    return _checked(text, changed, swapped)


def drop(text: str, place: int) -> str:
    """`text` without a step; the last one that is left cannot go. Raises CannotSplice."""
    steps = _steps(text)
    if not 0 <= place < len(steps.value) or len(steps.value) == 1:
        raise CannotSplice(place)
    begins, ends = _extent(text, steps, place)
    if place + 1 < len(steps.value):
        ends = _extent(text, steps, place + 1)[0]
    else:
        begins = _extent(text, steps, place - 1)[1]

    def without(data: Any) -> None:
        del data["steps"][place]

    return _checked(text, text[:begins] + text[ends:], without)


def _checked(text: str, changed: str, change: Any) -> str:
    expected = deepcopy(_data(text))
    change(expected)
    if _data(changed) != expected:
        raise CannotSplice(changed)
    return changed


def _data(text: str) -> Data:
    document, problems = parse(text.encode(), "")
    if problems:
        raise CannotSplice(problems[0].message)
    return document.data


def _set(data: Any, path: Path, value: Written) -> None:
    *above, key = path
    for part in above:
        data = data[part]
    if value:
        data[key] = list(value) if isinstance(value, tuple) else value
    else:
        data.pop(key, None)


# Where things stand


def _root(text: str) -> yaml.Node:
    root = yaml.compose(text, yaml.CSafeLoader)
    if root is None:
        raise CannotSplice("empty")
    return root


def _at(node: yaml.Node, path: Sequence[str | int]) -> yaml.Node:
    for part in path:
        match node:
            case yaml.MappingNode(value=pairs):
                found = [value for key, value in pairs if key.value.strip() == part]
                if not found:
                    raise CannotSplice(path)
                node = found[0]
            case yaml.SequenceNode(value=items) if isinstance(part, int):
                node = items[part]
            case _:
                raise CannotSplice(path)
    return node


def _steps(text: str) -> yaml.SequenceNode:
    steps = _at(_root(text), ("steps",))
    if not isinstance(steps, yaml.SequenceNode):
        raise CannotSplice("steps")
    return steps


def _end(text: str, node: yaml.Node) -> int:
    """Behind the last sign of a value: the parser's own mark may lie behind the comments that follow it."""
    begins, ends = node.start_mark.index, node.end_mark.index
    match node:
        case (
            yaml.MappingNode(flow_style=False, value=[*_, (_, last)])
            | yaml.SequenceNode(flow_style=False, value=[*_, last])
        ):
            return _end(text, last)
        case yaml.ScalarNode(style="|" | ">"):
            return int(begins + len(text[begins:ends].rstrip()))
        case _:
            return int(ends)


def _end_of_line(text: str, index: int) -> int:
    found = re.compile(r"\r?\n|\Z").search(text, index)
    assert found is not None
    return found.start()


def _extent(text: str, steps: yaml.SequenceNode, place: int) -> tuple[int, int]:
    """From where to where a step stands: whole lines, with the comments right above it; in a list on one line, itself
    alone."""
    step = steps.value[place]
    if steps.flow_style:
        return step.start_mark.index, step.end_mark.index
    above = _end_of_line(text, _end(text, steps.value[place - 1])) if place else 0
    dashes = re.compile(rf"^ {{{steps.start_mark.column}}}-(?=\s)", re.MULTILINE)
    dash = [found.start() for found in dashes.finditer(text, above, step.start_mark.index)][-1:]
    if not dash:
        raise CannotSplice(place)
    return _with_comments(text, above, dash[0]), _end_of_line(text, _end(text, step))


def _with_comments(text: str, above: int, begins: int) -> int:
    while begins > above:
        line = text.rfind("\n", 0, begins - 1) + 1
        if line <= above or not text[line:begins].lstrip().startswith("#"):
            break
        begins = line
    return begins


# What is written there


def _replaced(text: str, group: yaml.MappingNode, key: yaml.Node, old: yaml.Node, value: Written) -> str:
    colon = text.index(":", key.end_mark.index) + 1
    begins, ends = int(old.start_mark.index), _end(text, old)
    match old, value:
        case _, None | "" | ():
            # in a group on one line the colon alone would not be one
            return f"{text[:colon]}{' ' if group.flow_style else ''}{text[max(colon, ends) :]}"
        case yaml.SequenceNode(flow_style=False), tuple() as items:
            lines = _block(text, items, old.start_mark.column)
            return text[:begins] + lines.lstrip() + text[ends:]
        case yaml.CollectionNode(flow_style=False), _:
            begins = colon
    quotes = isinstance(old, yaml.ScalarNode) and old.style in ('"', "'")
    written = _one_line(value, bool(group.flow_style), quotes=quotes)
    space = "" if begins > colon else " "
    return text[:begins] + space + written + text[max(begins, ends) :]


def _added(text: str, group: yaml.MappingNode, key: str, value: Written) -> str:
    if not value:
        return text
    known = [pair for pair in group.value if pair[0].value.strip() in ORDER] or group.value[:1]
    ends = _end(text, max(known, key=lambda pair: int(pair[0].start_mark.index))[1])
    if group.flow_style:
        return f"{text[:ends]}, {key}: {_one_line(value, True)}{text[ends:]}"
    line, column = _end_of_line(text, ends), group.start_mark.column
    match value:
        case tuple() if None not in value:
            written = _newline(text) + _block(text, value, column + 2)
        case _:
            written = f" {_one_line(value, False)}"
    return f"{text[:line]}{_newline(text)}{' ' * column}{key}:{written}{text[line:]}"


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _block(text: str, items: Sequence[str | None], column: int) -> str:
    return _newline(text).join(f"{' ' * column}- {_scalar(item, False)}" for item in items)


def _one_line(value: Written, inline: bool, *, quotes: bool = False) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_scalar(item, True) for item in value)}]"
    return _scalar(value, inline, quotes=quotes)


def _scalar(value: str | None, inline: bool, *, quotes: bool = False) -> str:
    if value is None:
        return "null"
    is_plain = _PLAIN.fullmatch(value) and value.casefold() not in _NOTHING and not value.endswith(" ")
    if quotes or not is_plain or (inline and (_NOT_IN_A_LIST.search(value) or value.count("(") != value.count(")"))):
        return json.dumps(value, ensure_ascii=False)
    return value
