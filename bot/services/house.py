"""What every use case needs to know of the office it serves."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.engine.calendar import Office
from bot.engine.people import Role
from bot.storage.people import Person
from bot.views.taps import Packer
from bot.views.words import Words


@dataclass(frozen=True)
class House:
    """The office: its hours, its language, and who is let in with which roles (by Telegram id)."""

    office: Office
    language: str
    pack: Packer
    admitted: Mapping[int, frozenset[Role]]
    bot: str = ""  # its user name, once Telegram has told it

    def words(self, person: Person) -> Words:
        """The words of a person."""
        return Words(person.language, self.office.zone)

    def link(self, payload: str) -> str:
        """An address that opens this bot's chat and sends it /start with `payload`."""
        return f"https://t.me/{self.bot}?start={payload}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tap is answered with: nothing, a passing line, or a window that must be closed."""

    text: str = ""
    alert: bool = False
