"""What one person and the bot share: their chat, the taps in it, what the bot says of itself."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Chat:
    """One person and their private chat with the bot."""

    user: Json
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    messages: dict[int, Json] = field(default_factory=dict)
    uneditable: set[int] = field(default_factory=set)
    pinned: list[int] = field(default_factory=list)
    reactions: dict[int, str] = field(default_factory=dict)
    """The bot's emoji on a message."""
    keyboard: Json | None = None
    """The keyboard or the forced reply in place of the phone's own keys."""

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def head(self) -> Json:
        """The chat as messages name it."""
        return {"id": self.id, "first_name": self.user["first_name"], "type": "private"}

    def state(self) -> Json:
        """All of it as JSON, for `restored`."""
        return {
            "user": self.user,
            "started": self.started,
            "blocked": self.blocked,
            "deactivated": self.deactivated,
            "messages": list(self.messages.values()),
            "uneditable": sorted(self.uneditable),
            "pinned": self.pinned,
            "reactions": list(self.reactions.items()),
            "keyboard": self.keyboard,
        }

    @classmethod
    def restored(cls, state: Json) -> "Chat":
        messages = {message["message_id"]: message for message in state["messages"]}
        sets = {"uneditable": set(state["uneditable"]), "reactions": dict(state["reactions"])}
        return cls(**{**state, "messages": messages, **sets})


@dataclass(slots=True)
class Query:
    """One tap on a button, and the bot's answer to it."""

    user_id: int
    at: float
    answer: Json | None = None


@dataclass(slots=True)
class Profile:
    """What the bot told about itself. Commands are kept per scope and language, texts per language."""

    commands: dict[str, list[Json]] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    short_description: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[str, Json] = field(default_factory=dict)
