"""What a button sends back: packed small, unpacked strictly, because what comes back may be forged or years old."""

import re
import string
from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any, TypeAlias

from bot.engine import commands as c
from bot.engine.questions import Account, FileList, More, Nameless, Otherwise, StepList, Whereabouts, Whom
from bot.views.approval_taps import CODES as APPROVALS
from bot.views.approval_taps import ApprovalTap
from bot.views.draft_taps import CODES as DRAFTS
from bot.views.draft_taps import DraftTap
from bot.views.office_change_taps import CODES as OFFICE_CHANGES
from bot.views.office_change_taps import OfficeChangeTap
from bot.views.report_taps import CODES as REPORTS
from bot.views.report_taps import ReportTap
from bot.views.review_taps import CODES as REVIEWS
from bot.views.review_taps import ReviewTap


@dataclass(frozen=True, slots=True)
class Stamp:
    """For what a button was drawn: the run, its visit, and the question that was open (0: none)."""

    run: int
    visit: int
    ask: int = 0


# What a tap on a run's card means beside the commands of the engine


Menu: TypeAlias = Whereabouts | Otherwise | More | StepList | FileList | Account | Nameless | Whom


@dataclass(frozen=True, slots=True)
class Open:
    """Open one of the card's own menus."""

    menu: Menu


@dataclass(frozen=True, slots=True)
class Back:
    """Leave the question or menu; nothing else happens."""


@dataclass(frozen=True, slots=True)
class Reasoning:
    """The n-th reason of the list that was shown."""

    number: int


@dataclass(frozen=True, slots=True)
class Pick:
    """The n-th option of the step's n-th field; of a yes-or-no field 1 is yes."""

    field: int
    option: int


@dataclass(frozen=True, slots=True)
class Toggle:
    """Add or take away an option of a field with several."""

    field: int
    option: int
    on: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """The options of a field with several are complete."""

    field: int


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Leave an optional field empty."""

    field: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Enter what the visit before has recorded."""

    field: int


@dataclass(frozen=True, slots=True)
class Refill:
    """Fill a field again."""

    field: int


@dataclass(frozen=True, slots=True)
class Meant:
    """Which of two readings of a number was meant."""

    number: int


@dataclass(frozen=True, slots=True)
class TurnTo:
    """The n-th page of those to whom the step may be given."""

    page: int


@dataclass(frozen=True, slots=True)
class SendFiles:
    """Send the files of the run once more, below."""


@dataclass(frozen=True, slots=True)
class JotDown:
    """Keep the words that were searched for as a note at the step."""


@dataclass(frozen=True, slots=True)
class NewPin:
    """Choose another PIN before signing with it."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """The procedure itself is wrong: start a report."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Say how well one can work with the SOP of a run that is done."""

    score: int
    nameless: bool


Act: TypeAlias = (
    c.Command
    | Open
    | Back
    | Reasoning
    | Pick
    | Toggle
    | Chosen
    | LeaveOut
    | Keep
    | Refill
    | Meant
    | TurnTo
    | SendFiles
    | Wrong
    | JotDown
    | NewPin
    | Rate
)


@dataclass(frozen=True, slots=True)
class OnRun:
    """A tap on the card of a run."""

    stamp: Stamp
    act: Act


# Taps that belong to no run


@dataclass(frozen=True, slots=True)
class ShowSop:
    """Open the card of an SOP."""

    sop: str


@dataclass(frozen=True, slots=True)
class StartRun:
    """Start a run; `ask` is the question of the card that offered it, so that two taps start one."""

    ask: int
    sop: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What changed in an SOP is understood; the run that was to be started starts."""

    ask: int
    sop: str


@dataclass(frozen=True, slots=True)
class ShowRun:
    """Show the card of a run below."""

    run: int


@dataclass(frozen=True, slots=True)
class Favour:
    """Put an SOP among one's favourites, or take it out."""

    on: bool
    sop: str


@dataclass(frozen=True, slots=True)
class Browse:
    """List all SOPs, from the n-th page."""

    page: int


@dataclass(frozen=True, slots=True)
class Runs:
    """List one's open runs."""


@dataclass(frozen=True, slots=True)
class WhereIs:
    """Show where a run is, below."""

    run: int


