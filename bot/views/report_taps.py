"""What the buttons of reports send back. `ask` is the question that a button answers."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Report:
    """Report that an SOP is wrong."""

    sop: str


@dataclass(frozen=True, slots=True)
class Steps:
    """The n-th page of the steps that a report may be about."""

    ask: int
    page: int


@dataclass(frozen=True, slots=True)
class StepIs:
    """The step of that number; 0 is the SOP as a whole."""

    ask: int
    number: int


@dataclass(frozen=True, slots=True)
class FaultIs:
    """The n-th kind of fault."""

    ask: int
    number: int


@dataclass(frozen=True, slots=True)
class Same:
    """It is what that other report says."""

    ask: int


@dataclass(frozen=True, slots=True)
class Another:
    """It is something else than that other report says."""

    ask: int


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave the open question, as /batal does."""

    ask: int


@dataclass(frozen=True, slots=True)
class Add:
    """Add words, a photo or a voice note to one's own report."""

    number: int


@dataclass(frozen=True, slots=True)
class Reword:
    """Propose in one's own report how the SOP should read."""

    number: int


@dataclass(frozen=True, slots=True)
class Mine:
    """One's own reports, from the n-th page."""

    page: int


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports that one may read, from the n-th page."""

    page: int


@dataclass(frozen=True, slots=True)
class ReportsOf:
    """The same of one SOP."""

    sop: str
    page: int


@dataclass(frozen=True, slots=True)
class ShowReport:
    """The card of a report."""

    number: int


@dataclass(frozen=True, slots=True)
class SendReportFiles:
    """Send the files of a report once more, below."""

    number: int


@dataclass(frozen=True, slots=True)
class AnswerIs:
    """The n-th answer to a report that had so many answers when the button was drawn."""

    number: int
    answers: int
    answer: int


@dataclass(frozen=True, slots=True)
class NoWords:
    """Answer without words."""

    ask: int


@dataclass(frozen=True, slots=True)
class Merge:
    """A report says the same as another, which is to stand for both."""

    number: int
    into: int


ReportTap: TypeAlias = (
    Report
    | Steps
    | StepIs
    | FaultIs
    | Same
    | Another
    | Leave
    | Add
    | Reword
    | Mine
    | Reports
    | ReportsOf
    | ShowReport
    | SendReportFiles
    | AnswerIs
    | NoWords
    | Merge
)

CODES: dict[str, type] = {
    "report": Report,
    "rsteps": Steps,
    "rstep": StepIs,
    "fault": FaultIs,
    "rsame": Same,
    "rother": Another,
    "quit": Leave,
    "radd": Add,
    "rword": Reword,
    "rmine": Mine,
    "rin": Reports,
    "rof": ReportsOf,
    "rshow": ShowReport,
    "rfiles": SendReportFiles,
    "ranswer": AnswerIs,
    "rplain": NoWords,
    "rmerge": Merge,
}
