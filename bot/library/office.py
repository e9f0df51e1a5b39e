"""The office's own file: when it works, how it is divided, and how often it may write to one person."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError

from bot.engine.approval import USUAL_CHAIN
from bot.engine.calendar import Office, Slot, Week
from bot.engine.delays import USUAL, Patience
from bot.engine.people import Role
from bot.engine.review import USUAL as USUAL_INTERVALS
from bot.engine.review import Intervals
from bot.engine.severity import USUALLY, Departures
from bot.engine.units import Unit, Units
from bot.library import complaints, schema
from bot.library.checks import found_in_review
from bot.library.departures import FollowUps, HasteRule, SeverityRule, departures
from bot.library.departures import findings as found_in_rules
from bot.library.fields import Chat, Count, Day, Flag, Group, Id, Percent, one_of, text, wrong
from bot.library.nodes import bytes_of, parse
from bot.library.patience import WaitingRule, patience
from bot.library.patience import findings as found_in_waiting
from bot.library.problems import UNREADABLE, Finding, Path, Problem, likely
from bot.library.reader import review_rule
from bot.views.words import N_

NAME = "office.yaml"
"""What the office's own file is called, wherever it lies."""


class OfficeUnit(Group):
    """A part of the office; `parent` is the id of the unit above it."""

    id: Id
    title: str
    parent: Id | None = None


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """What an office sets for itself."""

    office: Office
    units: Units = field(default_factory=Units)
    messages_a_day: int = 5  # lists and warnings that one person is sent at most
    reviews: Intervals = USUAL_INTERVALS  # when SOPs are reviewed that do not say so themselves
    report_days: int = 14  # after which those responsible are reminded of a report
    runs_well_from: int = 85  # per cent of conformity from which on a monitoring finds that an SOP runs well
    departures: Departures = USUALLY
    anchors: int | None = None  # the chat that is sent the hash of the journal every day
    approval: tuple[Role, ...] = USUAL_CHAIN  # who approves a new version, in this order
    signing: frozenset[Role] = frozenset()  # which of them sign with their PIN
    patience: Patience = USUAL


# What counts where the file is silent: the ministry's hours for five days a week


def _same(*slots: tuple[str, str]) -> tuple[Slot, ...]:
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in slots)


_USUAL: Week = (
    *[_same(("07:30", "12:00"), ("13:00", "16:00"))] * 4,
    _same(("07:30", "11:30"), ("13:00", "16:30")),
    (),
    (),
)
_FASTING: Week = (
    *[_same(("08:00", "12:00"), ("12:30", "15:00"))] * 4,
    _same(("08:00", "11:30"), ("12:30", "15:30")),
    (),
    (),
)
_RAMADAN = ((date(2026, 2, 19), date(2026, 3, 20)), (date(2027, 2, 8), date(2027, 3, 9)))


@dataclass(frozen=True, slots=True)
class DaysOff:
    """National holidays and joint leave without those on which the office works all the same, and its own days off."""

    own: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def __call__(self, day: date) -> bool:
        """True where the office is closed on `day`, whatever weekday it is."""
        return day in self.own or (day not in self.worked and day in _holidays(day.year))


@cache
def _holidays(year: int) -> frozenset[date]:
    import holidays  # a quarter of a second, which whoever asks for no day does not pay

    return frozenset(holidays.country_holidays("ID", years=year, categories=("public", "government"), language="id"))


# What the file may say


_CLOCK = r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])"
_SLOT = re.compile(rf"{_CLOCK} ?[-–] ?{_CLOCK}")


def _slot(value: object) -> Slot:
    found = _SLOT.fullmatch(text(value))
    if found is None:
        raise wrong("hours")
    opens, closes = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if closes <= opens:
        raise wrong("closed")
    return opens, closes


Slots: TypeAlias = tuple[Annotated[Slot, PlainValidator(_slot)], ...]


class Hours(Group):
    """The open hours of each weekday; a day that is left out is off."""

    monday: Slots = ()
    tuesday: Slots = ()
    wednesday: Slots = ()
    thursday: Slots = ()
    friday: Slots = ()
    saturday: Slots = ()
    sunday: Slots = ()

    @property
    def week(self) -> Week:
        """The same, Monday first."""
        return tuple(slots for _, slots in self)


class Period(Group):
    """From the first to the last day."""

    model_config = ConfigDict(validate_by_alias=True)

    first: Day = Field(alias="from")
    until: Day


class ApprovalStage(Group):
    """A stage of the approval of a version; a text alone is its role."""

    role: Annotated[Role, one_of(Role)]
    sign: Flag = False
    """Whoever approves there signs with their PIN."""


Stage: TypeAlias = Annotated[
    ApprovalStage, BeforeValidator(lambda value: {"role": value} if isinstance(value, str) else value)
]


