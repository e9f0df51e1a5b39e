"""What a person can be asked, beside what the step itself asks. One question is open at a time."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from bot.engine.commands import Backdate, Note, Reasoned
from bot.engine.desk import Desk
from bot.engine.drafting import Drafting
from bot.engine.figures import Looking as LookingAtFigures
from bot.engine.followup import Following
from bot.engine.messages import Said
from bot.engine.reports import Fault, Standing
from bot.engine.review import ReviewQuestion
from bot.engine.sop import Status


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Which of the ways a step can go otherwise: Kendala was tapped."""


@dataclass(frozen=True, slots=True)
class More:
    """What else: Lainnya was tapped."""


@dataclass(frozen=True, slots=True)
class StepList:
    """The list of steps is looked at."""


@dataclass(frozen=True, slots=True)
class FileList:
    """The list of files is looked at."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the conformity of a finished run is made of is looked at."""


@dataclass(frozen=True, slots=True)
class Nameless:
    """What the person thinks of the SOP, to be answered without their name."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Whether a sentence is to follow the score of that answer."""

    feedback: int
    nameless: bool


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Who has the run, since when, and how long it took is looked at."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is to do the step: the supervisor gives it to somebody, of the n-th page."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class Because:
    """Why: the command waits for its reason."""

    command: Reasoned


@dataclass(frozen=True, slots=True)
class When:
    """At what time a step, or several, recorded afterwards were really done."""

    command: Note | Backdate


@dataclass(frozen=True, slots=True)
class Quick:
    """Whether steps that were ended within seconds had been done before."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Whether words, a photo or a voice note are to be added to what happened at `turn`. `told`: others were told of
    it, and hear what is added."""

    turn: int
    told: bool = False


class Pin(StrEnum):
    """What is typed of the PIN that what waits is signed with."""

    MINE = "mine"
    OLD = "old"  # before a new one
    NEW = "new"
    DIFFERENT = "different"  # a new one, as the two that were typed differ


@dataclass(frozen=True, slots=True)
class PinAgain:
    """The new PIN once more; `kept` is what is kept of the first."""

    kept: str


@dataclass(frozen=True, slots=True)
class Signing:
    """The PIN, for the approval that waits for it."""

    pin: Pin | PinAgain


@dataclass(frozen=True, slots=True)
class Endorsing:
    """The PIN, for the approval of a version at that stage, which becomes `status` where it is the last."""

    approval: int
    stage: int
    status: Status
    pin: Pin | PinAgain


@dataclass(frozen=True, slots=True)
class Which:
    """Which of two numbers was meant."""

    name: str
    candidates: tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Fill:
    """A field that is filled again, or an optional one."""

    name: str


@dataclass(frozen=True, slots=True)
class Several:
    """Which options of a field with several; those chosen so far."""

    name: str
    chosen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Jot:
    """Whether words that were searched for are meant as a note at the step."""

    text: str


@dataclass(frozen=True, slots=True)
class ForWhich:
    """Which of several open runs these messages are for."""

    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class InHand:
    """Nothing: of several open runs the person chose this one, and goes on in it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What to search for: the menu or a list of SOPs was asked for last."""


@dataclass(frozen=True, slots=True)
class Looking:
    """The card of an SOP is open; its start button belongs to this question. `after` is the run that is to be continued
    by it."""

    sop: str
    after: int | None = None


@dataclass(frozen=True, slots=True)
class WhichSop:
    """Which SOP a report is about."""


@dataclass(frozen=True, slots=True)
class WhatIsWrong:
    """What is wrong with an SOP, where it was noticed in a run at a step of it."""

    sop: str
    digest: str
    step: str | None
    run: int | None


@dataclass(frozen=True, slots=True)
class WhichStep:
    """Which step of an SOP a report is about, or whether the whole."""

    sop: str
    digest: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Alike:
    """Whether what is reported is what the report `number` says already; `said` waits for the answer."""

    about: WhatIsWrong
    fault: Fault
    number: int
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewording:
    """How a report proposes that the SOP should read."""

    number: int


@dataclass(frozen=True, slots=True)
class Answering:
    """With which words a report is answered; `answers` counts those that it had before."""

    number: int
    standing: Standing
    answers: int


@dataclass(frozen=True, slots=True)
class Wording:
    """What a report says in words; `run`: in which it was made."""

    number: int
    fault: Fault
    sop: str
    run: int | None = None


@dataclass(frozen=True, slots=True)
class TurningDown:
    """Why a version is not approved, at that stage of its approval."""

    approval: int
    stage: int


@dataclass(frozen=True, slots=True)
class WhatChanged:
    """What changed in the office."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Which of these SOPs are touched by what changed; those ticked so far, by their places."""

    words: str
    sops: tuple[str, ...]
    chosen: tuple[int, ...] = ()


Question: TypeAlias = (
    TurningDown
    | WhatChanged
    | Touched
    | Otherwise
    | More
    | StepList
    | FileList
    | Account
    | Nameless
    | Saying
    | Whereabouts
    | Whom
    | Because
    | When
    | Quick
    | Tell
    | Signing
    | Endorsing
    | Drafting
    | Which
    | Fill
    | Several
    | Jot
    | ForWhich
    | InHand
    | Finding
    | Looking
    | WhichSop
    | WhatIsWrong
    | WhichStep
    | Alike
    | Wording
    | Rewording
    | Answering
    | Following
    | Desk
    | ReviewQuestion
    | LookingAtFigures
)
