"""Keyboards under messages and in place of the phone's keys: read, checked and written back as Telegram does."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox import links
from bot.sandbox.calls import Call, Fields, Misfit, bad
from bot.sandbox.markup import bare

Json = dict[str, Any]

MOST_IN_A_ROW = 8
MOST_BUTTONS = 100
LARGEST = 10_000
"""Bytes of a keyboard written as JSON."""

_STYLES = {"": None, "default": None, "primary": "primary", "success": "success", "danger": "danger"}


@dataclass(frozen=True, slots=True)
class Keyboard:
    """What a message brings along: buttons under it (`inline`), or something in place of the phone's own keys."""

    markup: Json
    inline: bool


def read(call: Call) -> Keyboard | None:
    """The keyboard of a call, None where it has none."""
    value = call.json("reply_markup", "Can't parse reply keyboard markup JSON object")
    if value is None:
        return None
    fields = Fields.of(value, "Object expected as reply markup")
    keys = _rows(fields, "keyboard", 'Field "keyboard" must be an Array of Arrays', "keyboard", _key)
    complaint = 'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
    buttons = _rows(fields, "inline_keyboard", complaint, "inline keyboard", _button)
    placeholder = fields.text("input_field_placeholder")
    hint = {"input_field_placeholder": placeholder} if placeholder else {}
    if keys:
        looks = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective")
        return Keyboard({"keyboard": keys, **{look: True for look in looks if fields.flag(look)}, **hint}, inline=False)
    if buttons:
        return _limited(Keyboard({"inline_keyboard": buttons}, inline=True))
    if fields.flag("remove_keyboard"):
        return Keyboard({"remove_keyboard": True}, inline=False)
    if fields.flag("force_reply"):
        return Keyboard({"force_reply": True, **hint}, inline=False)
    return None


def _limited(keyboard: Keyboard) -> Keyboard:
    rows = keyboard.markup["inline_keyboard"]
    if (
        sum(map(len, rows)) > MOST_BUTTONS
        or any(len(row) > MOST_IN_A_ROW for row in rows)
        or len(json.dumps(keyboard.markup, ensure_ascii=False, separators=(",", ":")).encode()) > LARGEST
    ):
        raise bad("reply markup is too long")
    return keyboard


def _rows(fields: Fields, name: str, complaint: str, what: str, read_one: Callable[[Any], Json]) -> list[list[Json]]:
    rows = []
    for row in fields.array(name):
        if not isinstance(row, list):
            raise Misfit(complaint)
        try:
            read_row = [button for button in map(read_one, row) if button["text"]]
        except Misfit as reason:
            raise Misfit(f"Can't parse {what} button: {reason}") from None
        if read_row:
            rows.append(read_row)
    return rows


def _key(value: Any) -> Json:
    if isinstance(value, str):
        return {"text": bare(value)}
    fields = Fields.of(value, "KeyboardButton must be a String or an Object")
    key: Json = {"text": bare(fields.needed("text").text("text")), **_style(fields)}
    for request in ("request_contact", "request_location"):
        if fields.flag(request):
            key[request] = True
    return key


def _button(value: Any) -> Json:
    fields = Fields.of(value, "InlineKeyboardButton must be an Object")
    label = bare(fields.needed("text").text("text"))
    return {"text": label, **_style(fields), **_action(fields)}


def _style(fields: Fields) -> Json:
    name = fields.text("style").lower()
    if name not in _STYLES:
        raise Misfit("invalid button style specified")
    style = _STYLES[name]
    return {"style": style} if style else {}


def _action(fields: Fields) -> Json:
    """The first action that is there counts; others beside it are not looked at."""
    if url := fields.text("url"):
        return {"url": _link(url, "")}
    if data := fields.text("callback_data"):
        if len(data.encode()) > 64:
            raise bad("BUTTON_DATA_INVALID")
        return {"callback_data": data}
    for query in ("switch_inline_query", "switch_inline_query_current_chat"):
        if query in fields:
            return {query: fields.text(query)}
    if "web_app" in fields:
        return {"web_app": {"url": _link(fields.object("web_app").needed("url").text("url"), "Web App ", secure=True)}}
    if "copy_text" in fields:
        copied = fields.object("copy_text").needed("text").text("text")
        if not 1 <= len(copied) <= 256:
            raise bad("BUTTON_COPY_TEXT_INVALID")
        return {"copy_text": {"text": copied}}
    raise Misfit("Text buttons are unallowed in the inline keyboard")


def _link(url: str, what: str, *, secure: bool = False) -> str:
    try:
        checked = links.checked(url)
        if secure and not checked.startswith("https://"):
            raise links.BadLink("Only HTTPS links are allowed")
    except links.BadLink as reason:
        raise bad(f"inline keyboard button {what}URL '{url}' is invalid: {reason}") from None
    return checked
