"""What Telegram sends passes the gate whole; what it could not have sent is named by the place that is wrong."""

import json
from copy import deepcopy
from typing import Any

import pytest
from telegram import Bot, Update

from bot.telegram.gate import Malformed, understood
from bot.telegram.intake import sender_of

Json = dict[str, Any]

BOT = Bot("123456789:" + "x" * 35)
ANI = {"id": 5596148289, "is_bot": False, "first_name": "Ani", "username": "ani", "language_code": "id"}
CHAT = {"id": 5596148289, "first_name": "Ani", "username": "ani", "type": "private"}
PHOTO = {"file_id": "AgACAgUAAxkBAAI-_x", "file_unique_id": "AQADx-_", "width": 90, "height": 67, "file_size": 1202}
PANDU = {"id": 123456789, "is_bot": True, "first_name": "Pandu", "username": "pandu_bot"}


def message(**content: Any) -> Json:
    return {"message_id": 77, "from": ANI, "chat": CHAT, "date": 1795482000, **content}


def tap(**content: Any) -> Json:
    shown = {"message_id": 78, "chat": CHAT, "date": 0}
    return {
        "id": "4382012345678901234",
        "from": ANI,
        "message": shown,
        "chat_instance": "-5",
        "data": "m1.help",
    } | content


MEMBER = {
    "chat": CHAT,
    "from": ANI,
    "date": 1795482000,
    "old_chat_member": {"user": PANDU, "status": "member"},
    "new_chat_member": {"user": PANDU, "status": "kicked", "until_date": 0},
}
COMMAND = {"text": "/start x", "entities": [{"offset": 0, "length": 6, "type": "bot_command"}]}
FORWARDED = {"forward_origin": {"type": "hidden_user", "sender_user_name": "X", "date": 1795481000}, "text": "x"}
DOCUMENT = {"file_id": "BQAC-_", "file_unique_id": "AgAD", "file_name": "../x", "mime_type": "a/b", "file_size": 2**40}

GOOD: list[Json] = [
    {"message": message(text="Halo")},
    {"message": message(**COMMAND)},
    {"message": message(**FORWARDED)},
    {"message": message(photo=[PHOTO, PHOTO], caption="x", media_group_id="13")},
    {"message": message(document=DOCUMENT)},
    {"message": message(voice={"file_id": "A", "file_unique_id": "B", "duration": 3})},
    {"message": message(location={"latitude": -5, "longitude": 119.4})},
    {"message": message(dice={"emoji": "🎲", "value": 3})},
    {"message": message(text="x", reply_to_message=message(text="y"))},
    {"message": message(pinned_message={"chat": CHAT, "message_id": 5, "date": 0})},
    {"message": message(text="x", something_of_tomorrow={"a": [1]})},
    {"message": {"message_id": 1, "chat": {"id": -100123, "type": "channel"}, "date": 1795482000, "text": "x"}},
    {"edited_message": message(text="x", edit_date=1795482001)},
    {"callback_query": tap()},
    {"callback_query": tap(message={"chat": CHAT, "message_id": 5, "date": 0})},
    {"callback_query": tap(data="\x00\ufffd")},
    {"my_chat_member": MEMBER},
    {"something_of_tomorrow": {"from": 5}},
]


@pytest.mark.parametrize("update", GOOD, ids=lambda update: str(update)[:60])
def test_what_telegram_sends_passes_whole(update: Json) -> None:
    passed = understood(json.dumps({"update_id": 5} | update), BOT)

    known = {name: value for name, value in update.items() if name != "something_of_tomorrow"}
    assert passed.to_dict() == Update.de_json({"update_id": 5} | known, BOT).to_dict()


