"""What a wrong value is told to its author: the models' errors, each as one sentence that says how to mend it."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from bot.library import schema
from bot.library.fields import Group
from bot.library.problems import Finding, Path, likely
from bot.views.screen import cut
from bot.views.words import N_

_SENTENCES: Mapping[str, str] = {
    "nothing": N_("The file is empty."),
    "no_keys": N_("The file must consist of lines such as `key: value`."),
    "missing": N_("`{key}` is missing here."),
    "extra_forbidden": N_("`{key}` does not belong here."),
    "empty": N_("An item of `{key}` is empty; fill it or take it out."),
    "string_type": N_("`{key}` wants one text; a text that contains ': ' must stand in quotes."),
    "tuple_type": N_("`{key}` wants a list: [one, two]."),
    "dict_type": N_("`{key}` wants keys and values, not a text or a list."),
    "model_type": N_("`{key}` wants keys and values, not a text or a list."),
    "too_short": N_("`{key}` is an empty list; fill it or leave it out."),
    "two_ends": N_("`{key}` wants two ends, [low, high]; an open one is null, a decimal comma is a point here."),
    "too_long": N_("`{key}` has more items than buttons fit a screen: at most {max_length}."),
    "string_too_long": N_("'{value}' does not fit a button: at most {max_length} characters."),
    "id": N_("'{value}' is no id: small letters, digits and hyphens, at most 48."),
    "name": N_("'{value}' is no id: small letters, digits, hyphens and underscores, at most 48."),
    "record_name": N_("'{value}' is no name: a small letter, then letters, digits, hyphens, underscores, at most 48."),
    "option": N_("'{value}' is not known for `{key}`."),
    "flag": N_("`{key}` is true or false, not '{value}'."),
    "count": N_("`{key}` wants a whole number from 1 to 9999, not '{value}'."),
    "less_than_equal": N_("`{key}` is at most {le}, not '{value}'."),
    "day": N_("'{value}' is no date; write it like 2026-11-24."),
    "standard_time": N_(
        "'{value}' is no length of time; write it like 30 menit, 1,5 jam, 3 hari, or put words into `time_note`."
    ),
    "length": N_("'{value}' is no length of time; write it like 30 menit, 1,5 jam, 3 hari or 2 bulan."),
    "interval": N_("'{value}' is no interval; write it like 14 hari, 2 minggu or 6 bulan."),
    "digits": N_("'{value}' is no number of digits; write it like 16, or 1-6 from fewest to most."),
    "two_numbers": N_("'{value}' can be read as two numbers; write {thousands} or {parts} without a thousands point."),
    "number_end": N_("'{value}' is neither a number, nor null, nor the name of an earlier record."),
    "day_end": N_("'{value}' is neither a date like 2026-11-24, nor a step's id, nor the name of a record."),
    "record_type": N_("'{value}' is no type of record."),
    "step_kind": N_("A step has exactly one of `do`, `decide`, `approve` and `run`."),
    "deadline_kind": N_("A deadline has exactly one of `after` and `before`."),
    "hours": N_("'{value}' are no hours; write them like 07.30-12.00."),
    "closed": N_("'{value}': the office must close after it opens, on the same day."),
}


def findings(error: ValidationError, root: type[Group]) -> Iterator[Finding]:
    """Every error of the models below `root` as a finding."""
    for one in error.errors(include_url=False):
        if one["type"] == "too_short" and one["input"]:
            continue  # its items are wrong, which is told of each
        yield _finding(root, one["type"], one["loc"], one["input"], one.get("ctx", {}))


def _finding(root: type[Group], kind: str, loc: Path, given: Any, context: Mapping[str, Any]) -> Finding:
    path = tuple(part for part in loc if not schema.is_tag(part))
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    value = given if isinstance(given, str) else ""
    match kind, path:
        case "model_type", ():
            return _told("nothing" if given is None else "no_keys", path, {})
        case "extra_forbidden", _:
            return _told(kind, path, {"key": key}, likely(key, schema.keys_at(root, loc[:-1])))
        case "option", _:
            return _told(kind, path, {"key": key, "value": value}, likely(value, context["known"]))
        case "record_type", _:
            value = given.get("type", "") if isinstance(given, dict) else ""
            return _told(kind, (*path, "type"), {"value": value}, likely(str(value), schema.RECORD_TYPES))
        case "missing" | "too_long", (*_, int() | "expect" | "limit"):
            return _told("two_ends", path, {"key": key})
        case "string_type" | "model_type", (*_, int()) if given is None:
            return _told("empty", path, {"key": key})
        case _:
            return _told(kind, path, {"key": key, "value": value} | dict(context))


def _told(kind: str, path: Path, values: Mapping[str, object], instead: tuple[str, ...] = ()) -> Finding:
    sentence = _SENTENCES[kind]
    said = {name: _short(value) for name, value in values.items() if f"{{{name}}}" in sentence}
    return Finding(path, sentence, said, instead)


def _short(value: object) -> str:
    return cut(str(value), 60)
