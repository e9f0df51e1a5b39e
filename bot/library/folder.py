"""A folder of SOP files: only what changed is read again, and a file that broke keeps its last good procedure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from bot.engine.sop import Child, Sop
from bot.library.nodes import LARGEST
from bot.library.problems import Finding, Problem, likely
from bot.library.reader import Reading, read
from bot.views.words import N_

_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The procedures of a folder that may be used, and everything that is wrong in its files."""

    sops: tuple[Sop, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _File:
    """A file as last read; `stamp` is its size and when it changed, `good` the last procedure that it gave."""

    stamp: tuple[int, int] | None
    reading: Reading
    good: Sop | None

    @property
    def is_broken(self) -> bool:
        return self.reading.sop is None


@dataclass(slots=True)
class Folder:
    """The SOP files below `path`, sub-folders included; what is hidden is left alone."""

    path: Path
    _files: dict[Path, _File] = field(default_factory=dict)
    _shelf: Shelf = Shelf((), ())

    def load(self) -> Shelf:
        """The shelf as the files are now, the same one while nothing changed. A procedure that does not fit beside the
        others is not on it.

        A file that cannot be read is a problem; nothing is raised."""
        files = {path: file for path in self._paths() if (file := self._look_at(path)) is not None}
        if files != self._files:
            self._files = files
            self._shelf = self._arranged()
        return self._shelf

    def _arranged(self) -> Shelf:
        sops = {path: file.good for path, file in self._files.items() if file.good is not None}
        across = list(_check_across(sops))
        misfits = {path for path, finding in across if not finding.warning}
        return Shelf(
            tuple(sop for path, sop in sops.items() if path not in misfits),
            (*self._problems_within(), *self._problems_across(across)),
        )

    def _paths(self) -> list[Path]:
        found = (path for path in self.path.rglob("*") if path.suffix in _ENDINGS and path.is_file())
        return sorted(path for path in found if not _is_hidden(path.relative_to(self.path)))

    def _look_at(self, path: Path) -> _File | None:
        before = self._files.get(path)
        try:
            stat = path.stat()
            stamp = (stat.st_size, stat.st_mtime_ns)
            if before is not None and before.stamp == stamp:
                return before
            return _read_again(before, stamp, path)
        except FileNotFoundError:
            return None  # taken away since the folder was listed
        except OSError as error:
            return _File(None, _unreadable(path, error), before.good if before else None)

    def _problems_within(self) -> Iterator[Problem]:
        for file in self._files.values():
            yield from file.reading.problems

    def _problems_across(self, across: Iterable[tuple[Path, Finding]]) -> Iterator[Problem]:
        for path, findings in groupby(across, key=itemgetter(0)):
            file = self._files[path]
            if not file.is_broken:  # else the finding is about lines that are no longer there
                yield from file.reading.problems_with(finding for _, finding in findings)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _read_again(before: _File | None, stamp: tuple[int, int], path: Path) -> _File:
    source = _bytes(path)
    if before is not None and before.reading.source == source:
        return _File(stamp, before.reading, before.good)
    reading = read(source, str(path))
    return _File(stamp, reading, reading.sop or (before.good if before else None))


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _unreadable(path: Path, error: OSError) -> Reading:
    reason = {"reason": error.strerror}
    return Reading(str(path), b"", None, (Problem(str(path), 1, 1, N_("The file cannot be read: {reason}."), reason),))


def check_paths(paths: Iterable[Path]) -> list[Problem]:
    """Everything wrong in the files, each by itself, and in the folders, with what their files say of each other."""
    return [problem for path in paths for problem in _check_path(path)]


def _check_path(path: Path) -> tuple[Problem, ...]:
    if path.is_dir():
        return Folder(path).load().problems
    try:
        return read(_bytes(path), str(path)).problems
    except OSError as error:
        return _unreadable(path, error).problems


# What files say of each other


def _check_across(sops: Mapping[Path, Sop]) -> Iterator[tuple[Path, Finding]]:
    """What is wrong with a procedure only beside the others, and the file that it stands in."""
    children = _children(sops.values())
    versions: dict[tuple[str, str], Path] = {}
    titles: dict[str, tuple[str, Path]] = {}
    for path, sop in sops.items():
        findings = (
            *_same_version(sop, versions.setdefault((sop.id, sop.version), path), path),
            *_lost_children(sop, children),
            *_other_titles(sop, titles, path),
        )
        yield from ((path, finding) for finding in findings)


def _children(sops: Iterable[Sop]) -> Mapping[str, set[str]]:
    children: dict[str, set[str]] = {}
    for sop in sops:
        children.setdefault(sop.id, set()).update(step.does.sop for step in sop.steps if isinstance(step.does, Child))
    return children


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
            message = N_("There is no SOP '{name}' in this folder that could be run.")
            yield Finding(path, message, {"name": child}, likely(child, children))
        elif sop.id in _below(child, children):
            message = N_("'{name}' runs this SOP again; a run of it would never end.")
            yield Finding(path, message, {"name": child})


def _below(child: str, children: Mapping[str, set[str]]) -> set[str]:
    """`child`, all that it runs, and what those run."""
    seen, queue = {child}, [child]
    while queue:
        new = children.get(queue.pop(), set()) - seen
        seen |= new
        queue.extend(new)
    return seen


def _other_titles(sop: Sop, titles: dict[str, tuple[str, Path]], path: Path) -> Iterator[Finding]:
    for position in sop.positions:
        title, file = titles.setdefault(position.id, (position.title, path))
        if title != position.title:
            message = N_("'{name}' is called '{title}' in {file}; a position has one title in the whole office.")
            values = {"name": position.id, "title": title, "file": file}
            yield Finding(("positions", position.id), message, values, warning=True)
