"""What every use case needs to know of the office it serves."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.engine.approval import USUAL_CHAIN
from bot.engine.calendar import Office
from bot.engine.delays import USUAL, Patience
from bot.engine.people import Role, Staff
from bot.engine.rights import About, Action, allowed
from bot.engine.run import Run
from bot.engine.severity import USUALLY, Departures
from bot.engine.sop import Sop
from bot.engine.units import Units
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views.taps import Packer
from bot.views.words import Words


@dataclass(frozen=True)
class House:
    """The office: its hours, its language, its parts."""

    office: Office
    language: str
    pack: Packer
    units: Units
    messages_a_day: int = 5  # lists and warnings that one person is sent at most
    report_days: int = 14  # after which those responsible are reminded of a report
    runs_well_from: int = 85  # per cent of conformity from which on a monitoring finds that an SOP runs well
    departures: Departures = USUALLY
    anchors: int | None = None  # the chat that is sent the hash of the journal every day
    approval: tuple[Role, ...] = USUAL_CHAIN  # who approves a new version, in this order
    signing: frozenset[Role] = frozenset()  # which of them sign with their PIN
    patience: Patience = USUAL
    bot: str = ""  # its user name, once Telegram has told it

    def words(self, person: Person) -> Words:
        """The words of a person."""
        return Words(person.language, self.office.zone)

    def allows(self, me: Person, action: Action, about: About | None = None) -> bool:
        """Whether I may do `action`: on what it is about, else on what is my own."""
        return allowed(me.who, action, about or About(person=me.id), self.units)

    def staff(self, tx: Transaction, sop: Sop, unit: str | None, known: Iterable[int] = ()) -> Staff:
        """Who works here today, as a run of `sop` in `unit` sees it that knows these people."""
        return tx.people.staff(sop, unit, self.office.day(tx.at), self.units.titled(sop.unit), known)

    def staff_of(self, tx: Transaction, sop: Sop, run: Run) -> Staff:
        """Who works here today, as the run sees it."""
        known = (run.starter, run.holder, run.released)
        return self.staff(tx, sop, run.unit, [one for one in known if one is not None])

    def signs(self, stage: int) -> bool:
        """Whether an approval at that stage is signed with a PIN. A stage beyond the end of the chain is its last."""
        return self.approval[min(stage, len(self.approval) - 1)] in self.signing

    def unit_title(self, unit: str | None) -> str:
        """What a unit is called; nothing where there is none."""
        known = self.units.get(unit)
        return known.title if known else ""

    def link(self, payload: str) -> str:
        """An address that opens this bot's chat and sends it /start with `payload`."""
        return f"https://t.me/{self.bot}?start={payload}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tap is answered with: nothing, a passing line, or a window that must be closed."""

    text: str = ""
    alert: bool = False
