"""What a call may hold, after the published Bot API 10.1: anything beside it is noted, whether or not Telegram minds.

A shape is written in words: `name:kind`, where the kind is str, int, bool, id (a number or @name), file, the
name of an object below, or a list of one in brackets."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.calls import Call

_PLAIN: dict[str, Any] = {"str": str, "int": int, "bool": bool, "id": (int, str)}

_SEND = (
    "chat_id:id message_thread_id:int direct_messages_topic_id:int "
    "disable_notification:bool protect_content:bool allow_paid_broadcast:bool message_effect_id:str "
    "reply_parameters:ReplyParameters "
)
_SEND_ONE = _SEND + "suggested_post_parameters:SuggestedPostParameters reply_markup:ReplyMarkup "
_BUSINESS = "business_connection_id:str "
_TEXT = "text:str link_preview_options:LinkPreviewOptions parse_mode:str entities:[MessageEntity] "
_CAPTION = "caption:str parse_mode:str caption_entities:[MessageEntity] "
_DOCUMENT = "document:file thumbnail:file disable_content_type_detection:bool"
_EDIT = _BUSINESS + "chat_id:id message_id:int inline_message_id:str reply_markup:InlineKeyboardMarkup "
_SCOPE = "scope:BotCommandScope language_code:str"


def _shape(words: str) -> dict[str, str]:
    return dict(word.split(":", 1) for word in words.split())


METHODS = {
    name: _shape(words)
    for name, words in {
        "getUpdates": "offset:int limit:int timeout:int allowed_updates:[str]",
        "setWebhook": "url:str certificate:file ip_address:str max_connections:int allowed_updates:[str] "
        "drop_pending_updates:bool secret_token:str",
        "deleteWebhook": "drop_pending_updates:bool",
        "getWebhookInfo": "",
        "getMe": "",
        "sendMessage": _BUSINESS + _SEND_ONE + _TEXT,
        "sendPhoto": _BUSINESS + _SEND_ONE + _CAPTION + "photo:file show_caption_above_media:bool has_spoiler:bool",
        "sendDocument": _BUSINESS + _SEND_ONE + _CAPTION + _DOCUMENT,
        "sendVoice": _BUSINESS + _SEND_ONE + _CAPTION + "voice:file duration:int",
        "sendMediaGroup": _BUSINESS + _SEND + "media:[InputMedia]",
        "copyMessage": _SEND_ONE + _CAPTION + "from_chat_id:id message_id:int video_start_timestamp:int "
        "show_caption_above_media:bool",
        "editMessageText": _EDIT + _TEXT + "rich_message:InputRichMessage",
        "editMessageCaption": _EDIT + _CAPTION + "show_caption_above_media:bool",
        "editMessageReplyMarkup": _EDIT,
        "deleteMessage": "chat_id:id message_id:int",
        "deleteMessages": "chat_id:id message_ids:[int]",
        "answerCallbackQuery": "callback_query_id:str text:str show_alert:bool url:str cache_time:int",
        "sendChatAction": "business_connection_id:str chat_id:id message_thread_id:int action:str",
        "pinChatMessage": "business_connection_id:str chat_id:id message_id:int disable_notification:bool",
        "unpinChatMessage": "business_connection_id:str chat_id:id message_id:int",
        "unpinAllChatMessages": "chat_id:id",
        "setMessageReaction": "chat_id:id message_id:int reaction:[ReactionType] is_big:bool",
        "setMyCommands": "commands:[BotCommand] " + _SCOPE,
        "getMyCommands": _SCOPE,
        "deleteMyCommands": _SCOPE,
        "setMyDescription": "description:str language_code:str",
        "getMyDescription": "language_code:str",
        "setMyShortDescription": "short_description:str language_code:str",
        "getMyShortDescription": "language_code:str",
        "setChatMenuButton": "chat_id:int menu_button:MenuButton",
        "getChatMenuButton": "chat_id:int",
        "getChat": "chat_id:id",
        "leaveChat": "chat_id:id",
        "getFile": "file_id:str",
    }.items()
}

OBJECTS = {
    name: _shape(words)
    for name, words in {
        "MessageEntity": "type:str offset:int length:int url:str user:User language:str custom_emoji_id:str "
        "unix_time:int date_time_format:str",
        "User": "id:int is_bot:bool first_name:str last_name:str username:str language_code:str",
        "ReplyParameters": "message_id:int chat_id:id allow_sending_without_reply:bool quote:str quote_parse_mode:str "
        "quote_entities:[MessageEntity] quote_position:int checklist_task_id:int poll_option_id:str",
        "LinkPreviewOptions": "is_disabled:bool url:str prefer_small_media:bool prefer_large_media:bool "
        "show_above_text:bool",
        "ReplyMarkup": "inline_keyboard:[[InlineKeyboardButton]] keyboard:[[KeyboardButton]] is_persistent:bool "
        "resize_keyboard:bool one_time_keyboard:bool input_field_placeholder:str selective:bool remove_keyboard:bool "
        "force_reply:bool",
        "InlineKeyboardMarkup": "inline_keyboard:[[InlineKeyboardButton]]",
        "InlineKeyboardButton": "text:str icon_custom_emoji_id:str style:str url:str callback_data:str "
        "web_app:WebAppInfo login_url:LoginUrl switch_inline_query:str switch_inline_query_current_chat:str "
        "switch_inline_query_chosen_chat:SwitchInlineQueryChosenChat copy_text:CopyTextButton "
        "callback_game:CallbackGame pay:bool",
        "KeyboardButton": "text:str icon_custom_emoji_id:str style:str request_contact:bool request_location:bool",
        "WebAppInfo": "url:str",
        "CopyTextButton": "text:str",
        "LoginUrl": "url:str forward_text:str bot_username:str request_write_access:bool",
        "SwitchInlineQueryChosenChat": "query:str allow_user_chats:bool allow_bot_chats:bool allow_group_chats:bool "
        "allow_channel_chats:bool",
        "CallbackGame": "",
        "InputMedia": "type:str media:str thumbnail:str caption:str parse_mode:str caption_entities:[MessageEntity] "
        "show_caption_above_media:bool has_spoiler:bool disable_content_type_detection:bool",
        "BotCommand": "command:str description:str",
        "BotCommandScope": "type:str chat_id:id user_id:int",
        "MenuButton": "type:str text:str web_app:WebAppInfo",
        "ReactionType": "type:str emoji:str custom_emoji_id:str",
    }.items()
}

_ACTIONS = OBJECTS["InlineKeyboardButton"].keys() - {"text", "icon_custom_emoji_id", "style"}


def misfits(method: str, call: Call) -> Iterator[str]:
    """One sentence for each thing in the call that the published Bot API does not have or has otherwise."""
    known = METHODS.get(method)
    if known is None:
        yield f"{call.method}: no such method here"
        return
    for name, value in call.args.items():
        if name not in known:
            yield f"{method}: no parameter {name}"
        else:
            yield from _argument(f"{method}.{name}", known[name], value)
    attached = set(re.findall(r"attach://([^\"\s]+)", " ".join(call.args.values()))) if call.files else set()
    for name in call.files:
        if known.get(name) != "file" and name not in attached:
            yield f"{method}: file {name} is sent and not used"


def _argument(where: str, kind: str, text: str) -> Iterator[str]:
    match kind:
        case "str" | "file" | "id":
            return
        case "int":
            if not re.fullmatch(r"-?[0-9]+", text, re.ASCII):
                yield f"{where}: {text!r} is no number"
        case "bool":
            if text.lower() not in ("true", "false"):
                yield f"{where}: {text!r} is neither true nor false"
        case _:
            if not text:
                return
            try:
                value = json.loads(text)
            except ValueError:
                yield f"{where}: no JSON"
                return
            yield from _value(where, kind, value)


def _value(where: str, kind: str, value: Any) -> Iterator[str]:
    if kind.startswith("["):
        if not isinstance(value, list):
            yield f"{where}: no list"
            return
        for at, item in enumerate(value):
            yield from _value(f"{where}[{at}]", kind[1:-1], item)
    elif kind in _PLAIN:
        if not isinstance(value, _PLAIN[kind]) or (isinstance(value, bool) and kind != "bool"):
            yield f"{where}: {value!r} is no {kind}"
    elif not isinstance(value, dict) or kind not in OBJECTS:
        yield f"{where}: no {kind}"
    else:
        yield from _object(where, kind, value)


def _object(where: str, kind: str, value: dict[str, Any]) -> Iterator[str]:
    known = OBJECTS[kind]
    for name, inner in value.items():
        if name not in known:
            yield f"{where}: {kind} has no field {name}"
        else:
            yield from _value(f"{where}.{name}", known[name], inner)
    if kind == "InlineKeyboardButton":
        if len(value.keys() & _ACTIONS) != 1:
            yield f"{where}: a button has exactly one action"
        if not value.get("text"):
            yield f"{where}: a button without a label is left out"
