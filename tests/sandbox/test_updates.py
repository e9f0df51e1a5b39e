"""How updates wait and how they are asked for."""

import asyncio

from bot.sandbox.updates import MESSAGE_LIFE, TAP_LIFE
from bot.sandbox.world import World
from tests.sandbox.line import ANI, Clock, Line, buttons

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


def say(world: World, *texts: str) -> None:
    for text in texts:
        world.say(ANI, text)


async def texts(line: Line, **args: object) -> list[str]:
    return [update["message"]["text"] for update in await line.get("getUpdates", **args)]


async def test_what_is_not_confirmed_comes_again(line: Line) -> None:
    say(line.world, "a", "b", "c")
    first = line.world.updates.next_id - 3

    assert await texts(line, offset=0) == ["a", "b", "c"]
    assert await texts(line, offset=first) == ["a", "b", "c"]
    assert await texts(line, offset=first + 2) == ["c"]
    assert await texts(line, offset=first + 1) == ["c"]


async def test_a_limit_leaves_the_rest_for_later(line: Line) -> None:
    say(line.world, "a", "b", "c")

    assert await texts(line, offset=0, limit=2) == ["a", "b"]
    assert await texts(line, offset=-1, limit=0) == ["c"]


async def test_a_negative_offset_forgets_all_but_the_last(line: Line) -> None:
    say(line.world, "a", "b", "c")

    assert await texts(line, offset=-2) == ["b", "c"]
    assert len(line.world.updates.pending(line.world.now)) == 2


async def test_an_offset_far_in_the_future_or_past_confirms_nothing(line: Line) -> None:
    say(line.world, "a")

    assert await texts(line, offset=line.world.updates.next_id + 11) == ["a"]
    assert await texts(line, offset=1) == ["a"]


async def test_the_same_question_at_once_again_gets_only_one(line: Line) -> None:
    say(line.world, "a", "b")

    assert await texts(line) == ["a", "b"]
    assert await texts(line) == ["a"]


async def test_only_the_kinds_asked_for_are_kept_until_others_are_asked_for(line: Line) -> None:
    await line.get("getUpdates", allowed_updates=["callback_query"], offset=1)
    say(line.world, "a")
    line.world.tap(ANI, 1, "x")
    await line.get("getUpdates", offset=2)
    say(line.world, "b")
    [update] = await line.get("getUpdates", allowed_updates=[], offset=3)
    say(line.world, "c")

    assert "callback_query" in update
    assert await texts(line, offset=update["update_id"] + 1) == ["c"]


async def test_a_tap_waits_for_two_and_a_half_minutes_and_a_message_for_a_day(line: Line, clock: Clock) -> None:
    say(line.world, "a")
    line.world.tap(ANI, 1, "x")

    clock.advance(TAP_LIFE)
    assert len(line.world.updates.pending(line.world.now)) == 2
    clock.advance(1)
    assert len(line.world.updates.pending(line.world.now)) == 1
    clock.advance(MESSAGE_LIFE)
    assert line.world.updates.pending(line.world.now) == []


async def test_a_held_question_is_answered_when_something_comes(line: Line) -> None:
    asked = asyncio.create_task(texts(line, timeout=50))
    await line.is_held()

    say(line.world, "a")

    assert await asyncio.wait_for(asked, 5) == ["a"]


async def test_a_held_question_ends_empty_after_its_time(line: Line) -> None:
    assert await texts(line, timeout=1) == []


async def test_the_older_of_two_held_questions_is_ended(line: Line) -> None:
    older = asyncio.create_task(line.complaint("getUpdates", timeout=50))
    await line.is_held()
    newer = asyncio.create_task(texts(line, timeout=49, offset=1))

    assert await asyncio.wait_for(older, 5) == CONFLICT

    say(line.world, "a")
    assert await asyncio.wait_for(newer, 5) == ["a"]


async def test_a_second_conflict_soon_after_is_told_later(line: Line) -> None:
    first = asyncio.create_task(line.complaint("getUpdates", timeout=50, offset=1))
    await line.is_held()
    second = asyncio.create_task(line.complaint("getUpdates", timeout=50, offset=2))
    assert await asyncio.wait_for(first, 5) == CONFLICT

    assert await texts(line, timeout=1, offset=3) == []

    assert not second.done()
    second.cancel()


async def test_a_huge_update_is_dropped_without_a_word(line: Line) -> None:
    line.world.push_raw({"message": {"text": "x" * 600_000}})

    assert line.world.updates.pending(line.world.now) == []


async def test_any_broken_update_can_be_pushed(line: Line) -> None:
    line.world.push_raw({"message": ["not", "an", "object"]})

    [update] = await line.get("getUpdates")

    assert update["message"] == ["not", "an", "object"]


async def test_numbers_may_begin_anew_elsewhere(line: Line) -> None:
    line.world.updates.next_id = 5_000
    say(line.world, "a")

    [update] = await line.get("getUpdates")

    assert update["update_id"] == 5_000


async def test_the_bot_hears_nothing_of_what_it_writes_itself(line: Line) -> None:
    message = await line.writes(reply_markup=buttons("Ya"))
    await line.get("editMessageText", chat_id=ANI, message_id=message["message_id"], text="b")
    await line.get("deleteMessage", chat_id=ANI, message_id=message["message_id"])

    assert line.world.updates.pending(line.world.now) == []
