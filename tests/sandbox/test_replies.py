"""Every answer of the sandbox, read by the real client library: all it needs is there, and nothing it does not know."""

from collections.abc import AsyncIterator, Iterator

import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    TelegramObject,
    Update,
)
from telegram.error import BadRequest, Forbidden, RetryAfter

from bot.sandbox.faults import Fault, Faults
from bot.sandbox.files import THUMBNAIL
from bot.sandbox.server import Server
from bot.sandbox.world import World
from tests.sandbox.line import ANI, BUDI, TOKEN

NEWER_THAN_THE_LIBRARY = {"supports_join_request_queries"}
BUTTONS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Selesai", callback_data="s", style="success")],
        [
            InlineKeyboardButton("Buka", url="https://contoh.go.id"),
            InlineKeyboardButton("Salin", copy_text=CopyTextButton("A-17")),
        ],
    ]
)
CARD = '<b>a</b> <tg-time unix="1800000000" format="wDT">kelak</tg-time> @pandu_bot'
CODE = "<pre><code class='language-yaml'>a: 1</code></pre>"


def unknown(value: object) -> Iterator[str]:
    """The names of all fields that the library has no place for."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from unknown(item)
    elif isinstance(value, TelegramObject):
        yield from value.api_kwargs
        for kind in type(value).__mro__:
            for name in getattr(kind, "__slots__", ()):
                if name not in ("_bot", "api_kwargs") and not name.startswith("__"):
                    yield from unknown(getattr(value, name, None))


@pytest.fixture
async def bot(world: World) -> AsyncIterator[Bot]:
    async with (
        Server(world, flood=False) as server,
        Bot(TOKEN, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot") as bot,
    ):
        yield bot
    assert world.strict_violations == []


async def test_the_library_knows_all_that_the_bot_is_given_for_its_calls(bot: Bot) -> None:
    text = await bot.send_message(ANI, CARD, "HTML", reply_markup=BUTTONS)
    replies: list[object] = [
        await bot.get_me(),
        text,
        await bot.edit_message_text(
            "<pre><code class='language-yaml'>a: 1</code></pre>", ANI, text.id, parse_mode="HTML"
        ),
        await bot.edit_message_reply_markup(ANI, text.id, reply_markup=BUTTONS),
        await bot.send_photo(ANI, THUMBNAIL, "Rak", reply_to_message_id=text.id),
        await bot.send_document(ANI, b"%PDF", "Laporan", filename="laporan.pdf"),
        await bot.send_voice(ANI, b"OggS", duration=3),
        await bot.send_media_group(ANI, [InputMediaPhoto(THUMBNAIL), InputMediaPhoto(THUMBNAIL)], caption="Dua"),
        await bot.copy_message(ANI, ANI, text.id),
        await bot.get_chat(ANI),
        await bot.get_webhook_info(),
        await bot.get_my_commands(),
        await bot.get_chat_menu_button(),
    ]
    assert await bot.pin_chat_message(ANI, text.id)
    assert await bot.send_chat_action(ANI, "typing")
    assert await bot.set_message_reaction(ANI, text.id, "👍")
    replies += [await bot.get_chat(ANI), await bot.get_updates()]

    assert set(unknown(replies)) == NEWER_THAN_THE_LIBRARY


async def test_the_library_knows_all_that_the_bot_is_told(bot: Bot, world: World) -> None:
    number = world.say(ANI, "/start a@b.go.id #x https://a.go.id")
    world.say(ANI, "ya", reply_to=number)
    world.edit_text(ANI, number, "/batal")
    world.send_album(ANI, [THUMBNAIL, THUMBNAIL], "Rak @pandu_bot")
    world.send_document(ANI, "a.pdf", b"%PDF", "application/pdf", "Surat")
    world.send_voice(ANI, b"OggS")
    world.send_location(ANI, -5.1, 119.4)
    world.tap(ANI, number, "s")
    world.tap(ANI, 99, "s")
    world.block(ANI)
    world.unblock(ANI)

    updates = await bot.get_updates(allowed_updates=Update.ALL_TYPES)

    assert list(unknown(updates)) == []
    assert len(updates) == 12
    assert all(update.effective_user is not None and update.effective_user.id == ANI for update in updates)
    photo = next(update.message for update in updates if update.message and update.message.photo)
    assert bytes(await (await photo.photo[-1].get_file()).download_as_bytearray()) == THUMBNAIL


async def test_the_library_tells_refusals_apart(bot: Bot, world: World) -> None:
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("a", ANI, 99)
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(BUDI, "a")
    async with Server(world, Faults(1, 1.0, [Fault.FLOOD])) as server:
        hurried = Bot(TOKEN, base_url=f"{server.url}/bot")
        with pytest.raises(RetryAfter):
            await hurried.initialize()
        await hurried.shutdown()
