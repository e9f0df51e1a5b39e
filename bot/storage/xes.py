"""Runs as an event log of IEEE 1849 (XES), for tools of process mining: a trace is a run, run after run."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import IO, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Connection, select

from bot.storage.part import Part, at_most, caller, of_runs, secret
from bot.storage.tables import JournalRow, table

journal = table(JournalRow)

NAMESPACE = "http://www.xes-standard.org/"
EXTENSIONS = {
    "Concept": "concept",
    "Time": "time",
    "Organizational": "org",
    "Lifecycle": "lifecycle",
    "Identity": "identity",
}
TRANSITIONS: Mapping[str, str] = {
    "accepted": "start",
    "assigned": "reassign",
    "declined": "withdraw",
    "released": "withdraw",
    "paused": "suspend",
    "resumed": "resume",
    "finished": "complete",
    "noted": "complete",
    "decided": "complete",
    "approved": "complete",
    "rejected": "complete",
    "child_ended": "complete",
    "skipped": "manualskip",
    "waived": "manualskip",
    "leave_given": "manualskip",
    "stopped": "ate_abort",
    "completed": "complete",
}
"""What each kind of event is in the standard's life of a step; what is left out changes nothing in it."""

Attribute = tuple[str, str, str]
"""The type of an attribute, its key and its value."""


def write(
    connection: Connection, stream: IO[bytes], *, names: bool, part: Part | None = None, most: int | None = None
) -> None:
    """Write every run, or those of a part, with its events, persons by pseudonyms where their names are not wanted.
    Raises TooMany where there are more events than `most`."""
    from lxml import etree  # only whoever exports needs it

    call, ids = caller(connection, names), uuid5(NAMESPACE_URL, secret(connection))
    with etree.xmlfile(stream, encoding="UTF-8") as out:
        out.write_declaration()
        root = {"xes.version": "1849.2016", "xes.features": ""}
        with out.element(f"{{{NAMESPACE}}}log", root, nsmap={None: NAMESPACE}):
            for element in _head(etree):
                out.write(element)
            for rows in _traces(connection, part, most):
                out.write(_trace(etree, rows, call, ids))


def _head(etree: Any) -> Iterator[Any]:
    for name, prefix in EXTENSIONS.items():
        yield _element(etree, "extension", name=name, prefix=prefix, uri=f"{NAMESPACE}{prefix}.xesext")
    for scope, attributes in (("trace", _OF_ALL_TRACES), ("event", _OF_ALL_EVENTS)):
        known = _element(etree, "global", scope=scope)
        known.extend([_element(etree, kind, key=key, value=value) for kind, key, value in attributes])
        yield known
    yield _element(etree, "classifier", name="Step", scope="event", keys="concept:name")
    yield _element(
        etree, "classifier", name="Step and transition", scope="event", keys="concept:name lifecycle:transition"
    )
    yield _element(etree, "string", key="concept:name", value="Pandu")
    yield _element(etree, "string", key="lifecycle:model", value="standard")


_OF_ALL_TRACES: tuple[Attribute, ...] = (("string", "concept:name", ""),)
_OF_ALL_EVENTS: tuple[Attribute, ...] = (
    ("string", "concept:name", ""),
    ("date", "time:timestamp", "1970-01-01T00:00:00+00:00"),
    ("string", "lifecycle:transition", "unknown"),
)


def _traces(connection: Connection, part: Part | None, most: int | None) -> Iterator[list[Any]]:
    """The events of one run after the other; only one run is in memory."""
    of_a_run = journal.c.run.is_not(None), journal.c.turn.is_not(None)
    events = select(journal).where(*of_a_run, *of_runs(journal, part))
    ordered = events.order_by(journal.c.run, journal.c.turn).execution_options(yield_per=1000)
    with connection.execute(ordered) as found:
        for _, rows in groupby(at_most(found, most), attrgetter("run")):
            yield list(rows)


def _trace(etree: Any, rows: list[Any], call: Callable[[int | None], str], ids: UUID) -> Any:
    first = rows[0]
    trace = _element(etree, "trace")
    about: list[Attribute] = [
        ("string", "concept:name", str(first.run)),
        ("id", "identity:id", str(uuid5(ids, f"run {first.run}"))),
        ("string", "sop:id", first.sop or ""),
        ("string", "sop:version", first.version or ""),
    ]
    _fill(etree, trace, about)
    for row in rows:
        event = etree.SubElement(trace, f"{{{NAMESPACE}}}event")
        _fill(etree, event, _event(row, call, ids))
    return trace


def _event(row: Any, call: Callable[[int | None], str], ids: UUID) -> Iterator[Attribute]:
    data = json.loads(row.body)["data"]
    yield "string", "concept:name", row.step or row.sop or ""
    yield "date", "time:timestamp", row.at.isoformat()
    yield "string", "lifecycle:transition", _transition(row.kind, data)
    yield "string", "org:resource", call(row.person)
    if row.position:
        yield "string", "org:role", row.position
    if row.unit:
        yield "string", "org:group", row.unit
    yield "id", "identity:id", str(uuid5(ids, f"entry {row.seq}"))
    yield "string", "event:kind", row.kind
    for key in ("kind", "severity", "reason"):
        match data.get(key):
            case {"value": str(value)} if row.kind == "deviated" or key == "reason":
                yield "string", key if key == "reason" else f"deviation:{key}", value


def _transition(kind: str, data: Mapping[str, Any]) -> str:
    if kind == "entered":  # whoever has the step at once need not accept it
        return "schedule" if data.get("holder") is None else "start"
    return TRANSITIONS.get(kind, "unknown")


def _fill(etree: Any, element: Any, attributes: Iterable[Attribute]) -> None:
    for kind, key, value in attributes:
        etree.SubElement(element, f"{{{NAMESPACE}}}{kind}", key=key, value=_clean(value))


def _clean(text: str) -> str:
    """Without what XML has no room for."""
    return "".join(char for char in text if char >= " " or char in "\t\n\r")


def _element(etree: Any, tag: str, **attributes: str) -> Any:
    return etree.Element(f"{{{NAMESPACE}}}{tag}", attributes, nsmap={None: NAMESPACE})
