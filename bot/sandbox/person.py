"""A person with a phone, as tests tell a story: `await ann.taps("Selesai")`, `assert "Langkah 2" in ann.sees`."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import chain
from typing import Any

from bot.sandbox.files import THUMBNAIL
from bot.sandbox.world import World

Json = dict[str, Any]

PATIENCE = 10.0
"""Real seconds that `waits_for` waits."""


async def _at_once() -> None:
    """Nothing to wait for."""


class Person:
    """One who is known to `world`. After each thing done, `settle` is awaited: until the bot has no more to do."""

    def __init__(self, world: World, user_id: int, settle: Callable[[], Awaitable[None]] = _at_once) -> None:
        self.world = world
        self.id = user_id
        self._settle = settle
        self._last_tap = ""

    # What one does; each gives the number of what was sent

    async def says(self, text: str, reply_to: int | None = None) -> int:
        return await self._settled(self.world.say(self.id, text, reply_to))

    async def taps(self, word: str) -> None:
        """Press a button with `word` in its label, on the newest message that has one; of several the shortest label.

        Raises LookupError, which shows the chat, where there is none."""
        self.presses(word)
        await self._settle()

    async def taps_data(self, message_id: int, data: str | bytes) -> None:
        """Press what need not be a button: an old one, or one that never was."""
        self._last_tap = self.world.tap(self.id, message_id, data)
        await self._settle()

    def presses(self, word: str) -> None:
        """The same as `taps`, but nothing is awaited."""
        self._last_tap = self.world.tap(self.id, *self._button(word))

    def _button(self, word: str) -> tuple[int, str]:
        for message in reversed(self._from_bot()):
            buttons = [one for one in chain(*_rows(message)) if word in one["text"] and "callback_data" in one]
            if buttons:
                button = min(buttons, key=lambda one: len(one["text"]))
                return message["message_id"], button["callback_data"]
        raise LookupError(f"no button with {word!r}:\n{self.chat}")

    async def sends_photo(
        self, data: bytes = THUMBNAIL, caption: str | None = None, reply_to: int | None = None
    ) -> int:
        return await self._settled(self.world.send_photo(self.id, data, caption, reply_to=reply_to))

    async def sends_album(self, pictures: Sequence[bytes], caption: str | None = None) -> list[int]:
        numbers = self.world.send_album(self.id, pictures, caption)
        await self._settle()
        return numbers

    async def sends_document(
        self, name: str, data: bytes, mime: str = "application/octet-stream", caption: str | None = None
    ) -> int:
        return await self._settled(self.world.send_document(self.id, name, data, mime, caption))

    async def sends_voice(self, data: bytes = b"OggS") -> int:
        return await self._settled(self.world.send_voice(self.id, data))

    async def sends_location(self, latitude: float, longitude: float) -> int:
        return await self._settled(self.world.send_location(self.id, latitude, longitude))

    async def sends(self, body: Json) -> int:
        """Anything else that a phone can send, as the Bot API writes it."""
        return await self._settled(self.world.send(self.id, body))

    async def forwards(self, message_id: int) -> int:
        return await self._settled(self.world.forward(self.id, message_id))

    async def edits(self, message_id: int, text: str) -> None:
        self.world.edit_text(self.id, message_id, text)
        await self._settle()

    async def blocks(self) -> None:
        self.world.block(self.id)
        await self._settle()

    async def unblocks(self) -> None:
        self.world.unblock(self.id)
        await self._settle()

    async def waits_for(self, words: str) -> str:
        """The text of a message of the bot that holds `words`, as soon as there is one.

        Raises TimeoutError, which shows the chat, after `PATIENCE`."""
        changes = self.world.subscribe()
        try:
            async with asyncio.timeout(PATIENCE):
                while (found := self._newest_with(words)) is None:
                    await changes.get()
        except TimeoutError:
            raise TimeoutError(f"{words!r} did not come:\n{self.chat}") from None
        finally:
            self.world.unsubscribe(changes)
        return found

    # What one sees

    @property
    def messages(self) -> list[Json]:
        """The whole chat, oldest first, as the Bot API writes it."""
        return self.world.history(self.id)

    @property
    def sees(self) -> str:
        """The words of the bot's newest message, empty before it has said anything."""
        mine = self._from_bot()
        return _words(mine[-1]) if mine else ""

    @property
    def screen(self) -> str:
        """The bot's newest message with its buttons, a row a line."""
        mine = self._from_bot()
        return _drawn(mine[-1]) if mine else ""

    @property
    def alert(self) -> str:
        """What the bot answered to the last tap, empty where nothing."""
        answers = self.world.answers(self._last_tap) if self._last_tap else []
        return str(answers[0]["text"]) if answers else ""

    @property
    def chat(self) -> str:
        """Everything that was said, to be read."""
        return "\n".join(
            f"{message['message_id']} {message['from']['first_name']}: {_drawn(message)}" for message in self.messages
        )

    async def _settled(self, number: int) -> int:
        await self._settle()
        return number

    def _from_bot(self) -> list[Json]:
        return [one for one in self.messages if one["from"]["is_bot"] and "pinned_message" not in one]

    def _newest_with(self, words: str) -> str | None:
        return next((_words(one) for one in reversed(self._from_bot()) if words in _words(one)), None)


def _words(message: Json) -> str:
    return str(message.get("text", message.get("caption", "")))


def _rows(message: Json) -> list[list[Json]]:
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def _drawn(message: Json) -> str:
    rows = ("".join(f"[{button['text']}]" for button in row) for row in _rows(message))
    return "\n".join([_words(message), *rows])
