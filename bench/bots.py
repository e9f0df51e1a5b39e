"""The bots that are compared, each as a process of its own: `python -m bench.bots NAME URL FOLDER`."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.settings import Address, Settings  # first: it settles how python-telegram-bot tells durations

from bot.app import App  # isort: skip
from sqlalchemy import event
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    PersistenceInput,
    PicklePersistence,
)

from bench.office import PAST_USERS, SOP, STEPS, TOKEN, USERS
from bot import logs
from bot.engine.people import Role
from bot.telegram.limiter import Limiter

Context = ContextTypes.DEFAULT_TYPE
TEXT = "<b>Pemeliharaan komputer</b>\nLangkah {number} dari 15\n\n" + "Periksa kabel, lalu nyalakan perangkat. " * 14


class NoLimit(Limiter):
    """The stand-in for Telegram has no limits in a comparison, so nobody waits."""

    def delay(self, chat: int, *, urgent: bool) -> float:
        """Never."""
        return 0.0


def _settings(url: str, folder: Path) -> Settings:
    sops = folder / "sops"
    sops.mkdir(parents=True, exist_ok=True)
    (sops / "bench.yaml").write_text(SOP, encoding="utf-8")
    return Settings(telegram_bot_token=SecretStr(TOKEN), telegram_api_url=url, data_dir=folder, sops_dir=sops)


def polling(url: str, folder: Path) -> AbstractAsyncContextManager[None]:
    """Pandu, with everything it does in an office: SQLite that syncs at each commit, journal, card, inbox."""
    return _ours(_settings(url, folder), folder)


def called(url: str, folder: Path) -> AbstractAsyncContextManager[None]:
    """The same, with updates that Telegram brings."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        listen = Address(*free.getsockname())
    webhook = {"webhook_url": f"http://127.0.0.1:{listen.port}/", "webhook_secret": SecretStr("bench")}
    return _ours(_settings(url, folder).model_copy(update=webhook | {"webhook_listen": listen}), folder)


@contextlib.asynccontextmanager
async def _ours(settings: Settings, folder: Path) -> AsyncIterator[None]:
    admitted = dict.fromkeys(USERS, frozenset({Role.PERFORMER}))
    async with App(settings, admitted=admitted, limiter=NoLimit(asyncio.get_running_loop().time)) as app:
        if os.environ.get("COUNT"):
            _count(app, folder / "count")
        yield


def _count(app: App, into: Path) -> None:
    """Write down, at the end, how many statements and commits there were."""
    counted = {"statements": 0, "commits": 0}

    def statement(*_: Any) -> None:
        counted["statements"] += 1

    def commit(*_: Any) -> None:
        counted["commits"] += 1
        # whoever reads meanwhile finds the old figures or the new ones
        fresh = into.with_suffix(".new")
        fresh.write_text(f"{counted['statements']} {counted['commits']}", encoding="ascii")
        fresh.replace(into)

    event.listen(app.database.engine, "before_cursor_execute", statement)
    event.listen(app.database.engine, "commit", commit)


@contextlib.asynccontextmanager
async def bare(url: str, folder: Path) -> AsyncIterator[None]:
    """Stock python-telegram-bot: answers the tap, edits the message, keeps nothing."""
    application = Application.builder().token(TOKEN).base_url(f"{url}/bot").build()
    application.add_handler(CommandHandler("start", _start))
    application.add_handler(CallbackQueryHandler(_tap))
    async with _polling(application):
        yield


@contextlib.asynccontextmanager
async def pickled(url: str, folder: Path) -> AsyncIterator[None]:
    """What tutorials show: a ConversationHandler with a state a step, kept by PicklePersistence at each update."""
    store = PersistenceInput(bot_data=False, chat_data=False, callback_data=False)
    persistence: PicklePersistence[Any, Any, Any] = PicklePersistence(folder / "pickle", store_data=store)
    for user in range(PAST_USERS):
        await persistence.update_user_data(user, {"name": f"Pegawai {user}", "walk": _walked(user)})
        await persistence.update_conversation("walk", (user, user), STEPS - 1)
    application = Application.builder().token(TOKEN).base_url(f"{url}/bot").persistence(persistence).build()
    entry: list[Any] = [CommandHandler("start", _kept(_start))]
    states: dict[object, list[Any]] = {step: [CallbackQueryHandler(_kept(_tap))] for step in range(STEPS)}
    application.add_handler(ConversationHandler(entry, states, [], name="walk", persistent=True, allow_reentry=True))
    async with _polling(application):
        yield


def _walked(user: int) -> list[dict[str, str]]:
    """What a bot without a database remembers of somebody's last walk: each step, its answer and its time."""
    return [
        {"step": f"langkah-{number}", "answer": "beres", "at": f"2026-11-24T09:{number:02}:{user % 60:02}+08:00"}
        for number in range(STEPS)
    ]


Work = Callable[[Update, Context], Coroutine[Any, Any, int]]


def _kept(work: Work) -> Work:
    async def kept(update: Update, context: Context) -> int:
        state = await work(update, context)
        assert context.user_data is not None
        context.user_data["taps"] = context.user_data.get("taps", 0) + 1
        await context.application.update_persistence()
        return state

    return kept


@contextlib.asynccontextmanager
async def _polling(application: Application[Any, Any, Any, Any, Any, Any]) -> AsyncIterator[None]:
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        yield
        await application.updater.stop()
        await application.stop()


async def _start(update: Update, context: Context) -> int:
    assert update.effective_chat is not None
    await update.effective_chat.send_message(TEXT.format(number=0), ParseMode.HTML, reply_markup=_keyboard(0))
    return 0


async def _tap(update: Update, context: Context) -> int:
    query = update.callback_query
    assert query is not None
    number = int((query.data or "0").partition(".")[0]) + 1
    await query.answer()
    await query.edit_message_text(TEXT.format(number=number), ParseMode.HTML, reply_markup=_keyboard(number))
    return number % STEPS


def _keyboard(number: int) -> InlineKeyboardMarkup:
    rows = [[("Selesai", "done")], [("Kendala", "other"), ("Lainnya", "more")]]
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"{number}.{data}") for label, data in row] for row in rows]
    )


BOTS = {"ours": polling, "by webhook": called, "bare": bare, "pickled": pickled}


async def main(name: str, url: str, folder: str) -> None:
    """Run a bot until SIGTERM."""
    logs.configure("json")
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with BOTS[name](url, Path(folder)):
        print("ready", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
