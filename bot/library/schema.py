"""An SOP file as its author writes it: which keys stand where, and what each takes.

The same models read the files and make the JSON Schema that editors complete and check with. What one key says of
another is in `checks`."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, LiteralString, TypeAlias, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    StringConstraints,
    Tag,
)

from bot.engine.calendar import Duration, Unit
from bot.engine.sop import Earlier, Kind, Scope, Status
from bot.engine.values import Ambiguous, Misread, read_number
from bot.library.fields import Count, Day, Flag, Group, Id, day, like, one_of, text, written_as, wrong
from bot.library.problems import Path

END = "end"
"""Stands where a step's id could, for the end of the run."""


# Single values


_NAME = "[a-z0-9][a-z0-9_-]{0,47}"
_RECORD_NAME = "[a-z][a-z0-9_-]{0,47}"
_like_a_name = like(_NAME, "day_end")
_like_a_record_name = like(_RECORD_NAME, "number_end")

Name = Annotated[str, AfterValidator(like(_NAME, "name")), written_as(_NAME)]
RecordName = Annotated[str, AfterValidator(like(_RECORD_NAME, "record_name")), written_as(_RECORD_NAME)]
Several = Annotated[tuple[str, ...], Field(min_length=1)]
_ENDS = {Unit.MONTH_END, Unit.SEMESTER_END}
_CALENDAR = {Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.CALENDAR_DAYS}


def _duration(kind: LiteralString, fits: Callable[[Duration], bool]) -> PlainValidator:
    def read(value: object) -> Duration:
        words = text(value)
        try:
            duration = Duration.parse(words)
        except ValueError as error:
            raise wrong(kind) from error
        if not (duration.amount and fits(duration)):
            raise wrong(kind)
        return duration

    return PlainValidator(read, json_schema_input_type=str)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


StandardTime = Annotated[Duration, _duration("standard_time", lambda given: True)]
Length = Annotated[Duration, _duration("length", lambda given: given.unit not in _ENDS)]
Interval = Annotated[Duration, _duration("interval", lambda given: given.unit in _CALENDAR)]
OneOrMore = Annotated[Several, BeforeValidator(_listed, json_schema_input_type=str | Several)]


# Groups of keys


def _told_apart(kind: LiteralString, *keys: str) -> Discriminator:
    """Which of several groups it is, by the one of `keys` that stands in it."""

    def tag(value: object) -> str | None:
        found = [key for key in keys if key in value] if isinstance(value, dict) else []
        return f"<{found[0]}>" if len(found) == 1 else None

    return Discriminator(tag, custom_error_type=kind, custom_error_message=kind)


def _short(key: str) -> Callable[[object], object]:
    """Where a text alone stands for a group that has only `key`."""
    return lambda value: {key: value} if isinstance(value, str) else value


class Signatory(Group):
    """Who approved the version."""

    position: str = ""
    name: str = ""
    nip: str = ""


class Dates(Group):
    """The dates of the identity block, as YYYY-MM-DD."""

    made: Day | None = None
    trial: Day | None = None
    """The first day of the trial; where empty, the day on which the bot first loads the version."""
    revised: Day | None = None
    effective: Day | None = None
    """The day on which the version comes into force."""


class Law(Group):
    """A legal basis."""

    text: str
    checked: Day | None = None
    """The day on which somebody last checked that it holds."""


class Team(Group):
    """The positions that care for the SOP."""

    author: Name
    supervisor: Name
    manager: Name


class Trial(Group):
    """When a trial is decided, counted from its start, and how much use it wants to have seen."""

    model_config = ConfigDict(validate_by_alias=True)

    opens: Interval = Field(alias="from")
    until: Interval
    runs: Count | None = None
    performers: Count | None = None


class Review(Group):
    """How often the SOP is looked at; what is left out is the office's."""

    trial: Trial | None = None
    monitor: Interval | None = None
    evaluate: Interval | None = None
    revise: Interval | None = None
    """Within which time a revision that was decided on is to be there."""
    remind: tuple[Count, ...] | None = None
    """Days ahead of a deadline on which it is reminded of."""


class Position(Group):
    """A position (jabatan); a text alone is its title."""

    title: str
    external: Flag = False
    """Not in the bot: its steps are recorded by whoever holds `recorded_by`."""
    recorded_by: Name | None = None


# What the performer enters


def _number_end(value: object) -> Decimal | Earlier | None:
    if value is None:
        return None
    words = text(value)
    try:
        return read_number(words)
    except Ambiguous as error:
        raise wrong("two_numbers", thousands=_plain(error.candidates[0]), parts=_parts(error.candidates[1])) from None
    except Misread:
        return Earlier(_like_a_record_name(words))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _parts(number: Decimal) -> str:
    # with three digits behind its point it would be read as two numbers again
    text = _plain(number)
    return f"{text}0" if text[-4:-3] == "." else text


def _day_end(value: object) -> date | Earlier | None:
    return None if value is None else _day_or_name(value)


def _day_or_name(value: object) -> date | Earlier:
    words = text(value)
    return day(words) if re.match(r"\d{4}-", words) else Earlier(_like_a_name(words))


