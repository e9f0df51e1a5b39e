"""The words with which Telegram refuses, one by one."""

from io import BytesIO
from typing import Any

import aiohttp
import pytest

from bot.sandbox.files import THUMBNAIL
from bot.sandbox.server import Server
from bot.sandbox.world import World
from tests.sandbox.line import ANI, BUDI, Line, buttons

BAD = "Bad Request: "
CANT_PARSE = BAD + "can't parse entities: "
BUTTON = BAD + "can't parse inline keyboard button: "


def button(**fields: Any) -> dict[str, Any]:
    return {"reply_markup": {"inline_keyboard": [[{"text": "Ya", **fields}]]}}


SENDING = [
    ({"text": ""}, BAD + "message text is empty"),
    ({}, BAD + "message text is empty"),
    ({"text": " \n "}, BAD + "text must be non-empty"),
    ({"text": "<b></b>", "parse_mode": "HTML"}, BAD + "text must be non-empty"),
    ({"text": "x" * 4097}, BAD + "message is too long"),
    ({"text": "é" * 20_000}, BAD + "text is too long"),
    ({"text": "a", "parse_mode": "BBCode"}, BAD + "unsupported parse_mode"),
    ({"text": "1 < 2", "parse_mode": "HTML"}, CANT_PARSE + 'Unsupported start tag "" at byte offset 2'),
    ({"text": "<b>x", "parse_mode": "html"}, CANT_PARSE + 'Can\'t find end tag corresponding to start tag "b"'),
    (
        {"text": "é<b>x</i>", "parse_mode": "HTML"},
        CANT_PARSE + 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"',
    ),
    ({"text": "a", "entities": [{"type": "bold", "offset": 0}]}, BAD + "can't parse MessageEntity: Can't find field"),
    ({"text": "a", "reply_markup": "{"}, BAD + "can't parse reply keyboard markup JSON object"),
    ({"text": "a", "reply_markup": []}, BAD + "object expected as reply markup"),
    (
        {"text": "a", "reply_markup": {"inline_keyboard": [{"text": "x"}]}},
        BAD + 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    ({"text": "a", "reply_markup": {"inline_keyboard": [["x"]]}}, BUTTON + "InlineKeyboardButton must be an Object"),
    ({"text": "a", "reply_markup": {"inline_keyboard": [[{}]]}}, BUTTON + 'Can\'t find field "text"'),
    (
        {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": True}]]}},
        BUTTON + 'Field "text" must be of type String',
    ),
    ({"text": "a", **button()}, BUTTON + "Text buttons are unallowed in the inline keyboard"),
    ({"text": "a", **button(callback_data="")}, BUTTON + "Text buttons are unallowed in the inline keyboard"),
    ({"text": "a", **button(disabled={})}, BUTTON + "Text buttons are unallowed in the inline keyboard"),
    ({"text": "a", **button(callback_data="a", style="green")}, BUTTON + "invalid button style specified"),
    ({"text": "a", **button(callback_data="é" * 33)}, BAD + "BUTTON_DATA_INVALID"),
    ({"text": "a", **button(url="lokal")}, BAD + "inline keyboard button URL 'lokal' is invalid: Wrong HTTP URL"),
    (
        {"text": "a", **button(web_app={"url": "http://a.go.id"})},
        BAD + "inline keyboard button Web App URL 'http://a.go.id' is invalid: Only HTTPS links are allowed",
    ),
    ({"text": "a", "reply_markup": buttons(*map(str, range(101)))}, BAD + "reply markup is too long"),
    ({"text": "a", "reply_markup": buttons(*(["x" * 60] * 90))}, BAD + "reply markup is too long"),
    (
        {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 9]}},
        BAD + "reply markup is too long",
    ),
    ({"text": "a", "reply_parameters": {"message_id": 99}}, BAD + "message to be replied not found"),
    ({"text": "a", "reply_parameters": {"message_id": 1, "quote": "kata"}}, BAD + "QUOTE_TEXT_INVALID"),
    ({"text": "a", "reply_parameters": {}, "link_preview_options": "x"}, BAD + "can't parse link preview options JSON"),
]


@pytest.mark.parametrize(("args", "words"), SENDING)
async def test_what_cannot_be_sent_is_refused_in_telegrams_words(line: Line, args: dict[str, Any], words: str) -> None:
    complaint = await line.complaint("sendMessage", chat_id=ANI, **args)

    assert complaint.startswith(words)
    assert len(line.world.history(ANI)) == 1


