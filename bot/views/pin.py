"""The PIN with which somebody signs: how it is asked for, and what is told of it."""

from datetime import datetime
from typing import assert_never

from bot.engine.questions import Pin, PinAgain
from bot.views import names
from bot.views.screen import Screen
from bot.views.words import N_, Words


def asking(words: Words, what: Pin | PinAgain) -> tuple[str, str]:
    """The question, and how to answer it."""
    six = words("Type six digits. Your message is deleted at once.")
    inside = words("This is a sign-off within the office, no certified electronic signature.")
    match what:
        case Pin.MINE:
            return words("What is your PIN?"), f"{six}\n{inside}"
        case Pin.OLD:
            return words("What is your PIN until now?"), six
        case Pin.NEW:
            return words("Choose a PIN for signing."), f"{six}\n{words('Nobody else can see it.')}\n{inside}"
        case Pin.DIFFERENT:
            return words("The two differ. Choose a PIN once more."), six
        case PinAgain():
            return words("Type the same PIN once more."), six
        case _:
            assert_never(what)


_STOP_THEM = N_("If it was not them, stop their access. A forgotten PIN can be cleared from their card: /people.")
_TELL_AN_ADMIN = N_("If it was not them, tell an admin, who can stop their access.")


def locked(words: Words, name: str, until: datetime, *, may_act: bool) -> Screen:
    """Whoever watches over somebody hears that their PIN was tried too often, and what they can do about it."""
    head = words("{name} typed a wrong PIN too often.", name=names.person(name))
    more = words("Signing is locked until {moment}.", moment=words.weekday(until))
    advice = words(_STOP_THEM if may_act else _TELL_AN_ADMIN)
    return Screen(f"🔒 <b>{head}</b>\n{more}\n{advice}")


def cleared(words: Words) -> Screen:
    """An admin took the PIN away."""
    return Screen(f"ℹ️ {words('An admin has cleared your PIN. You choose a new one when you next sign.')}")
