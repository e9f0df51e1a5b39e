"""One SOP file into one value: every key checked, every mistake told with its line and how to mend it."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml
from rapidfuzz import process

from bot.engine import sop as s
from bot.engine.calendar import Duration
from bot.views.words import N_, Words

LARGEST = 256 * 1024
DEEPEST = 20
LONGEST_LABEL = 32
TAKEN = frozenset(
    [
        "mulai",
        "start",
        "selesai",
        "done",
        "kendala",
        "problem",
        "selesai dengan catatan",
        "lewati",
        "skip",
        "tidak bisa",
        "cannot",
        "tidak berlaku",
        "not applicable",
        "prosedur salah",
        "lainnya",
        "more",
        "jeda",
        "hentikan",
        "pause",
        "urungkan",
        "undo",
        "terima",
        "kembalikan",
        "bukan saya",
        "accept",
        "return",
        "minta izin",
        "izinkan",
        "tolak",
        "setujui",
        "approve",
        "reject",
        "lanjutkan",
        "mulai baru",
        "resume",
        "tunda",
        "revisi",
        "cabut",
    ]
)
"""Words that buttons of the bot carry: the way of a decision must read otherwise."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place of a file; `message` is English, with the names of `values` in braces."""

    file: str
    line: int
    column: int
    message: str
    values: Mapping[str, str] = field(default_factory=dict)
    warning: bool = False

    def line_of_text(self, words: Words) -> str:
        """`file:line:column: what is wrong and how to mend it`, in the reader's language."""
        return f"{self.file}:{self.line}:{self.column}: {words(self.message, **self.values)}"


class _Wrong(Exception):
    def __init__(self, node: yaml.Node | None, message: str, **values: str) -> None:
        super().__init__(message)
        self.node, self.message, self.values = node, message, values


def read_sop(source: bytes, file: str) -> tuple[s.Sop | None, list[Problem]]:
    """The SOP of a file, or None with what is wrong. Never raises, whatever the bytes."""
    try:
        root = _compose(source)
        sop = _sop(root)
    except _Wrong as wrong:
        mark = wrong.node.start_mark if wrong.node is not None else None
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return None, [Problem(file, line, column, wrong.message, wrong.values)]
    problems = [*_lost_ways(root, sop, file)]
    return (None if any(not one.warning for one in problems) else sop), problems


# YAML, as little of it as a person needs


def _compose(source: bytes) -> yaml.MappingNode:
    if len(source) > LARGEST:
        raise _Wrong(None, N_("The file is larger than 256 kB; split the SOP."))
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError:
        raise _Wrong(None, N_("The file is not UTF-8; save it with that encoding.")) from None
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            _refuse_tricks(event, depth)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        place = yaml.ScalarNode("", "", error.problem_mark)  # type: ignore[arg-type]
        problem = str(error.problem)
        raise _Wrong(
            place, N_("This is no YAML: {problem}. Check quotes, colons and indents."), problem=problem
        ) from None
    except yaml.YAMLError:
        raise _Wrong(None, N_("The file holds characters that YAML does not allow.")) from None
    if not isinstance(node, yaml.MappingNode):
        raise _Wrong(node, N_("An SOP file begins with keys such as id and title."))
    return node


def _refuse_tricks(event: yaml.Event, depth: int) -> None:
    place = yaml.ScalarNode("", "", event.start_mark)
    if depth > DEEPEST:
        raise _Wrong(place, N_("Nested too deeply."))
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise _Wrong(place, N_("Anchors and aliases (& and *) are not allowed; write it out."))
    if getattr(event, "tag", None) not in (None, "!"):
        raise _Wrong(place, N_("Tags (!) are not allowed."))


Keys = dict[str, yaml.Node]


def _keys(node: yaml.Node, allowed: str, required: str = "") -> Keys:
    if not isinstance(node, yaml.MappingNode):
        raise _Wrong(node, N_("Keys with values belong here: {keys}."), keys=allowed)
    found: Keys = {}
    names = allowed.split()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value not in names:
            name = str(key.value)[:40]
            raise _Wrong(key, N_("Unknown key '{name}', did you mean '{near}'?"), name=name, near=_near(name, names))
        if key.value in found:
            raise _Wrong(key, N_("'{name}' is given twice."), name=key.value)
        found[key.value] = value
    for name in required.split():
        if name not in found or _is_null(found[name]):
            raise _Wrong(node, N_("'{name}' is missing here."), name=name)
    return {name: value for name, value in found.items() if not _is_null(value)}


