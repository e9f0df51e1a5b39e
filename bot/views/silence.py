"""What is said after a silence, when taps may have been lost."""

from datetime import datetime, timedelta

from bot.views.screen import Screen
from bot.views.words import Words

MESSAGES_LIVE = timedelta(hours=24)
"""How long Telegram keeps what was written to a bot that does not ask."""


def note(words: Words, since: datetime, until: datetime) -> str:
    """The quiet line on a card."""
    return f"{_from_until(words, since, until)} {_lost(words, since, until)}"


def letter(words: Words, since: datetime, until: datetime) -> Screen:
    """What the admins are told."""
    lines = [
        f"📡 <b>{_from_until(words, since, until)}</b>",
        words("Telegram could not be reached, or the bot was not running."),
        f"{_lost(words, since, until)} {words('Every open card says so.')}",
    ]
    return Screen("\n".join(lines))


def backlog(words: Words, waiting: int) -> Screen:
    """The admins are told that answers take long."""
    text = words.many(
        "{count} message waits to be handled. Answers take longer than usual.",
        "{count} messages wait to be handled. Answers take longer than usual.",
        waiting,
    )
    return Screen(f"🐢 {text}")


def recorded_late(words: Words, sent: datetime, now: datetime) -> str:
    """On a card: what was sent during a silence is handled only now."""
    return words("What you sent at {moment} is recorded now.", moment=words.moment(sent, now))


def _from_until(words: Words, since: datetime, until: datetime) -> str:
    """With the day, for a card may be looked at much later."""
    start, end = words.moment(since, until), words.moment(until, since)
    first, last = (at.astimezone(words.zone).date() for at in (since, until))
    if first == last:
        return words("On {day} I was away from {start} until {end}.", day=words.day(first), start=start, end=end)
    return words("I was away from {start} until {end}.", start=start, end=end)


def _lost(words: Words, since: datetime, until: datetime) -> str:
    if until - since > MESSAGES_LIVE:
        return words("Taps and messages of that time may not have arrived.")
    return words("Taps of that time may not have arrived.")
