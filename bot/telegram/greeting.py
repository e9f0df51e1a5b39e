"""The bot introduces itself to Telegram: it learns its own name, and names its commands in both languages."""

from typing import Any
from zoneinfo import ZoneInfo

import structlog
from telegram import Bot, BotCommand
from telegram.error import BadRequest
from telegram.ext import Application

from bot.telegram.patience import insist
from bot.views.commands import COMMANDS
from bot.views.words import LANGUAGES, Words

log = structlog.get_logger()


async def learn_name(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Ask who we are, however long Telegram is away: a command may be written with our name."""
    await insist(application.initialize, _away)


async def name_commands(bot: Bot, language: str, zone: ZoneInfo) -> None:
    """Name the commands in both languages, `language` being the one for all others; however long Telegram is away."""
    await insist(lambda: _name_commands(bot, language, zone), _away)


async def _name_commands(bot: Bot, usual: str, zone: ZoneInfo) -> None:
    for language in (None, *LANGUAGES):
        words = Words(language or usual, zone)
        commands = [BotCommand(name, words(text)) for name, text in COMMANDS[words.language].items()]
        try:
            await bot.set_my_commands(commands, language_code=language)
        except BadRequest as error:  # it would be refused again; the bot works without
            log.error("commands.refused", error=str(error))


def _away(error: Exception) -> None:
    log.warning("telegram.away", error=type(error).__name__)
