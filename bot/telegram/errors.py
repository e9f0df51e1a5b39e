"""What each of Telegram's errors means for a card or a letter. The one place where error texts are read."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.telegram.transport import NotSent


@dataclass(frozen=True, slots=True)
class Same:
    """The phone shows it already."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: try again after `span`. `surely_not_sent` tells whether a second call can be a second message."""

    span: timedelta
    surely_not_sent: bool
    told_by_telegram: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """The message cannot be edited any more: a new one is needed."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The person blocked the bot or is no more."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What we sent is wrong, and will be wrong again."""

    text: str


Meaning: TypeAlias = Same | Wait | Gone | Unreachable | Wrong

_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message identifier is not specified",
    "message_id_invalid",
    "there is no text in the message to edit",
    "message to delete not found",
    "message can't be deleted",
)
_UNREACHABLE = ("chat not found", "user is deactivated", "bot can't initiate", "peer_id_invalid")


def backoff(tries: int) -> timedelta:
    """1, 2, 4 … 60 seconds."""
    return timedelta(seconds=min(60, 2 ** min(tries, 6)))


def meaning(error: TelegramError, tries: int = 0) -> Meaning:
    """What `error` means. BadRequest comes before NetworkError, whose subclass it is."""
    match error:
        case RetryAfter(retry_after=timedelta() as wait):
            return Wait(wait, surely_not_sent=True, told_by_telegram=True)
        case BadRequest():
            return _bad_request(str(error).lower())
        case Forbidden() | ChatMigrated():
            return Unreachable()
        case InvalidToken() | Conflict():
            return Wait(timedelta(seconds=30), surely_not_sent=True)
        case NotSent():
            return Wait(backoff(tries), surely_not_sent=True)
        case _:
            return Wait(backoff(tries), surely_not_sent=False)


def _bad_request(text: str) -> Meaning:
    if "message is not modified" in text:
        return Same()
    if any(words in text for words in _GONE):
        return Gone()
    if any(words in text for words in _UNREACHABLE):
        return Unreachable()
    return Wrong(text)
