"""The office's own file: when it works, how it is divided, and how often it may write to one person."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from itertools import pairwise
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

import yaml

from bot.engine.calendar import Office, Slot, Week
from bot.engine.values import clean
from bot.views.words import N_, Words

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OfficeUnit:
    """A part of the office; `parent` is the id of the unit above it."""

    id: str
    title: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """What an office sets for itself."""

    office: Office
    units: tuple[OfficeUnit, ...] = ()
    messages_a_day: int = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place of a file; `message` is English, with the names of `values` in braces."""

    file: str
    line: int
    column: int
    message: str
    values: Mapping[str, str] = field(default_factory=dict)

    def line_of_text(self, words: Words) -> str:
        """`file:line:column: what is wrong and how to mend it`, in the reader's language."""
        return f"{self.file}:{self.line}:{self.column}: {words(self.message, **self.values)}"


# What counts where the file is silent: the ministry's hours for five days a week


def _same(*slots: tuple[str, str]) -> tuple[Slot, ...]:
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in slots)


_USUAL: Week = (
    *[_same(("07:30", "12:00"), ("13:00", "16:00"))] * 4,
    _same(("07:30", "11:30"), ("13:00", "16:30")),
    (),
    (),
)
_FASTING: Week = (
    *[_same(("08:00", "12:00"), ("12:30", "15:00"))] * 4,
    _same(("08:00", "11:30"), ("12:30", "15:30")),
    (),
    (),
)
_RAMADAN = ((date(2026, 2, 19), date(2026, 3, 20)), (date(2027, 2, 8), date(2027, 3, 9)))


@dataclass(frozen=True, slots=True)
class DaysOff:
    """National holidays and joint leave without those on which the office works all the same, and its own days off."""

    own: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def __call__(self, day: date) -> bool:
        """True where the office is closed on `day`, whatever weekday it is."""
        return day in self.own or (day not in self.worked and day in _holidays(day.year))


@cache
def _holidays(year: int) -> frozenset[date]:
    import holidays  # a quarter of a second, which whoever asks for no day does not pay

    return frozenset(holidays.country_holidays("ID", years=year, categories=("public", "government"), language="id"))


# Reading

_KEYS = ("hours", "ramadan_hours", "ramadan", "days_off", "working_days", "units", "messages_a_day")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LARGEST = 256 * 1024
_DEEPEST = 20


def read_office(source: bytes | None, file: str, zone: ZoneInfo) -> tuple[OfficeSettings | None, list[Problem]]:
    """The settings in `source`, the ministry's where it is None or silent; or None and what is wrong with it.

    `file` is how the problems name the file. Whatever the bytes, nothing is raised."""
    try:
        root = None if source is None else _compose(source)
        keys = _Keys({} if root is None else _mapping(root, _KEYS))
    except _Wrong as wrong:
        return None, [wrong.problem(file)]
    settings = OfficeSettings(
        Office(
            zone,
            keys.read("hours", _week, _USUAL),
            keys.read("ramadan_hours", _week, _FASTING),
            keys.read("ramadan", _periods, _RAMADAN),
            DaysOff(keys.read("days_off", _days, frozenset()), keys.read("working_days", _days, frozenset())),
        ),
        keys.read("units", _units, ()),
        keys.read("messages_a_day", _count, 5),
    )
    problems = [wrong.problem(file) for wrong in keys.wrong]
    return (None if problems else settings), problems


class _Wrong(Exception):
    """Something at a place of the file is not as it must be; counted from 0, as YAML counts."""

    def __init__(self, place: tuple[int, int], message: str, **values: str) -> None:
        super().__init__(message)
        self.place, self.message, self.values = place, message, values

    def problem(self, file: str) -> Problem:
        line, column = self.place
        return Problem(file, line + 1, column + 1, self.message, self.values)


class _Mark(Protocol):
    """A place as either of PyYAML's two parsers marks it."""

    line: int
    column: int


def _place(mark: _Mark | None) -> tuple[int, int]:
    return (mark.line, mark.column) if mark else (0, 0)


def _wrong(node: yaml.Node, message: str, **values: str) -> _Wrong:
    return _Wrong(_place(node.start_mark), message, **values)


@dataclass(frozen=True, slots=True)
class _Keys:
    """The nodes of the file by their keys. What is wrong with one is kept, so that all is told at once."""

    nodes: Mapping[str, yaml.Node]
    wrong: list[_Wrong] = field(default_factory=list)

    def read(self, key: str, reader: Callable[[yaml.Node], T], default: T) -> T:
        """The value of `key`, `default` where the file is silent or wrong."""
        try:
            return reader(self.nodes[key]) if key in self.nodes else default
        except _Wrong as wrong:
            self.wrong.append(wrong)
            return default


