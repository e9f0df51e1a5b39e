"""What every use case needs to know of the office it serves."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.engine.calendar import Office
from bot.engine.people import Staff
from bot.engine.review import Intervals
from bot.engine.rights import About, Action, allowed
from bot.engine.run import Run
from bot.engine.sop import Sop
from bot.engine.units import Units
from bot.library.office import OfficeSettings
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views.taps import Packer
from bot.views.words import Words


@dataclass(frozen=True)
class House:
    """The office: what it set for itself, its language, its buttons."""

    settings: OfficeSettings
    language: str
    pack: Packer
    bot: str = ""  # its user name, once Telegram has told it

    @property
    def office(self) -> Office:
        """When it works."""
        return self.settings.office

    @property
    def units(self) -> Units:
        """Its parts."""
        return self.settings.units

    def intervals(self, sop: Sop) -> Intervals:
        """When the reviews of an SOP come: as it says itself, else as the office has it."""
        return self.settings.reviews.but(sop.review)

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
        known = {run.starter, run.doer, run.released, *(hand.person for hand in run.hands.values())}
        return self.staff(tx, sop, run.unit, [one for one in known if one is not None])

    def signs(self, stage: int) -> bool:
        """Whether an approval at that stage is signed with a PIN. A stage beyond the end of the chain is its last."""
        chain = self.settings.approval
        return chain[min(stage, len(chain) - 1)] in self.settings.signing

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
