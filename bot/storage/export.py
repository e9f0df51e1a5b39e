"""Facts out of the database, row by row, in constant memory."""

import csv
import json
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import IO, Any, TextIO

from sqlalchemy import ColumnElement, Connection, Label, Select, and_, distinct, false, func, select, true

from bot.engine.reports import Remark
from bot.engine.severity import USUALLY
from bot.storage import spreadsheet, xes
from bot.storage.part import Part, at_most, caller, of_runs
from bot.storage.tables import (
    REHEARSED,
    DeviationRow,
    FollowUpRow,
    JournalRow,
    JournalTextRow,
    ReportNoteRow,
    ReportRow,
    ReviewRow,
    RunRow,
    VersionRow,
    table,
)

Row = dict[str, Any]
FIRST = ("seq", "at", "run", "turn", "sop", "version", "step", "kind", "person", "position", "unit")
"""The columns that every export begins with."""

journal = table(JournalRow)
deviation = table(DeviationRow)
follow_up = table(FollowUpRow)
run = table(RunRow)
report = table(ReportRow)
note = table(ReportNoteRow)
journal_text = table(JournalTextRow)
review = table(ReviewRow)
version = table(VersionRow)

_RISKY = re.compile(r"""(^|[;|\t\r\n])(?="*[=+\-@\t\r\0])""")
"""Where a cell may begin with what a spreadsheet takes for a formula. Indonesian ones read `;` as the end of a cell."""


def _rows(connection: Connection, statement: Select[Any], names: bool, more: tuple[str, ...]) -> Iterator[Row]:
    call = caller(connection, names)
    with connection.execute(statement.execution_options(yield_per=1000)) as every:
        for found in every:
            row = {name: getattr(found, name, None) for name in (*FIRST, *more)}
            yield row | {"person": call(found.person), "at": _iso(found.at)}


def _iso(at: datetime) -> str:
    return at.isoformat()


def runs(connection: Connection, names: bool, part: Part | None = None) -> Iterator[Row]:
    """One row an event of a run."""
    events = select(journal).where(journal.c.run.is_not(None), *of_runs(journal, part))
    yield from _rows(connection, events.order_by(journal.c.seq), names, ())


def deviations(
    connection: Connection, names: bool, part: Part | None = None, again: int = USUALLY.again
) -> Iterator[Row]:
    """One row a deviation that was not undone; how often an equal one came within `again` days."""
    more = ("reason", "detail", "late_seconds", "severity", "follow_up", "wanted")
    # those that are not wanted are counted all the same: an equal one of another unit or time is a recurrence too
    wanted = and_(true(), *of_runs(deviation, part)).label("wanted")
    stands = select(deviation, _followed_up(), wanted).join(run, run.c.id == deviation.c.run)
    stands = stands.where(deviation.c.undone.is_(False)).order_by(deviation.c.seq)
    lately: dict[tuple[str, str, str], deque[datetime]] = defaultdict(deque)
    for row in _rows(connection, stands, names, more):
        at, equal = datetime.fromisoformat(row["at"]), lately[row["sop"], row["step"], row["kind"]]
        while equal and at - equal[0] >= timedelta(days=again):
            equal.popleft()
        equal.append(at)
        if row.pop("wanted"):
            yield row | {"recurrence": len(equal)}


def _followed_up() -> Label[str]:
    """How the newest follow-up of an equal deviation in the unit stands, empty where there is none."""
    same = (follow_up.c.sop == deviation.c.sop) & (follow_up.c.step == deviation.c.step)
    equal = same & (follow_up.c.kind == deviation.c.kind) & (follow_up.c.unit == func.coalesce(run.c.unit, ""))
    newest = select(follow_up.c.state).where(equal).order_by(follow_up.c.id.desc()).limit(1)
    return func.coalesce(newest.correlate(deviation, run).scalar_subquery(), "").label("follow_up")


