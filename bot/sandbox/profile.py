"""The methods with which the bot introduces itself: its commands, its texts, its menu button."""

import re
from typing import Any

from bot.sandbox.calls import Call, Fields, Misfit, bad, whole
from bot.sandbox.world import World

Json = dict[str, Any]

_MOST_COMMANDS = 100
_WIDE_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})


def get_me(world: World, call: Call) -> Json:
    rights = ("can_join_groups", "can_read_all_group_messages", "supports_guest_queries", "supports_inline_queries")
    more = ("can_connect_to_business", "has_main_web_app", "has_topics_enabled", "allows_users_to_create_topics")
    return {**world.bot, **dict.fromkeys((*rights, *more, "can_manage_bots", "supports_join_request_queries"), False)}


def set_my_commands(world: World, call: Call) -> bool:
    key = _key(world, call)
    given = call.json("commands", "Can't parse commands JSON object") or []
    if not isinstance(given, list):
        raise Misfit("Expected an Array of BotCommand")
    if len(given) > _MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    world.set_commands(key, [_command(one) for one in given])
    return True


def get_my_commands(world: World, call: Call) -> list[Json]:
    return world.profile.commands.get(_key(world, call), [])


def delete_my_commands(world: World, call: Call) -> bool:
    world.set_commands(_key(world, call), [])
    return True


def set_my_description(world: World, call: Call) -> bool:
    world.profile.description[_language(call)] = _limited(call.text("description"), 512)
    return True


def get_my_description(world: World, call: Call) -> Json:
    return {"description": world.profile.description.get(_language(call), "")}


def set_my_short_description(world: World, call: Call) -> bool:
    world.profile.short_description[_language(call)] = _limited(call.text("short_description"), 120)
    return True


def get_my_short_description(world: World, call: Call) -> Json:
    return {"short_description": world.profile.short_description.get(_language(call), "")}


def set_chat_menu_button(world: World, call: Call) -> bool:
    given = call.json("menu_button", "Can't parse menu button JSON object")
    button = {"type": "default"} if given is None else _menu_button(Fields.of(given, "MenuButton must be an Object"))
    world.profile.menu_buttons[_menu_chat(world, call)] = button
    return True


def get_chat_menu_button(world: World, call: Call) -> Json:
    return world.profile.menu_buttons.get(_menu_chat(world, call), {"type": "commands"})


def _command(value: Any) -> Json:
    try:
        fields = Fields.of(value, "expected an Object")
        command = fields.needed("command").text("command").removeprefix("/")
        description = fields.needed("description").text("description").strip()
    except Misfit as reason:
        raise Misfit(f"Can't parse BotCommand: {reason}") from None
    if not command:
        raise bad("command must be non-empty")
    if len(command) > 32:
        raise bad("command length must not exceed 32")
    if not description:
        raise bad("command description must be non-empty")
    if len(description) > 256:
        raise bad("command description length must not exceed 256")
    if not re.fullmatch(r"[a-z0-9_]+", command, re.ASCII):
        raise bad("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}


def _key(world: World, call: Call) -> str:
    """Under which the commands of a scope and language are kept, like "chat 42|id"."""
    language = _language(call)
    value = call.json("scope", "Can't parse BotCommandScope JSON object")
    if value is None:
        return f"default|{language}"
    try:
        scope = _scope(Fields.of(value, "BotCommandScope must be an Object"))
    except Misfit as reason:
        raise Misfit(f"Can't parse BotCommandScope: {reason}") from None
    if scope not in _WIDE_SCOPES:
        kind, chat_id, *_ = scope.split()
        chat = world.chats.get(int(chat_id))
        if chat is None or not chat.started:  # the bot has never met whoever did not open it
            raise bad("chat not found")
        if kind != "chat":
            raise bad("can't use specified scope in private chats")
    return f"{scope}|{language}"


def _scope(fields: Fields) -> str:
    kind = fields.needed("type").text("type")
    if kind in _WIDE_SCOPES:
        return kind
    if kind not in ("chat", "chat_administrators", "chat_member"):
        raise Misfit("Unsupported type specified")
    chat_id = fields.needed("chat_id").text("chat_id")
    if not chat_id:
        raise Misfit("Empty chat_id specified")
    if kind != "chat_member":
        return f"{kind} {whole(chat_id)}"
    user_id = fields.needed("user_id").number("user_id")
    if user_id <= 0:
        raise Misfit("Invalid user_id specified")
    return f"{kind} {whole(chat_id)} {user_id}"


def _language(call: Call) -> str:
    code = call.text("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code, re.ASCII):
        raise bad("invalid language code specified")
    return code


def _limited(text: str, longest: int) -> str:
    if len(text) > longest:
        raise bad("DESCRIPTION_TOO_LONG" if longest > 200 else "ABOUT_TOO_LONG")
    return text


def _menu_button(fields: Fields) -> Json:
    match fields.needed("type").text("type"):
        case "default" | "commands" as kind:
            return {"type": kind}
        case "web_app":
            url = fields.needed("web_app").object("web_app").needed("url").text("url")
            return {"type": "web_app", "text": fields.needed("text").text("text"), "web_app": {"url": url}}
        case _:
            raise Misfit("Unsupported type specified")


def _menu_chat(world: World, call: Call) -> str:
    given = call.text("chat_id")
    if given and whole(given) not in world.chats:
        raise bad("chat not found")
    return given
