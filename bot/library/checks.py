"""What the keys of an SOP file say of each other: every name leads somewhere, every step has a way in and a way out."""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from bot.engine import sop as engine
from bot.engine.calendar import Duration, later
from bot.engine.sop import INITIATOR, Earlier, Kind, Scope
from bot.library import schema
from bot.library.problems import Finding, Path, likely
from bot.library.schema import END
from bot.views.run import FOLD
from bot.views.words import N_

Findings: TypeAlias = Iterator[Finding]

_BUTTONS = (
    "mulai|start|selesai|done|kendala|problem|selesai dengan catatan|done with a note|lewati|skip|tidak bisa|cannot|"
    "tidak berlaku|not applicable|prosedur salah|procedure wrong|lainnya|more|jeda|pause|hentikan|stop run|urungkan|"
    "undo|terima|accept|kembalikan|return|bukan saya|not me|minta izin|ask leave|izinkan|allow|tolak|refuse|reject|"
    "setujui|approve|mulai uji coba|start trial|lanjutkan|resume|mulai baru|start new|berlakukan|put in force|"
    "tetap berlaku|keep|revisi|revise|cabut|withdraw|berjalan dengan baik|runs well|tidak berjalan dengan baik|"
    "does not run well|tunda|postpone|diterima|accepted|ditolak|rejected|masuk revisi|in revision"
)
BUTTONS = frozenset(_BUTTONS.split("|"))
"""What the bot's own buttons say, in both languages: beside one of them a way of that name could not be told apart."""


def check(sop: schema.Sop) -> Findings:
    """Everything in which one part of the file does not fit another, but for the ways through the steps."""
    for one in _CHECKS:
        yield from one(sop)


def _unknown(path: Path, message: str, name: str, known: Collection[str]) -> Findings:
    if name not in known:
        yield Finding(path, message, {"name": name}, likely(name, known))


def _steps(sop: schema.Sop) -> Iterator[tuple[Path, schema.AnyStep]]:
    for place, step in enumerate(sop.steps):
        yield ("steps", place), step


def _records(sop: schema.Sop) -> Iterator[tuple[Path, schema.AnyRecord]]:
    for path, step in _steps(sop):
        if isinstance(step, schema.Work):
            yield from (((*path, "record", place), record) for place, record in enumerate(step.record))


def _ways(sop: schema.Sop) -> Iterator[tuple[Path, schema.Way]]:
    for path, step in _steps(sop):
        if isinstance(step, schema.Decide):
            yield from (((*path, "choices", place), way) for place, way in enumerate(step.choices))


# Positions


_NO_POSITION = N_("There is no position '{name}'; add it to `positions`.")


def _positions(sop: schema.Sop) -> Findings:
    for name, position in sop.positions.items():
        path: Path = ("positions", name)
        if name == INITIATOR:
            yield Finding(path, N_("`initiator` is whoever starts the run; give the position another id."))
        if position.external != (position.recorded_by is not None):
            yield Finding(path, N_("`external: true` and `recorded_by` go together: somebody in the bot must record."))
        if position.recorded_by is not None:
            inside = [one for one in sop.positions if not sop.positions[one].external]
            yield from _unknown((*path, "recorded_by"), _NO_POSITION, position.recorded_by, inside)


def _team(sop: schema.Sop) -> Findings:
    for role, name in sop.team:
        yield from _unknown(("team", role), _NO_POSITION, name, sop.positions)


def _performers(sop: schema.Sop) -> Findings:
    for path, step in _steps(sop):
        for place, name in enumerate(step.by):
            yield from _unknown((*path, "by", place), _NO_POSITION, name, [*sop.positions, INITIATOR])
        for place, name in enumerate(step.along):
            yield from _unknown((*path, "with", place), _NO_POSITION, name, sop.positions)


# The SOP as a whole


def _kind(sop: schema.Sop) -> Findings:
    performers = {name for step in sop.steps for name in step.by}
    if sop.kind is Kind.TECHNICAL and len(performers) != 1:
        message = N_("A technical SOP has one performer, this one {count}; write `kind: administrative`.")
        yield Finding(("kind",), message, {"count": len(performers)})


def _scope(sop: schema.Sop) -> Findings:
    runs = [path for path, step in _steps(sop) if isinstance(step, schema.Run)]
    match sop.scope, runs:
        case Scope.MICRO, [first, *_]:
            yield Finding((*first, "run"), N_("Only a macro SOP runs another; write `scope: macro`."))
        case Scope.MACRO, []:
            yield Finding(("scope",), N_("A macro SOP has a step with `run`; write `scope: micro`."))


def _children(sop: schema.Sop) -> Findings:
    for path, step in _steps(sop):
        if isinstance(step, schema.Run) and step.run == sop.id:
            yield Finding((*path, "run"), N_("This SOP runs itself; a run of it would never end."))


