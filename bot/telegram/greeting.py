"""The bot introduces itself to Telegram: it learns its own name, and says what whoever has no menu yet finds there."""

from typing import Any
from zoneinfo import ZoneInfo

import structlog
from telegram.error import BadRequest
from telegram.ext import Application

from bot.telegram.calls import Calls
from bot.telegram.patience import insist
from bot.views.commands import at_the_door
from bot.views.words import LANGUAGES, Words

log = structlog.get_logger()


async def learn_name(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Ask who we are, however long Telegram is away: a command may be written with our name."""
    await insist(application.initialize, _away)


async def name_commands(calls: Calls, language: str, zone: ZoneInfo) -> None:
    """Fill the menu of everybody who has none of their own, in each language, `language` being the one for all others;
    however long Telegram is away."""
    await insist(lambda: _name_commands(calls, language, zone), _away)


async def _name_commands(calls: Calls, usual: str, zone: ZoneInfo) -> None:
    for language in (None, *LANGUAGES):
        try:
            await calls.offer(at_the_door(Words(language or usual, zone)), language=language)
        except BadRequest as error:  # it would be refused again; the bot works without
            log.error("commands.refused", error=str(error))


def _away(error: Exception) -> None:
    log.warning("telegram.away", error=type(error).__name__)
