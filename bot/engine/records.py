"""What the journal tells beside runs, people and versions: settings that changed, facts that were taken out, and what
was tried in vain."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SettingsTaken:
    """The office works by these settings from now on: its own file as it stands, its time zone and its language.

    `before` and `after` are digests of all of it; what was so before stands in the entry whose `after` is `before`."""

    before: str | None
    after: str
    file: str
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
