"""What stands behind a key: single values, all of which arrive as text, and groups of further keys."""

import re
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Annotated, LiteralString

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError, PydanticKnownError


class Group(BaseModel):
    """A group of keys; none but those of its class may stand in it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def wrong(kind: LiteralString, **values: object) -> PydanticCustomError:
    """The error of that kind; what its author is told of it stands in `complaints`."""
    return PydanticCustomError(kind, kind, values)


def text(value: object) -> str:
    """`value`, where it is a text and no list or group."""
    if not isinstance(value, str):
        raise PydanticKnownError("string_type")
    return value


def like(pattern: str, kind: LiteralString) -> Callable[[str], str]:
    """Let through what is written as `pattern` says."""
    matches = re.compile(pattern, re.ASCII).fullmatch

    def check(value: str) -> str:
        if matches(value) is None:
            raise wrong(kind)
        return value

    return check


def written_as(pattern: str) -> WithJsonSchema:
    """Tell editors the pattern, too."""
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$"})


def one_of(kind: type[Enum]) -> BeforeValidator:
    """Let through the values of an enumeration."""
    known = tuple(str(one.value) for one in kind)

    def check(value: object) -> object:
        if text(value) not in known:
            raise wrong("option", known=known)
        return value

    return BeforeValidator(check)


def _flag(value: object) -> bool:
    match text(value):
        case "true" | "True" | "TRUE":
            return True
        case "false" | "False" | "FALSE":
            return False
        case _:
            raise wrong("flag")


_like_a_count = like("[1-9][0-9]{0,3}", "count")


def _count(value: object) -> int:
    return int(_like_a_count(text(value)))


_like_a_day = like(r"\d{4}-\d{2}-\d{2}", "day")


def day(value: object) -> date:
    """A date as a file writes it."""
    words = _like_a_day(text(value))
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise wrong("day") from error


_ID = "[a-z0-9-]{1,48}"

_like_a_chat = like("-?[1-9][0-9]{0,15}", "count")


def _chat(value: object) -> int:
    return int(_like_a_chat(text(value)))


Id = Annotated[str, AfterValidator(like(_ID, "id")), written_as(_ID)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Count = Annotated[int, BeforeValidator(_count), Field(ge=1)]
Chat = Annotated[int, BeforeValidator(_chat)]
"""The number of a chat in Telegram; that of a group begins with a minus sign."""
Percent = Annotated[int, BeforeValidator(_count), Field(ge=1, le=100)]
Day = Annotated[date, PlainValidator(day, json_schema_input_type=date)]
