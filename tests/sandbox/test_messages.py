"""What stands in the chat after the bot has written, changed or taken away something."""

import aiohttp
import pytest

from bot.sandbox.files import THUMBNAIL
from bot.sandbox.messages import DELETABLE
from tests.sandbox.line import ANI, Clock, Line, buttons

NOT_MODIFIED = "Bad Request: message is not modified"


async def test_a_message_stands_as_it_will_be_read(line: Line) -> None:
    message = await line.writes(" <b>Langkah 1</b>: tulis /sop\t😀 ", parse_mode="HTML", reply_markup=buttons("Ya"))

    assert message["text"] == "Langkah 1: tulis /sop 😀"
    assert message["entities"] == [
        {"offset": 0, "length": 9, "type": "bold"},
        {"offset": 17, "length": 4, "type": "bot_command"},
    ]
    assert message["reply_markup"] == buttons("Ya")
    assert message["from"]["id"] == 42
    assert line.world.history(ANI)[-1] == message


async def test_four_thousand_and_ninety_six_characters_fit_however_wide_they_are(line: Line) -> None:
    message = await line.writes("<b>" + "😀" * 4096 + "</b>", parse_mode="HTML")

    assert message["entities"] == [{"offset": 0, "length": 8192, "type": "bold"}]


async def test_marks_may_come_beside_the_text(line: Line) -> None:
    message = await line.writes("ya", entities=[{"type": "text_link", "offset": 0, "length": 2, "url": "http://a.id/"}])

    assert message["entities"][0]["url"] == "http://a.id/"


async def test_an_edit_changes_text_and_buttons_and_tells_when(line: Line, clock: Clock) -> None:
    message = await line.writes(reply_markup=buttons("Ya"))
    clock.advance(60)

    edited = await line.get("editMessageText", chat_id=ANI, message_id=message["message_id"], text="Baru")

    assert edited["text"] == "Baru"
    assert edited["edit_date"] == message["date"] + 60
    assert "reply_markup" not in edited


@pytest.mark.parametrize(
    ("change", "text"),
    [({"text": "<b>a</b> b"}, "<b>a</b> b"), ({"text": " <strong>a</strong>  b ".replace("  ", " ")}, "<b>a</b> b")],
)
async def test_an_edit_that_changes_nothing_to_see_is_refused(line: Line, change: dict[str, str], text: str) -> None:
    message = await line.writes(text, parse_mode="HTML", reply_markup=buttons("Ya"))
    same = {"chat_id": ANI, "message_id": message["message_id"], "parse_mode": "HTML", "reply_markup": buttons("Ya")}

    complaint = await line.complaint("editMessageText", **{**same, **change})

    assert complaint.startswith(NOT_MODIFIED)


@pytest.mark.parametrize("change", [{"text": "a b"}, {"reply_markup": buttons("Tidak")}, {"reply_markup": {}}])
async def test_another_mark_or_another_button_is_a_change(line: Line, change: dict[str, object]) -> None:
    message = await line.writes("<b>a</b> b", parse_mode="HTML", reply_markup=buttons("Ya"))
    same = {"text": "<b>a</b> b", "parse_mode": "HTML", "reply_markup": buttons("Ya")}

    await line.get("editMessageText", chat_id=ANI, message_id=message["message_id"], **{**same, **change})


async def test_buttons_alone_can_be_changed_and_taken_away(line: Line) -> None:
    message = await line.writes(reply_markup=buttons("Ya"))
    which = {"chat_id": ANI, "message_id": message["message_id"]}

    changed = await line.get("editMessageReplyMarkup", **which, reply_markup=buttons("Tidak"))
    taken = await line.get("editMessageReplyMarkup", **which)

    assert changed["reply_markup"] == buttons("Tidak")
    assert "reply_markup" not in taken
    assert (await line.complaint("editMessageReplyMarkup", **which)).startswith(NOT_MODIFIED)


async def test_a_message_that_forces_a_reply_cannot_be_edited(line: Line) -> None:
    for markup in ({"force_reply": True}, {"keyboard": [["Ya"]]}, {"remove_keyboard": True}):
        message = await line.writes(reply_markup=markup)
        which = {"chat_id": ANI, "message_id": message["message_id"]}
        assert await line.complaint("editMessageText", **which, text="x") == "Bad Request: message can't be edited"


async def test_an_edit_takes_only_buttons_below_the_message(line: Line) -> None:
    message = await line.writes()
    which = {"chat_id": ANI, "message_id": message["message_id"], "text": "x"}

    complaint = await line.complaint("editMessageText", **which, reply_markup={"force_reply": True})

    assert complaint == "Bad Request: inline keyboard expected"


