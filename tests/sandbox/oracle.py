"""Telegram's own library, asked offline: how it reads a text."""

import json
from typing import Any

from tdjson import td_execute

from bot.sandbox.entities import Entity
from bot.sandbox.markup import Text

td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())

_KINDS = {
    "textEntityTypeBold": "bold",
    "textEntityTypeItalic": "italic",
    "textEntityTypeUnderline": "underline",
    "textEntityTypeStrikethrough": "strikethrough",
    "textEntityTypeSpoiler": "spoiler",
    "textEntityTypeCode": "code",
    "textEntityTypePre": "pre",
    "textEntityTypePreCode": "pre",
    "textEntityTypeTextUrl": "text_link",
    "textEntityTypeMentionName": "text_mention",
    "textEntityTypeCustomEmoji": "custom_emoji",
    "textEntityTypeBlockQuote": "blockquote",
    "textEntityTypeExpandableBlockQuote": "expandable_blockquote",
    "textEntityTypeDateTime": "date_time",
    "textEntityTypeMention": "mention",
    "textEntityTypeHashtag": "hashtag",
    "textEntityTypeCashtag": "cashtag",
    "textEntityTypeBotCommand": "bot_command",
    "textEntityTypeUrl": "url",
    "textEntityTypeEmailAddress": "email",
}
_TYPES = {kind: name for name, kind in _KINDS.items() if name != "textEntityTypePreCode"}


class Refusal(ValueError):
    """What the library does not take; the message is its own."""


def parse_html(html: str) -> Text:
    return _text(_ask({"@type": "parseTextEntities", "text": html, "parse_mode": {"@type": "textParseModeHTML"}}))


def find(plain: str) -> list[Entity]:
    return _entities(_ask({"@type": "getTextEntities", "text": plain})["entities"])


def cleaned(text: Text) -> Text:
    """Cleaning, trimming and mending of marks, for texts without Markdown's own signs."""
    marks = [
        {
            "@type": "textEntity",
            "offset": one.offset,
            "length": one.length,
            "type": {"@type": _TYPES[one.kind], "url": one.detail},
        }
        for one in text.entities
    ]
    return _text(
        _ask({"@type": "parseMarkdown", "text": {"@type": "formattedText", "text": text.plain, "entities": marks}})
    )


def _ask(request: dict[str, Any]) -> Any:
    answer = json.loads(td_execute(json.dumps(request).encode()) or b"")
    if answer["@type"] == "error":
        raise Refusal(answer["message"])
    return answer


def _text(answer: Any) -> Text:
    return Text(answer["text"], tuple(_entities(answer["entities"])))


def _entities(found: list[Any]) -> list[Entity]:
    return [
        Entity(_KINDS[one["type"]["@type"]], one["offset"], one["length"], _detail(one["type"]))
        for one in found
        if one["type"]["@type"] in _KINDS
    ]


def _detail(kind: dict[str, Any]) -> str:
    match kind["@type"]:
        case "textEntityTypeTextUrl":
            return str(kind["url"])
        case "textEntityTypeMentionName":
            return str(kind["user_id"])
        case "textEntityTypePreCode":
            return str(kind["language"])
        case "textEntityTypeCustomEmoji":
            return str(kind["custom_emoji_id"])
        case "textEntityTypeDateTime":
            return f"{kind['unix_time']} {_look(kind.get('formatting_type'))}"
        case _:
            return ""


def _look(formatting: dict[str, Any] | None) -> str:
    if formatting is None:
        return ""
    if formatting["@type"] == "dateTimeFormattingTypeRelative":
        return "r"
    size = {"dateTimePartPrecisionNone": "", "dateTimePartPrecisionShort": "s", "dateTimePartPrecisionLong": "l"}
    day = "w" if formatting["show_day_of_week"] else ""
    date = {"": "", "s": "d", "l": "D"}[size[formatting["date_precision"]["@type"]]]
    time = {"": "", "s": "t", "l": "T"}[size[formatting["time_precision"]["@type"]]]
    return day + date + time