BAD: list[tuple[Json, str]] = [
    ({"message": 5}, "message"),
    ({"message": []}, "message"),
    ({"message": message(message_id="77")}, "message.message_id"),
    ({"message": message(message_id=2**31)}, "message.message_id"),
    ({"message": message(message_id=True)}, "message.message_id"),
    ({"message": message(text=5)}, "message.text"),
    ({"message": message(**{"from": {"id": 5}})}, "message.from.is_bot, message.from.first_name"),
    ({"message": message(**{"from": ANI | {"id": 2**52}})}, "message.from.id"),
    ({"message": message(**{"from": ANI | {"id": 4}})}, "message"),
    ({"message": message(chat=[CHAT])}, "message.chat"),
    ({"message": message(entities=[{"type": "bot_command", "offset": "0", "length": 6}])}, "message.entities.0.offset"),
    ({"message": message(photo=[PHOTO | {"file_id": "/etc/passwd"}])}, "message.photo.0.file_id"),
    ({"message": message(document=DOCUMENT | {"file_size": "5"})}, "message.document.file_size"),
    ({"message": message(document=DOCUMENT | {"file_name": ["x"]})}, "message.document.file_name"),
    ({"message": message(location={"latitude": 91, "longitude": 0})}, "message.location.latitude"),
    ({"message": message(location={"latitude": float("nan"), "longitude": 0})}, "message.location.latitude"),
    ({"message": message(date="x")}, "TypeError"),
    ({"message": message(date=10**30)}, "OverflowError"),
    ({"message": message(sticker=5)}, "AttributeError"),
    ({"callback_query": tap(id=5)}, "callback_query.id"),
    ({"callback_query": tap(id="5/../6")}, "callback_query.id"),
    ({"callback_query": tap(data=["m1.help"])}, "callback_query.data"),
    ({"callback_query": tap(**{"from": ANI | {"id": 4}})}, "callback_query"),
    ({"my_chat_member": MEMBER | {"new_chat_member": {"status": 5}}}, "my_chat_member.new_chat_member.status"),
]


@pytest.mark.parametrize(("update", "place"), BAD, ids=lambda part: str(part)[:60])
def test_what_telegram_could_not_have_sent_is_malformed(update: Json, place: str) -> None:
    with pytest.raises(Malformed) as caught:
        understood(json.dumps({"update_id": 5} | update), BOT)

    assert str(caught.value) == place


def test_of_the_message_under_a_tapped_button_only_the_number_is_read() -> None:
    shown = {"message_id": 78, "from": [], "chat": CHAT, "date": 1795482000, "text": ["Langkah 1"], "photo": 5}

    passed = understood(json.dumps({"update_id": 5, "callback_query": tap(message=shown)}), BOT)

    assert passed.callback_query is not None
    assert passed.callback_query.message is not None
    assert passed.callback_query.message.message_id == 78


UNDER = {"inline_keyboard": [[{"text": "Bantuan", "callback_data": "m1.help"}]]}


@pytest.mark.parametrize(
    ("markup", "sure"),
    [
        (UNDER, True),
        ({"inline_keyboard": [[{"text": "Lain", "callback_data": "m1.other"}]]}, False),
        ({"inline_keyboard": [[]]}, False),
        ({"inline_keyboard": "x"}, False),
        ({"inline_keyboard": ["x", [5]]}, False),
        ([], False),
    ],
)
def test_only_the_message_that_bears_the_button_is_taken_for_the_tapped_one(markup: object, sure: bool) -> None:
    shown = {"message_id": 78, "chat": CHAT, "date": 1795482000, "reply_markup": markup}

    passed = understood(json.dumps({"update_id": 5, "callback_query": tap(message=shown)}), BOT)

    assert passed.callback_query is not None
    assert passed.callback_query.message is not None
    assert passed.callback_query.message.is_accessible is sure


def test_no_part_of_it_can_be_missing() -> None:
    for name in ("message_id", "chat", "date"):
        spoilt = deepcopy(message(text="Halo"))
        del spoilt[name]
        with pytest.raises(Malformed):
            understood(json.dumps({"update_id": 5, "message": spoilt}), BOT)


@pytest.mark.parametrize("sender", [None, "101", 1.0, True, [], {"id": 101}, 2**62])
def test_who_is_named_by_no_number_stands_in_the_queue_of_nobody(sender: object) -> None:
    assert type(sender_of({"update_id": 5, "message": {"from": {"id": sender}}})) is int
    assert sender_of({"update_id": 5, "message": {"from": {"id": sender}}}) == 0
