"""What the chat of anchors is sent, once a day."""

from datetime import date

from bot.views.screen import Screen, h
from bot.views.words import Words


def message(words: Words, day: date, seq: int, digest: str) -> Screen:
    """The anchor of a day: how far the log had come, and its hash there. `verify --anchors` reads it."""
    told = words("Anchor of the log of {day}. Please keep this message.", day=words.day(day))
    why = words("It shows whether the log is changed later.")
    return Screen(f"{told} {why}\n\n<code>{seq} {h(digest)}</code>", quiet=True)


def unreachable(words: Words, chat: int, since: date) -> Screen:
    """What admins are told while the chat of anchors cannot be reached."""
    told = words("The chat {id} for anchors of the log cannot be reached.", id=chat)
    why = words("Nothing has arrived there since {day}.", day=words.day(since))
    how = words("Please open the bot there, or change {key} in office.yaml.", key="<code>anchors</code>")
    return Screen(f"⚠️ {told} {why}\n{how} {words('The missing ones follow by themselves.')}")