def _compose(source: bytes) -> yaml.Node | None:
    if len(source) > _LARGEST:
        raise _Wrong((0, 0), N_("The file is larger than 256 kB; that is no office's settings."))
    try:
        text = source.decode()
        _refuse_tricks(text)
        return yaml.compose(text, yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        raise _Wrong((source[: error.start].count(b"\n"), 0), N_("The file must be saved as UTF-8.")) from None
    except yaml.reader.ReaderError as error:
        line = source[: error.position].count(b"\n")
        raise _Wrong((line, 0), N_("This line holds a control character; take it out.")) from None
    except yaml.MarkedYAMLError as error:
        place = _place(error.problem_mark or error.context_mark)
        raise _Wrong(place, N_("This is no YAML: {reason}."), reason=str(error.problem)) from None


def _refuse_tricks(text: str) -> None:
    """Anchors, tags and deep nesting can make a small file fill the memory; settings need none of them."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        match event:
            case yaml.AliasEvent() | yaml.NodeEvent(anchor=str()):
                trick: str | None = N_("Anchors and aliases (& and *) are not allowed; put the words in quotes.")
            case yaml.ScalarEvent(tag=str()) | yaml.CollectionStartEvent(tag=str()):
                trick = N_("Tags (!) are not allowed; put the words in quotes.")
            case yaml.CollectionStartEvent() if depth == _DEEPEST:
                trick = N_("This is nested too deep.")
            case _:
                trick = None
        if trick is not None:
            raise _Wrong(_place(event.start_mark), trick)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)


def _mapping(node: yaml.Node, allowed: tuple[str, ...], required: tuple[str, ...] = ()) -> dict[str, yaml.Node]:
    """The nodes behind the keys of `node`; a key with nothing behind it counts as left out."""
    if not isinstance(node, yaml.MappingNode):
        raise _wrong(
            node, N_("Here belong lines of the form `key: value`; the keys are {keys}."), keys=_listed(allowed)
        )
    found: dict[str, yaml.Node] = {}
    for key_node, value in node.value:
        key = _text(key_node)
        if key not in allowed:
            message = N_("'{key}' is no key here; the keys are {keys}.")
            raise _wrong(key_node, message, key=key, keys=_listed(allowed))
        if key in found:
            raise _wrong(key_node, N_("'{key}' is given twice; leave one."), key=key)
        found[key] = value
    given = {key: value for key, value in found.items() if not _empty(value)}
    for key in required:
        if key not in given:
            raise _wrong(node, N_("'{key}' is missing here."), key=key)
    return given


def _listed(keys: tuple[str, ...]) -> str:
    return ", ".join(keys)


def _empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.value and not node.style


def _items(node: yaml.Node) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise _wrong(node, N_("Here belongs a list: [one, another]."))
    return list(node.value)


def _text(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _wrong(node, N_("Here belongs one plain value, no list and no keys."))
    return " ".join(clean(node.value).split())


def _day(node: yaml.Node) -> date:
    text = _text(node)
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        raise _wrong(node, N_("'{text}' is no date; write it like 2026-11-24."), text=text) from None


def _days(node: yaml.Node) -> frozenset[date]:
    return frozenset(map(_day, _items(node)))


def _periods(node: yaml.Node) -> tuple[tuple[date, date], ...]:
    return tuple(map(_period, _items(node)))


def _period(node: yaml.Node) -> tuple[date, date]:
    ends = _mapping(node, ("from", "until"), required=("from", "until"))
    first, last = _day(ends["from"]), _day(ends["until"])
    if last < first:
        raise _wrong(ends["until"], N_("The last day lies before the first."))
    return first, last


def _week(node: yaml.Node) -> Week:
    days = _mapping(node, _WEEKDAYS)
    week = tuple(_slots(days[name]) if name in days else () for name in _WEEKDAYS)
    if not any(week):
        raise _wrong(node, N_("The office needs at least one day with hours, like monday: [07.30-12.00]."))
    return week


def _slots(node: yaml.Node) -> tuple[Slot, ...]:
    slots = tuple(map(_slot, _items(node)))
    if any(following[0] < earlier[1] for earlier, following in pairwise(slots)):
        raise _wrong(node, N_("The hours of a day must follow one another without overlapping."))
    return slots


_CLOCK = r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])"
_SLOT = re.compile(rf"{_CLOCK} ?[-–] ?{_CLOCK}")


def _slot(node: yaml.Node) -> Slot:
    text = _text(node)
    found = _SLOT.fullmatch(text)
    if found is None:
        raise _wrong(node, N_("'{text}' are no hours; write them like 07.30-12.00."), text=text)
    opens, closes = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if closes <= opens:
        raise _wrong(node, N_("'{text}': the office must close after it opens, on the same day."), text=text)
    return opens, closes


_UNIT_ID = re.compile(r"[a-z0-9-]{1,48}")


def _units(node: yaml.Node) -> tuple[OfficeUnit, ...]:
    nodes = [_mapping(item, ("id", "title", "parent"), required=("id", "title")) for item in _items(node)]
    parents: dict[str, str | None] = {}
    for keys in nodes:
        unit = _text(keys["id"])
        if not _UNIT_ID.fullmatch(unit):
            raise _wrong(keys["id"], N_("'{id}' is no id: small letters, digits and hyphens, at most 48."), id=unit)
        if unit in parents:
            raise _wrong(keys["id"], N_("The unit '{id}' is given twice."), id=unit)
        parents[unit] = _text(keys["parent"]) if "parent" in keys else None
    for keys in nodes:
        _refuse_lost_parent(keys, parents)
    return tuple(OfficeUnit(_text(keys["id"]), _text(keys["title"]), parents[_text(keys["id"])]) for keys in nodes)


def _refuse_lost_parent(keys: Mapping[str, yaml.Node], parents: Mapping[str, str | None]) -> None:
    above = parents[_text(keys["id"])]
    if above is not None and above not in parents:
        raise _wrong(keys["parent"], N_("There is no unit '{id}'."), id=above)
    seen = set()
    while above is not None and above not in seen:
        seen.add(above)
        above = parents.get(above)
    if above is not None:
        raise _wrong(keys["parent"], N_("This unit stands above itself."))


def _count(node: yaml.Node) -> int:
    text = _text(node)
    if not re.fullmatch(r"[1-9][0-9]?", text):
        raise _wrong(node, N_("'{text}' is no number from 1 to 99."), text=text)
    return int(text)
