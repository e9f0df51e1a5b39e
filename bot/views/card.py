"""What the card of a run is drawn from, whoever looks at it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.engine import commands as c
from bot.engine.calendar import Office
from bot.engine.questions import Question
from bot.engine.rights import Relation
from bot.engine.run import Deviated, FileKind, Progress, Run
from bot.engine.sop import Sop, Status
from bot.engine.whereabouts import Clocks
from bot.views import names
from bot.views.screen import Button, Screen, Style, cut, h
from bot.views.taps import Act, Packer, Stamp
from bot.views.words import Words

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The open question that a run's card shows, and its number."""

    ask: int
    what: Question


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file of the run: at which step it came, and what its sender called it."""

    step: str
    kind: FileKind
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Child:
    """A run that a step of this one waits for or waited for, what departed in it, and the runs below it."""

    run: Run
    sop: Sop
    deviations: Sequence[Deviated] = ()
    children: Sequence["Child"] = ()


@dataclass(frozen=True, slots=True)
class Onward:
    """An SOP that continues the one of a run that is done: by which run, and whether the reader may start it."""

    sop: Sop
    run: int | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands to a run, and who the others are: `asked` are the supervisors whose leave is wanted,
    `candidates` those to whom the step may be given, `stand_in` whom it is offered to while whoever had it is away."""

    relation: Relation = Relation.HOLDS
    names: Mapping[int, str] = field(default_factory=dict)
    asked: tuple[int, ...] = ()
    candidates: tuple[int, ...] = ()
    stand_in: int | None = None
    may_assign: bool = False
    may_steer: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that the card of a run is drawn from."""

    words: Words
    pack: Packer
    office: Office
    sop: Sop
    status: Status
    run: Run
    now: datetime
    asked: Asked | None = None
    said: str = ""  # what just happened, in the reader's language: last, right above the buttons
    deviations: Sequence[Deviated] = field(default=())
    added: Sequence[str] = ()  # words that were added to why it was stopped
    files: Sequence[Enclosed] = field(default=())  # where they are listed
    me: int = 0
    sees: bool = True  # whether the run is any business of the reader's, so that they may ask more of it
    place: Place = Place()
    parent: tuple[Sop, int] | None = None  # the run that waits for this one
    children: Sequence[Child] = ()
    onward: Sequence[Onward] = ()
    rating: bool = False  # it asks what one thinks of its SOP
    judges: bool = False  # whether the reader watches over the unit of the run
    clocks: Clocks | None = None  # where they are looked at
    late: int = 0  # days by which the review of its SOP is late, which is nobody's fault who runs it

    def button(self, label: str, act: Act, style: Style = Style.PLAIN) -> Button:
        """A button of this card, as it is now."""
        stamp = Stamp(self.run.id, self.run.visit, self.asked.ask if self.asked else 0)
        return Button(label, self.pack.run(stamp, act), style)

    @property
    def can_undo(self) -> bool:
        """True while what last ended a step, or paused the run, may be taken back."""
        since = self.run.paused_at if self.run.progress is Progress.PAUSED else self.run.ended_at
        return self._ended_last and since is not None and self.now - since <= c.UNDO_WINDOW

    @property
    def _ended_last(self) -> bool:
        """Whether the reader did what ended last, or may take back a pause. The button stays with whoever had it, where
        the next one has begun by now."""
        if self.run.progress is Progress.PAUSED:
            return True
        if self.run.before is not None:
            return self.run.undoer == self.me
        last = max(self.run.hands.values(), key=lambda hand: hand.visit, default=None)
        return last is not None and last.person == self.me

    @property
    def title(self) -> str:
        """What every card of a run begins with."""
        title = f"<b>{h(cut(names.title(self.sop), 120))}</b> · #{self.run.id}"
        if self.run.rehearsal:
            title += f"\n🎭 <b>{self.words('Rehearsal: nothing of it counts.')}</b>"
        if self.run.after is not None:
            title += f"\n↪ {self.words('Continues run #{run}.', run=self.run.after)}"
        if self.late:
            title += f"\n🔎 {names.overdue(self.words, self.late)}"
        if self.parent is None:
            return title
        above, number = self.parent
        part = self.words("Part of {title} #{run}", title=h(cut(names.title(above), 80)), run=number)
        return f"{title}\n↳ {part}"

    def below(self, child: Child) -> "Card":
        """The card of a child run as whoever looks at this one would see it."""
        above = (self.sop, self.run.id)
        return replace(
            self, run=child.run, sop=child.sop, deviations=child.deviations, children=child.children, parent=above
        )

    def screen(self, lines: Iterable[str], rows: Rows) -> Screen:
        """A screen of this card; what just happened stands last, right above the buttons."""
        said = ["", f"💬 <b>{h(self.said)}</b>"] if self.said else []
        return Screen("\n".join([*lines, *said]), rows)