CALLS = [
    ("sendMessage", {"text": "a"}, BAD + "chat_id is empty"),
    ("sendMessage", {"text": "a", "chat_id": "Ani"}, BAD + "chat not found"),
    ("sendMessage", {"text": "a", "chat_id": "@ani"}, BAD + "chat not found"),
    ("sendMessage", {"text": "a", "chat_id": 12345}, BAD + "chat not found"),
    ("sendMessage", {"text": "a", "chat_id": BUDI}, "Forbidden: bot can't initiate conversation with a user"),
    ("sendMessage", {"text": "a", "chat_id": ANI, "message_thread_id": 5}, BAD + "message thread not found"),
    ("editMessageText", {"text": "a"}, BAD + "message identifier is not specified"),
    ("editMessageText", {"text": "a", "chat_id": ANI, "message_id": 99}, BAD + "message to edit not found"),
    ("editMessageText", {"text": "a", "chat_id": ANI, "message_id": 1}, BAD + "message can't be edited"),
    ("editMessageText", {"chat_id": ANI, "message_id": 1}, BAD + "message text is empty"),
    ("deleteMessage", {"message_id": 1}, BAD + "chat identifier is not specified"),
    ("deleteMessage", {"chat_id": ANI}, BAD + "message identifier is not specified"),
    ("deleteMessage", {"chat_id": ANI, "message_id": 99}, BAD + "message to delete not found"),
    ("deleteMessages", {"chat_id": ANI, "message_ids": []}, BAD + "message identifiers are not specified"),
    ("pinChatMessage", {"chat_id": ANI, "message_id": 99}, BAD + "message to pin not found"),
    ("unpinChatMessage", {"chat_id": ANI}, BAD + "message to unpin not found"),
    ("setMessageReaction", {"chat_id": ANI, "message_id": 99}, BAD + "message to react not found"),
    (
        "setMessageReaction",
        {"chat_id": ANI, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "🙂"}]},
        BAD + "REACTION_INVALID",
    ),
    ("copyMessage", {"chat_id": ANI, "from_chat_id": ANI, "message_id": 99}, BAD + "message to copy not found"),
    (
        "answerCallbackQuery",
        {"callback_query_id": "12"},
        BAD + "query is too old and response timeout expired or query ID is invalid",
    ),
    ("answerCallbackQuery", {"callback_query_id": "12", "text": "x" * 201}, BAD + "MESSAGE_TOO_LONG"),
    ("sendChatAction", {"chat_id": ANI, "action": "singing"}, BAD + "wrong parameter action in request"),
    ("sendPhoto", {"chat_id": ANI}, BAD + "there is no photo in the request"),
    ("sendPhoto", {"chat_id": ANI, "photo": "AgAC"}, BAD + "wrong file identifier/HTTP URL specified"),
    ("sendDocument", {"chat_id": ANI}, BAD + "there is no document in the request"),
    ("sendDocument", {"chat_id": ANI, "caption": "x" * 1025}, BAD + "message caption is too long"),
    ("sendMediaGroup", {"chat_id": ANI, "media": []}, BAD + "there are no messages to send"),
    (
        "sendMediaGroup",
        {"chat_id": ANI, "media": [{"type": "photo", "media": "x"}] * 11},
        BAD + "too many messages to send as an album",
    ),
    (
        "sendMediaGroup",
        {"chat_id": ANI, "media": [{"type": "photo", "media": "x"}, {"type": "document", "media": "x"}]},
        BAD + "document can't be mixed with other media types",
    ),
    ("getFile", {"file_id": "x"}, BAD + "invalid file_id"),
    ("setMyCommands", {"commands": [{"command": "", "description": "x"}]}, BAD + "command must be non-empty"),
    (
        "setMyCommands",
        {"commands": [{"command": "x" * 33, "description": "x"}]},
        BAD + "command length must not exceed 32",
    ),
    ("setMyCommands", {"commands": [{"command": "a", "description": " "}]}, BAD + "command description must be non-e"),
    (
        "setMyCommands",
        {"commands": [{"command": "a", "description": "x" * 257}]},
        BAD + "command description length must not exceed 256",
    ),
    ("setMyCommands", {"commands": [{"command": "Ab", "description": "x"}]}, BAD + "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [], "language_code": "pt-br"}, BAD + "invalid language code specified"),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "chat"}},
        BAD + "can't parse BotCommandScope: Can't find field \"chat_id\"",
    ),
    ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": BUDI}}, BAD + "chat not found"),
    (
        "deleteMyCommands",
        {"scope": {"type": "chat_member", "chat_id": ANI, "user_id": ANI}},
        BAD + "can't use specified scope in private chats",
    ),
    ("setWebhook", {"url": "https://a.go.id", "secret_token": "x" * 257}, BAD + "secret token is too long"),
    ("setWebhook", {"url": "https://a.go.id", "secret_token": "é"}, BAD + "secret token contains unallowed characters"),
    ("sendPigeon", {"chat_id": ANI}, "Not Found: method not found"),
]


@pytest.mark.parametrize(("method", "args", "words"), CALLS)
async def test_a_call_that_fits_nothing_is_refused_in_telegrams_words(
    line: Line, method: str, args: dict[str, Any], words: str
) -> None:
    assert (await line.complaint(method, **args)).startswith(words)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://a.go.id", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("https://a.go.id:99", "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ("https://10.0.0.1", "bad webhook: IP address 10.0.0.1 is reserved"),
        ("https://[::1]", "bad webhook: IPv6-only addresses are not allowed"),
        ("https://", "invalid webhook URL specified"),
    ],
)
async def test_an_address_that_telegram_cannot_reach_is_no_webhook(world: World, url: str, words: str) -> None:
    async with Server(world) as server, aiohttp.ClientSession() as session:
        assert await Line(server, session).complaint("setWebhook", url=url) == BAD + words