def reports(connection: Connection, names: bool, part: Part | None = None) -> Iterator[Row]:
    """One row a report: its number, by how many people the same is reported, what was said and what was answered."""
    call = caller(connection, names)
    every = _reported().where(*_made_within(part)).execution_options(yield_per=1000)
    with connection.execute(every) as found:
        for _, notes in groupby(found, key=lambda row: row.number):
            first, *more = notes
            said = [(note.what, json.loads(note.said)) for note in (first, *more) if note.said]
            row = {name: getattr(first, name, None) for name in (*FIRST, *_OF_REPORTS)}
            yield row | {
                "person": call(first.person),
                "at": _iso(first.at),
                "answered_by": call(first.answered_by) if first.answered_by else None,
                "answered_at": _iso(first.answered_at) if first.answered_at else None,
                "answer": json.loads(first.answer) if first.answer else "",
                "words": "\n".join(text for what, text in said if what == Remark.SAID),
                "wording": "\n".join(text for what, text in said if what == Remark.WORDING),
            }


_OF_REPORTS = (
    *("number", "state", "merged_into", "people", "words", "wording"),
    *("answer", "answered_by", "answered_at", "published_in"),
)


def _reported() -> Select[Any]:
    """Each report as the one stands that stands for it, once for each of its words."""
    lead, same, answer, said = (one.alias() for one in (report, report, journal_text, journal_text))
    counted = select(func.count(distinct(same.c.person))).where(
        (same.c.id == lead.c.id) | (same.c.merged_into == lead.c.id)
    )
    own = [report.c[name] for name in (*FIRST, "merged_into") if name in report.c]
    stands = [lead.c[name] for name in ("state", "answered_by", "answered_at", "published_in")]
    texts = [answer.c.text.label("answer"), note.c.what, said.c.text.label("said")]
    return (
        select(*own, report.c.id.label("number"), *stands, counted.scalar_subquery().label("people"), *texts)
        .join(lead, lead.c.id == func.coalesce(report.c.merged_into, report.c.id))
        .outerjoin(answer, (answer.c.seq == lead.c.answer) & (answer.c.name == "text"))
        .outerjoin(note, note.c.report == report.c.id)
        .outerjoin(said, (said.c.seq == note.c.seq) & (said.c.name == "text"))
        .order_by(report.c.id, note.c.seq)
    )


def _made_within(part: Part | None) -> Iterator[ColumnElement[bool]]:
    if part is None:
        return
    scope = part.scope
    yield report.c.at >= scope.since
    yield report.c.at < scope.until
    yield report.c.sop.in_(part.readable) | (report.c.person == part.person)
    if scope.sop is not None:
        yield report.c.sop == scope.sop
    if scope.starter is not None:
        yield report.c.person == scope.starter


def reviews(connection: Connection, names: bool, part: Part | None = None) -> Iterator[Row]:
    """One row a review, decided or to come; `seq` and `at` are those of the entry that planned it."""
    call, told = caller(connection, names), _told_of_reviews(connection)
    with connection.execute(_reviewed(part).execution_options(yield_per=1000)) as every:
        for found in every:
            entries = told.get(found.number, {})
            planned, decided = entries.get("review_planned"), entries.get("decided")
            row = dict.fromkeys(FIRST) | {name: getattr(found, name) for name in ("sop", "version", "kind")}
            yield row | {
                "seq": planned.first if planned else None,
                "at": _iso(planned.at) if planned else None,
                "person": call(found.decided_by) if found.decided_by else None,
                "unit": planned.unit if planned else None,
                "number": found.number,
                "since": found.since.isoformat(),
                "opens": found.opens.isoformat(),
                "due": found.due.isoformat(),
                "round": found.round,
                "put_off": found.put_off,
                "reminders": entries["reminded"].count if "reminded" in entries else 0,
                "decided_at": _iso(found.decided_at) if found.decided_at else None,
                "verdict": found.verdict,
                "ground": found.ground,
                "answers": found.answers,
                **_said_in(connection, decided.last if decided and found.verdict else None),
            }


@dataclass(slots=True)
class _Told:
    """What entries of one kind there are about a review: the first, the last, and how many."""

    first: int
    at: datetime
    unit: str | None
    last: int = 0
    count: int = 0


