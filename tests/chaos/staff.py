"""Simulated staff: they do what their phones show, twice at times, on old cards at times, and do not wait for long.

What they type as an answer is unlike anything else that is ever typed, so that it can be found again in the journal."""

import asyncio
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from bot.engine.sop import Day, Field, Number, Sop, Text
from bot.sandbox.files import THUMBNAIL
from bot.sandbox.world import Change, World

Json = dict[str, Any]

LIKING = {
    "Terima": 9.0,
    "Kembalikan": 2.0,
    "Bukan saya": 1.0,
    "Izinkan": 3.0,
    "Tolak": 1.0,
    "Setujui": 3.0,
    "Minta izin": 3.0,
    "Ambil alih": 0.2,
    "Tugaskan": 0.2,
    "Selesai": 9.0,
    "⬜": 9.0,
    "Cukup": 9.0,
    "☑": 0.1,
    "Lewati": 0.3,
    "Kendala": 0.8,
    "Lainnya": 0.2,
    "Urungkan": 0.3,
    "Jeda": 0.3,
    "Hentikan": 0.1,
    "Prosedur salah": 0.6,
    "Dicatat belakangan": 0.1,
    "Belum": 0.4,
    "Tidak layak": 0.4,
    "📋": 0.2,
}
"""How gladly a button is pressed, by what its label holds; others 1."""

IDLE = ("Ambil alih", "Tugaskan", "Jeda", "Hentikan", "Urungkan", "Daftar langkah", "Buka kartunya")
"""What somebody may do who only looks on."""

CHATTER = ("halo", "/lanjut", "/batal", "/bantuan", "/start", "selesai", "/lapor")
PATIENCE = 1.5
"""Seconds after which one who sees nothing new does something all the same."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press."""

    message_id: int
    label: str
    data: str


@dataclass
class Witness:
    """Everything that any phone ever showed of runs, whether or not it was shown a moment later."""

    answers: set[str] = field(default_factory=set)
    """Values that stood behind a tick on a card."""
    steps: set[tuple[int, int]] = field(default_factory=set)
    """Runs, and the numbers of their steps that were on a card."""
    ended: set[int] = field(default_factory=set)
    """Runs that were said to be complete."""

    async def watch(self, world: World) -> None:
        """Until cancelled."""
        changes = world.subscribe()
        try:
            while True:
                change = await changes.get()
                if change.kind in ("message", "edit") and change.body["from"]["is_bot"]:
                    self.see(change.body.get("text", ""))
        finally:
            world.unsubscribe(changes)

    def see(self, text: str) -> None:
        """Note what a card tells."""
        number = run_of(text)
        if number is None:
            return
        self.answers.update(plain(value) for value in re.findall(r"^✅ .+?: (.+)$", text, re.MULTILINE))
        self.steps.update((number, int(step)) for step in re.findall(r"Langkah (\d+) dari", text))
        if "🏁" in text:
            self.ended.add(number)


def run_of(text: str) -> int | None:
    """The run whose card a text is, None where it is none."""
    title = re.match(r".* · #(\d+)$", text, re.MULTILINE)
    return int(title[1]) if title else None


def plain(value: str) -> str:
    """A value without what the office's language puts between its digits."""
    return value.removesuffix(" Rp").replace(".", "")