def _near(name: str, names: Iterable[str]) -> str:
    best = process.extractOne(name, list(names))
    return str(best[0]) if best else ""


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("", "null", "~")


def _text(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _Wrong(node, N_("Plain text belongs here."))
    text: str = node.value.strip()
    if not node.style and text.count("(") != text.count(")"):
        raise _Wrong(node, N_("Brackets are not closed: put text with a comma between quotes."))
    return text


def _list(node: yaml.Node) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]


def _texts(node: yaml.Node | None) -> tuple[str, ...]:
    return () if node is None else tuple(_text(item) for item in _list(node))


def _one_of(node: yaml.Node, names: Iterable[str]) -> str:
    text, known = _text(node), list(names)
    if text not in known:
        raise _Wrong(node, N_("'{name}' is none of these; did you mean '{near}'?"), name=text, near=_near(text, known))
    return text


def _flag(keys: Keys, name: str, default: bool = False) -> bool:
    return default if name not in keys else _one_of(keys[name], ("true", "false")) == "true"


def _whole(node: yaml.Node) -> int:
    text = _text(node)
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise _Wrong(node, N_("A whole number belongs here."))
    return int(text)


def _day(node: yaml.Node) -> date:
    try:
        return date.fromisoformat(_text(node))
    except ValueError:
        raise _Wrong(node, N_("A date belongs here, written as 2026-09-14.")) from None


def _duration(node: yaml.Node) -> Duration:
    try:
        return Duration.parse(_text(node))
    except ValueError:
        raise _Wrong(node, N_("'{text}' is no duration: write 30 menit, or use time_note."), text=_text(node)) from None


def _maybe(keys: Keys, name: str, read: Callable[[yaml.Node], Any], default: Any = None) -> Any:
    return read(keys[name]) if name in keys else default


# The SOP

_TOP = (
    "id title aliases number version status kind scope continues unit approved_by dates legal_basis related "
    "qualifications equipment warnings records team review positions phases steps"
)
_STEP = (
    "id do decide approve run by with phase needs within time_note at_least output note help record evidence choices "
    "critical warning check not_before deadline next sign reject"
)


def _sop(root: yaml.MappingNode) -> s.Sop:
    keys = _keys(root, _TOP, "id title version kind unit team positions steps")
    positions = _positions(keys["positions"])
    known = {position.id for position in positions}
    steps = _steps(keys["steps"], known, _texts(keys.get("phases")))
    kind = s.Kind(_one_of(keys["kind"], list(s.Kind)))
    scope = s.Scope(_one_of(keys["scope"], list(s.Scope))) if "scope" in keys else s.Scope.MICRO
    _check_kind(keys, kind, scope, steps)
    return s.Sop(
        id=_id(keys["id"]),
        title=_text(keys["title"]),
        version=_text(keys["version"]),
        kind=kind,
        scope=scope,
        unit=_text(keys["unit"]),
        team=_team(keys["team"], known),
        positions=positions,
        steps=steps,
        digest=_digest(root),
        number=_maybe(keys, "number", _text, ""),
        status=s.Status(_one_of(keys["status"], list(s.Status))) if "status" in keys else s.Status.DRAFT,
        aliases=_texts(keys.get("aliases")),
        continues=_maybe(keys, "continues", _id),
        approved_by=_maybe(keys, "approved_by", _signatory, s.Signatory()),
        dates=_maybe(keys, "dates", _dates, s.Dates()),
        legal_basis=tuple(_law(item) for item in _list(keys["legal_basis"])) if "legal_basis" in keys else (),
        related=_texts(keys.get("related")),
        qualifications=_texts(keys.get("qualifications")),
        equipment=_texts(keys.get("equipment")),
        warnings=_texts(keys.get("warnings")),
        records=_texts(keys.get("records")),
        phases=_texts(keys.get("phases")),
        review=_maybe(keys, "review", _review, s.ReviewRule()),
    )


def _id(node: yaml.Node) -> str:
    text = _text(node)
    if not 1 <= len(text) <= 48 or set(text) - set("abcdefghijklmnopqrstuvwxyz0123456789-"):
        raise _Wrong(node, N_("An id has 1 to 48 small letters, digits and hyphens."))
    return text


def _check_kind(keys: Keys, kind: s.Kind, scope: s.Scope, steps: tuple[s.Step, ...]) -> None:
    actors = {name for step in steps for name in step.by}
    if kind is s.Kind.TECHNICAL and len(actors) != 1:
        raise _Wrong(
            keys["kind"], N_("A technical SOP has exactly one position in its steps; else it is administrative.")
        )
    has_child = any(isinstance(step.does, s.Child) for step in steps)
    if has_child != (scope is s.Scope.MACRO):
        raise _Wrong(keys.get("scope", keys["kind"]), N_("An SOP is macro exactly when it has a run: step."))


