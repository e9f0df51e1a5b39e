"""What changed between two versions of an SOP, in plain words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from bot.engine.calendar import Duration
from bot.engine.difference import Change, Changed, StepAdded, StepChanged, StepMoved, StepRemoved
from bot.engine.sop import Law, Position, Sop, Step
from bot.views import taps as t
from bot.views.screen import Button, Screen, Style, cut, h
from bot.views.taps import Packer
from bot.views.words import N_, Words

MOST = 12
"""Changes that are shown on one card; how many more there are is said."""

PARTS: Mapping[str, str] = {
    "id": N_("name in the files"),
    "title": N_("title"),
    "kind": N_("kind of SOP"),
    "unit": N_("unit"),
    "team": N_("those responsible"),
    "positions": N_("positions"),
    "number": N_("number"),
    "scope": N_("scope"),
    "aliases": N_("other names"),
    "continues": N_("SOP before it"),
    "legal_basis": N_("legal basis"),
    "related": N_("related SOPs"),
    "qualifications": N_("qualifications"),
    "equipment": N_("equipment"),
    "warnings": N_("warnings"),
    "records": N_("records that are kept"),
    "phases": N_("phases"),
    "review": N_("review intervals"),
    "text": N_("wording"),
    "does": N_("what follows"),
    "by": N_("performer"),
    "along": N_("taking part"),
    "phase": N_("phase"),
    "needs": N_("what is needed"),
    "within": N_("time"),
    "time_note": N_("note on the time"),
    "at_least": N_("shortest time"),
    "output": N_("output"),
    "note": N_("note"),
    "help": N_("explanation"),
    "warning": N_("warning"),
    "record": N_("what is entered"),
    "check": N_("checklist"),
    "evidence": N_("proof"),
    "not_before": N_("earliest time"),
    "deadline": N_("deadline"),
}
"""What the parts of an SOP and of a step are called."""

SWITCHED: Mapping[tuple[str, bool], str] = {
    ("optional", True): N_("may now be left out"),
    ("optional", False): N_("must now be done"),
    ("critical", True): N_("is now a critical step"),
    ("critical", False): N_("is no longer a critical step"),
}
"""What is told of a part that is so or is not."""


def changes(words: Words, title: str, found: Sequence[Change]) -> list[str]:
    """The changes, a line each, under `title`; cut where they are many, which is said."""
    lines = [f"• {_line(words, one)}" for one in found[:MOST]]
    more = len(found) - MOST
    left = [f"… {words('and {count} more', count=words.number(more))}"] if more > 0 else []
    return [f"<b>{title}</b>", *lines, *left]


def _line(words: Words, change: Change) -> str:
    match change:
        case StepAdded(step=step):
            return words("New: {step}", step=_step(words, step))
        case StepRemoved(step=step):
            return words("Removed: {step}", step=_step(words, step))
        case StepMoved(step=step, before=before):
            return words("Moved: {step}, before it was step {before}", step=_step(words, step), before=before)
        case StepChanged(step=step, part="optional" | "critical" as part, after=bool() as now):
            return words("Step {number}: {text}", number=step.number, text=words(SWITCHED[part, now]))
        case StepChanged(step=step, part=part, before=before, after=after):
            what = words("Step {number}, {part}", number=step.number, part=words(PARTS[part]))
            return _said(words, what, before, after)
        case Changed(part=part, before=before, after=after):
            return _said(words, words(PARTS[part])[:1].upper() + words(PARTS[part])[1:], before, after)
        case _:
            assert_never(change)


def _step(words: Words, step: Step) -> str:
    return words("Step {number}: {text}", number=step.number, text=h(cut(step.text, 100)))


def _said(words: Words, what: str, before: Any, after: Any) -> str:
    match before, after:
        case (_, *_), (_, *_):
            return f"{what}: {_listed(words, before, after)}"
        case _:
            pass
    old, new = _value(words, before), _value(words, after)
    if old is None or new is None or old == new:
        return f"{what}: {words('changed')}"
    return words("{what}: {before} becomes {after}", what=what, before=old, after=new)


def _listed(words: Words, before: Sequence[Any], after: Sequence[Any]) -> str:
    """What came to a list and what went, not what stays."""
    came = tuple(one for one in after if one not in before)
    gone = tuple(one for one in before if one not in after)
    new, old = _value(words, came), _value(words, gone)
    if new is None or old is None or not (came or gone):
        return words("changed")
    told = [words("added {things}", things=new)] if came else []
    told += [words("removed {things}", things=old)] if gone else []
    return ", ".join(told)


def _value(words: Words, value: Any) -> str | None:
    """A value as it is read, None where it has too many parts for that."""
    match value:
        case None | "" | ():
            return words("nothing")
        case str():
            return f"“{h(cut(value, 120))}”"
        case Duration(text=text) | Law(text=text) | Position(title=text):
            return h(cut(text, 60))
        case tuple():
            parts = [_value(words, one) for one in value]
            return None if None in parts else "; ".join(part for part in parts[:6] if part) + _more(words, len(parts))
        case _:
            return None


def _more(words: Words, count: int) -> str:
    return f" … {words('and {count} more', count=words.number(count - 6))}" if count > 6 else ""


def changed(words: Words, pack: Packer, ask: int, sop: Sop, before: str, found: Sequence[Change]) -> Screen:
    """What changed since the version that one ran last, to be understood before the first step."""
    return Screen("\n".join(_changed(words, sop, before, found)), (_understood(words, pack, ask, sop),))


def _changed(words: Words, sop: Sop, before: str, found: Sequence[Change]) -> Iterator[str]:
    yield f"🆕 <b>{h(cut(sop.title, 120))}</b>"
    versions = {"before": h(cut(before, 20)), "after": h(cut(sop.version, 20))}
    yield words("You last ran version {before}; now version {after} holds.", **versions)
    yield ""
    yield from changes(words, words("What changed"), found)
    yield ""
    yield words("Please read this, then tap the button to start.")


def _understood(words: Words, pack: Packer, ask: int, sop: Sop) -> tuple[Button, ...]:
    return (Button(f"✅ {words('Understood, start')}", pack.plain(t.Understood(ask, sop.id)), Style.GO),)
