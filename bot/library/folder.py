"""A folder of SOP files: what changed is read anew, and a broken file never takes a good SOP away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.engine.sop import Child, Sop
from bot.library.reader import Problem, read_sop
from bot.views.words import N_


@dataclass(frozen=True, slots=True)
class Shelf:
    """The SOPs of a folder, and what is wrong with its files."""

    sops: tuple[Sop, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _File:
    stamp: tuple[int, int]
    sop: Sop | None
    problems: list[Problem]


class Folder:
    """Reads a folder again and again, each file only where it changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files: dict[Path, _File] = {}

    def load(self) -> Shelf:
        """What the folder holds now; of a file that broke, what it held before."""
        paths = sorted([*self._path.rglob("*.yaml"), *self._path.rglob("*.yml")])
        self._files = {path: self._read(path) for path in paths}
        sops = [(path, file.sop) for path, file in self._files.items() if file.sop is not None]
        problems = [problem for file in self._files.values() for problem in file.problems]
        return Shelf(tuple(sop for _, sop in sops), (*problems, *_between(sops)))

    def _read(self, path: Path) -> _File:
        before = self._files.get(path)
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if before is not None and before.stamp == stamp:
                return before
            sop, problems = read_sop(path.read_bytes(), str(path))
        except OSError as error:
            problem = Problem(str(path), 1, 1, N_("The file cannot be read: {why}."), {"why": error.strerror or ""})
            return _File((0, 0), before.sop if before else None, [problem])
        return _File(stamp, sop or (before.sop if before else None), problems)


def _between(sops: Sequence[tuple[Path, Sop]]) -> Iterable[Problem]:
    """What is wrong between files: the same version twice, a child that is not there, a title that differs."""
    seen: dict[tuple[str, str], Path] = {}
    titles: dict[str, str] = {}
    known = {sop.id for _, sop in sops}
    for path, sop in sops:
        other = seen.setdefault((sop.id, sop.version), path)
        if other != path:
            yield Problem(str(path), 1, 1, N_("{other} has the same id and version."), {"other": str(other)})
        for position in sop.positions:
            if titles.setdefault(position.id, position.title) != position.title:
                values = {"id": position.id, "title": titles[position.id]}
                yield Problem(
                    str(path), 1, 1, N_("The position {id} is called '{title}' elsewhere."), values, warning=True
                )
        for step in sop.steps:
            if isinstance(step.does, Child) and step.does.sop not in known:
                yield Problem(str(path), 1, 1, N_("There is no SOP '{id}' to run."), {"id": step.does.sop})


def check_paths(paths: Iterable[Path]) -> list[Problem]:
    """Everything that is wrong in files and folders."""
    problems: list[Problem] = []
    for path in paths:
        if path.is_dir():
            problems += Folder(path).load().problems
        elif path.exists():
            problems += read_sop(path.read_bytes(), str(path))[1]
        else:
            problems.append(Problem(str(path), 1, 1, N_("There is no such file.")))
    return problems
