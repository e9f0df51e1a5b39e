"""The parts of an office, and which stands below which."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the office; `parent` is the id of the unit above it."""

    id: str
    title: str
    parent: str | None = None


class Units:
    """All parts of the office, in the order of its file."""

    def __init__(self, units: Iterable[Unit] = ()) -> None:
        self._by_id: Mapping[str, Unit] = {unit.id: unit for unit in units}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Units) and [*self] == [*other]

    def __hash__(self) -> int:
        return hash((*self,))

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, unit: str | None) -> Unit | None:
        """The unit of that id, None where the office has no such unit any more."""
        return self._by_id.get(unit or "")

    def titled(self, title: str) -> str | None:
        """The id of the unit of that title: SOP files name their unit by its title."""
        wanted = title.casefold().strip()
        return next((unit.id for unit in self if unit.title.casefold() == wanted), None)

    def covers(self, unit: str | None, other: str | None) -> bool:
        """Whether `other` is `unit` or stands below it. An office without units is one; who has none covers none."""
        if not self._by_id:
            return True
        above = self.get(other)
        while above is not None and above.id != unit:
            above = self.get(above.parent)
        return above is not None

    def below(self, unit: str) -> tuple[str, ...]:
        """The ids of a unit and of all below it."""
        return tuple(one.id for one in self if self.covers(unit, one.id))
