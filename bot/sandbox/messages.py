"""The methods that write, change and take away messages. Each takes the world and a call; its result is the answer's.

Refusals come in the order in which the real server would find them."""

from collections.abc import Iterable
from typing import Any

from bot.sandbox import contents, keyboards
from bot.sandbox.calls import Call, Fields, Misfit, bad, refusal, whole
from bot.sandbox.chats import Chat
from bot.sandbox.keyboards import Keyboard
from bot.sandbox.world import World

Json = dict[str, Any]

LONGEST_ALBUM = 10
LONGEST_ANSWER = 200
DELETABLE = 48 * 60 * 60
"""Seconds for which a message can be deleted."""

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_ACTIONS = frozenset(
    [
        *("cancel", "typing", "choose_sticker", "pick_up_location", "find_location"),
        *(f"record_{what}" for what in ("video", "audio", "voice", "video_note")),
        *(f"upload_{what}" for what in ("video", "audio", "voice", "video_note", "photo", "document")),
    ]
)
_COPIED = ("text", "entities", "photo", "document", "voice", "location", "caption", "caption_entities")
_REACTIONS = frozenset(
    "❤👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾"
    "💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡"
) | {"❤\u200d🔥", "👨\u200d💻", "🤷\u200d♂", "🤷\u200d♀"}


# Writing


def send_message(world: World, call: Call) -> Json:
    words = contents.words(call)
    preview = contents.preview(call)
    keyboard = keyboards.read(call)
    chat = writable(world, call)
    return _post(world, call, chat, {**contents.text(world, words), **preview}, keyboard)


def send_photo(world: World, call: Call) -> Json:
    return _send_file(world, call, "photo")


def send_document(world: World, call: Call) -> Json:
    return _send_file(world, call, "document")


def send_voice(world: World, call: Call) -> Json:
    return _send_file(world, call, "voice")


def send_media_group(world: World, call: Call) -> list[Json]:
    media = call.json("media", "Can't parse media JSON object") or []
    if not isinstance(media, list):
        raise Misfit("Expected an Array of InputMedia")
    items = [Fields.of(item, "InputMedia must be an Object") for item in media]
    kinds = {item.needed("type").text("type") for item in items}
    if not items:
        raise bad("there are no messages to send")
    if len(items) > LONGEST_ALBUM:
        raise bad("too many messages to send as an album")
    if not kinds <= {"photo", "document"}:
        raise bad("invalid message content type")
    if len(kinds) > 1:
        raise bad("document can't be mixed with other media types")
    chat = writable(world, call)
    bodies = [contents.album_item(world, call, item) for item in items]
    reply = contents.reply(call, chat)
    group = world.new_album()
    return [world.post(chat.id, {**reply, "media_group_id": group, **body}) for body in bodies]


def copy_message(world: World, call: Call) -> Json:
    keyboard = keyboards.read(call)
    source = _chat(world, call, "from_chat_id")
    original = source.messages.get(call.number("message_id"))
    if original is None:
        raise bad("message to copy not found")
    chat = writable(world, call)
    body = {name: original[name] for name in _COPIED if name in original}
    if not body:
        raise bad("message can't be copied")
    if "caption" in call.args and "text" not in body:
        body.pop("caption_entities", None)
        body.pop("caption", None)
        body |= contents.caption(world, call)
    return {"message_id": _post(world, call, chat, body, keyboard)["message_id"]}


def send_chat_action(world: World, call: Call) -> bool:
    action = call.text("action").lower()
    if action not in _ACTIONS:
        raise bad("wrong parameter action in request")
    world.tell("action", writable(world, call).id, {"action": action})
    return True


# Changing


def edit_message_text(world: World, call: Call) -> Json:
    words = contents.words(call)
    preview = contents.preview(call)
    keyboard = keyboards.read(call)
    chat, old = _editable(world, call, "text", "there is no text in the message to edit")
    body = {**contents.text(world, words), **preview}
    return _change(world, chat, old, body, keyboard, ("text", "entities", "link_preview_options"))


