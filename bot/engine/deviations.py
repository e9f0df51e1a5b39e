"""Where a run departs from its SOP: the kinds, the reasons people choose from, and the conformity of a run."""

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


class Kind(StrEnum):
    """What a deviation is called in the database and in exports.

    SOP-AP's three axes (requirements, time, output), with order and performer, and what the bot itself sees."""

    SKIPPED = "skipped"
    NOT_APPLICABLE = "not_applicable"
    CANNOT = "cannot"
    DONE_WITH_NOTE = "done_with_note"
    EXTRA_WORK = "extra_work"
    OVER_TIME = "over_time"
    UNDER_TIME = "under_time"
    OUT_OF_RANGE = "out_of_range"
    EVIDENCE_MISSING = "evidence_missing"
    EVIDENCE_REUSED = "evidence_reused"
    REQUIREMENT_MISSING = "requirement_missing"
    NO_OUTPUT = "no_output"
    LATE_ENTRY = "late_entry"
    ORDER = "order"
    STOPPED = "stopped"
    RETURNED = "returned"
    WRONG_PERFORMER = "wrong_performer"


class Severity(StrEnum):
    """How much a deviation weighs, from light to heavy, as files and exports say it."""

    LIGHT = "ringan"
    MEDIUM = "sedang"
    GRAVE = "berat"

    @property
    def weight(self) -> int:
        """The higher the heavier."""
        return list(Severity).index(self)


class Reason(StrEnum):
    """Why something went otherwise, as chosen from a short list; words may follow."""

    REQUIREMENT_MISSING = "requirement_missing"
    NO_OUTPUT = "no_output"
    EXTRA_WORK = "extra_work"
    LATE_ENTRY = "late_entry"
    DONE_ELSEWHERE = "done_elsewhere"
    NOT_NEEDED = "not_needed"
    CONDITION_ABSENT = "condition_absent"
    NO_TIME = "no_time"
    TOOL_MISSING = "tool_missing"
    PERSON_ABSENT = "person_absent"
    DATA_MISSING = "data_missing"
    NO_AUTHORITY = "no_authority"
    RULE_CHANGED = "rule_changed"
    INCOMPLETE = "incomplete"
    INCORRECT = "incorrect"
    AGAINST_RULES = "against_rules"
    MEASURED_TWICE = "measured_twice"
    KNOWN_CONDITION = "known_condition"
    DAY_OVER = "day_over"
    OTHER_DUTY = "other_duty"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    WRONG_SOP = "wrong_sop"
    DOUBLED = "doubled"
    UNREACHABLE = "unreachable"
    ON_LEAVE = "on_leave"
    TOO_LONG = "too_long"
    MUST_BE_DONE = "must_be_done"
    OTHER = "other"


AnyReason: TypeAlias = Reason | str
"""One of the reasons above, or one in the SOP's own words."""

NOTE = (Reason.REQUIREMENT_MISSING, Reason.NO_OUTPUT, Reason.EXTRA_WORK, Reason.LATE_ENTRY, Reason.OTHER)
SKIP = (
    Reason.DONE_ELSEWHERE,
    Reason.NOT_NEEDED,
    Reason.NO_TIME,
    Reason.TOOL_MISSING,
    Reason.PERSON_ABSENT,
    Reason.OTHER,
)
NOT_APPLICABLE = (Reason.CONDITION_ABSENT, Reason.NOT_NEEDED, Reason.DONE_ELSEWHERE, Reason.OTHER)
CANNOT = (
    Reason.TOOL_MISSING,
    Reason.PERSON_ABSENT,
    Reason.DATA_MISSING,
    Reason.NO_AUTHORITY,
    Reason.RULE_CHANGED,
    Reason.OTHER,
)
SEND_BACK = (Reason.INCOMPLETE, Reason.INCORRECT, Reason.AGAINST_RULES, Reason.OTHER)
OUT_OF_RANGE = (Reason.MEASURED_TWICE, Reason.KNOWN_CONDITION, Reason.OTHER)
PAUSE = (Reason.WAITING, Reason.DAY_OVER, Reason.OTHER_DUTY, Reason.OTHER)
STOP = (Reason.WITHDRAWN, Reason.WRONG_SOP, Reason.DOUBLED, Reason.OTHER)

TAKE_OVER = (Reason.UNREACHABLE, Reason.ON_LEAVE, Reason.TOO_LONG, Reason.OTHER)
REFUSE_LEAVE = (Reason.MUST_BE_DONE, Reason.AGAINST_RULES, Reason.DATA_MISSING, Reason.OTHER)

BEGUN_LATE = "begun late"
"""The detail of a step that was over its time when it was begun, not when it was ended."""

_NOTED = {
    Reason.REQUIREMENT_MISSING: Kind.REQUIREMENT_MISSING,
    Reason.NO_OUTPUT: Kind.NO_OUTPUT,
    Reason.EXTRA_WORK: Kind.EXTRA_WORK,
    Reason.LATE_ENTRY: Kind.LATE_ENTRY,
}


def kind_of_note(reason: Reason) -> Kind:
    """The kind of a step done with a note: the reason names the axis, where it names one."""
    return _NOTED.get(reason, Kind.DONE_WITH_NOTE)


def both_times(done_at: datetime, recorded_at: datetime) -> str:
    """The detail of a late entry: when it was done and when that was recorded, as an interval of ISO 8601."""
    return f"{done_at.isoformat()}/{recorded_at.isoformat()}"


def times_in(detail: str) -> tuple[datetime, datetime] | None:
    """Both times of a late entry; None in entries of old, which tell none."""
    done, _, recorded = detail.partition("/")
    return (datetime.fromisoformat(done), datetime.fromisoformat(recorded)) if recorded else None