def _phases(sop: schema.Sop) -> Findings:
    for path, step in _steps(sop):
        if step.phase and sop.phases:
            yield from _unknown((*path, "phase"), N_("There is no phase '{name}' in `phases`."), step.phase, sop.phases)


_AN_ORDINARY_DAY = date(2001, 1, 1)


def _trial(sop: schema.Sop) -> Findings:
    return found_in_review(sop.review)


def found_in_review(review: schema.Review) -> Findings:
    """What is wrong with when reviews come, beyond its words."""
    trial = review.trial
    if trial is not None and _ends(trial.until) < _ends(trial.opens):
        yield Finding(("review", "trial", "until"), N_("The trial ends before it can be decided; mend from and until."))


def _ends(interval: Duration) -> date:
    return later(_AN_ORDINARY_DAY, interval)


def _optional(sop: schema.Sop) -> Findings:
    for path, step in _steps(sop):
        if step.optional and (step.critical or not isinstance(step, schema.Do)):
            yield Finding((*path, "optional"), N_("Only a plain step that is not critical may be left out."))


# Names


def _names(sop: schema.Sop) -> Findings:
    taken: set[str] = set()
    for path, step in _steps(sop):
        if step.id == END:
            yield Finding((*path, "id"), N_("`end` is the end of the run; give the step another id."))
        yield from _taken((*path, "id"), step.id, taken)
    for path, record in _records(sop):
        yield from _taken((*path, "name"), record.name, taken)


def _taken(path: Path, name: str, taken: set[str]) -> Findings:
    if name in taken:
        yield Finding(path, N_("'{name}' is already a step or a record; each needs a name of its own."), {"name": name})
    taken.add(name)


# Where steps lead


def _targets(sop: schema.Sop) -> Findings:
    ids = [step.id for step in sop.steps]
    for path, name in _led_to(sop):
        known = ids if path[-1] == "reject" else [*ids, END]
        yield from _unknown(path, N_("There is no step '{name}'."), name, known)


def _led_to(sop: schema.Sop) -> Iterator[tuple[Path, str]]:
    for path, step in _steps(sop):
        if not isinstance(step, schema.Decide) and step.next is not None:
            yield (*path, "next"), step.next
        if isinstance(step, schema.Approve) and step.reject is not None:
            yield (*path, "reject"), step.reject
    for path, way in _ways(sop):
        yield from (((*path, key), name) for key, name in (("next", way.next), ("then", way.then)) if name is not None)


def _loops(sop: schema.Sop) -> Findings:
    for path, way in _ways(sop):
        match way:
            case schema.Way(max=None, until=None, then=str()):
                yield Finding((*path, "then"), N_("`then` needs `max` or `until`, which say from when on it counts."))
            case schema.Way(then=None, max=int()):
                yield Finding((*path, "max"), N_("`max` needs `then`, which says where it leads afterwards."))
            case schema.Way(then=None, until=date() | Earlier()):
                yield Finding((*path, "until"), N_("`until` needs `then`, which says where it leads afterwards."))


def _labels(sop: schema.Sop) -> Findings:
    for path, way in _ways(sop):
        if _bare(way.label) in BUTTONS:
            message = N_("'{label}' is a button of the bot itself; choose other words.")
            yield Finding((*path, "label"), message, {"label": way.label})
        if not _bare(way.label):
            message = N_("'{label}' has no words; a button must say what it means.")
            yield Finding((*path, "label"), message, {"label": way.label})
        if isinstance(way.reason, tuple):
            yield from _alike((*path, "reason"), way.reason)
    for path, step in _steps(sop):
        if isinstance(step, schema.Decide):
            yield from _alike((*path, "choices"), [way.label for way in step.choices])
            if len(step.choices) == 1:
                message = N_("This decision has only one way; write it as `do`, or add the other way.")
                yield Finding((*path, "choices"), message, warning=True)
    for path, record in _records(sop):
        if isinstance(record, schema.OptionRecord):
            yield from _alike((*path, "options"), record.options)


def _bare(label: str) -> str:
    """`label` without the emoji that may stand before it."""
    return re.sub(r"^\W+", "", label).casefold()


def _alike(path: Path, labels: Collection[str]) -> Findings:
    seen: set[str] = set()
    for place, label in enumerate(labels):
        if label.casefold() in seen:
            message = N_("'{label}' stands here twice; nobody can tell them apart.")
            yield Finding((*path, place), message, {"label": label})
        seen.add(label.casefold())


# Times and limits


def _times(sop: schema.Sop) -> Findings:
    for path, step in _steps(sop):
        if step.within is not None and step.time_note:
            message = N_("`time_note` stands instead of `within`; leave one of them.")
            yield Finding((*path, "time_note"), message, warning=True)