@dataclass(frozen=True, slots=True)
class WhereAll:
    """Show where all of one's open runs are."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """The n-th page of what waits for oneself."""

    page: int


@dataclass(frozen=True, slots=True)
class Speak:
    """Choose a language."""

    language: str


@dataclass(frozen=True, slots=True)
class ForRun:
    """The run that the held messages are for; `ask` is the question that holds them."""

    ask: int
    run: int


@dataclass(frozen=True, slots=True)
class Search:
    """The held words are to be searched for."""

    ask: int


@dataclass(frozen=True, slots=True)
class DrawCode:
    """Draw the QR code of an SOP; `ask` is the question of the card that offered it, so that two taps bring one."""

    ask: int
    sop: str


@dataclass(frozen=True, slots=True)
class GoOn:
    """Start the SOP that continues the one of a run."""

    run: int
    sop: str


@dataclass(frozen=True, slots=True)
class Rehearse:
    """Start a rehearsal; `ask` is the question of the card that offered it, so that two taps start one."""

    ask: int
    sop: str


@dataclass(frozen=True, slots=True)
class StartTrial:
    """Put a draft on trial."""

    ask: int
    sop: str


@dataclass(frozen=True, slots=True)
class Help:
    """What can I do here."""


@dataclass(frozen=True, slots=True)
class AskIn:
    """A stranger wants to be let in."""


@dataclass(frozen=True, slots=True)
class LetIn:
    """Choose with what the stranger is let in who made a request."""

    request: int


@dataclass(frozen=True, slots=True)
class KeepOut:
    """Do not let the stranger in who made a request."""

    request: int


@dataclass(frozen=True, slots=True)
class Desk:
    """A move on the card of whoever looks after people: what is done, and to what; for the open question."""

    ask: int
    move: str
    to: str


@dataclass(frozen=True, slots=True)
class ShowDeviation:
    """Open the card of a deviation."""

    deviation: int


@dataclass(frozen=True, slots=True)
class Departures:
    """List what in a run departed from its SOP, from the n-th page."""

    run: int
    page: int


@dataclass(frozen=True, slots=True)
class FollowUps:
    """List what has to be followed up, from the n-th page."""

    page: int


@dataclass(frozen=True, slots=True)
class Follow:
    """A move on a deviation's card: `turn` is that of its follow-up when the button was drawn (0: there was none), `to`
    whom or what was chosen."""

    deviation: int
    turn: int
    move: str
    to: str


@dataclass(frozen=True, slots=True)
class Figures:
    """A move on the card of figures: what is looked at next; for the open question."""

    ask: int
    move: str
    to: str


Tap: TypeAlias = (
    OnRun
    | ShowSop
    | StartRun
    | Understood
    | ShowRun
    | Favour
    | Browse
    | Runs
    | WhereIs
    | WhereAll
    | Tasks
    | Speak
    | ForRun
    | Search
    | DrawCode
    | GoOn
    | Rehearse
    | StartTrial
    | Help
    | AskIn
    | LetIn
    | KeepOut
    | Desk
    | ReportTap
    | ShowDeviation
    | Departures
    | FollowUps
    | Follow
    | ReviewTap
    | Figures
    | ApprovalTap
    | DraftTap
    | OfficeChangeTap
)

_ACTS: dict[str, tuple[type, Callable[..., Act]]] = {
    "done": (c.Finish, c.Finish),
    "tick": (c.Tick, lambda item, on: c.Tick(item, bool(on))),
    "way": (c.Choose, c.Choose),
    "give": (c.Give, c.Give),
    "refuse": (c.Refuse, c.Refuse),
    "note": (c.Note, c.Note),
    "late": (c.Backdate, c.Backdate),
    "quick": (c.Vouch, c.Vouch),
    "skip": (c.Skip, c.Skip),
    "waive": (c.Waive, c.Waive),
    "block": (c.Block, c.Block),
    "pause": (c.Pause, c.Pause),
    "resume": (c.Resume, c.Resume),
    "stop": (c.Stop, c.Stop),
    "undo": (c.Undo, c.Undo),
    "launch": (c.Launch, c.Launch),
    "accept": (c.Accept, c.Accept),
    "decline": (c.Decline, c.Decline),
    "return": (c.Return, c.Return),
    "allow": (c.Allow, lambda way: c.Allow(way - 1 if way else None)),
    "deny": (c.Deny, c.Deny),
    "assign": (c.Assign, c.Assign),
    "back": (Back, Back),
    "why": (Reasoning, Reasoning),
    "pick": (Pick, Pick),
    "toggle": (Toggle, lambda field, option, on: Toggle(field, option, bool(on))),
    "chosen": (Chosen, Chosen),
    "leave": (LeaveOut, LeaveOut),
    "keep": (Keep, Keep),
    "fill": (Refill, Refill),
    "meant": (Meant, Meant),
    "page": (TurnTo, TurnTo),
    "judge": (c.Judge, lambda doubt, keep: c.Judge(doubt, bool(keep))),
    "send": (SendFiles, SendFiles),
    "wrong": (Wrong, Wrong),
    "jot": (JotDown, JotDown),
    "pin": (NewPin, NewPin),
    "rate": (Rate, lambda score, nameless: Rate(score, bool(nameless))),
}
_MENUS: dict[str, Menu] = {
    "other": Otherwise(),
    "more": More(),
    "steps": StepList(),
    "files": FileList(),
    "account": Account(),
    "noname": Nameless(),
    "whom": Whom(),
    "where": Whereabouts(),
}
_CODES = {kind: code for code, (kind, _) in _ACTS.items()}
_ARGUMENTS = {
    c.Tick: ("item", "on"),
    c.Choose: ("way",),
    c.Judge: ("doubt", "keep"),
    c.Allow: ("way",),
    c.Assign: ("person",),
}

# one letter where a question and the id of an SOP stand beside it, which leave no room for more
_PLAIN: dict[str, type] = {
    "sop": ShowSop,
    "s": StartRun,
    "u": Understood,
    "run": ShowRun,
    "fav": Favour,
    "all": Browse,
    "runs": Runs,
    "where": WhereIs,
    "wheres": WhereAll,
    "tasks": Tasks,
    "lang": Speak,
    "for": ForRun,
    "find": Search,
    "c": DrawCode,
    "k": GoOn,
    "p": Rehearse,
    "t": StartTrial,
    "help": Help,
    "ask": AskIn,
    "in": LetIn,
    "out": KeepOut,
    "d": Desk,
    **REPORTS,
    "dev": ShowDeviation,
    "deps": Departures,
    "devs": FollowUps,
    "follow": Follow,
    **REVIEWS,
    "f": Figures,
    **APPROVALS,
    **DRAFTS,
    **OFFICE_CHANGES,
}
_PLAIN_CODES = {kind: code for code, kind in _PLAIN.items()}

LONGEST = 64
"""Bytes that Telegram takes behind a button."""


_LIVES = string.digits + string.ascii_letters
LIVES = len(_LIVES)
"""So many lives of a database can be told apart by their buttons."""


@dataclass(frozen=True, slots=True)
class Packer:
    """Packs taps for one life of the database: after a restore the epoch is higher and older buttons are dead."""

    epoch: int

    @property
    def _life(self) -> str:
        # one letter, since the longest buttons have no room for more
        return _LIVES[self.epoch % LIVES]

    def run(self, stamp: Stamp, act: Act) -> str:
        """A tap on a run's card as bytes behind a button."""
        return f"r{self._life}.{stamp.run}.{stamp.visit}.{stamp.ask}.{_act_words(act)}"

    def plain(self, tap: Any) -> str:
        """A tap that belongs to no run."""
        words = [str(int(part)) if isinstance(part, bool | int) else part for part in astuple(tap)]
        return ".".join([f"m{self._life}", _PLAIN_CODES[type(tap)], *words])

    def revived(self, screens: str, before: "Packer") -> str:
        """What `codec` wrote of a screen, with the buttons of an earlier life as buttons of this one."""
        return re.sub(rf'("data":"[rm]){before._life}\.', rf"\g<1>{self._life}.", screens)

    def unpack(self, data: str) -> Tap | None:
        """The tap behind `data`, None where it is not one of ours, or from before a restore."""
        head, _, rest = data.partition(".")
        if head == f"r{self._life}":
            return _on_run(rest)
        if head == f"m{self._life}":
            return _unpack_plain(rest)
        return None