class OfficeFile(Group):
    """What an office may set; what it leaves out is the ministry's."""

    hours: Hours | None = None
    ramadan_hours: Hours | None = None
    ramadan: tuple[Period, ...] | None = None
    days_off: tuple[Day, ...] = ()
    """Days off beside the national holidays and joint leave."""
    working_days: tuple[Day, ...] = ()
    """Holidays on which the office works all the same."""
    units: tuple[OfficeUnit, ...] = ()
    messages_a_day: Count = 5
    """Reminders for one person in one day."""
    review: schema.Review = schema.Review()
    """When SOPs are reviewed that do not say so themselves."""
    report_days: Count = 14
    """Days after which those responsible are reminded of a report that has no answer."""
    runs_well_from: Percent = 85
    """Mean conformity in per cent from which on an SOP runs well, where nothing grave happened."""
    severities: tuple[SeverityRule, ...] | None = None
    """How severe deviations are; where it is there, nothing else counts."""
    follow_up: FollowUps | None = None
    recurrence_days: Count = USUALLY.again
    """Days within which an equal deviation is a recurrence."""
    haste: HasteRule | None = None
    anchors: Chat | None = None
    """The chat that is sent the hash of the log every day."""
    approval: Annotated[tuple[Stage, ...], Field(min_length=1)] = tuple(ApprovalStage(role=one) for one in USUAL_CHAIN)
    """The roles that approve a new version, in this order; never whoever submitted it."""
    waiting: WaitingRule | None = None


# Reading


def load_office(path: FilePath, zone: ZoneInfo) -> tuple[OfficeSettings | None, list[Problem]]:
    """The settings in a file, as `read_office` reads it; one that is not there is silent."""
    try:
        return read_office(bytes_of(path), str(path), zone)
    except FileNotFoundError:
        return read_office(None, str(path), zone)
    except OSError as error:
        return None, [Problem(str(path), 1, 1, UNREADABLE, {"reason": error.strerror})]


def read_office(source: bytes | None, file: str, zone: ZoneInfo) -> tuple[OfficeSettings | None, list[Problem]]:
    """The settings in `source`, the ministry's where it is None or silent; or None and what is wrong with it.

    `file` is how the problems name the file. Whatever the bytes, nothing is raised."""
    document, problems = parse(source or b"", file)
    if problems:
        return None, problems
    try:
        written = OfficeFile.model_validate({} if document.data is None else document.data)
    except ValidationError as error:
        return None, document.problems(complaints.findings(error, OfficeFile))
    problems = document.problems(_findings(written))
    return (None if problems else _settings(written, zone)), problems


def _settings(written: OfficeFile, zone: ZoneInfo) -> OfficeSettings:
    office = Office(
        zone,
        _USUAL if written.hours is None else written.hours.week,
        _FASTING if written.ramadan_hours is None else written.ramadan_hours.week,
        _RAMADAN if written.ramadan is None else tuple((one.first, one.until) for one in written.ramadan),
        DaysOff(frozenset(written.days_off), frozenset(written.working_days)),
    )
    about = departures(written.severities, written.follow_up, written.recurrence_days, written.haste)
    return OfficeSettings(
        office,
        Units(Unit(one.id, one.title, one.parent) for one in written.units),
        written.messages_a_day,
        USUAL_INTERVALS.but(review_rule(written.review)),
        report_days=written.report_days,
        runs_well_from=written.runs_well_from,
        departures=about,
        anchors=written.anchors,
        approval=tuple(one.role for one in written.approval),
        signing=frozenset(one.role for one in written.approval if one.sign),
        patience=patience(written.waiting),
    )


def _findings(written: OfficeFile) -> Iterator[Finding]:
    for key, hours in (("hours", written.hours), ("ramadan_hours", written.ramadan_hours)):
        if hours is not None:
            yield from _hours((key,), hours)
    for place, period in enumerate(written.ramadan or ()):
        if period.until < period.first:
            yield Finding(("ramadan", place, "until"), N_("The last day lies before the first."))
    yield from found_in_review(written.review)
    yield from found_in_rules(written.severities or ())
    yield from found_in_waiting(written.waiting)
    for place, unit in enumerate(written.units):
        yield from _unit(("units", place), unit, written.units[:place], {one.id: one for one in written.units})


def _hours(path: Path, hours: Hours) -> Iterator[Finding]:
    if not any(hours.week):
        yield Finding(path, N_("The office needs at least one day with hours, like monday: [07.30-12.00]."))
    for name, slots in hours:
        if any(following[0] < earlier[1] for earlier, following in pairwise(slots)):
            yield Finding((*path, name), N_("The hours of a day must follow one another without overlapping."))


def _unit(
    path: Path, unit: OfficeUnit, above: tuple[OfficeUnit, ...], known: dict[str, OfficeUnit]
) -> Iterator[Finding]:
    if any(one.id == unit.id for one in above):
        yield Finding((*path, "id"), N_("The unit '{name}' is given twice."), {"name": unit.id})
    if unit.parent is not None and unit.parent not in known:
        message = N_("There is no unit '{name}'.")
        yield Finding((*path, "parent"), message, {"name": unit.parent}, likely(unit.parent, known))
    if unit.id in _parents(unit, known):
        yield Finding((*path, "parent"), N_("This unit stands above itself."))


def _parents(unit: OfficeUnit, known: dict[str, OfficeUnit]) -> list[str]:
    found: list[str] = []
    above = unit.parent
    while above is not None and above not in found:
        found.append(above)
        above = known[above].parent if above in known else None
    return found
