"""Carries cards and letters to Telegram. What is to be shown stands in rows; this only makes it so."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

import structlog
from telegram.error import BadRequest, TelegramError

from bot.services import people
from bot.storage.database import Database, Transaction
from bot.storage.outbox import Letter, Painting, Parcel
from bot.telegram.calls import Calls
from bot.telegram.errors import Gone, Meaning, Same, Unreachable, Wait, Wrong, backoff, meaning
from bot.telegram.limiter import Limiter
from bot.views.screen import Menu, Screen, Vanish

log = structlog.get_logger()

BATCH = 64
IDLE = 1.0
"""Seconds after which the rows are looked at even if nobody called."""
UNSURE = timedelta(seconds=60)
"""A letter that must arrive and perhaps did is sent once more after this."""
UNSURE_CARD = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Arrived:
    """It is on the phone, as message `message_id`; `sent` where it is a new message."""

    message_id: int
    sent: bool


Outcome: TypeAlias = tuple[Parcel, Arrived | Meaning]


class Sender:
    """One a process. Each chat gets one call at a time, chats run side by side, settling happens in batches. A list of
    the day that could not be sent while the office was open waits until it opens again."""

    def __init__(self, calls: Calls, database: Database, limiter: Limiter, is_open: Callable[[], bool]) -> None:
        self._calls = calls
        self._database = database
        self._limiter = limiter
        self._is_open = is_open
        self._owner = secrets.token_hex(8)
        self._outcomes: list[Outcome] = []
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be something to carry."""
        self._wake.set()

    async def run(self) -> None:
        """Carry until cancelled."""
        while True:
            self._wake.clear()
            if not await self._exchange() and not self._outcomes:
                with contextlib.suppress(TimeoutError):
                    # what had to wait for room goes on once there is some
                    async with asyncio.timeout(min(IDLE, self._limiter.pause or IDLE)):
                        await self._wake.wait()

    @property
    def is_idle(self) -> bool:
        """True where nothing is on its way."""
        return not self._busy and not self._outcomes

    async def drain(self) -> None:
        """Let what is under way end, and settle it."""
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=10)
        outcomes, self._outcomes = self._outcomes, []
        await self._database.run(_settle, self._owner, outcomes)

    async def _exchange(self) -> bool:
        """Settle what came back and take what waits, in one transaction. True where there was anything."""
        outcomes, self._outcomes = self._outcomes, []
        busy = [chat for chat in self._busy if chat not in {parcel.chat for parcel, _ in outcomes}]
        try:
            room, quiet = self._limiter.room, not self._is_open()
            parcels = await self._database.run(_exchange, self._owner, outcomes, busy, room, quiet)
        except BaseException:
            self._outcomes = outcomes + self._outcomes
            raise
        for parcel in parcels:
            urgent = isinstance(parcel, Painting) and not parcel.unhurried
            wait = self._limiter.delay(parcel.chat, urgent=urgent)
            self._busy[parcel.chat] = asyncio.create_task(self._carry(parcel, wait))
        return bool(parcels)

    async def _carry(self, parcel: Parcel, wait: float) -> None:
        try:
            await asyncio.sleep(wait)
            outcome: Arrived | Meaning = await self._deliver(parcel)
        except TelegramError as error:
            outcome = meaning(error, parcel.tries)
            if isinstance(outcome, Wait) and outcome.told_by_telegram:
                self._limiter.shut(parcel.chat, outcome.span.total_seconds())
            if isinstance(outcome, Wrong):
                log.error("screen.refused", parcel=type(parcel).__name__, id=parcel.id, error=outcome.text)
        except Exception as error:
            # whatever it was: a chat that stayed busy would get nothing any more
            log.error("parcel.failed", parcel=type(parcel).__name__, id=parcel.id, exc_info=error)
            outcome = Wait(backoff(parcel.tries), surely_not_sent=False)
        self._outcomes.append((parcel, outcome))
        self._busy.pop(parcel.chat, None)
        self.wake()

    async def _deliver(self, parcel: Parcel) -> Arrived:
        for stray in parcel.strays if isinstance(parcel, Painting) else ():
            await self._strip(parcel.chat, stray)
        match parcel:
            case Painting(message_id=int(message_id), anew=False):
                await self._edit(parcel.chat, message_id, parcel.screen)
                return Arrived(message_id, sent=False)
            case Painting(message_id=int(old), anew=True):
                # first the old buttons go: done twice it does no harm, and there are never two live cards
                await self._strip(parcel.chat, old)
                return Arrived(await self._send(parcel.chat, parcel.screen), sent=True)
            case Letter(screen=Vanish(message_id=message_id)):
                await self._calls.delete(parcel.chat, message_id)
                return Arrived(message_id, sent=False)
            case Letter(screen=Menu() as menu):
                await self._calls.offer(menu, chat=parcel.chat)
                return Arrived(0, sent=False)
            case Painting(screen=screen) | Letter(screen=Screen() as screen):
                return Arrived(await self._send(parcel.chat, screen), sent=True)
            case Letter():
                raise AssertionError("a letter is a screen, a menu, or lets a message vanish")

    async def _send(self, chat: int, screen: Screen) -> int:
        try:
            return await self._calls.send(chat, screen)
        except BadRequest as error:
            if screen.file is None or not isinstance(meaning(error), Wrong):
                raise
            log.error("file.refused", error=str(error))  # its words arrive all the same
            return await self._calls.send(chat, replace(screen, file=None))

    async def _edit(self, chat: int, message_id: int, screen: Screen) -> None:
        try:
            await self._calls.edit(chat, message_id, screen)
        except TelegramError as error:
            if not isinstance(meaning(error), Same):
                raise

    async def _strip(self, chat: int, message_id: int) -> None:
        try:
            await self._calls.strip(chat, message_id)
        except TelegramError as error:
            if not isinstance(meaning(error), Same | Gone | Wrong):
                raise


