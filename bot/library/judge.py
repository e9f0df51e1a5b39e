"""What `bot check` says: of every file by itself, of the files beside each other, and of the office's own file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.library import office
from bot.library.folder import Folder, arrange, look_at
from bot.library.office import load_office
from bot.library.problems import Problem
from bot.views.words import N_


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges files as they would be used in an office with these SOPs, this file of its own and this time zone."""

    sops_dir: Path
    office_file: Path
    zone: ZoneInfo

    def problems(self, paths: Iterable[Path]) -> list[Problem]:
        """Everything wrong in these files, and in those of these folders. A file called office.yaml is the office's."""
        files = list(dict.fromkeys(file for path in paths for file in _files(path)))
        gone = [Problem(str(path), 1, 1, N_("There is no such file.")) for path in files if not path.exists()]
        offices = [load_office(path, self.zone) for path in files if path.name == office.NAME]
        settings = next((given for given, _ in offices if given), None) or load_office(self.office_file, self.zone)[0]
        read = {path: file for path in files if path.name != office.NAME and (file := look_at(path))}
        beside = [file.good for path in Folder(self.sops_dir).files() if path not in read and (file := look_at(path))]
        shelf = arrange(
            read,
            [sop for sop in beside if sop is not None],
            [unit.title for unit in settings.units] if settings else (),
        )
        return [*gone, *shelf.problems, *(problem for _, wrong in offices for problem in wrong)]


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from Folder(path).files()
        yield from sorted(path.rglob(office.NAME))
    else:
        yield path
