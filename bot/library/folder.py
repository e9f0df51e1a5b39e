"""A folder of SOP files: only what changed is read again, and a file that broke keeps its last good procedure."""

import hashlib
import os
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from bot.engine.sop import Child, Scope, Sop, Step
from bot.library import office
from bot.library.across import check_across
from bot.library.nodes import bytes_of
from bot.library.problems import UNREADABLE, Problem
from bot.library.reader import Reading, read
from bot.views.words import N_

_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The procedures of a folder that may be used, and everything that is wrong in its files."""

    sops: tuple[Sop, ...]
    problems: tuple[Problem, ...]
    sources: Mapping[str, str] = field(default_factory=dict)
    """The text of each, by its digest."""


class Unwritten(StrEnum):
    """Why the file of a version was not written."""

    CHANGED = "changed"
    READ_ONLY = "read-only"


@dataclass(frozen=True, slots=True)
class File:
    """A file as last read; `stamp` is its size and when it changed, `good` the last procedure that it gave."""

    stamp: tuple[int, int] | None
    reading: Reading
    good: Sop | None

    @property
    def is_broken(self) -> bool:
        """Whether what it says now is no procedure."""
        return self.reading.sop is None


@dataclass(slots=True)
class Folder:
    """The SOP files below `path`, sub-folders included; what is hidden is left alone, and so is the office's file."""

    path: Path
    _files: dict[Path, File] = field(default_factory=dict)
    _shelf: Shelf = Shelf((), ())

    def load(self) -> Shelf:
        """The shelf as the files are now, the same one while nothing changed. A procedure that does not fit beside the
        others is not on it.

        A file that cannot be read is a problem; nothing is raised."""
        files = {path: file for path in self.files() if (file := look_at(path, self._files.get(path))) is not None}
        if files != self._files:
            self._files = files
            self._shelf = arrange(files)
        return self._shelf

    def files(self) -> list[Path]:
        """The SOP files, in order."""
        found = (path for path in self.path.rglob("*") if path.suffix in _ENDINGS and path.is_file())
        return sorted(path for path in found if not self._is_left_alone(path))

    def write(self, sop_id: str, version: str, known: str | None, text: str) -> Unwritten | None:
        """Let the file of an SOP hold `text`, at once and whole, or not at all: then it is told why.

        A file is written over only where it holds the text of which `known` is the digest."""
        path = self._file_of(sop_id, version)
        try:
            before = path.read_bytes() if path.exists() else None
            if before == text.encode():
                return None
            if before is not None and hashlib.sha256(before).hexdigest() != known:
                return Unwritten.CHANGED
            _put_in_place(path.resolve(), text.encode())
        except OSError:
            return Unwritten.READ_ONLY
        return None

    def _file_of(self, sop_id: str, version: str) -> Path:
        """The file that holds the SOP, rather the one of this version; else where a new one is to stand."""
        mine = [(path, file.good) for path, file in self._files.items() if file.good and file.good.id == sop_id]
        same = [path for path, sop in mine if sop.version == version]
        return (same or [path for path, _ in mine] or [self.path / f"{sop_id}.yaml"])[-1]

    def _is_left_alone(self, path: Path) -> bool:
        return path.name == office.NAME or any(part.startswith(".") for part in path.relative_to(self.path).parts)


def _put_in_place(path: Path, content: bytes) -> None:
    """The file beside it is hidden, so that nobody reads half of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=path.suffix, delete=False) as beside:
        try:
            beside.write(content)
            beside.flush()
            os.fsync(beside.fileno())
            Path(beside.name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(beside.name).replace(path)
        except BaseException:
            Path(beside.name).unlink(missing_ok=True)
            raise


def look_at(path: Path, before: File | None = None) -> File | None:
    """The file as it is now, None where it is gone. It is read only where it is not as `before`."""
    good = before.good if before else None
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
            return _refused(path, good, N_("This link leads out of its folder; put the file itself here."))
        stat = path.stat()
        stamp = (stat.st_size, stat.st_mtime_ns)
        if before is not None and before.stamp == stamp:
            return before
        source = bytes_of(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        return _refused(path, good, UNREADABLE, reason=error.strerror)
    if before is not None and before.reading.source == source:
        return File(stamp, before.reading, good)
    reading = read(source, str(path))
    return File(stamp, reading, reading.sop or good)


def _refused(path: Path, good: Sop | None, message: str, **values: object) -> File:
    return File(None, Reading(str(path), b"", None, (Problem(str(path), 1, 1, message, values),)), good)


def arrange(files: Mapping[Path, File], beside: Collection[Sop] = (), units: Collection[str] = ()) -> Shelf:
    """The files' procedures that fit beside each other and `beside`, and everything that is wrong in the files.

    `units` are the titles of the office's units, where it has any."""
    sops = {path: file.good for path, file in files.items() if file.good is not None}
    across = list(check_across(sops, beside, units))
    misfits = {path for path, finding in across if not finding.warning}
    problems = [problem for file in files.values() for problem in file.reading.problems]
    for path, findings in groupby(across, key=itemgetter(0)):
        if not files[path].is_broken:  # else the findings are about lines that are no longer there
            problems += files[path].reading.problems_with(finding for _, finding in findings)
    titles = {sop.id: sop.title for sop in (*beside, *sops.values())}
    fitting = (_with_titles(sop, titles) for path, sop in sops.items() if path not in misfits)
    sources = {
        file.good.digest: file.reading.source.decode() for file in files.values() if file.good and not file.is_broken
    }
    return Shelf(tuple(fitting), tuple(problems), sources)


def _with_titles(sop: Sop, titles: Mapping[str, str]) -> Sop:
    """The same procedure, where a step that runs another SOP says which in words."""
    if sop.scope is Scope.MICRO:
        return sop
    return replace(sop, steps=tuple(_with_title(step, titles) for step in sop.steps))


def _with_title(step: Step, titles: Mapping[str, str]) -> Step:
    return replace(step, text=titles[step.does.sop]) if isinstance(step.does, Child) else step