def _positions(node: yaml.Node) -> tuple[s.Position, ...]:
    if not isinstance(node, yaml.MappingNode):
        raise _Wrong(node, N_("Positions are keys with titles."))
    return tuple(_position(_id(key), value) for key, value in node.value)


def _position(name: str, node: yaml.Node) -> s.Position:
    if isinstance(node, yaml.ScalarNode):
        return s.Position(name, _text(node))
    keys = _keys(node, "title external recorded_by", "title")
    return s.Position(name, _text(keys["title"]), _flag(keys, "external"), _maybe(keys, "recorded_by", _id))


def _team(node: yaml.Node, known: set[str]) -> s.Team:
    keys = _keys(node, "author supervisor manager", "author supervisor manager")
    return s.Team(*(_one_of(keys[name], known) for name in ("author", "supervisor", "manager")))


def _signatory(node: yaml.Node) -> s.Signatory:
    keys = _keys(node, "position name nip")
    return s.Signatory(**{name: _text(value) for name, value in keys.items()})


def _dates(node: yaml.Node) -> s.Dates:
    return s.Dates(**{name: _day(value) for name, value in _keys(node, "made trial revised effective").items()})


def _law(node: yaml.Node) -> s.Law:
    if isinstance(node, yaml.ScalarNode):
        return s.Law(_text(node))
    keys = _keys(node, "text checked", "text")
    return s.Law(_text(keys["text"]), _maybe(keys, "checked", _day))


def _review(node: yaml.Node) -> s.ReviewRule:
    keys = _keys(node, "trial monitor evaluate")
    trial = _maybe(keys, "trial", _trial)
    return s.ReviewRule(trial, _maybe(keys, "monitor", _duration), _maybe(keys, "evaluate", _duration))


def _trial(node: yaml.Node) -> s.TrialRule:
    keys = _keys(node, "from until runs performers", "from until")
    opens, due = _duration(keys["from"]), _duration(keys["until"])
    return s.TrialRule(opens, due, _maybe(keys, "runs", _whole, 5), _maybe(keys, "performers", _whole, 2))


# Steps


def _steps(node: yaml.Node, positions: set[str], phases: tuple[str, ...]) -> tuple[s.Step, ...]:
    items = _list(node)
    parsed = [_keys(item, _STEP, "id") for item in items]
    names = [_id(keys["id"]) for keys in parsed]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise _Wrong(parsed[number]["id"], N_("Two steps are called '{name}'."), name=name)
    records: set[str] = set()
    anchors = {*names, *(name for keys in parsed for name in _record_names(keys))}
    steps = []
    for number, keys in enumerate(parsed):
        below = names[number + 1] if number + 1 < len(names) else None
        context = _Context(names, positions, phases, anchors, records, below)
        steps.append(_step(items[number], keys, number + 1, context))
    return tuple(steps)


def _record_names(keys: Keys) -> Iterable[str]:
    for item in _list(keys["record"]) if "record" in keys else ():
        if isinstance(item, yaml.MappingNode):
            yield from (value.value for key, value in item.value if key.value == "name" and value.id == "scalar")


@dataclass(frozen=True)
class _Context:
    names: list[str]
    positions: set[str]
    phases: tuple[str, ...]
    anchors: set[str]
    records: set[str]
    below: str | None


def _step(node: yaml.Node, keys: Keys, number: int, at: _Context) -> s.Step:
    kinds = [name for name in ("do", "decide", "approve", "run") if name in keys]
    if len(kinds) != 1:
        raise _Wrong(node, N_("A step has exactly one of do, decide, approve and run."))
    _refuse_unfit(keys, kinds[0])
    if kinds[0] != "run" and "by" not in keys:
        raise _Wrong(node, N_("'{name}' is missing here."), name="by")
    for name in ("by", "with"):
        for item in _list(keys[name]) if name in keys else ():
            _one_of(item, [*at.positions, s.INITIATOR])
    if "phase" in keys and at.phases:
        _one_of(keys["phase"], at.phases)
    text = _text(keys[kinds[0]])
    return s.Step(
        id=_id(keys["id"]),
        number=number,
        text=text,
        does=_does(kinds[0], keys, at),
        by=_texts(keys.get("by")),
        along=_texts(keys.get("with")),
        phase=_maybe(keys, "phase", _text, ""),
        needs=_texts(keys.get("needs")),
        within=_maybe(keys, "within", _duration),
        time_note=_maybe(keys, "time_note", _text, ""),
        at_least=_maybe(keys, "at_least", _duration),
        output=_texts(keys.get("output")),
        note=_maybe(keys, "note", _text, ""),
        help=_maybe(keys, "help", _text, ""),
        warning=_maybe(keys, "warning", _text, ""),
        critical=_flag(keys, "critical"),
        record=tuple(_field(item, at) for item in _list(keys["record"])) if "record" in keys else (),
        check=_texts(keys.get("check")),
        evidence=_maybe(keys, "evidence", _evidence, s.Evidence()),
        not_before=_maybe(keys, "not_before", lambda one: _not_before(one, at)),
        deadline=_maybe(keys, "deadline", lambda one: _deadline(one, at)),
    )


