"""What the journal tells beside runs, people and versions: settings that changed, what was taken out or restored,
and what was tried in vain."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.engine.run import FreeText


@dataclass(frozen=True, slots=True)
class SettingsTaken:
    """The office works by these settings from now on: its own file as it stands, its time zone and its language.

    `before` and `after` are digests of all of it; what was so before stands in the entry whose `after` is `before`."""

    before: str | None
    after: str
    file: FreeText
    zone: str
    language: str


@dataclass(frozen=True, slots=True)
class AttemptDenied:
    """Somebody tried what is not for them: `action` says what, `run` in which run."""

    action: str
    run: int | None = None


@dataclass(frozen=True, slots=True)
class FactsExported:
    """Somebody took facts out in the chat: what in which form, from `first` to before `until`; of an SOP and of a unit
    and those below it, where given."""

    what: str
    form: str
    first: date
    until: date
    sop: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Whoever has the server took facts out, or a backup, on the command line: `names` where persons stood in it by
    name. `note` is like no other's, so that each is told once."""

    what: str
    form: str
    names: bool
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Restored:
    """The database was restored from a backup of that moment, in which entry `seq` with that hash was the last one:
    whatever happened between then and now is not in it."""

    made_at: datetime
    seq: int
    hash: str