async def test_a_forced_reply_stays_until_the_person_writes(line: Line) -> None:
    await line.writes(reply_markup={"force_reply": True, "input_field_placeholder": "Angka"})
    assert line.world.chats[ANI].keyboard == {"force_reply": True, "input_field_placeholder": "Angka"}

    line.world.say(ANI, "12")

    assert line.world.chats[ANI].keyboard is None


async def test_text_and_caption_are_edited_each_in_its_way(line: Line) -> None:
    photo = await _sends_photo(line, caption="Rak")
    text = await line.writes()

    assert (
        await line.complaint("editMessageText", chat_id=ANI, message_id=photo, text="x")
        == "Bad Request: there is no text in the message to edit"
    )
    assert (
        await line.complaint("editMessageCaption", chat_id=ANI, message_id=text["message_id"], caption="x")
        == "Bad Request: there is no caption in the message to edit"
    )
    edited = await line.get(
        "editMessageCaption", chat_id=ANI, message_id=photo, caption="<i>Rak 2</i>", parse_mode="HTML"
    )
    assert edited["caption_entities"] == [{"offset": 0, "length": 5, "type": "italic"}]


async def test_a_reply_holds_what_it_answers_but_not_what_that_answered(line: Line) -> None:
    first = await line.writes("satu dua")
    second = await line.writes("b", reply_parameters={"message_id": first["message_id"], "quote": "dua"})
    third = await line.writes("c", reply_parameters={"message_id": second["message_id"]})

    assert second["reply_to_message"] == first
    assert second["quote"] == {"text": "dua", "position": 5, "is_manual": True}
    assert "reply_to_message" not in third["reply_to_message"]


async def test_a_reply_to_nothing_can_be_sent_if_that_is_allowed(line: Line) -> None:
    message = await line.writes("a", reply_parameters={"message_id": 99, "allow_sending_without_reply": True})

    assert "reply_to_message" not in message


async def test_a_message_can_be_deleted_for_two_days(line: Line, clock: Clock) -> None:
    mine = await line.writes()
    clock.advance(DELETABLE + 1)
    young = line.world.say(ANI, "hapus")

    old = await line.complaint("deleteMessage", chat_id=ANI, message_id=mine["message_id"])
    await line.get("deleteMessage", chat_id=ANI, message_id=young)

    assert old == "Bad Request: message can't be deleted for everyone"
    assert [one["message_id"] for one in line.world.history(ANI)] == [1, mine["message_id"]]


async def test_of_many_messages_those_that_are_gone_are_passed_over(line: Line) -> None:
    numbers = [(await line.writes())["message_id"] for _ in range(2)]

    assert await line.get("deleteMessages", chat_id=ANI, message_ids=[*numbers, 99])

    assert len(line.world.history(ANI)) == 1


async def test_a_pin_is_told_in_the_chat_and_to_the_bot_itself(line: Line) -> None:
    message = await line.writes()
    await line.get("pinChatMessage", chat_id=ANI, message_id=message["message_id"])

    [update] = await line.get("getUpdates")

    assert update["message"]["pinned_message"] == message
    assert update["message"]["from"]["id"] == 42
    assert (await line.get("getChat", chat_id=ANI))["pinned_message"] == message
    await line.get("unpinChatMessage", chat_id=ANI)
    assert "pinned_message" not in await line.get("getChat", chat_id=ANI)


async def test_all_pins_can_be_taken_off_at_once(line: Line) -> None:
    for _ in range(2):
        await line.get("pinChatMessage", chat_id=ANI, message_id=(await line.writes())["message_id"])

    assert await line.get("unpinAllChatMessages", chat_id=ANI)

    assert line.world.chats[ANI].pinned == []


async def test_a_reaction_stands_on_the_message(line: Line) -> None:
    number = line.world.say(ANI, "selesai")

    await line.get("setMessageReaction", chat_id=ANI, message_id=number, reaction=[{"type": "emoji", "emoji": "👍"}])
    assert line.world.chats[ANI].reactions == {number: "👍"}

    await line.get("setMessageReaction", chat_id=ANI, message_id=number)
    assert line.world.chats[ANI].reactions == {}


async def test_a_copy_has_the_content_and_not_the_sender(line: Line) -> None:
    number = line.world.send_photo(ANI, THUMBNAIL, "Rak")

    copied = await line.get("copyMessage", chat_id=ANI, from_chat_id=ANI, message_id=number, caption="Lain")

    copy = line.world.message(ANI, copied["message_id"])
    assert copy["from"]["is_bot"]
    assert copy["caption"] == "Lain"
    assert copy["photo"] == line.world.message(ANI, number)["photo"]


