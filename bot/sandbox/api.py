"""The Bot API: which method does what, how fast, and what is noted when a call does not fit the published API."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox import messages, profile
from bot.sandbox.calls import Call, Misfit, Refusal, bad
from bot.sandbox.flood import Flood
from bot.sandbox.polling import Polling
from bot.sandbox.shapes import misfits
from bot.sandbox.webhook import Webhook, conflict
from bot.sandbox.world import World

Json = dict[str, Any]
Method = Callable[[World, Call], Any]

_METHODS: dict[str, Method] = {
    "getMe": profile.get_me,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
    "sendMessage": messages.send_message,
    "sendPhoto": messages.send_photo,
    "sendDocument": messages.send_document,
    "sendVoice": messages.send_voice,
    "sendMediaGroup": messages.send_media_group,
    "copyMessage": messages.copy_message,
    "sendChatAction": messages.send_chat_action,
    "editMessageText": messages.edit_message_text,
    "editMessageCaption": messages.edit_message_caption,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "pinChatMessage": messages.pin_chat_message,
    "unpinChatMessage": messages.unpin_chat_message,
    "unpinAllChatMessages": messages.unpin_all_chat_messages,
    "setMessageReaction": messages.set_message_reaction,
    "answerCallbackQuery": messages.answer_callback_query,
    "getChat": messages.get_chat,
    "leaveChat": messages.leave_chat,
    "getFile": messages.get_file,
}
_WAITING = ("getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo")
_NAMES = {name.lower(): name for name in (*_METHODS, *_WAITING)}
_PACED = frozenset(name for name in _METHODS if name.startswith(("send", "edit", "copy"))) - {"sendChatAction"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: the HTTP status and the envelope."""

    status: int
    body: Json


class Api:
    """One bot's Bot API over `world`. Without `flood` there are no limits to how fast it may write."""

    def __init__(self, world: World, *, flood: bool = True, local_webhooks: bool = False) -> None:
        self.world = world
        self._flood = Flood() if flood else None
        self._polling = Polling(world)
        self._webhook = Webhook(world, self._polling, self.answer, anywhere=local_webhooks)

    async def answer(self, call: Call) -> Answer:
        """Carry out a call. Never raises for what is in it."""
        name = _NAMES.get(call.method.lower(), "")
        self.world.strict_violations.extend(misfits(name, call))
        try:
            return await self._do(name, call)
        except Misfit as reason:
            return refused(bad(str(reason)))
        except Refusal as refusal:
            return refused(refusal)

    async def close(self) -> None:
        """Bring no more updates."""
        await self._webhook.close()

    async def _do(self, name: str, call: Call) -> Answer:
        match name:
            case "":
                raise Refusal(404, "Not Found: method not found")
            case "getUpdates":
                if self._webhook.active:
                    raise conflict()
                return ok(await self._polling.get_updates(call))
            case "setWebhook":
                return ok(*await self._webhook.set(call))
            case "deleteWebhook":
                return ok(*await self._webhook.delete(call))
            case "getWebhookInfo":
                return ok(self._webhook.info())
        if name in _PACED and self._flood is not None:
            seconds = self._flood.wait(call.text("chat_id"), self.world.clock().timestamp())
            if seconds > 0:
                await asyncio.sleep(seconds)
        return ok(_METHODS[name](self.world, call))


def ok(result: object, description: str | None = None) -> Answer:
    body: Json = {"ok": True, "result": result}
    return Answer(200, body if description is None else {**body, "description": description})


def refused(refusal: Refusal) -> Answer:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.retry_after is not None:
        body["parameters"] = {"retry_after": refusal.retry_after}
    return Answer(refusal.code, body)