def _anchors(sop: schema.Sop) -> Findings:
    known = [step.id for step in sop.steps]
    known += [record.name for _, record in _records(sop) if isinstance(record, schema.DateRecord)]
    for path, name in _counted_from(sop):
        yield from _unknown(path, N_("There is no step and no recorded date '{name}'."), name, known)


def _counted_from(sop: schema.Sop) -> Iterator[tuple[Path, str]]:
    for path, step in _steps(sop):
        if step.not_before is not None:
            yield (*path, "not_before", "after"), step.not_before.after
        match step.deadline:
            case schema.After(after=name):
                yield (*path, "deadline", "after"), name
            case schema.Before(before=name):
                yield (*path, "deadline", "before"), name
    for path, way in _ways(sop):
        if isinstance(way.until, Earlier):
            yield (*path, "until"), way.until.name


def _ranges(sop: schema.Sop) -> Findings:
    earlier: dict[type[schema.Record], list[str]] = defaultdict(list)
    for path, record in _records(sop):
        if isinstance(record, schema.NumberRecord | schema.DateRecord):
            for key, ends in (("expect", record.expect), ("limit", record.limit)):
                yield from _range((*path, key), ends, earlier[type(record)])
        earlier[type(record)].append(record.name)


_End: TypeAlias = Decimal | date | Earlier | None


def _range(path: Path, ends: tuple[_End, _End], earlier: Collection[str]) -> Findings:
    for place, end in enumerate(ends):
        if isinstance(end, Earlier):
            message = N_("'{name}' is no record of the same type that stands above this one.")
            yield from _unknown((*path, place), message, end.name, earlier)
    match ends:
        case (Decimal() as low, Decimal() as high) if high < low:
            yield _upside_down(path)
        case (date() as first, date() as last) if last < first:
            yield _upside_down(path)


def _upside_down(path: Path) -> Finding:
    return Finding(path, N_("The low end must stand first; exchange the two."))


_CHECKS: tuple[Callable[[schema.Sop], Findings], ...] = (
    _positions,
    _team,
    _performers,
    _kind,
    _scope,
    _children,
    _phases,
    _trial,
    _optional,
    _names,
    _targets,
    _loops,
    _labels,
    _times,
    _anchors,
    _ranges,
)


# The ways through the steps, and how a step looks on a phone


def check_ways(sop: engine.Sop) -> Findings:
    """Steps that no run can come to, and steps from which no run can end. Every name in `sop` leads somewhere."""
    ahead = {step.id: set(step.leads_to()) for step in sop.steps}
    behind: dict[str | None, set[str | None]] = defaultdict(set)
    for name, targets in ahead.items():
        for target in targets:
            behind[target].add(name)
    reached = _reach(sop.first.id, lambda name: ahead.get(name or "", set()))
    ending = _reach(None, lambda name: behind[name])
    for step in sop.steps:
        path: Path = ("steps", step.number - 1)
        if step.id not in reached:
            yield Finding(path, N_("No way leads to the step '{name}'; let a `next` lead to it."), {"name": step.id})
        if step.id not in ending:
            message = N_("From the step '{name}' no way leads to the end; let a `next` lead on.")
            yield Finding(path, message, {"name": step.id})


def _reach(start: str | None, onward: Callable[[str | None], set[str | None]]) -> set[str | None]:
    seen, queue = {start}, deque([start])
    while queue:
        new = onward(queue.popleft()) - seen
        seen |= new
        queue.extend(new)
    return seen


_SHOWN: Mapping[str, int] = {"text": 400, "warning": 400, "help": 900, "note": 300}
"""Characters of each text that fit the card of a step."""

_TICKED = 50
"""Characters of an item to tick that fit its button."""


def check_cards(sop: engine.Sop) -> Findings:
    """Warnings where a step's card will hide a part of its text."""
    for step in sop.steps:
        path: Path = ("steps", step.number - 1)
        for key, texts in (("needs", step.needs), ("output", step.output)):
            if len("; ".join(texts)) > FOLD:
                message = N_("`{key}` is long and will be folded on the card; above {most} characters few read it.")
                yield Finding((*path, key), message, {"key": key, "most": FOLD}, warning=True)
        for key, most in _SHOWN.items():
            yield from _cut((*path, key), getattr(step, key), most)
        for place, item in enumerate(step.check):
            yield from _cut((*path, "check", place), item, _TICKED)


def _cut(path: Path, text: str, most: int) -> Findings:
    if len(text) > most:
        message = N_("This text is longer than the card shows; move what lies beyond {most} characters.")
        yield Finding(path, message, {"most": most}, warning=True)
