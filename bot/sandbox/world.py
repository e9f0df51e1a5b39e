"""All of Telegram that one bot can see, in memory: people, their chats, what was written, what waits for the bot.

People act here (`say`, `tap`, `send_photo`, …); the bot acts through the Bot API, which writes with `post` and the
like. Messages, updates and files are kept as the Bot API writes them. Time comes only from the clock given."""

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.chats import Chat, Profile, Query
from bot.sandbox.entities import Entity, to_wire
from bot.sandbox.files import Files
from bot.sandbox.markup import Text, cleaned
from bot.sandbox.updates import MESSAGE_LIFE, TAP_LIFE, Updates

Json = dict[str, Any]

_FORWARDED = ("text", "entities", "photo", "document", "voice", "location", "caption", "caption_entities")

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
ANSWER_LIFE = 60
"""Seconds within which a tap can be answered."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something a phone would show: `kind` is message, edit, delete, answer, pin, unpin, keyboard, reaction, action,
    commands or blocked; `body` is the message or what the kind needs."""

    kind: str
    user_id: int
    body: Json


class World:
    """See the module. Raises KeyError for people and messages that do not exist."""

    def __init__(self, clock: Callable[[], datetime], token: str) -> None:
        self.clock = clock
        self.token = token
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Pandu",
            "username": "pandu_bot",
        }
        self.chats: dict[int, Chat] = {}
        self.groups: dict[int, Json] = {}
        """Groups and channels that the bot is in. Nothing is said there; only coming and going is known."""
        self.updates = Updates()
        self.files = Files()
        self.profile = Profile()
        self.strict_violations: list[str] = []
        """What the bot sent that the Bot API does not know, whether or not Telegram would have let it pass."""
        self._queries: dict[str, Query] = {}
        self._last_message = 0
        self._last_album = 0
        self._last_query = 0
        self._watchers: list[asyncio.Queue[Change]] = []

    @property
    def now(self) -> int:
        """Whole seconds since 1970."""
        return int(self.clock().timestamp())

    # What people do

    def add_person(self, user_id: int, name: str, language_code: str = "id") -> None:
        """A person with Telegram who has not yet opened the chat with the bot. Known ones only change their name."""
        user = {"id": user_id, "is_bot": False, "first_name": name, "language_code": language_code}
        if user_id in self.chats:
            self.chats[user_id].user = user
        else:
            self.chats[user_id] = Chat(user)

    def say(self, user_id: int, text: str, reply_to: int | None = None) -> int:
        """Write to the bot; the number of the message. Raises ValueError for what a phone would not send."""
        return self._arrive(user_id, self.worded("text", text, LONGEST_TEXT), reply_to)

    def tap(self, user_id: int, message_id: int, data: str | bytes) -> str:
        """Press a button, or forge the press of one that is not there; the id of the query.

        A message that is gone comes to the bot as an inaccessible one."""
        chat = self.chats[user_id]
        self._last_query += 1
        query_id = str((user_id << 24) + self._last_query)
        self._queries[query_id] = Query(user_id, self.clock().timestamp())
        gone = {"chat": chat.head, "message_id": message_id, "date": 0}
        body = {
            "id": query_id,
            "from": chat.user,
            "message": chat.messages.get(message_id, gone),
            "chat_instance": str(-(user_id << 16)),
            "data": data if isinstance(data, str) else data.decode(errors="replace"),
        }
        self.updates.put("callback_query", body, self.now + TAP_LIFE)
        return query_id

    def send_photo(
        self,
        user_id: int,
        data: bytes,
        caption: str | None = None,
        media_group_id: str | None = None,
        reply_to: int | None = None,
    ) -> int:
        group = {"media_group_id": media_group_id} if media_group_id else {}
        return self._arrive(user_id, {**group, "photo": self.files.photo(data), **self._captioned(caption)}, reply_to)

    def send_album(self, user_id: int, pictures: Sequence[bytes], caption: str | None = None) -> list[int]:
        """Several photos at once: messages of their own, of which the first has the caption."""
        group = self.new_album()
        captions = [caption, *[None] * (len(pictures) - 1)]
        return [self.send_photo(user_id, data, words, group) for data, words in zip(pictures, captions, strict=True)]

    def send_document(
        self, user_id: int, name: str, data: bytes, mime: str = "application/octet-stream", caption: str | None = None
    ) -> int:
        document = {"file_name": name, "mime_type": mime, **self.files.add("document", data, name).head}
        return self._arrive(user_id, {"document": document, **self._captioned(caption)})

    def send_voice(self, user_id: int, data: bytes, duration: int = 5) -> int:
        voice = {"duration": duration, "mime_type": "audio/ogg", **self.files.add("voice", data).head}
        return self._arrive(user_id, {"voice": voice})

    def send_location(self, user_id: int, latitude: float, longitude: float) -> int:
        return self._arrive(user_id, {"location": {"latitude": latitude, "longitude": longitude}})

    def send(self, user_id: int, body: Json, reply_to: int | None = None) -> int:
        """Send anything else that a phone can send, as the Bot API writes it: a sticker, a contact, a poll …"""
        return self._arrive(user_id, body, reply_to)

    def forward(self, user_id: int, message_id: int) -> int:
        """Forward a message of one's chat with the bot to the bot."""
        original = self.message(user_id, message_id)
        body = {name: original[name] for name in _FORWARDED if name in original}
        origin = {"type": "user", "date": original["date"], "sender_user": original["from"]}
        return self._arrive(user_id, {**body, "forward_origin": origin})

    def edit_text(self, user_id: int, message_id: int, text: str) -> None:
        """Change what one wrote oneself."""
        old = self.message(user_id, message_id)
        if old["from"]["id"] != user_id or "text" not in old:
            raise ValueError("only a text of one's own can be changed")
        new = {key: value for key, value in old.items() if key not in ("text", "entities")}
        new |= {"edit_date": self.now, **self.worded("text", text, LONGEST_TEXT)}
        self.rewrite(user_id, new)
        self.updates.put("edited_message", new, self.now + MESSAGE_LIFE)

    def delete_message(self, user_id: int, message_id: int) -> None:
        """Take a message out of the chat for both sides; the bot is not told."""
        self.remove(user_id, [message_id])

    def delete_chat(self, user_id: int) -> None:
        """Clear the whole chat for both sides; the bot is not told."""
        self.remove(user_id, list(self.chats[user_id].messages))

    def block(self, user_id: int) -> None:
        self._be_member(user_id, blocked=True)

    def unblock(self, user_id: int) -> None:
        self._be_member(user_id, blocked=False)

    def deactivate(self, user_id: int) -> None:
        """The person deleted their account."""
        self.chats[user_id].deactivated = True

    def add_to_group(self, user_id: int, group_id: int, kind: str = "supergroup") -> None:
        """A person adds the bot to a group, or to a channel."""
        self.groups[group_id] = {"id": group_id, "type": kind, "title": "Grup"}
        self._change_member(self.groups[group_id], self.chats[user_id].user, "left", "member")

    def push_raw(self, update: Json) -> None:
        """Give the bot any update, however broken; it gets a number where it has none."""
        self.updates.put_raw({"update_id": self.updates.next_id, **update}, self.now + MESSAGE_LIFE)

    # What can be seen

    def history(self, user_id: int) -> list[Json]:
        """All messages of the chat, oldest first."""
        return list(self.chats[user_id].messages.values())

    def message(self, user_id: int, message_id: int) -> Json:
        return self.chats[user_id].messages[message_id]

    def answers(self, query_id: str) -> list[Json]:
        """What the bot answered to a tap: nothing yet, or one answer with `text` and `show_alert`."""
        answer = self._queries[query_id].answer
        return [] if answer is None else [answer]

    def commands(self, user_id: int) -> list[Json]:
        """The commands in this person's menu: the narrowest scope, the person's language before none."""
        language = self.chats[user_id].user["language_code"][:2]
        for scope in (f"chat {user_id}", "all_private_chats", "default"):
            for code in (language, ""):
                if found := self.profile.commands.get(f"{scope}|{code}"):
                    return found
        return []

    def subscribe(self) -> asyncio.Queue[Change]:
        """A queue that gets every change from now on, until `unsubscribe`."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        self._watchers.append(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[Change]) -> None:
        self._watchers.remove(queue)

    # What the bot does, once the Bot API has found it right

    def post(self, user_id: int, body: Json) -> Json:
        """Write a message of the bot; as it now stands in the chat."""
        return self._write(user_id, self.bot, body)

    def rewrite(self, user_id: int, message: Json) -> None:
        """Put `message` in the place of the one with its number."""
        self.chats[user_id].messages[message["message_id"]] = message
        self.tell("edit", user_id, message)

    def remove(self, user_id: int, message_ids: Iterable[int]) -> None:
        chat = self.chats[user_id]
        for message_id in message_ids:
            del chat.messages[message_id]
            chat.uneditable.discard(message_id)
            chat.reactions.pop(message_id, None)
            chat.pinned = [one for one in chat.pinned if one != message_id]
            self.tell("delete", user_id, {"message_id": message_id})

    def pin(self, user_id: int, message_id: int) -> None:
        """Pin a message; the chat says so, and the bot is told of its own doing."""
        chat = self.chats[user_id]
        chat.pinned = [message_id, *(one for one in chat.pinned if one != message_id)]
        self.tell("pin", user_id, {"message_id": message_id})
        notice = self.post(user_id, {"pinned_message": chat.messages[message_id]})
        self.updates.put("message", notice, self.now + MESSAGE_LIFE)

    def unpin(self, user_id: int, message_ids: Iterable[int]) -> None:
        gone = set(message_ids)
        chat = self.chats[user_id]
        chat.pinned = [one for one in chat.pinned if one not in gone]
        for message_id in gone:
            self.tell("unpin", user_id, {"message_id": message_id})

    def react(self, user_id: int, message_id: int, emoji: str | None) -> None:
        """Put the bot's emoji on a message, or take it off."""
        reactions = self.chats[user_id].reactions
        reactions.pop(message_id, None)
        if emoji:
            reactions[message_id] = emoji
        self.tell("reaction", user_id, {"message_id": message_id, "emoji": emoji})

    def set_commands(self, key: str, commands: list[Json]) -> None:
        """Commands of a scope and language, under a key like "all_private_chats|id"; none takes them away."""
        self.profile.commands.pop(key, None)
        if commands:
            self.profile.commands[key] = commands
        for user_id in self.chats:
            self.tell("commands", user_id, {"commands": self.commands(user_id)})

    def answer(self, query_id: str, answer: Json) -> bool:
        """Answer a tap. False where it is unknown, too old or already answered."""
        query = self._queries.get(query_id)
        if query is None or query.answer is not None or not self._is_fresh(query):
            return False
        query.answer = answer
        self.tell("answer", query.user_id, {"query_id": query_id, **answer})
        return True

    def show_keyboard(self, user_id: int, keyboard: Json | None) -> None:
        """Put a keyboard or a forced reply in place of the phone's own keys, or take it away."""
        self.chats[user_id].keyboard = keyboard
        self.tell("keyboard", user_id, {"keyboard": keyboard})

    def leave_group(self, group_id: int) -> bool:
        """The bot goes, and is told so. False where it was not there."""
        group = self.groups.pop(group_id, None)
        if group is not None:
            self._change_member(group, self.bot, "member", "left")
        return group is not None

    def new_album(self) -> str:
        self._last_album += 1
        return str(13_000_000_000_000_000 + self._last_album)

    def tell(self, kind: str, user_id: int, body: Json) -> None:
        """Let everyone who watches know."""
        for watcher in self._watchers:
            watcher.put_nowait(Change(kind, user_id, body))

    def worded(self, field: str, text: str, longest: int) -> Json:
        """`text` as a message holds it in `field`. Raises ValueError where it is empty or too long."""
        words = cleaned(Text(text))
        if not words.plain:
            raise ValueError("a message has words")
        if len(words.plain) > longest:
            raise ValueError(f"a message has at most {longest} characters")
        return self.written(field, words)

    def written(self, field: str, words: Text) -> Json:
        """Characters and marks as a message holds them in `field`."""
        entities = [self._entity(entity) for entity in words.entities]
        name = "entities" if field == "text" else f"{field}_entities"
        return {field: words.plain, **({name: entities} if entities else {})}

    # Keeping it

    def to_json(self) -> str:
        """Everything but the clock, the token, who watches, and taps that can no longer be answered."""
        fresh = {key: query for key, query in self._queries.items() if self._is_fresh(query)}
        return json.dumps(
            {
                "chats": [chat.state() for chat in self.chats.values()],
                "groups": list(self.groups.values()),
                "updates": self.updates.state(),
                "files": self.files.state(),
                "profile": asdict(self.profile),
                "queries": {key: [one.user_id, one.at, one.answer] for key, one in fresh.items()},
                "last": [self._last_message, self._last_album, self._last_query],
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str, clock: Callable[[], datetime], token: str) -> "World":
        """The world that `to_json` wrote."""
        state = json.loads(text)
        world = cls(clock, token)
        world.chats = {chat.id: chat for chat in map(Chat.restored, state["chats"])}
        world.groups = {group["id"]: group for group in state.get("groups", [])}
        world.updates = Updates.restored(state["updates"])
        world.files = Files.restored(state["files"])
        world.profile = Profile(**state["profile"])
        world._queries = {key: Query(*one) for key, one in state["queries"].items()}
        world._last_message, world._last_album, world._last_query = state["last"]
        return world

    # Inside

    def _arrive(self, user_id: int, body: Json, reply_to: int | None = None) -> int:
        """A message of a person, who thereby opens the chat and unblocks the bot."""
        chat = self.chats[user_id]
        if chat.blocked:
            self.unblock(user_id)
        chat.started = True
        if chat.keyboard and "force_reply" in chat.keyboard:
            self.show_keyboard(user_id, None)
        if reply_to is not None:
            body = {"reply_to_message": without_reply(chat.messages[reply_to]), **body}
        message = self._write(user_id, chat.user, body)
        self.updates.put("message", message, self.now + MESSAGE_LIFE)
        return int(message["message_id"])

    def _write(self, user_id: int, sender: Json, body: Json) -> Json:
        chat = self.chats[user_id]
        self._last_message += 1
        message = {
            "message_id": self._last_message,
            "from": sender,
            "chat": chat.head,
            "date": self.now,
            **body,
        }
        chat.messages[self._last_message] = message
        self.tell("message", user_id, message)
        return message

    def _is_fresh(self, query: Query) -> bool:
        return self.clock().timestamp() - query.at <= ANSWER_LIFE

    def _captioned(self, caption: str | None) -> Json:
        return {} if caption is None else self.worded("caption", caption, LONGEST_CAPTION)

    def _be_member(self, user_id: int, *, blocked: bool) -> None:
        chat = self.chats[user_id]
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        was, now = ("member", "kicked") if blocked else ("kicked", "member")
        self._change_member(chat.head, chat.user, was, now)
        self.tell("blocked", user_id, {"blocked": blocked})

    def _change_member(self, chat: Json, sender: Json, was: str, now: str) -> None:
        """Tell the bot how it now stands in a chat."""
        until = {"kicked": {"until_date": 0}}
        body = {
            "chat": chat,
            "from": sender,
            "date": self.now,
            "old_chat_member": {"user": self.bot, "status": was, **until.get(was, {})},
            "new_chat_member": {"user": self.bot, "status": now, **until.get(now, {})},
        }
        self.updates.put("my_chat_member", body, self.now + MESSAGE_LIFE)

    def _entity(self, entity: Entity) -> Json:
        wire = to_wire(entity)
        if entity.kind == "text_mention" and (chat := self.chats.get(int(entity.detail))):
            wire["user"] = chat.user
        return wire


def without_reply(message: Json) -> Json:
    """A message as it stands inside the answer to it: without what it answers itself."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}
