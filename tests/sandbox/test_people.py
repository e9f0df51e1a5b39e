"""What people do in their chats, what of it the bot is told, and how tests tell it."""

import asyncio

import pytest

from bot.sandbox.files import THUMBNAIL
from bot.sandbox.person import Person
from bot.sandbox.world import World
from tests.sandbox.line import ANI, BUDI, TOKEN, Clock, Line, buttons


def updates(world: World) -> list[dict[str, object]]:
    return world.updates.pending(world.now)


def test_a_message_comes_with_its_marks_and_what_it_answers(world: World) -> None:
    first = world.say(ANI, " /sop komputer ")
    world.say(ANI, "ya", reply_to=first)

    command, answer = (update["message"] for update in updates(world))

    assert command == world.message(ANI, first)
    assert isinstance(command, dict) and isinstance(answer, dict)
    assert command["text"] == "/sop komputer"
    assert command["entities"] == [{"offset": 0, "length": 4, "type": "bot_command"}]
    assert answer["reply_to_message"] == command


@pytest.mark.parametrize("text", ["", " \n", "x" * 4097])
def test_a_phone_sends_nothing_empty_and_nothing_too_long(world: World, text: str) -> None:
    with pytest.raises(ValueError, match="a message has"):
        world.say(ANI, text)


def test_an_album_is_several_messages_and_the_first_has_the_words(world: World) -> None:
    numbers = world.send_album(ANI, [THUMBNAIL, THUMBNAIL, THUMBNAIL], "Rak")

    album = [world.message(ANI, number) for number in numbers]

    assert len({message["media_group_id"] for message in album}) == 1
    assert [message.get("caption") for message in album] == ["Rak", None, None]
    assert len({message["photo"][-1]["file_unique_id"] for message in album}) == 3


def test_a_voice_a_document_and_a_place_come_as_they_are(world: World) -> None:
    world.send_voice(ANI, b"OggS", 7)
    world.send_document(ANI, "a.pdf", b"%PDF", "application/pdf")
    world.send_location(ANI, -5.1, 119.4)

    voice, document, location = world.history(ANI)[-3:]

    assert (voice["voice"]["duration"], voice["voice"]["file_size"]) == (7, 4)
    assert (document["document"]["file_name"], document["document"]["mime_type"]) == ("a.pdf", "application/pdf")
    assert location["location"] == {"latitude": -5.1, "longitude": 119.4}


def test_an_edit_is_told_to_the_bot(world: World, clock: Clock) -> None:
    number = world.say(ANI, "12")
    clock.advance(5)
    world.edit_text(ANI, number, "13")

    _, update = updates(world)

    assert update["edited_message"] == world.message(ANI, number)
    assert world.message(ANI, number)["edit_date"] == world.message(ANI, number)["date"] + 5


async def test_only_ones_own_words_can_be_edited(line: Line) -> None:
    message = await line.writes()

    with pytest.raises(ValueError, match="one's own"):
        line.world.edit_text(ANI, message["message_id"], "x")