NumberEnd = Annotated[
    Decimal | Earlier | None, PlainValidator(_number_end, json_schema_input_type=float | RecordName | None)
]
DayEnd = Annotated[date | Earlier | None, PlainValidator(_day_end, json_schema_input_type=date | RecordName | None)]
DayOrName = Annotated[date | Earlier, PlainValidator(_day_or_name, json_schema_input_type=date | Name)]


_like_digits = like("[1-9][0-9]{0,2}(-[1-9][0-9]{0,2})?", "digits")


def _digits(value: object) -> tuple[int, int]:
    words = _like_digits(text(value))
    fewest, _, most = words.partition("-")
    if most and int(most) < int(fewest):
        raise wrong("digits")
    return int(fewest), int(most or fewest)


Digits = Annotated[tuple[int, int], PlainValidator(_digits, json_schema_input_type=int | str)]
Option = Annotated[str, StringConstraints(max_length=40)]

MOST_ITEMS = 30
"""Buttons of one kind on a screen: Telegram takes no more than some 40 with long labels, and people fewer."""
Options = Annotated[tuple[Option, ...], Field(min_length=1, max_length=MOST_ITEMS)]


class Record(Group):
    """One thing that the performer enters."""

    name: RecordName
    """Unique in the file, and no step's id."""
    label: str
    required: Flag = True
    example: str = ""


class TextRecord(Record):
    """Words, or digits only."""

    type: Literal["text"]
    digits: Digits | None = None
    """How many digits: 16, or from fewest to most, 1-6."""


class NumberRecord(Record):
    """A number."""

    type: Literal["number"]
    unit: str = ""
    expect: tuple[NumberEnd, NumberEnd] = (None, None)
    """[low, high]; outside, it is accepted with a reason. An end is a number, null or an earlier number's name."""
    limit: tuple[NumberEnd, NumberEnd] = (None, None)
    """[low, high]; outside, it is asked again."""


class DateRecord(Record):
    """A date."""

    type: Literal["date"]
    expect: tuple[DayEnd, DayEnd] = (None, None)
    """[first, last]; outside, it is accepted with a reason. An end is a date, null or an earlier date's name."""
    limit: tuple[DayEnd, DayEnd] = (None, None)
    """[first, last]; outside, it is asked again."""


class OptionRecord(Record):
    """One of the options, or several of them."""

    type: Literal["choice", "choices"]
    options: Options


class YesNoRecord(Record):
    """Yes or no."""

    type: Literal["yesno"]


_RECORDS: Mapping[str, type[Record]] = {
    "text": TextRecord,
    "number": NumberRecord,
    "date": DateRecord,
    "choice": OptionRecord,
    "choices": OptionRecord,
    "yesno": YesNoRecord,
}
RECORD_TYPES = tuple(_RECORDS)


def _record_tag(value: object) -> str | None:
    kind = _RECORDS.get(str(value.get("type"))) if isinstance(value, dict) else None
    return None if kind is None else f"<{kind.__name__}>"


AnyRecord: TypeAlias = Annotated[
    Annotated[TextRecord, Tag("<TextRecord>")]
    | Annotated[NumberRecord, Tag("<NumberRecord>")]
    | Annotated[DateRecord, Tag("<DateRecord>")]
    | Annotated[OptionRecord, Tag("<OptionRecord>")]
    | Annotated[YesNoRecord, Tag("<YesNoRecord>")],
    Discriminator(_record_tag, custom_error_type="record_type", custom_error_message="record_type"),
]


class Evidence(Group):
    """How much proof a step wants."""

    photos: Count | None = None
    files: Count | None = None
    location: Flag = False


# Times that depend on another step or date


class NotBefore(Group):
    """The step waits for another step's end, or for a recorded date."""

    after: Name
    wait: Length | None = None


class After(Group):
    """A deadline, counted from another step's end or from a recorded date."""

    after: Name
    within: StandardTime
    starts: Flag = False
    """Measures the step's acceptance instead of its end."""


class Before(Group):
    """A deadline that lies before a recorded date, or on it."""

    before: Name
    by: Length | None = None
    starts: Flag = False
    """Measures the step's acceptance instead of its end."""


# Steps


Reasons = Annotated[
    Annotated[Flag, Tag("<flag>")] | Annotated[Options, Tag("<list>")],
    Discriminator(lambda value: "<list>" if isinstance(value, list) else "<flag>"),
]


class Way(Group):
    """A way out of a decision."""

    label: Annotated[str, StringConstraints(max_length=32)]
    next: Name | None = None
    """A step's id or `end`; where empty, the step below."""
    reason: Reasons = False
    """Asks why it is taken: true, or a list of reasons in the SOP's own words, to which the bot adds another one."""
    max: Count | None = None
    """After being taken so often in a run, it leads to `then`."""
    then: Name | None = None
    until: DayOrName | None = None
    """After this day it leads to `then`: a recorded date or a step's end."""


