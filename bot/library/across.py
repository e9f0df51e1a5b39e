"""What SOP files say of each other: no version stands in two of them, and what one runs is there."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bot.engine.sop import Child, Sop, Status
from bot.library.problems import Finding, alike, likely
from bot.views.words import N_


def check_across(
    sops: Mapping[Path, Sop], beside: Iterable[Sop], units: Collection[str]
) -> Iterator[tuple[Path, Finding]]:
    """What is wrong with a procedure only beside the others, and the file that it stands in.

    Those `beside` can be run, but are not looked at themselves."""
    everything = [*sops.values(), *beside]
    children = _children(everything)
    before = _before(everything)
    versions: dict[tuple[str, str], Path] = {}
    titles: dict[str, tuple[str, Path]] = {}
    for path, sop in sops.items():
        findings = (
            *_same_version(sop, versions.setdefault((sop.id, sop.version), path), path),
            *_lost_children(sop, children),
            *_retired_children(sop, everything),
            *_mistyped(sop, children),
            *_circling(sop, before),
            *_other_titles(sop, titles, path),
            *_lost_unit(sop, units),
        )
        yield from ((path, finding) for finding in findings)


def _children(sops: Iterable[Sop]) -> Mapping[str, set[str]]:
    children: dict[str, set[str]] = {}
    for sop in sops:
        children.setdefault(sop.id, set()).update(step.does.sop for step in sop.steps if isinstance(step.does, Child))
    return children


def _before(sops: Iterable[Sop]) -> Mapping[str, set[str]]:
    before: dict[str, set[str]] = {}
    for sop in sops:
        before.setdefault(sop.id, set()).update({sop.continues} if sop.continues else ())
    return before


def _same_version(sop: Sop, first: Path, path: Path) -> Iterator[Finding]:
    if first != path:
        message = N_("{file} already holds version {version} of this SOP; raise the version or take one file out.")
        yield Finding(("version",), message, {"file": first, "version": sop.version})


def _lost_children(sop: Sop, children: Mapping[str, set[str]]) -> Iterator[Finding]:
    for step in sop.steps:
        if not isinstance(step.does, Child):
            continue
        path, child = ("steps", step.number - 1, "run"), step.does.sop
        if child not in children:
            message = N_("There is no SOP '{name}' that could be run.")
            yield Finding(path, message, {"name": child}, likely(child, children))
        elif sop.id in _below(child, children):
            message = N_("'{name}' runs this SOP again; a run of it would never end.")
            yield Finding(path, message, {"name": child})


def _retired_children(sop: Sop, everything: Sequence[Sop]) -> Iterator[Finding]:
    """A child that no run could open: every version of it is withdrawn or superseded, or a draft under a live macro."""
    live = {Status.TRIAL, Status.IN_FORCE}
    for step in sop.steps:
        if not isinstance(step.does, Child):
            continue
        name = step.does.sop
        stands = [one.status for one in everything if one.id == name]
        if stands and not live.intersection(stands) and (sop.status in live or Status.DRAFT not in stands):
            message = N_("'{name}' is not in use (`status: {status}`); a run of this SOP will stand still here.")
            yield Finding(
                ("steps", step.number - 1, "run"), message, {"name": name, "status": stands[-1]}, warning=True
            )


def _below(child: str, children: Mapping[str, set[str]]) -> set[str]:
    """`child`, all that it runs, and what those run."""
    seen, queue = {child}, [child]
    while queue:
        new = children.get(queue.pop(), set()) - seen
        seen |= new
        queue.extend(new)
    return seen


def _mistyped(sop: Sop, known: Collection[str]) -> Iterator[Finding]:
    """The SOP that this one continues need not exist yet; but one with almost that id is surely meant."""
    if sop.continues is not None and sop.continues not in known and (meant := alike(sop.continues, known, 90)):
        message = N_("There is no SOP '{name}' yet.")
        yield Finding(("continues",), message, {"name": sop.continues}, (meant,), warning=True)


def _circling(sop: Sop, before: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Of SOPs that continue each other none would be the first."""
    if sop.continues is not None and sop.id in _below(sop.continues, before):
        message = N_("'{name}' continues this SOP itself; neither of them would be the first.")
        yield Finding(("continues",), message, {"name": sop.continues})


def _other_titles(sop: Sop, titles: dict[str, tuple[str, Path]], path: Path) -> Iterator[Finding]:
    for position in sop.positions:
        title, file = titles.setdefault(position.id, (position.title, path))
        if title != position.title:
            message = N_("'{name}' is called '{title}' in {file}; a position has one title in the whole office.")
            values = {"name": position.id, "title": title, "file": file}
            yield Finding(("positions", position.id), message, values, warning=True)


def _lost_unit(sop: Sop, units: Collection[str]) -> Iterator[Finding]:
    if units and sop.unit not in units:
        message = N_("The office has no unit '{name}'; mend it here, or add it to `units` in office.yaml.")
        yield Finding(("unit",), message, {"name": sop.unit}, likely(sop.unit, units), warning=True)