def test_blocking_and_coming_back_are_told_to_the_bot_once_each(world: World) -> None:
    world.block(ANI)
    world.block(ANI)
    world.say(ANI, "/start")

    blocked, unblocked, message = updates(world)

    assert isinstance(blocked["my_chat_member"], dict) and isinstance(unblocked["my_chat_member"], dict)
    assert blocked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert unblocked["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert "message" in message


async def test_a_tap_brings_the_message_or_says_that_it_is_gone(line: Line) -> None:
    message = await line.writes(reply_markup=buttons("Ya"))
    number = message["message_id"]
    line.world.tap(ANI, number, "Ya")
    line.world.delete_message(ANI, number)
    line.world.tap(ANI, number, b"\xff palsu")

    there, gone = (update["callback_query"] for update in await line.get("getUpdates"))

    assert there["message"] == message
    assert gone["message"] == {"chat": message["chat"], "message_id": number, "date": 0}
    assert gone["data"] == "\ufffd palsu"


async def test_a_cleared_chat_is_empty_for_both(line: Line) -> None:
    message = await line.writes()
    line.world.delete_chat(ANI)

    complaint = await line.complaint("editMessageText", chat_id=ANI, message_id=message["message_id"], text="x")

    assert complaint == "Bad Request: message to edit not found"
    assert line.world.history(ANI) == []


async def test_a_world_comes_back_as_it_was_written_down(line: Line, clock: Clock) -> None:
    message = await line.writes("Foto?", reply_markup=buttons("Ya"))
    await line.writes("Angka?", reply_markup={"force_reply": True})
    await line.get("setMyCommands", commands=[{"command": "sop", "description": "cari"}])
    await line.get("pinChatMessage", chat_id=ANI, message_id=message["message_id"])
    line.world.send_photo(ANI, b"\xff\xd8 gambar", "Rak")
    query = line.world.tap(ANI, message["message_id"], "Ya")
    line.world.block(BUDI)

    back = World.from_json(line.world.to_json(), clock, TOKEN)

    assert back.to_json() == line.world.to_json()
    assert back.say(ANI, "lagi") == line.world.say(ANI, "lagi")
    assert back.answer(query, {"text": "", "show_alert": False})
    photo = back.history(ANI)[-2]["photo"][-1]
    file = back.files.by_id(photo["file_id"])
    assert file is not None and file.data == b"\xff\xd8 gambar"


async def test_whoever_watches_sees_every_change(line: Line) -> None:
    changes = line.world.subscribe()
    message = await line.writes(reply_markup=buttons("Ya"))
    number = message["message_id"]
    query = line.world.tap(ANI, number, "Ya")
    await line.get("answerCallbackQuery", callback_query_id=query, text="Baik")
    await line.get("editMessageText", chat_id=ANI, message_id=number, text="b")
    await line.get("sendChatAction", chat_id=ANI, action="typing")
    await line.get("deleteMessage", chat_id=ANI, message_id=number)
    line.world.unsubscribe(changes)
    line.world.say(ANI, "tidak terlihat")

    seen = [changes.get_nowait() for _ in range(changes.qsize())]

    assert [change.kind for change in seen] == ["message", "answer", "edit", "action", "delete"]
    assert {change.user_id for change in seen} == {ANI}
    assert seen[1].body == {"query_id": query, "text": "Baik", "show_alert": False}


async def test_a_person_taps_the_nearest_label_and_sees_what_came_of_it(line: Line) -> None:
    async def settle() -> None:
        for update in line.world.updates.pending(line.world.now):
            query = update["callback_query"]
            await line.get("answerCallbackQuery", callback_query_id=query["id"], text=f"ok {query['data']}")
        line.world.updates.clear()

    ann = Person(line.world, ANI, settle)
    await line.writes("Lama", reply_markup=buttons("Lama"))
    await line.writes("Langkah 1", reply_markup=buttons("Selesai dengan catatan", "✅ Selesai"))
    await line.writes("Catatan")

    await ann.taps("Selesai")

    assert ann.alert == "ok ✅ Selesai"
    assert ann.sees == ann.screen == "Catatan"
    assert "Langkah 1\n[Selesai dengan catatan]\n[✅ Selesai]" in ann.chat
    await ann.taps("Lama")
    assert ann.alert == "ok Lama"


async def test_a_button_that_is_not_there_shows_the_chat(line: Line) -> None:
    await line.writes("Langkah 1", reply_markup=buttons("Selesai"))

    with pytest.raises(LookupError, match="Langkah 1"):
        await Person(line.world, ANI).taps("Lewati")


async def test_a_person_waits_until_words_come(line: Line) -> None:
    message = await line.writes("Tunggu")
    waiting = asyncio.create_task(Person(line.world, ANI).waits_for("Langkah 2"))
    await asyncio.sleep(0)

    await line.get("editMessageText", chat_id=ANI, message_id=message["message_id"], text="Ini Langkah 2")

    assert await waiting == "Ini Langkah 2"


async def test_words_that_do_not_come_show_the_chat(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sandbox.person.PATIENCE", 0.01)
    await line.writes("Langkah 1")

    with pytest.raises(TimeoutError, match="Langkah 1"):
        await Person(line.world, ANI).waits_for("Langkah 2")