def _act_words(act: Act) -> str:
    if isinstance(act, Open):
        return next(code for code, menu in _MENUS.items() if menu == act.menu)
    if isinstance(act, c.Allow):
        return f"allow.{0 if act.way is None else act.way + 1}"
    names = _arguments(type(act))
    return ".".join([_CODES[type(act)], *(str(int(getattr(act, name))) for name in names)])


# nine digits: a longer number is no id of ours, and PostgreSQL would not even look for it
_RUN = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})\.([a-z]{2,8})((?:\.\d{1,6}){0,3})", re.ASCII)


def _on_run(rest: str) -> OnRun | None:
    found = _RUN.fullmatch(rest)
    if found is None:
        return None
    stamp = Stamp(int(found[1]), int(found[2]), int(found[3]))
    numbers = [int(number) for number in found[5].split(".")[1:]]
    if found[4] in _MENUS and not numbers:
        return OnRun(stamp, Open(_MENUS[found[4]]))
    kind, make = _ACTS.get(found[4], (None, None))
    if kind is None or make is None:
        return None
    return OnRun(stamp, make(*numbers)) if len(numbers) == len(_arguments(kind)) else None


def _arguments(kind: Any) -> tuple[str, ...]:
    # a command's reason is asked for afterwards and never stands behind a button
    return _ARGUMENTS.get(kind, ()) if kind.__module__ == c.__name__ else tuple(kind.__slots__)


_TYPES: dict[str, Callable[[str], Any]] = {"int": int, "bool": lambda text: bool(int(text)), "str": str}
_WORD = {"int": r"\d{1,9}", "bool": r"[01]", "str": r"[a-z0-9_-]{1,48}"}


def _unpack_plain(rest: str) -> Tap | None:
    code, *parts = rest.split(".")
    kind = _PLAIN.get(code)
    if kind is None:
        return None
    types = [hint.__name__ for hint in kind.__annotations__.values()]
    if len(parts) != len(types) or not all(
        re.fullmatch(_WORD[name], part, re.ASCII) for name, part in zip(types, parts, strict=True)
    ):
        return None
    made: Tap = kind(*(_TYPES[name](part) for name, part in zip(types, parts, strict=True)))
    return made
