"""Values of the engine as JSON and back, exactly: each value that JSON does not know says what it is."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from types import ModuleType
from typing import Any

from bot.engine import calendar, commands, deviations, messages, questions, reports, review, run, sop
from bot.views import screen

IS = "is"
_MODULES: tuple[ModuleType, ...] = (
    calendar,
    sop,
    deviations,
    run,
    commands,
    messages,
    questions,
    reports,
    review,
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


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _plain(value: Any) -> Any:
    match value:
        case Enum():  # before str, which our enums are too
            return {IS: _name(type(value)), "value": value.value}
        case None | bool() | int() | str():
            return value
        case datetime():
            return {IS: "datetime", "value": value.isoformat()}
        case date():
            return {IS: "date", "value": value.isoformat()}
        case timedelta():
            return {IS: "timedelta", "value": value.total_seconds()}
        case Decimal():
            return {IS: "Decimal", "value": str(value)}
        case bytes():
            return {IS: "bytes", "value": b64encode(value).decode()}
        case tuple() | list():
            return [_plain(item) for item in value]
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case _ if is_dataclass(value):
            kind: Any = type(value)
            return {IS: _name(kind)} | {name: _plain(getattr(value, name)) for name in _field_names(kind)}
        case _:
            raise TypeError(f"{type(value).__name__} has no JSON form")


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
    match plain.get(IS):
        case None:
            return plain
        case "datetime":
            return datetime.fromisoformat(plain["value"])
        case "date":
            return date.fromisoformat(plain["value"])
        case "timedelta":
            return timedelta(seconds=plain["value"])
        case "Decimal":
            return Decimal(plain["value"])
        case "bytes":
            return b64decode(plain["value"])
        case str(name):
            kind = _class(name)
            if issubclass(kind, Enum):
                return kind(plain["value"])
            return kind(**{key: _frozen(value) for key, value in plain.items() if key != IS})
        case other:
            raise ValueError(f"no such kind: {other}")


def _frozen(value: Any) -> Any:
    match value:
        case list():
            return tuple(_frozen(item) for item in value)
        case dict():
            return {key: _frozen(item) for key, item in value.items()}
        case _:
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
