"""What reasons, kinds and states are called, in sentences that blame nobody."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from bot.engine.deviations import AnyReason, Kind, Reason
from bot.engine.reports import Fault
from bot.engine.review import Verdict
from bot.engine.run import FileKind
from bot.engine.sop import Asks, Number, Sop, Status
from bot.engine.values import Value
from bot.views.screen import cut, h
from bot.views.words import N_, Words

REASONS: Mapping[Reason, str] = {
    Reason.REQUIREMENT_MISSING: N_("Requirement missing"),
    Reason.NO_OUTPUT: N_("Output not as stated"),
    Reason.EXTRA_WORK: N_("Extra work was needed"),
    Reason.LATE_ENTRY: N_("Recorded afterwards"),
    Reason.DONE_ELSEWHERE: N_("Already done elsewhere"),
    Reason.NOT_NEEDED: N_("Not needed this time"),
    Reason.CONDITION_ABSENT: N_("Condition is not met"),
    Reason.NO_TIME: N_("No time left"),
    Reason.TOOL_MISSING: N_("Tool or application unavailable"),
    Reason.PERSON_ABSENT: N_("Official absent"),
    Reason.DATA_MISSING: N_("Data or document missing"),
    Reason.NO_AUTHORITY: N_("Outside my authority"),
    Reason.RULE_CHANGED: N_("Rule has changed"),
    Reason.INCOMPLETE: N_("Documents incomplete"),
    Reason.INCORRECT: N_("Content incorrect"),
    Reason.AGAINST_RULES: N_("Does not follow the rules"),
    Reason.MEASURED_TWICE: N_("Checked twice, it is so"),
    Reason.KNOWN_CONDITION: N_("Known condition"),
    Reason.DAY_OVER: N_("Working day is over"),
    Reason.OTHER_DUTY: N_("Another duty first"),
    Reason.WAITING: N_("Waiting for someone"),
    Reason.WITHDRAWN: N_("Request withdrawn"),
    Reason.WRONG_SOP: N_("Wrong SOP chosen"),
    Reason.DOUBLED: N_("Started twice"),
    Reason.UNREACHABLE: N_("Cannot be reached"),
    Reason.ON_LEAVE: N_("On leave or travelling"),
    Reason.TOO_LONG: N_("Has waited too long"),
    Reason.MUST_BE_DONE: N_("Must be done first"),
    Reason.OTHER: N_("Another reason"),
}

VERDICTS: Mapping[Verdict, str] = {
    Verdict.IN_FORCE: N_("Put in force"),
    Verdict.WELL: N_("Runs well"),
    Verdict.BADLY: N_("Does not run well"),
    Verdict.KEEP: N_("Keep"),
    Verdict.REVISE: N_("Revise"),
    Verdict.WITHDRAW: N_("Withdraw"),
    Verdict.POSTPONE: N_("Postpone"),
}
"""What a review decides."""

KINDS: Mapping[Kind, str] = {
    Kind.SKIPPED: N_("skipped"),
    Kind.NOT_APPLICABLE: N_("not applicable"),
    Kind.CANNOT: N_("could not be done as written"),
    Kind.DONE_WITH_NOTE: N_("done with a note"),
    Kind.EXTRA_WORK: N_("extra work"),
    Kind.OVER_TIME: N_("over its time"),
    Kind.UNDER_TIME: N_("faster than its least time"),
    Kind.OUT_OF_RANGE: N_("value outside the usual range"),
    Kind.EVIDENCE_MISSING: N_("without proof"),
    Kind.EVIDENCE_REUSED: N_("proof used before"),
    Kind.REQUIREMENT_MISSING: N_("requirement missing"),
    Kind.NO_OUTPUT: N_("output not as stated"),
    Kind.LATE_ENTRY: N_("recorded afterwards"),
    Kind.ORDER: N_("done in another order"),
    Kind.STOPPED: N_("run stopped"),
    Kind.RETURNED: N_("sent back"),
    Kind.WRONG_PERFORMER: N_("done by another performer"),
}

FAULTS: Mapping[Fault, str] = {
    Fault.TYPO: N_("Typing error"),
    Fault.ORDER: N_("Order is wrong"),
    Fault.STEP_MISSING: N_("A step is missing"),
    Fault.STEP_NEEDLESS: N_("A step is needless"),
    Fault.WRONG_PERFORMER: N_("Performer is wrong"),
    Fault.UNREAL_TIME: N_("Time is unrealistic"),
    Fault.RULE_CHANGED: N_("Form or rule changed"),
    Fault.OTHER: N_("Something else"),
}

STATES: Mapping[Status, str] = {
    Status.DRAFT: N_("draft"),
    Status.TRIAL: N_("trial"),
    Status.IN_FORCE: N_("in force"),
    Status.SUPERSEDED: N_("superseded"),
    Status.WITHDRAWN: N_("withdrawn"),
}

FILES: Mapping[FileKind, str] = {
    FileKind.PHOTO: N_("photo"),
    FileKind.FILE: N_("file"),
    FileKind.VOICE: N_("voice note"),
    FileKind.LOCATION: N_("location"),
}


def apart(name: str) -> str:
    """A person's name in a sentence, between marks that keep it from turning round the words beside it."""
    return f"\u2068{cut(name, 60)}\u2069"


def person(name: str) -> str:
    """The same, safe inside Telegram's HTML."""
    return h(apart(name))


def field(label: str) -> str:
    """What was asked, before its answer: with a colon, where it is no question."""
    return f"{h(cut(label, 60))}{'' if label.endswith('?') else ':'}"


def value(words: Words, given: Value | None, asks: Asks | None = None) -> str:
    """A recorded value as its reader writes it, with its unit; None was left out."""
    match given:
        case None:
            return "–"
        case bool():
            return words("Yes") if given else words("No")
        case Decimal():
            return _amount(words.number(given), asks.unit if isinstance(asks, Number) else "")
        case date():
            return words.day(given)
        case tuple():
            return ", ".join(given)
        case str():
            return given


def reason(words: Words, given: AnyReason) -> str:
    """One of our reasons in the reader's language, one of the SOP's in its own words."""
    return words(REASONS[given]) if isinstance(given, Reason) else given


def _amount(number: str, unit: str) -> str:
    """Rp1.500.000 without a space, 92 % with one."""
    match unit:
        case "":
            return number
        case "Rp":
            return f"Rp{number}"
        case _:
            return f"{number} {unit}"


def title(sop: Sop) -> str:
    """What an SOP is called on a card or a button: every title begins with the same word."""
    return sop.title.removeprefix("SOP ")


def missing(words: Words, name: str) -> str:
    """Something that a step still wants: a kind of proof by its name, else the SOP's own words."""
    return words(FILES[FileKind(name)]) if name in set(FileKind) else name


def overdue(words: Words, days: int) -> str:
    """What the card of a run says of a review that is late."""
    return words.many("Review {count} day late", "Review {count} days late", days)
