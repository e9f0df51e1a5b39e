"""One request to the Bot API as it came in, and the refusals it may get: codes and words as Telegram's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

_PREFIX = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
_TRUE = frozenset({"true", "yes", "1"})


@dataclass
class Refusal(Exception):
    """An answer that is not ok. `description` is the whole text that Telegram sends."""

    code: int
    description: str
    retry_after: int | None = None


class Misfit(ValueError):
    """An argument that does not fit; the message is the reason, still to be put into a refusal."""


def bad(reason: str) -> Refusal:
    return refusal(400, reason)


def refusal(code: int, reason: str) -> Refusal:
    """A refusal with its prefix; the reason begins small unless it is an error name of the inner servers."""
    shouted = len(reason) > 1 and (reason[1] == "_" or reason[1].isupper())
    return Refusal(code, f"{_PREFIX[code]}: {reason if shouted else reason[:1].lower() + reason[1:]}")


def too_many(seconds: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {seconds}", seconds)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in the request."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """Every argument is text, as the server keeps it: JSON where it is no plain string."""

    method: str
    args: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.args.get(name, "")

    def flag(self, name: str) -> bool:
        return self.text(name).strip().lower() in _TRUE

    def number(self, name: str, default: int = 0, low: int = -(2**63), high: int = 2**63 - 1) -> int:
        """A whole number, forced between `low` and `high`; what is none counts as 0."""
        given = self.text(name)
        return min(max(whole(given) if given else default, low), high)

    def json(self, name: str, complaint: str) -> Any:
        """What the argument holds, None where it is absent or empty. What is no JSON is a Misfit with `complaint`."""
        given = self.text(name)
        if not given:
            return None
        try:
            return json.loads(given)
        except ValueError:
            raise Misfit(complaint) from None


def whole(text: str) -> int:
    """The number that `text` begins with, 0 where it begins with none."""
    text = text.strip()
    digits = text[1:] if text[:1] == "-" else text
    end = next((at for at, sign in enumerate(digits) if sign not in "0123456789"), len(digits))
    number = int(digits[:end] or "0")
    return -number if text[:1] == "-" else number


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object inside an argument, read as the server reads it; raises Misfit for what does not fit."""

    values: Json

    @classmethod
    def of(cls, value: Any, complaint: str) -> "Fields":
        if not isinstance(value, dict):
            raise Misfit(complaint)
        return cls(value)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        """A string; a number passes as one."""
        match self.values.get(name, ""):
            case str(found):
                return found
            case bool() | None | list() | dict():
                raise Misfit(f'Field "{name}" must be of type String')
            case number:
                return json.dumps(number)

    def number(self, name: str) -> int:
        """A whole number; its digits in a string pass as one."""
        match self.values.get(name, 0):
            case str(digits) if digits.removeprefix("-").isdecimal():
                return int(digits)
            case bool() | None | list() | dict():
                raise Misfit(f'Field "{name}" must be a Number')
            case int(number):
                return number
            case _:
                raise Misfit(f'Field "{name}" must be a valid Number')

    def flag(self, name: str) -> bool:
        found = self.values.get(name, False)
        if not isinstance(found, bool):
            raise Misfit(f'Field "{name}" must be of type Boolean')
        return found

    def array(self, name: str) -> list[Any]:
        found = self.values.get(name, [])
        if not isinstance(found, list):
            raise Misfit(f'Field "{name}" must be of type Array')
        return found

    def object(self, name: str) -> "Fields":
        return Fields.of(self.values.get(name), f'Field "{name}" must be of type Object')

    def needed(self, name: str) -> "Fields":
        """Itself, so that a reading can go on, once the field is seen to be there."""
        if name not in self.values:
            raise Misfit(f'Can\'t find field "{name}"')
        return self