class Person:
    """One of the staff."""

    def __init__(self, world: World, user_id: int, sop: Sop, random: Random) -> None:
        self.world = world
        self.id = user_id
        self.typed: list[str] = []
        """Answers, each like no other."""
        self.taps = 0
        self.careful = True
        """Does nothing but what the newest card asks for."""
        self._random = random
        self._numbers = count(1)
        self._fields = {asked.label: asked for step in sop.steps for asked in step.record}
        self._title = sop.title.removeprefix("SOP ")
        self._seen: list[Button] = []

    async def work(self) -> None:
        """Until cancelled."""
        changes = self.world.subscribe()
        try:
            while True:
                self.act()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE):
                        while not self._is_news(await changes.get()):
                            pass
                await asyncio.sleep(self._random.uniform(0, 0.05))
                while not changes.empty():
                    changes.get_nowait()
        finally:
            self.world.unsubscribe(changes)

    def _is_news(self, change: Change) -> bool:
        return change.user_id == self.id and (change.kind == "edit" or change.body.get("from") == self.world.bot)

    def act(self) -> None:
        """Do one thing, as a person would who looks at the phone now."""
        if self.world.chats[self.id].blocked:
            self._come_or_go()
            return
        cards = self._cards()
        chance = 1.0 if self.careful else self._random.random()
        if chance < 0.03:
            self.world.say(self.id, self._random.choice(CHATTER))
        elif chance < 0.08 and cards:
            self._press(self._random.choice(self._random.choice(cards)))
        elif chance < 0.10 and self._seen:
            old = self._random.choice(self._seen)  # it may have gone since
            self._tap(old.message_id, old.data)
        elif chance < 0.108:
            self._come_or_go()
        elif not cards:
            self.world.say(self.id, self._title)
        else:
            self._go_on(cards)

    def _go_on(self, cards: list[list[Button]]) -> None:
        """What the newest card of an open run asks for, else what leads to one."""
        everything = [button for card in cards for button in card]
        newest = next((card for card in reversed(cards) if self._is_open_run(card) and _wants_something(card)), None)
        if newest is not None:
            self._go_on_with(newest)
        elif not self.careful and self._random.random() < 0.5:
            self._press(self._liked(self._random.choice(cards)))
        elif leading := [one for one in everything if "Mulai" in one.label or self._title in one.label]:
            self._press(leading[-1])
        else:
            self.world.say(self.id, self._title)

    def _come_or_go(self) -> None:
        if self.world.chats[self.id].blocked:
            self.world.unblock(self.id)
        else:
            self.world.block(self.id)

    def _is_open_run(self, card: list[Button]) -> bool:
        return card[0].data.startswith("r") and "🏁" not in self._text(card) and "⏹" not in self._text(card)

    def _text(self, card: list[Button]) -> str:
        return str(self.world.message(self.id, card[0].message_id).get("text", ""))

    def _go_on_with(self, card: list[Button]) -> None:
        text = self._text(card)
        if (asked := self._asked(text)) is not None and self._random.random() < 0.8:
            self._answer(asked, card[0].message_id)
        elif "Kapan dikerjakan" in text and self._random.random() < 0.5:
            self.world.say(self.id, "08.10")
        elif (proof := re.search(r"^(📷|📎) .+ 0/", text, re.MULTILINE)) and self._random.random() < 0.8:
            self._send_proof(proof[1])
        else:
            self._press(self._liked(card))

    def _asked(self, text: str) -> Field | None:
        """What is to be typed."""
        wanted = re.search(r"^👉 (.+)$", text, re.MULTILINE)
        fitting = (asked for label, asked in self._fields.items() if wanted and wanted[1].startswith(label))
        return next((asked for asked in fitting if isinstance(asked.asks, Text | Number | Day)), None)

    def _answer(self, asked: Field, card: int) -> None:
        answer = self._new_answer(asked)
        reply = card if self._random.random() < 0.5 else None
        self.world.say(self.id, answer, reply)

    def _new_answer(self, asked: Field) -> str:
        number = next(self._numbers)
        match asked.asks:
            case Text(digits=(_, most)):
                answer = f"{self.id % 10}{number:05}".ljust(6, "0")
                answer = answer if most == 6 else f"{self.id}{number:07}"
            case Number():
                answer = f"{self.id}{number:05}"
            case Day():
                return "24/12/2030"
            case _:
                answer = f"jawaban {self.id}-{number}"
        self.typed.append(answer)
        return answer

    def _send_proof(self, kind: str) -> None:
        number = next(self._numbers)
        if kind == "📎":
            self.world.send_document(self.id, "rab.pdf", b"%PDF" + str(number).encode())
        else:
            self.world.send_photo(self.id, THUMBNAIL + str(number).encode())

    def _liked(self, buttons: list[Button]) -> Button:
        weights = [next((weight for word, weight in LIKING.items() if word in one.label), 1.0) for one in buttons]
        return self._random.choices(buttons, weights)[0]

    def _press(self, button: Button) -> None:
        for _ in range(2 if self._random.random() < 0.15 else 1):
            self._tap(button.message_id, button.data)
        self._seen.append(button)

    def _tap(self, message_id: int, data: str) -> None:
        self.taps += 1
        self.world.tap(self.id, message_id, data)

    def _cards(self) -> list[list[Button]]:
        return [card for message in self.world.history(self.id) if (card := list(buttons(message)))]


def _wants_something(card: list[Button]) -> bool:
    return not all(any(word in one.label for word in IDLE) for one in card)


def buttons(message: Json) -> Iterator[Button]:
    """The buttons under a message."""
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        for one in row:
            yield Button(message["message_id"], one["text"], one["callback_data"])
