"""What the chat of anchors is sent, once a day."""

from datetime import date

from bot.views.screen import Screen, h
from bot.views.words import Words


def message(words: Words, day: date, seq: int, digest: str) -> Screen:
    """The anchor of a day: how far the log had come, and its hash there. `verify --anchors` reads it."""
    told = words("Anchor of the log of {day}. Please keep this message.", day=words.day(day))
    why = words("It shows whether the log is changed later.")
    return Screen(f"{told} {why}\n\n<code>{seq} {h(digest)}</code>", quiet=True)
