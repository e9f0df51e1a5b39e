"""What the journal tells beside runs, people and versions: settings that changed, and what was tried in vain."""

from dataclasses import dataclass


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