def edit_message_caption(world: World, call: Call) -> Json:
    keyboard = keyboards.read(call)
    body = contents.caption(world, call)
    chat, old = _editable(world, call, "", "")
    if not old.keys() & {"photo", "document", "voice"}:
        raise bad("there is no caption in the message to edit")
    return _change(world, chat, old, body, keyboard, ("caption", "caption_entities"))


def edit_message_reply_markup(world: World, call: Call) -> Json:
    keyboard = keyboards.read(call)
    chat, old = _editable(world, call, "", "")
    return _change(world, chat, old, {}, keyboard, ())


def delete_message(world: World, call: Call) -> bool:
    if not call.text("chat_id"):
        raise bad("Chat identifier is not specified")
    message_id = call.number("message_id")
    if message_id == 0:
        raise bad("Message identifier is not specified")
    chat = _chat(world, call)
    if message_id not in chat.messages:
        raise bad("message to delete not found")
    _delete(world, chat, [message_id])
    return True


def delete_messages(world: World, call: Call) -> bool:
    """Those that are gone already are passed over."""
    numbers = call.json("message_ids", "Can't parse message identifiers JSON object")
    if not isinstance(numbers, list) or not numbers:
        raise bad("Message identifiers are not specified")
    if len(numbers) > 100:
        raise bad("too many message identifiers specified")
    chat = _chat(world, call)
    _delete(world, chat, [number for number in map(whole, map(str, numbers)) if number in chat.messages])
    return True


def pin_chat_message(world: World, call: Call) -> bool:
    chat = writable(world, call)
    message_id = call.number("message_id")
    if message_id not in chat.messages:
        raise bad("message to pin not found")
    world.pin(chat.id, message_id)
    return True


def unpin_chat_message(world: World, call: Call) -> bool:
    """Without a number, the message pinned last."""
    chat = writable(world, call)
    given = "message_id" in call.args
    message_id = call.number("message_id") if given else next(iter(chat.pinned), 0)
    if message_id not in chat.messages:
        raise bad("message to unpin not found")
    world.unpin(chat.id, [message_id])
    return True


def unpin_all_chat_messages(world: World, call: Call) -> bool:
    chat = writable(world, call)
    world.unpin(chat.id, chat.pinned)
    return True


def set_message_reaction(world: World, call: Call) -> bool:
    reactions = call.json("reaction", "Can't parse reaction types JSON object") or []
    if not isinstance(reactions, list):
        raise Misfit("Expected an Array of ReactionType")
    emojis = [Fields.of(one, "ReactionType must be an Object").needed("emoji").text("emoji") for one in reactions]
    chat = writable(world, call)
    message_id = call.number("message_id")
    if message_id not in chat.messages:
        raise bad("message to react not found")
    if not _REACTIONS.issuperset(emojis):
        raise bad("REACTION_INVALID")
    if len(emojis) > 1:
        raise bad("REACTIONS_TOO_MANY")
    world.react(chat.id, message_id, emojis[0] if emojis else None)
    return True


def answer_callback_query(world: World, call: Call) -> bool:
    if len(call.text("text")) > LONGEST_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    url = call.text("url")
    if url and not url.startswith(("https://t.me/", "tg://", "http://t.me/")):
        raise bad("URL_INVALID")
    answer = {"text": call.text("text"), "show_alert": call.flag("show_alert"), **({"url": url} if url else {})}
    if not world.answer(str(call.number("callback_query_id")), answer):
        raise bad("query is too old and response timeout expired or query ID is invalid")
    return True


# Chats and files


def get_chat(world: World, call: Call) -> Json:
    chat = _chat(world, call)
    pinned = {"pinned_message": chat.messages[chat.pinned[0]]} if chat.pinned else {}
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return {
        **chat.head,
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, True),
        **pinned,
    }


