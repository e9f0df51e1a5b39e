"""Values of the engine as JSON and back, exactly: each value that JSON does not know says what it is."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from types import ModuleType, NoneType
from typing import Any

from bot.engine import (
    approval,
    calendar,
    commands,
    conformity,
    desk,
    deviations,
    drafting,
    feedback,
    figures,
    followup,
    messages,
    office_changes,
    people,
    proposals,
    questions,
    records,
    reports,
    review,
    run,
    sop,
    staffing,
)
from bot.views import screen

IS = "is"
_KNOWN = frozenset({NoneType, bool, int, str})
_MODULES: tuple[ModuleType, ...] = (
    figures,  # first: where a name is another's too, the other is written as it was before there were these
    proposals,
    calendar,
    sop,
    deviations,
    conformity,
    run,
    commands,
    messages,
    questions,
    records,
    reports,
    review,
    people,
    staffing,
    desk,
    followup,
    approval,
    drafting,
    office_changes,
    feedback,
    screen,
)


@cache
def _classes() -> Mapping[str, type]:
    return {
        name: value
        for module in _MODULES
        for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__
    }


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    return _writer(kind)(value)


@cache
def _writer(kind: type) -> Callable[[Any], Any]:
    """How values of exactly that class are written; looked up once, as a run is written at every tap."""
    if issubclass(kind, Enum):  # before str, which our enums are too
        name = _name(kind)
        return lambda value: {IS: name, "value": value.value}
    if issubclass(kind, NoneType | bool | int | str):
        return lambda value: value
    if issubclass(kind, datetime):
        return lambda value: {IS: "datetime", "value": value.isoformat()}
    if issubclass(kind, date):
        return lambda value: {IS: "date", "value": value.isoformat()}
    if issubclass(kind, timedelta):
        return lambda value: {IS: "timedelta", "value": value.total_seconds()}
    if issubclass(kind, Decimal):
        return lambda value: {IS: "Decimal", "value": str(value)}
    if issubclass(kind, bytes):
        return lambda value: {IS: "bytes", "value": b64encode(value).decode()}
    if issubclass(kind, tuple | list):
        return lambda value: [_plain(item) for item in value]
    if issubclass(kind, Mapping):
        return _write_mapping
    if is_dataclass(kind):
        return _dataclass_writer(kind)
    raise TypeError(f"{kind.__name__} has no JSON form")


def _write_mapping(value: Mapping[Any, Any]) -> Any:
    written = {str(key): _plain(item) for key, item in value.items()}
    # a record that the office calls so is no mark of ours
    return {IS: "dict", "value": list(written.items())} if IS in written else written


def _dataclass_writer(kind: Any) -> Callable[[Any], Any]:
    name, names = _name(kind), tuple(field.name for field in fields(kind))

    def write(value: Any) -> Any:
        written: dict[str, Any] = {IS: name}
        for each in names:
            part = getattr(value, each)
            # most are what JSON knows: asked here, as it is done a hundred times a tap
            written[each] = part if type(part) in _KNOWN else _plain(part)
        return written

    return write


def _name(kind: type) -> str:
    # two modules may each have a Kind; the module tells them apart
    return kind.__name__ if _classes().get(kind.__name__) is kind else f"{kind.__module__}.{kind.__name__}"


@cache
def _class(name: str) -> type:
    module, _, short = name.rpartition(".")
    if not module:
        return _classes()[name]
    found: type = next(getattr(known, short) for known in _MODULES if known.__name__ == module)
    return found


def _revive(plain: dict[str, Any]) -> Any:
    name = plain.pop(IS, None)
    return plain if name is None else _reader(name)(plain)


@cache
def _reader(name: str) -> Callable[[dict[str, Any]], Any]:
    """How what says that it is a `name` is read."""
    match name:
        case "datetime":
            return lambda plain: datetime.fromisoformat(plain["value"])
        case "date":
            return lambda plain: date.fromisoformat(plain["value"])
        case "timedelta":
            return lambda plain: timedelta(seconds=plain["value"])
        case "Decimal":
            return lambda plain: Decimal(plain["value"])
        case "bytes":
            return lambda plain: b64decode(plain["value"])
        case "dict":
            return lambda plain: dict(plain["value"])
        case _:
            kind: Any = _class(name)
            if issubclass(kind, Enum):
                return lambda plain: kind(plain["value"])
            return lambda plain: kind(**{key: _frozen(value) for key, value in plain.items()})


def _frozen(value: Any) -> Any:
    kind = type(value)
    if kind is list:
        return tuple(_frozen(item) for item in value)
    if kind is dict:
        return {key: _frozen(item) for key, item in value.items()}
    return value


def plain(value: Any) -> Any:
    """`value` as what JSON knows: dicts, lists, strings, integers."""
    return _plain(value)


def dump(value: Any) -> str:
    """`value` as ASCII JSON; equal values give equal text."""
    return json.dumps(_plain(value), ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def load(text: str) -> Any:
    """The value that `dump` wrote. Lists come back as tuples."""
    return _frozen(json.loads(text, object_hook=_revive))