_ONLY = {"choices": "decide", "sign": "approve", "reject": "approve"}
_NEVER = {"decide": ("next",), "run": ("record", "check", "evidence")}


def _refuse_unfit(keys: Keys, kind: str) -> None:
    for name, only in _ONLY.items():
        if name in keys and kind != only:
            raise _Wrong(keys[name], N_("'{name}' belongs to a {kind} step only."), name=name, kind=only)
    for name in _NEVER.get(kind, ()):
        if name in keys:
            raise _Wrong(keys[name], N_("'{name}' does not belong to a {kind} step."), name=name, kind=kind)


def _does(kind: str, keys: Keys, at: _Context) -> s.Does:
    then = _target(keys["next"], at) if "next" in keys else at.below
    match kind:
        case "do":
            return s.Do(then)
        case "approve":
            back = _maybe(keys, "reject", lambda node: _one_of(node, at.names))
            return s.Approve(then, back, _flag(keys, "sign"))
        case "run":
            return s.Child(_id(keys["run"]), then)
        case _:
            if "choices" not in keys:
                raise _Wrong(keys["decide"], N_("'{name}' is missing here."), name="choices")
            return s.Decide(tuple(_way(item, at) for item in _list(keys["choices"])))


def _target(node: yaml.Node, at: _Context) -> str | None:
    name = _one_of(node, [*at.names, "end"])
    return None if name == "end" else name


def _way(node: yaml.Node, at: _Context) -> s.Way:
    keys = _keys(node, "label next reason max then until", "label next")
    label = _text(keys["label"])
    if not 1 <= len(label) <= LONGEST_LABEL:
        raise _Wrong(keys["label"], N_("A label has at most 32 characters, to fit a button."))
    if label.casefold() in TAKEN:
        raise _Wrong(keys["label"], N_("'{name}' is a button of the bot itself; choose other words."), name=label)
    limited = "max" in keys or "until" in keys
    if limited != ("then" in keys):
        raise _Wrong(node, N_("max or until go together with then."))
    return s.Way(
        label,
        _target(keys["next"], at),
        _flag(keys, "reason"),
        _maybe(keys, "max", _whole),
        _maybe(keys, "then", lambda one: _target(one, at)),
        _maybe(keys, "until", lambda one: _until(one, at)),
    )


def _until(node: yaml.Node, at: _Context) -> s.Earlier | date:
    return s.Earlier(_text(node)) if _text(node) in at.anchors else _day(node)


def _evidence(node: yaml.Node) -> s.Evidence:
    keys = _keys(node, "photos files location")
    return s.Evidence(_maybe(keys, "photos", _whole, 0), _maybe(keys, "files", _whole, 0), _flag(keys, "location"))


def _not_before(node: yaml.Node, at: _Context) -> s.Offset:
    keys = _keys(node, "after wait", "after")
    return s.Offset(_one_of(keys["after"], at.anchors), _maybe(keys, "wait", _duration))


def _deadline(node: yaml.Node, at: _Context) -> s.Deadline:
    keys = _keys(node, "after within before by starts")
    starts = _flag(keys, "starts")
    if "after" in keys and "within" in keys:
        return s.Deadline(s.Offset(_one_of(keys["after"], at.anchors), _duration(keys["within"])), starts)
    if "before" in keys:
        offset = s.Offset(_one_of(keys["before"], at.anchors), _maybe(keys, "by", _duration), before=True)
        return s.Deadline(offset, starts)
    raise _Wrong(node, N_("A deadline has after and within, or before and by."))


_TYPES = "text number choice choices date yesno"