def _exchange(
    tx: Transaction, owner: str, outcomes: list[Outcome], busy: list[int], room: int, quiet: bool
) -> list[Parcel]:
    _settle(tx, owner, outcomes)
    # whoever waits for an answer comes before whoever is only told something; and a letter or list that had to wait in
    # our hands would hold up the cards of its chat
    cards = tx.cards.claim(owner, BATCH, busy, room, quiet=quiet)
    letters = tx.letters.claim(owner, room - len(cards), [*busy, *(card.chat for card in cards)])
    return [*cards, *letters]


def _settle(tx: Transaction, owner: str, outcomes: list[Outcome]) -> None:
    for parcel, outcome in outcomes:
        match parcel:
            case Painting():
                _settle_card(tx, owner, parcel, outcome)
            case Letter():
                _settle_letter(tx, owner, parcel, outcome)


def _settle_card(tx: Transaction, owner: str, card: Painting, outcome: Arrived | Meaning) -> None:
    match outcome:
        case Arrived(message_id=message_id, sent=sent):
            tx.cards.painted(card, owner, message_id, sent=sent)
        case Same():
            tx.cards.painted(card, owner, card.message_id or 0, sent=False)
        case Wait(span=span, surely_not_sent=sure):
            tx.cards.again(card, owner, tx.at + (span if sure or card.message_id else max(span, UNSURE_CARD)))
        case Gone():
            tx.cards.again(card, owner, tx.at, forget=True)
        case Unreachable():
            tx.cards.give_up(card, owner)
            people.lost(tx, card.chat)
        case Wrong():
            tx.cards.give_up(card, owner)


def _settle_letter(tx: Transaction, owner: str, letter: Letter, outcome: Arrived | Meaning) -> None:
    match outcome:
        case Arrived() | Same():
            tx.letters.sent(letter)
        case Wait(span=span, surely_not_sent=True):
            tx.letters.again(letter, owner, tx.at + span)
        case Wait() if letter.must:
            tx.letters.again(letter, owner, tx.at + UNSURE)
        case Wait():
            tx.letters.dead(letter, owner, "perhaps arrived, and need not")
        case Unreachable():
            tx.letters.dead(letter, owner, "unreachable")
            if not isinstance(letter.screen, Menu):  # a menu that is refused says nothing of what they can be sent
                people.lost(tx, letter.chat)
        case Gone():
            tx.letters.dead(letter, owner, "gone")
        case Wrong(text=text):
            tx.letters.dead(letter, owner, text)