class Step(Group):
    """What every kind of step may say."""

    model_config = ConfigDict(validate_by_alias=True)

    id: Name
    by: OneOrMore
    """Positions, any of which does it; `initiator` where whoever starts the run does."""
    along: OneOrMore = Field(default=(), alias="with")
    """Positions that take part and are named, but confirm nothing."""
    phase: str = ""
    needs: OneOrMore = ()
    """What must be at hand (kelengkapan)."""
    within: StandardTime | None = None
    """Standard time, such as 30 menit, 5-10 menit, 1,5 jam, 3 hari, 2 minggu, 5 hari kalender, akhir bulan."""
    time_note: str = ""
    """Instead of `within`, where it is no length of time; it sets no limit."""
    at_least: Length | None = None
    """Quicker than this is a deviation."""
    output: OneOrMore = ()
    note: str = ""
    help: str = ""
    """A longer explanation, shown on demand."""
    warning: str = ""
    critical: Flag = False
    """Not skipped without the supervisor's leave."""
    optional: Flag = False
    """May be left out: skipping it is no deviation. Only a plain step that is not critical."""
    not_before: NotBefore | None = None
    deadline: (
        Annotated[
            Annotated[After, Tag("<after>")] | Annotated[Before, Tag("<before>")],
            _told_apart("deadline_kind", "after", "before"),
        ]
        | None
    ) = None


class Work(Step):
    """A step that is done here, not in a child run."""

    record: tuple[AnyRecord, ...] = ()
    """What the performer must enter."""
    check: Annotated[tuple[str, ...], Field(max_length=MOST_ITEMS)] = ()
    """What must be ticked, each item."""
    evidence: Evidence | None = None


class Do(Work):
    """A plain step."""

    do: str
    next: Name | None = None
    """A step's id or `end`; where empty, the step below."""


class Decide(Work):
    """A decision."""

    decide: str
    choices: Annotated[tuple[Way, ...], Field(min_length=1, max_length=MOST_ITEMS)]


class Approve(Work):
    """An approval."""

    approve: str
    sign: Flag = False
    """Asks for the PIN."""
    reject: Name | None = None
    """The step that a rejection goes back to."""
    next: Name | None = None
    """A step's id or `end`; where empty, the step below."""


class Run(Step):
    """Another SOP as a child run."""

    run: Id
    by: OneOrMore = ()
    """Who starts it; where empty, the performer of the step before."""
    next: Name | None = None
    """A step's id or `end`; where empty, the step below."""


AnyStep: TypeAlias = Annotated[
    Annotated[Do, Tag("<do>")]
    | Annotated[Decide, Tag("<decide>")]
    | Annotated[Approve, Tag("<approve>")]
    | Annotated[Run, Tag("<run>")],
    _told_apart("step_kind", "do", "decide", "approve", "run"),
]


class Sop(Group):
    """One version of a standard operating procedure."""

    id: Id
    """Stays the same over all versions."""
    title: str
    aliases: tuple[str, ...] = ()
    """Other words that people search for."""
    number: str = ""
    version: str
    status: Annotated[Status, one_of(Status)] = Status.DRAFT
    """Counts only for the first version that the bot sees; later ones enter as drafts."""
    kind: Annotated[Kind, one_of(Kind)]
    scope: Annotated[Scope, one_of(Scope)] = Scope.MICRO
    continues: Id | None = None
    """The SOP that comes before this one, where a long one was split."""
    unit: str
    approved_by: Signatory = Signatory()
    dates: Dates = Dates()
    legal_basis: tuple[Annotated[Law, BeforeValidator(_short("text"), json_schema_input_type=str | Law)], ...] = ()
    related: tuple[str, ...] = ()
    """Other SOPs, by id or by title."""
    qualifications: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    team: Team
    review: Review = Review()
    positions: dict[Name, Annotated[Position, BeforeValidator(_short("title"), json_schema_input_type=str | Position)]]
    phases: tuple[str, ...] = ()
    steps: Annotated[tuple[AnyStep, ...], Field(min_length=1)]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of an SOP file, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Sop.model_json_schema()


# Which keys stand where

_TAGGED: Mapping[str, type[Group]] = {
    "<do>": Do,
    "<decide>": Decide,
    "<approve>": Approve,
    "<run>": Run,
    "<after>": After,
    "<before>": Before,
    **{f"<{kind.__name__}>": kind for kind in _RECORDS.values()},
}


def keys_at(root: type[Group], path: Path) -> dict[str, Any]:
    """The keys that may stand in the group at `path` below `root`, tags of unions included."""
    group = root
    for part in path:
        if part in _TAGGED:
            group = _TAGGED[str(part)]
        elif isinstance(part, str):
            group = next(_groups(_fields(group).get(part)), group)
    return _fields(group)


def is_tag(part: str | int) -> bool:
    """Whether `part` of an error's path is no part of the file: a union's member, or pydantic's word for a key."""
    return part in _TAGGED or part in ("<flag>", "<list>", "[key]")


def _fields(group: type[Group]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in group.model_fields.items()}


def _groups(annotation: Any) -> Iterator[type[Group]]:
    if isinstance(annotation, type) and issubclass(annotation, Group):
        yield annotation
    for part in get_args(annotation):
        yield from _groups(part)