def _field(node: yaml.Node, at: _Context) -> s.Field:
    keys = _keys(node, "name label type required example digits unit expect limit options", "name label type")
    name = _text(keys["name"])
    if name in at.records or name in at.names:
        raise _Wrong(keys["name"], N_("The name '{name}' is used already."), name=name)
    at.records.add(name)
    asks = _asks(_one_of(keys["type"], _TYPES.split()), node, keys, at)
    return s.Field(name, _text(keys["label"]), asks, _flag(keys, "required", True), _maybe(keys, "example", _text, ""))


def _asks(kind: str, node: yaml.Node, keys: Keys, at: _Context) -> s.Asks:
    match kind:
        case "text":
            return s.Text(_maybe(keys, "digits", _digits))
        case "number":
            expect, limit = (
                _maybe(keys, key, lambda one: _range(one, _number, at), s.Range()) for key in ("expect", "limit")
            )
            return s.Number(_maybe(keys, "unit", _text, ""), expect, limit)
        case "date":
            expect, limit = (
                _maybe(keys, key, lambda one: _range(one, _day, at), s.Range()) for key in ("expect", "limit")
            )
            return s.Day(expect, limit)
        case "yesno":
            return s.YesNo()
        case _:
            options = _texts(keys.get("options"))
            if len(options) < 2:
                raise _Wrong(node, N_("'{name}' is missing here."), name="options")
            return s.Choice(options) if kind == "choice" else s.Choices(options)


def _ranges(keys: Keys, read: Callable[[yaml.Node], Any], at: _Context) -> tuple[s.Range[Any], s.Range[Any]]:
    expect, limit = (_maybe(keys, key, lambda one: _range(one, read, at), s.Range()) for key in ("expect", "limit"))
    return expect, limit


def _digits(node: yaml.Node) -> tuple[int, int]:
    fewest, _, most = _text(node).partition("-")
    if not fewest.isdigit() or not (most or fewest).isdigit():
        raise _Wrong(node, N_("digits is a number or a range such as 1-6."))
    return int(fewest), int(most or fewest)


def _number(node: yaml.Node) -> Decimal:
    try:
        return Decimal(_text(node))
    except InvalidOperation:
        raise _Wrong(node, N_("A number belongs here, written as 36.5.")) from None


def _range(node: yaml.Node, read: Callable[[yaml.Node], Any], at: _Context) -> s.Range[Any]:
    ends = _list(node)
    if len(ends) != 2:
        raise _Wrong(node, N_("A range has two ends, such as [0, null]."))
    low, high = (None if _is_null(end) else _end(end, read, at) for end in ends)
    return s.Range(low, high)


def _end(node: yaml.Node, read: Callable[[yaml.Node], Any], at: _Context) -> Any:
    return s.Earlier(_text(node)) if _text(node) in at.records else read(node)


# What can be told of the whole


def _lost_ways(root: yaml.MappingNode, sop: s.Sop, file: str) -> Iterable[Problem]:
    """Steps that cannot be reached, and steps from which the end cannot."""
    nodes = next(value for key, value in root.value if key.value == "steps").value
    reached = _closure({sop.first.id}, {step.id: set(step.leads_to()) for step in sop.steps})
    back: dict[str | None, set[str | None]] = {}
    for step in sop.steps:
        for target in step.leads_to():
            back.setdefault(target, set()).add(step.id)
    ending = _closure({None}, back)
    for step, node in zip(sop.steps, nodes, strict=True):
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        if step.id not in reached:
            yield Problem(file, line, column, N_("No way leads to the step '{name}'."), {"name": step.id})
        if step.id not in ending:
            yield Problem(file, line, column, N_("From the step '{name}' no way leads to the end."), {"name": step.id})
        if isinstance(step.does, s.Decide) and len(step.does.ways) < 2:
            yield Problem(file, line, column, N_("The decision '{name}' has one way."), {"name": step.id}, warning=True)


def _closure(start: set[Any], leads: Mapping[Any, set[Any]]) -> set[Any]:
    seen, queue = set(start), list(start)
    while queue:
        for target in leads.get(queue.pop(), ()):
            if target not in seen:
                seen.add(target)
                queue.append(target)
    return seen


def _digest(root: yaml.MappingNode) -> str:
    data = {key: value for key, value in _data(root).items() if key not in ("status", "dates", "approved_by")}
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _data(node: yaml.Node) -> Any:
    match node:
        case yaml.MappingNode():
            return {key.value: _data(value) for key, value in node.value}
        case yaml.SequenceNode():
            return [_data(item) for item in node.value]
        case _:
            return None if _is_null(node) else node.value
