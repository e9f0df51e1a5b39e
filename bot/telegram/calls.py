"""The calls that make up a day: answer a tap, send a screen, edit it, take its buttons away; and the menu.

They go past python-telegram-bot's objects, since nobody reads what comes back but the number of a message: measured, an
edit then costs a third of the processor time. Errors are python-telegram-bot's own."""

import re
from typing import Any

from telegram import Bot, InputFile
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.telegram.transport import AiohttpRequest
from bot.views.screen import Button, Drawn, Known, Menu, Screen, Written

Json = dict[str, Any]
_FILE_ID = re.compile(r"[A-Za-z0-9_-]{20,255}")


class Calls:
    """Calls to the Bot API at `base`, an address that holds the token. Each raises TelegramError."""

    def __init__(self, bot: Bot, request: AiohttpRequest, base: str) -> None:
        self._bot = bot
        self._request = request
        self._base = base

    async def answer(self, query: str, text: str, *, alert: bool) -> None:
        """End the waiting of a tapped button, with a passing line or a window where there is something to say."""
        await self._call("answerCallbackQuery", {"callback_query_id": query, "text": text, "show_alert": alert})

    async def send(self, chat: int, screen: Screen) -> int:
        """Send a screen as a new message and return its number."""
        match screen.file:
            case None:
                quiet = {"disable_notification": True} if screen.quiet else {}
                sent = await self._call("sendMessage", {"chat_id": chat, **_shown(screen), **quiet})
            case Known() as file:
                named = {"chat_id": chat, file.form.value: _checked(file.file_id)}
                words = {"caption": screen.text, "parse_mode": ParseMode.HTML}
                sent = await self._call(f"send{file.form.value.capitalize()}", named | words)
            case Drawn(png=png):
                return (await self._bot.send_photo(chat, png, screen.text, parse_mode=ParseMode.HTML)).message_id
            case Written(name=name, content=content):
                given = InputFile(content, name)
                return (await self._bot.send_document(chat, given, screen.text, parse_mode=ParseMode.HTML)).message_id
        return int(sent["message_id"])

    async def edit(self, chat: int, message_id: int, screen: Screen) -> None:
        """Put a screen in the place of what a message shows."""
        await self._call("editMessageText", {"chat_id": chat, "message_id": message_id, **_shown(screen)})

    async def strip(self, chat: int, message_id: int) -> None:
        """Take the buttons off a message."""
        await self._call("editMessageReplyMarkup", {"chat_id": chat, "message_id": message_id})

    async def delete(self, chat: int, message_id: int) -> None:
        """Let a message vanish."""
        await self._call("deleteMessage", {"chat_id": chat, "message_id": message_id})

    async def offer(self, menu: Menu, *, chat: int | None = None, language: str | None = None) -> None:
        """Let the menu of a chat, else of all chats in a language, else of all others, hold these commands."""
        scope = {} if chat is None else {"scope": {"type": "chat", "chat_id": chat}}
        where = scope | ({} if language is None else {"language_code": language})
        if menu.commands:
            commands = [{"command": name, "description": meaning} for name, meaning in menu.commands]
            await self._call("setMyCommands", {"commands": commands, **where})
        else:
            await self._call("deleteMyCommands", where)

    async def _call(self, method: str, values: Json) -> Any:
        return await self._request.post_json(f"{self._base}/{method}", values)


def _checked(file_id: str) -> str:
    """The id of a file. Raises BadRequest for any text that could be an address, which Telegram would then fetch."""
    if not _FILE_ID.fullmatch(file_id):
        raise BadRequest("wrong file identifier")
    return file_id


def _shown(screen: Screen) -> Json:
    shown: Json = {"text": screen.text, "parse_mode": ParseMode.HTML, "link_preview_options": {"is_disabled": True}}
    if screen.rows:
        shown["reply_markup"] = {"inline_keyboard": [[_button(button) for button in row] for row in screen.rows]}
    return shown


def _button(button: Button) -> Json:
    drawn = {"text": button.label, "callback_data": button.data}
    return drawn | ({"style": button.style.value} if button.style.value else {})