async def test_an_album_is_messages_with_one_group(line: Line) -> None:
    form = aiohttp.FormData({"chat_id": str(ANI)})
    form.add_field(
        "media", '[{"type":"photo","media":"attach://a","caption":"Satu"},{"type":"photo","media":"attach://b"}]'
    )
    for name in ("a", "b"):
        form.add_field(name, THUMBNAIL, filename=f"{name}.png")
    async with line.session.post(line.address("sendMediaGroup"), data=form) as response:
        first, second = (await response.json())["result"]

    assert first["media_group_id"] == second["media_group_id"]
    assert first["caption"] == "Satu"
    assert "caption" not in second
    assert line.world.strict_violations == []


async def test_the_largest_size_of_a_photo_is_the_photo(line: Line) -> None:
    line.world.send_photo(ANI, b"\xff\xd8 gambar")
    [update] = await line.get("getUpdates")
    *_, largest = update["message"]["photo"]

    file = await line.get("getFile", file_id=largest["file_id"])

    async with line.session.get(f"{line.server.url}/file/bot42:SANDBOX/{file['file_path']}") as response:
        assert await response.read() == b"\xff\xd8 gambar"
    async with line.session.get(f"{line.server.url}/file/bot42:OTHER/{file['file_path']}") as response:
        assert response.status == 401


async def test_a_tap_is_answered_once_and_soon(line: Line, clock: Clock) -> None:
    message = await line.writes(reply_markup=buttons("Ya"))
    first, second = (line.world.tap(ANI, message["message_id"], "Ya") for _ in range(2))

    assert await line.get("answerCallbackQuery", callback_query_id=first, text="Baik", show_alert=True)
    again = await line.complaint("answerCallbackQuery", callback_query_id=first)
    clock.advance(61)
    late = await line.complaint("answerCallbackQuery", callback_query_id=second)

    assert line.world.answers(first) == [{"text": "Baik", "show_alert": True}]
    assert line.world.answers(second) == []
    assert again == late == "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_menu_shows_the_narrowest_commands_in_the_persons_language(line: Line) -> None:
    def command(name: str) -> list[dict[str, str]]:
        return [{"command": name, "description": name}]

    def menus() -> list[str]:
        return [line.world.commands(user_id)[0]["command"] for user_id in (7, 8)]

    await line.get("setMyCommands", commands=command("umum"))
    assert menus() == ["umum", "umum"]
    await line.get("setMyCommands", commands=command("general"), language_code="en")
    assert menus() == ["umum", "general"]
    await line.get("setMyCommands", commands=command("berdua"), scope={"type": "all_private_chats"})
    assert menus() == ["berdua", "berdua"]
    await line.get("setMyCommands", commands=command("ani"), scope={"type": "chat", "chat_id": ANI})
    assert menus() == ["ani", "berdua"]
    await line.get("deleteMyCommands", scope={"type": "chat", "chat_id": ANI})
    assert menus() == ["berdua", "berdua"]
    assert await line.get("getMyCommands") == command("umum")


async def test_the_bot_introduces_itself_in_each_language(line: Line) -> None:
    await line.get("setMyDescription", description="Panduan", language_code="id")
    await line.get("setMyShortDescription", short_description="Pendek")
    await line.get("setChatMenuButton", menu_button={"type": "commands"})

    assert await line.get("getMyDescription", language_code="id") == {"description": "Panduan"}
    assert await line.get("getMyDescription") == {"description": ""}
    assert await line.get("getMyShortDescription") == {"short_description": "Pendek"}
    assert await line.get("getChatMenuButton") == {"type": "commands"}
    assert line.world.strict_violations == []


async def test_arguments_come_in_the_address_a_form_or_json_and_the_method_in_any_case(line: Line) -> None:
    async with line.session.get(line.address("SENDmessage"), params={"chat_id": str(ANI), "text": "a"}) as response:
        assert (await response.json())["result"]["text"] == "a"
    body = {"chat_id": ANI, "text": "b", "reply_markup": buttons("Ya"), "disable_notification": True}
    async with line.session.post(line.address("sendMessage"), json=body) as response:
        assert (await response.json())["result"]["reply_markup"] == buttons("Ya")
    assert line.world.strict_violations == []


async def _sends_photo(line: Line, caption: str) -> int:
    form = aiohttp.FormData({"chat_id": str(ANI), "caption": caption})
    form.add_field("photo", THUMBNAIL, filename="rak.png")
    async with line.session.post(line.address("sendPhoto"), data=form) as response:
        number: int = (await response.json())["result"]["message_id"]
        return number
