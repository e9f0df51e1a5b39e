"""The gate before the handlers: what of an update is read, and what that must look like. Nothing else comes in."""

import json
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from telegram import Bot, Update

PersonOrChat = Annotated[int, Field(gt=-(2**52), lt=2**52)]
"""Telegram's ids have at most 52 significant bits."""
MessageId = Annotated[int, Field(ge=0, lt=2**31)]
FileId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,255}$")]
"""What is given back to Telegram to have the file: never a path, never an address."""


class _Shape(BaseModel):
    """No text stands for a number and no number for a text."""

    model_config = ConfigDict(strict=True)


class _User(_Shape):
    id: PersonOrChat
    is_bot: bool
    first_name: str
    last_name: str | None = None
    language_code: str | None = None


class _Chat(_Shape):
    id: PersonOrChat
    type: str


class _File(_Shape):
    file_id: FileId
    file_unique_id: FileId
    file_size: Annotated[int, Field(ge=0)] | None = None
    mime_type: str | None = None
    file_name: str | None = None


class _Place(_Shape):
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class _Entity(_Shape):
    type: str
    offset: Annotated[int, Field(ge=0)]
    length: Annotated[int, Field(ge=0)]


class _Known(_Shape):
    """A message that another one answers, or under which a button was tapped."""

    message_id: MessageId
    chat: _Chat


class _Message(_Known):
    sender: _User | None = Field(None, alias="from")
    text: str | None = None
    caption: str | None = None
    entities: list[_Entity] = []
    photo: list[_File] = []
    document: _File | None = None
    voice: _File | None = None
    location: _Place | None = None
    reply_to_message: _Known | None = None

    @model_validator(mode="after")
    def _is_at_home(self) -> Self:
        """In a private chat there is nobody but its person and bots."""
        if self.chat.type == "private" and self.sender and self.sender.id != self.chat.id and not self.sender.is_bot:
            raise ValueError("somebody else's chat")
        return self


class _Tap(_Shape):
    id: Annotated[str, Field(pattern=r"^-?\d{1,20}$")]
    sender: _User = Field(alias="from")
    message: _Known | None = None
    data: str | None = None

    @model_validator(mode="after")
    def _is_at_home(self) -> Self:
        """Our buttons stand in private chats alone, under the eyes of one person."""
        if self.message and self.message.chat.id != self.sender.id:
            raise ValueError("somebody else's chat")
        return self


class _Member(_Shape):
    status: str


class _Change(_Shape):
    chat: _Chat
    sender: _User = Field(alias="from")
    new_chat_member: _Member


class _Update(_Shape):
    """The kinds that are read. Others say nothing to us, and what stands in them is not looked at."""

    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Tap | None = None
    my_chat_member: _Change | None = None


class Malformed(ValueError):
    """No update that Telegram could have sent. The text names the places that are wrong, never what stands there."""


def understood(raw: str, bot: Bot) -> Update:
    """The update that is kept as `raw`. Raises Malformed."""
    update = _lean(json.loads(raw))
    try:
        _Update.model_validate(update)
        return Update.de_json(update, bot)
    except ValidationError as error:
        raise Malformed(", ".join(_place(one["loc"]) for one in error.errors())) from None
    except Exception as error:
        # python-telegram-bot takes the rest of it as it comes, and stumbles in as many ways as there are
        raise Malformed(type(error).__name__) from None


def _lean(told: dict[str, Any]) -> dict[str, Any]:
    """The update without what nobody reads: other kinds, and of the message under a tapped button, our own, all but
    its number. A message that the button does not stand under is as one that Telegram can no longer show: a program
    can name any of our messages, and a phone can show a button that is gone."""
    update = {name: told[name] for name in _Update.model_fields if name in told}
    match update:
        case {"callback_query": {"message": dict() as message} as query}:
            seen = {name: message[name] for name in ("message_id", "date", "chat") if name in message}
            if "date" in seen and not _bears(message, query.get("data")):
                seen["date"] = 0
            update["callback_query"] = query | {"message": seen}
    return update


def _bears(message: dict[str, Any], data: object) -> bool:
    match message.get("reply_markup"):
        case {"inline_keyboard": list(rows)}:
            buttons = (button for row in rows if isinstance(row, list) for button in row if isinstance(button, dict))
            return any(button.get("callback_data") == data for button in buttons)
        case _:
            return False


def _place(steps: tuple[Any, ...]) -> str:
    return ".".join(map(str, steps))
