"""What a call wants to have written: words with their marks, a preview, what it answers, and files."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.calls import Call, Fields, Misfit, Upload, bad, whole
from bot.sandbox.chats import Chat
from bot.sandbox.entities import Entity
from bot.sandbox.files import File, picture_size
from bot.sandbox.markup import Malformed, Text, cleaned, parse_html
from bot.sandbox.world import LONGEST_CAPTION, LONGEST_TEXT, World, without_reply

Json = dict[str, Any]

LARGEST_TEXT = 1 << 15
"""Bytes of a text with its markup."""

LARGEST_PHOTO = 10 << 20
_WIDEST_PHOTO = 10_000
_ENTITY_DETAIL = {"text_link": "url", "custom_emoji": "custom_emoji_id", "pre": "language"}


def words(call: Call) -> Text:
    """The text of a call with its marks, as it was sent."""
    if not call.text("text"):
        raise Misfit("Message text is empty")
    marks = call.json("entities", "Can't parse entities JSON object")
    return _formatted(call.text("text"), call.text("parse_mode"), marks)


def text(world: World, sent: Text) -> Json:
    """The fields of a message that hold `sent`, once it is cleaned and found neither empty nor too long."""
    clean = _clean(sent)
    if not clean.plain:
        raise bad("Text must be non-empty")
    if len(clean.plain) > LONGEST_TEXT:
        raise bad("Message is too long")
    return world.written("text", clean)


def caption(world: World, call: Call) -> Json:
    """The fields of a message that hold the caption of a call, none where it has none."""
    marks = call.json("caption_entities", "Can't parse entities JSON object")
    return _caption(world, _formatted(call.text("caption"), call.text("parse_mode"), marks))


def preview(call: Call) -> Json:
    """How links in the text are to be shown."""
    value = call.json("link_preview_options", "Can't parse link preview options JSON object")
    if value is None:
        return {}
    fields = Fields.of(value, "Object expected as link preview options")
    flags = ("is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text")
    options: Json = {flag: True for flag in flags if fields.flag(flag)}
    if url := fields.text("url"):
        options["url"] = url
    return {"link_preview_options": options} if options else {}


def reply(call: Call, chat: Chat) -> Json:
    """The message that is answered, and the words quoted from it."""
    value = call.json("reply_parameters", "Can't parse reply parameters JSON object")
    if not value:
        return {}
    fields = Fields.of(value, "Object expected as reply parameters")
    message_id = fields.needed("message_id").number("message_id")
    elsewhere = "chat_id" in fields and whole(fields.text("chat_id")) != chat.id
    original = None if elsewhere else chat.messages.get(message_id)
    if original is not None:
        return {"reply_to_message": without_reply(original), **_quote(fields, original)}
    if not fields.flag("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return {}


def file(world: World, call: Call, kind: str) -> Json:
    """The field of a message that holds the photo, document or voice of a call."""
    return _FILES[kind](world, call, call.text(kind) or f"attach://{kind}")


def album_item(world: World, call: Call, item: Fields) -> Json:
    """The fields of a message that hold one photo or document of an album."""
    sent = _formatted(item.text("caption"), item.text("parse_mode"), item.array("caption_entities"))
    media = item.needed("media").text("media")
    return {**_FILES[item.text("type")](world, call, media), **_caption(world, sent)}


def _caption(world: World, sent: Text) -> Json:
    clean = _clean(sent)
    if len(clean.plain) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    return world.written("caption", clean) if clean.plain else {}


def _clean(sent: Text) -> Text:
    try:
        return cleaned(sent)
    except Malformed as complaint:
        raise Misfit(str(complaint)) from None


def _formatted(sent: str, parse_mode: str, marks: Any) -> Text:
    """A text by its parse mode, or else by the marks that came beside it. Only HTML is read here."""
    if len(sent.encode("utf-8", "replace")) > LARGEST_TEXT:
        raise Misfit("Text is too long")
    match parse_mode.lower():
        case "html" if sent:
            try:
                return parse_html(sent)
            except Malformed as complaint:
                raise Misfit(f"Can't parse entities: {complaint}") from None
        case "" | "none" | "html":
            return Text(sent, tuple(_entity(mark) for mark in marks or []))
        case _:
            raise Misfit("Unsupported parse_mode")


def _entity(mark: Any) -> Entity:
    try:
        fields = Fields.of(mark, "Expected an Object")
        kind = fields.needed("type").text("type")
        offset, length = fields.needed("offset").number("offset"), fields.needed("length").number("length")
        match kind:
            case "text_mention":
                detail = str(fields.object("user").number("id"))
            case "date_time":
                detail = f"{fields.number('unix_time')} {fields.text('date_time_format')}"
            case _:
                detail = fields.text(_ENTITY_DETAIL.get(kind, ""))
    except Misfit as reason:
        raise Misfit(f"Can't parse MessageEntity: {reason}") from None
    return Entity(kind, offset, length, detail)


def _quote(fields: Fields, original: Json) -> Json:
    if not fields.text("quote"):
        return {}
    quote = _clean(_formatted(fields.text("quote"), fields.text("quote_parse_mode"), None)).plain
    position = str(original.get("text", original.get("caption", ""))).find(quote)
    if position < 0:
        raise bad("QUOTE_TEXT_INVALID")
    return {"quote": {"text": quote, "position": position, "is_manual": True}}


def _photo(world: World, call: Call, given: str) -> Json:
    match _given(world, call, given, "photo"):
        case Upload(data=data):
            _check_picture(data)
            return {"photo": world.files.photo(data)}
        case File() as known:
            width, height = picture_size(known.data) or (1280, 960)
            return {"photo": [{**known.head, "width": width, "height": height}]}


def _document(world: World, call: Call, given: str) -> Json:
    match _given(world, call, given, "document"):
        case Upload(name=name, mime=mime, data=data):
            return {"document": {"file_name": name, "mime_type": mime, **world.files.add("document", data, name).head}}
        case File() as known:
            return {"document": known.head}


def _voice(world: World, call: Call, given: str) -> Json:
    found = _given(world, call, given, "voice")
    stored = found if isinstance(found, File) else world.files.add("voice", found.data)
    return {"voice": {"duration": call.number("duration", 0, 0), "mime_type": "audio/ogg", **stored.head}}


_FILES: dict[str, Callable[[World, Call, str], Json]] = {"photo": _photo, "document": _document, "voice": _voice}


def _check_picture(data: bytes) -> None:
    size = len(data)
    if size > LARGEST_PHOTO:
        raise bad(f"file of size {size} bytes is too big for a photo; the maximum size is {LARGEST_PHOTO} bytes")
    width, height = picture_size(data) or (0, 0)
    if not width or not height:
        raise bad("IMAGE_PROCESS_FAILED")
    if width + height > _WIDEST_PHOTO or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")


def _given(world: World, call: Call, given: str, kind: str) -> Upload | File:
    """The file that an argument names: one that comes with the call, or one that was here before."""
    if given.startswith("attach://"):
        upload = call.files.get(given.removeprefix("attach://"))
        if upload is None:
            raise bad(f"there is no {kind} in the request")
        if not upload.data:
            raise bad("file must be non-empty")
        return upload
    if given.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")
    known = world.files.by_id(given)
    if known is None:
        raise bad("wrong file identifier/HTTP URL specified")
    if known.kind != kind:
        raise bad(f"can't use file of type {known.kind.capitalize()} as {kind.capitalize()}")
    return known
