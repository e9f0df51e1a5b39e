"""SOP files into procedures: parsed, checked, and built only where nothing is wrong."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import assert_never

from pydantic import ValidationError

from bot.engine import sop as engine
from bot.library import checks, complaints, schema
from bot.library.nodes import Document, parse
from bot.library.problems import Finding, Problem
from bot.library.schema import END


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file gave: its procedure, None where a problem is more than a warning."""

    file: str
    source: bytes
    sop: engine.Sop | None
    problems: tuple[Problem, ...]

    def problems_with(self, findings: Iterable[Finding]) -> list[Problem]:
        """`findings`, known only beside other files, at their places in this one."""
        return Document(self.file, self.source).problems(findings)


def read_sop(source: bytes, file: str) -> tuple[engine.Sop | None, list[Problem]]:
    """The procedure in `source`, None where any problem is more than a warning; and the problems, from the top.

    `file` is how the problems name the file. Whatever the bytes, nothing is raised."""
    reading = read(source, file)
    return reading.sop, list(reading.problems)


def read(source: bytes, file: str) -> Reading:
    """As `read_sop`, with what it takes to tell more about the file later."""
    document, problems = parse(source, file)
    if problems:
        return Reading(file, source, None, tuple(problems))
    sop, findings = _understand(document)
    return Reading(file, source, sop, tuple(document.problems(findings)))


def _understand(document: Document) -> tuple[engine.Sop | None, list[Finding]]:
    try:
        written = schema.Sop.model_validate(document.data)
    except ValidationError as error:
        return None, list(complaints.findings(error, schema.Sop))
    findings = list(checks.check(written))
    if any(not finding.warning for finding in findings):
        return None, findings
    sop = _sop(written, _digest(document))
    lost = list(checks.check_ways(sop))
    return (None if lost else sop), [*findings, *lost, *checks.check_cards(sop)]


def _digest(document: Document) -> str:
    """Of the content alone: comments, the order of keys, quotes, status, dates and approval leave it as it is."""
    assert isinstance(document.data, dict)
    content = {key: value for key, value in document.data.items() if key not in ("status", "dates", "approved_by")}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


# From what is written to what is meant


def _sop(written: schema.Sop, digest: str) -> engine.Sop:
    below = [step.id for step in written.steps[1:]] + [END]
    steps = zip(written.steps, below, strict=True)
    return engine.Sop(
        id=written.id,
        title=written.title,
        version=written.version,
        kind=written.kind,
        unit=written.unit,
        team=engine.Team(written.team.author, written.team.supervisor, written.team.manager),
        positions=tuple(
            engine.Position(name, one.title, one.external, one.recorded_by) for name, one in written.positions.items()
        ),
        steps=tuple(_step(step, number, below) for number, (step, below) in enumerate(steps, start=1)),
        digest=digest,
        number=written.number,
        status=written.status,
        scope=written.scope,
        aliases=written.aliases,
        continues=written.continues,
        approved_by=engine.Signatory(written.approved_by.position, written.approved_by.name, written.approved_by.nip),
        dates=engine.Dates(written.dates.made, written.dates.trial, written.dates.revised, written.dates.effective),
        legal_basis=tuple(engine.Law(law.text, law.checked) for law in written.legal_basis),
        related=written.related,
        qualifications=written.qualifications,
        equipment=written.equipment,
        warnings=written.warnings,
        records=written.records,
        phases=written.phases,
        review=review_rule(written.review),
    )


def review_rule(written: schema.Review) -> engine.ReviewRule:
    """What an SOP says of its reviews, or the office of all."""
    trial = written.trial
    rule = None if trial is None else engine.TrialRule(trial.opens, trial.until, trial.runs, trial.performers)
    days = None if written.remind is None else tuple(sorted(set(written.remind), reverse=True))
    return engine.ReviewRule(rule, written.monitor, written.evaluate, written.revise, days)


def _step(written: schema.AnyStep, number: int, below: str) -> engine.Step:
    text, does = _does(written, below)
    work = written if isinstance(written, schema.Work) else None
    return engine.Step(
        id=written.id,
        number=number,
        text=text,
        does=does,
        by=written.by,
        along=written.along,
        phase=written.phase,
        needs=written.needs,
        within=written.within,
        time_note=written.time_note,
        at_least=written.at_least,
        output=written.output,
        note=written.note,
        help=written.help,
        warning=written.warning,
        critical=written.critical,
        optional=written.optional,
        record=tuple(_field(record) for record in work.record) if work else (),
        check=work.check if work else (),
        evidence=_evidence(work.evidence if work else None),
        not_before=_not_before(written.not_before),
        deadline=_deadline(written.deadline),
    )


def _does(written: schema.AnyStep, below: str) -> tuple[str, engine.Does]:
    match written:
        case schema.Do(do=text):
            return text, engine.Do(_target(written.next or below))
        case schema.Decide(decide=text):
            return text, engine.Decide(tuple(_way(way, below) for way in written.choices))
        case schema.Approve(approve=text):
            return text, engine.Approve(_target(written.next or below), written.reject, written.sign)
        case schema.Run(run=sop):
            return sop, engine.Child(sop, _target(written.next or below))
        case _:
            assert_never(written)


def _way(written: schema.Way, below: str) -> engine.Way:
    return engine.Way(
        label=written.label,
        next=_target(written.next or below),
        reason=bool(written.reason),
        reasons=() if isinstance(written.reason, bool) else written.reason,
        max=written.max,
        then=_target(written.then or END),
        until=written.until,
    )


def _target(name: str) -> str | None:
    return None if name == END else name


def _field(written: schema.AnyRecord) -> engine.Field:
    return engine.Field(written.name, written.label, _asks(written), written.required, written.example)


def _asks(written: schema.AnyRecord) -> engine.Asks:
    match written:
        case schema.TextRecord(digits=digits):
            return engine.Text(digits)
        case schema.NumberRecord(unit=unit, expect=expect, limit=limit):
            return engine.Number(unit, engine.Range(*expect), engine.Range(*limit))
        case schema.DateRecord(expect=first_last, limit=bounds):
            return engine.Day(engine.Range(*first_last), engine.Range(*bounds))
        case schema.OptionRecord(type="choice", options=options):
            return engine.Choice(options)
        case schema.OptionRecord(options=options):
            return engine.Choices(options)
        case schema.YesNoRecord():
            return engine.YesNo()
        case _:
            assert_never(written)


def _evidence(written: schema.Evidence | None) -> engine.Evidence:
    if written is None:
        return engine.Evidence()
    return engine.Evidence(written.photos or 0, written.files or 0, written.location)


def _not_before(written: schema.NotBefore | None) -> engine.Offset | None:
    return None if written is None else engine.Offset(written.after, written.wait)


def _deadline(written: schema.After | schema.Before | None) -> engine.Deadline | None:
    match written:
        case None:
            return None
        case schema.After(after=anchor, within=length, starts=starts):
            return engine.Deadline(engine.Offset(anchor, length), starts)
        case schema.Before(before=anchor, by=earlier, starts=starts):
            return engine.Deadline(engine.Offset(anchor, earlier, before=True), starts)
        case _:
            assert_never(written)