async def test_a_wrong_token_is_told_from_a_broken_one(line: Line) -> None:
    for token, code in (("42:OTHER", 401), ("nonsense", 404)):
        async with line.session.get(f"{line.server.url}/bot{token}/getMe") as response:
            assert response.status == code
            assert (await response.json())["description"] == {401: "Unauthorized", 404: "Not Found"}[code]


async def test_one_who_blocked_the_bot_or_left_telegram_gets_nothing(line: Line) -> None:
    message = await line.writes()
    same = {"chat_id": ANI, "text": "b"}
    line.world.block(ANI)
    assert await line.complaint("sendMessage", **same) == "Forbidden: bot was blocked by the user"
    edit = {**same, "message_id": message["message_id"]}
    assert await line.complaint("editMessageText", **edit) == "Forbidden: bot was blocked by the user"
    line.world.deactivate(ANI)
    assert await line.complaint("sendMessage", **same) == "Forbidden: user is deactivated"


async def test_a_photo_must_be_a_picture(line: Line) -> None:
    wide = b"\x89PNG\r\n\x1a\n" + bytes(8) + (2100).to_bytes(4) + (100).to_bytes(4)
    for data, words in ((b"text", "IMAGE_PROCESS_FAILED"), (wide, "PHOTO_INVALID_DIMENSIONS")):
        form = aiohttp.FormData({"chat_id": str(ANI)})
        form.add_field("photo", data, filename="a.jpg")
        async with line.session.post(line.address("sendPhoto"), data=form) as response:
            assert (await response.json())["description"] == BAD + words


async def test_a_document_is_no_photo(line: Line) -> None:
    line.world.send_document(ANI, "a.pdf", b"%PDF")
    file_id = line.world.history(ANI)[-1]["document"]["file_id"]

    complaint = await line.complaint("sendPhoto", chat_id=ANI, photo=file_id)

    assert complaint == BAD + "can't use file of type Document as Photo"


async def test_a_request_of_more_than_fifty_megabytes_is_too_large(line: Line) -> None:
    form = aiohttp.FormData({"chat_id": str(ANI)})
    form.add_field("document", BytesIO(bytes((50 << 20) + 1)), filename="a.bin")
    async with line.session.post(line.address("sendDocument"), data=form) as response:
        assert response.status == 413


async def test_a_file_of_more_than_twenty_megabytes_cannot_be_fetched(line: Line) -> None:
    line.world.send_document(ANI, "a.bin", bytes((20 << 20) + 1))
    file_id = line.world.history(ANI)[-1]["document"]["file_id"]

    assert await line.complaint("getFile", file_id=file_id) == BAD + "file is too big"


async def test_what_the_published_api_does_not_know_is_noted_though_it_passes(line: Line) -> None:
    await line.writes("a", reply_to_message_id=1)
    await line.writes("b", disable_notification="ya")
    await line.writes("c", **button(callback_data="x", url="https://a.go.id", icon="x"))
    await line.writes("d", **button(callback_data="x", text=""))
    await line.get("sendDocument", chat_id=ANI, document=_document(line), thumb="x")

    assert line.world.strict_violations == [
        "sendMessage: no parameter reply_to_message_id",
        "sendMessage.disable_notification: 'ya' is neither true nor false",
        "sendMessage.reply_markup.inline_keyboard[0][0]: InlineKeyboardButton has no field icon",
        "sendMessage.reply_markup.inline_keyboard[0][0]: a button has exactly one action",
        "sendMessage.reply_markup.inline_keyboard[0][0]: a button without a label is left out",
        "sendDocument: no parameter thumb",
    ]


async def test_a_file_sent_along_and_not_used_is_noted(line: Line) -> None:
    form = aiohttp.FormData({"chat_id": str(ANI), "photo": "attach://a"})
    form.add_field("a", THUMBNAIL, filename="a.png")
    form.add_field("b", THUMBNAIL, filename="b.png")
    async with line.session.post(line.address("sendPhoto"), data=form) as response:
        assert (await response.json())["ok"]

    assert line.world.strict_violations == ["sendPhoto: file b is sent and not used"]


async def test_what_is_no_json_where_json_is_said_is_refused(line: Line) -> None:
    headers = {"Content-Type": "application/json"}
    for body in ("{", "[1]", '"x"'):
        async with line.session.post(line.address("getMe"), data=body, headers=headers) as response:
            assert response.status == 400


def _document(line: Line) -> str:
    line.world.send_document(ANI, "a.pdf", b"%PDF")
    return str(line.world.history(ANI)[-1]["document"]["file_id"])