def _told_of_reviews(connection: Connection) -> Mapping[int, Mapping[str, _Told]]:
    told: dict[int, dict[str, _Told]] = defaultdict(dict)
    kinds = journal.c.kind.in_(("review_planned", "reminded", "decided"))
    entries = select(journal).where(kinds, journal.c.run.is_(None)).order_by(journal.c.seq)
    for row in connection.execute(entries.execution_options(yield_per=1000)):
        number = json.loads(row.body)["data"].get("review")  # the first release told none
        one = told[number].setdefault(row.kind, _Told(row.seq, row.at, row.unit))
        one.last, one.count = row.seq, one.count + 1
    return told


def _reviewed(part: Part | None) -> Select[Any]:
    columns = (review, review.c.id.label("number"), version.c.version)
    every = select(*columns).join(version, version.c.digest == review.c.digest).order_by(review.c.id)
    return every if part is None else every.where(review.c.sop.in_(part.readable))


def _said_in(connection: Connection, seq: int | None) -> Row:
    """With which words a review was decided, and what is to be done."""
    words = select(journal_text.c.name, journal_text.c.text).where(journal_text.c.seq == seq)
    said = {row.name: json.loads(row.text) for row in connection.execute(words)} if seq else {}
    return {"words": said.get("text", ""), "action": said.get("action", "")}


def audit(connection: Connection, names: bool, part: Part | None = None) -> Iterator[Row]:
    """The whole journal with its hashes; what was only rehearsed is marked."""
    mark = func.coalesce(run.c.stage == REHEARSED, false()).label("rehearsal")
    entries = select(journal, mark).outerjoin(run, run.c.id == journal.c.run).order_by(journal.c.seq)
    part_of = () if part is None else of_runs(journal, part)
    for row in _rows(connection, entries.where(*part_of), names, ("body", "prev", "hash", "rehearsal")):
        yield row | {"rehearsal": int(row["rehearsal"])}


ROWS: Mapping[str, Callable[[Connection, bool, Part | None], Iterator[Row]]] = {
    "runs": runs,
    "deviations": deviations,
    "reports": reports,
    "reviews": reviews,
    "audit": audit,
}


def write(
    connection: Connection,
    what: str,
    form: str,
    stream: TextIO,
    *,
    names: bool,
    part: Part | None = None,
    again: int = USUALLY.again,
    most: int | None = None,
) -> None:
    """Write facts in a form, to a file that is open for text: a part of them, or all. Within `again` days an equal
    deviation is a recurrence. Raises TooMany where there are more than `most`, of which no more is read."""
    of = partial(deviations, again=again) if what == "deviations" else ROWS[what]
    match form:
        case "xes" if what == "runs":
            xes.write(connection, stream.buffer, names=names, part=part, most=most)
        case "xlsx":
            spreadsheet.write(at_most(of(connection, names, part), most), stream.buffer, FIRST)
        case _:
            WRITERS[form](at_most(of(connection, names, part), most), stream)


def _write_csv(rows: Iterator[Row], stream: IO[str]) -> None:
    writer: Any = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(stream, fieldnames=list(row))
            writer.writeheader()
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    if writer is None:
        csv.writer(stream).writerow(FIRST)


def _harmless(value: Any) -> Any:
    """A spreadsheet takes some beginnings for a formula; an apostrophe before them keeps it text."""
    return _RISKY.sub(r"\1'", value) if isinstance(value, str) else value


def _write_jsonl(rows: Iterator[Row], stream: IO[str]) -> None:
    for row in rows:
        stream.write(json.dumps(row, ensure_ascii=False) + "\n")


WRITERS: Mapping[str, Callable[[Iterator[Row], IO[str]], None]] = {"csv": _write_csv, "jsonl": _write_jsonl}
FORMS: Mapping[str, tuple[str, ...]] = {
    what: ("csv", "xlsx", "jsonl", *(["xes"] if what == "runs" else [])) for what in ROWS
}
"""In which forms each thing can be had."""
OFFERED = frozenset((what, form) for what, forms in FORMS.items() for form in forms)
