"""The chat commands, and which of them each finds in the menu of the chat."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.engine.people import Role
from bot.engine.rights import Action, Reach, reach
from bot.views.screen import Menu
from bot.views.words import N_, Words


@dataclass(frozen=True, slots=True)
class Command:
    """A command by its Indonesian and its English name, what it does, and what one must be able to do for it."""

    name: str
    alias: str
    meaning: str
    needs: Action

    def named(self, language: str) -> str:
        """Its name in a language."""
        return self.name if language == "id" else self.alias


_HELP = Command("bantuan", "help", N_("What can I do here"), Action.USE)
ALL = (
    Command("sop", "find", N_("Find an SOP"), Action.USE),
    Command("lanjut", "resume", N_("My open runs"), Action.RUN),
    Command("tugas", "tasks", N_("What waits for me"), Action.RUN),
    Command("lapor", "report", N_("Report that a procedure is wrong"), Action.REPORT),
    Command("tinjauan", "reviews", N_("SOPs by review date"), Action.SEE_REVIEWS),
    Command("diam", "quiet", N_("No reminders for a while"), Action.USE),
    Command("rekap", "stats", N_("Figures of the runs"), Action.SEE_FIGURES),
    Command("ganti", "change", N_("Something changed: which SOPs it touches"), Action.ANNOUNCE_CHANGE),
    Command("orang", "people", N_("See and change who works here"), Action.SEE_PEOPLE),
    Command("bahasa", "language", N_("Choose the language"), Action.USE),
    Command("batal", "cancel", N_("Leave a question"), Action.USE),
    _HELP,
)


def menu(words: Words, roles: Iterable[Role]) -> Menu:
    """What somebody of these roles finds: what they can use for more than themselves alone. Nothing without a role."""
    mine = tuple(roles)
    return _menu(words, (one for one in ALL if reach(mine, one.needs) > Reach.SELF))


def at_the_door(words: Words) -> Menu:
    """What everybody finds who has no menu of their own: how to come in."""
    return _menu(words, (_HELP,))


def _menu(words: Words, some: Iterable[Command]) -> Menu:
    return Menu(tuple((one.named(words.language), words(one.meaning)) for one in some))