def leave_chat(world: World, call: Call) -> bool:
    if not world.leave_group(call.number("chat_id")):
        raise bad("chat not found")
    return True


def get_file(world: World, call: Call) -> Json:
    file = world.files.by_id(call.text("file_id"))
    if file is None:
        raise bad("invalid file_id" if call.text("file_id") else "file_id not specified")
    if file.too_big:
        raise bad("file is too big")
    return {**file.head, "file_path": file.path}


def writable(world: World, call: Call) -> Chat:
    """The chat of a call that writes: its person has opened it, has not blocked the bot and still exists."""
    chat = _chat(world, call)
    if chat.deactivated:
        raise refusal(403, "user is deactivated")
    if chat.blocked:
        raise refusal(403, "bot was blocked by the user")
    if not chat.started:
        raise refusal(403, "bot can't initiate conversation with a user")
    if call.number("message_thread_id"):
        raise bad("message thread not found")
    return chat


def _chat(world: World, call: Call, name: str = "chat_id") -> Chat:
    given = call.text(name)
    if not given:
        raise bad(f"{name} is empty")
    chat = world.chats.get(whole(given))
    if chat is None:
        raise bad("chat not found")
    return chat


# Writing it down


def _send_file(world: World, call: Call, kind: str) -> Json:
    keyboard = keyboards.read(call)
    caption = contents.caption(world, call)
    if not call.text(kind) and kind not in call.files:
        raise bad(f"there is no {kind} in the request")
    chat = writable(world, call)
    return _post(world, call, chat, {**contents.file(world, call, kind), **caption}, keyboard)


def _post(world: World, call: Call, chat: Chat, body: Json, keyboard: Keyboard | None) -> Json:
    reply = contents.reply(call, chat)
    guarded = {"has_protected_content": True} if call.flag("protect_content") else {}
    buttons = {"reply_markup": keyboard.markup} if keyboard and keyboard.inline else {}
    message = world.post(chat.id, {**reply, **guarded, **body, **buttons})
    if keyboard and not keyboard.inline:
        chat.uneditable.add(message["message_id"])
        world.show_keyboard(chat.id, None if "remove_keyboard" in keyboard.markup else keyboard.markup)
    return message


def _editable(world: World, call: Call, holding: str, complaint: str) -> tuple[Chat, Json]:
    """The chat and the message to edit, which is the bot's own and has the field `holding`, if any is asked for."""
    message_id = call.number("message_id")
    if not call.text("chat_id") and message_id == 0:
        raise bad("message identifier is not specified")
    chat = writable(world, call)
    message = chat.messages.get(message_id)
    if message is None:
        raise bad("message to edit not found")
    if message["from"]["id"] != world.bot["id"] or message_id in chat.uneditable or "pinned_message" in message:
        raise bad("message can't be edited")
    if holding and holding not in message:
        raise bad(complaint)
    return chat, message


def _change(
    world: World, chat: Chat, old: Json, body: Json, keyboard: Keyboard | None, replaced: Iterable[str]
) -> Json:
    """Put `body` and the keyboard in the place of the `replaced` fields. Refuses where nothing would change."""
    if keyboard and not keyboard.inline:
        raise bad("inline keyboard expected")
    buttons = {"reply_markup": keyboard.markup} if keyboard else {}
    kept = {name: value for name, value in old.items() if name not in (*replaced, "reply_markup", "edit_date")}
    new = {**kept, **body, **buttons}
    if new == {name: value for name, value in old.items() if name != "edit_date"}:
        raise bad(_NOT_MODIFIED)
    message = {**kept, "edit_date": world.now, **body, **buttons}
    world.rewrite(chat.id, message)
    return message


def _delete(world: World, chat: Chat, message_ids: list[int]) -> None:
    if any(chat.messages[number]["date"] < world.now - DELETABLE for number in message_ids):
        raise bad("message can't be deleted for everyone")
    world.remove(chat.id, message_ids)
