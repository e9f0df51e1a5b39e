"""A card of which the bot never heard that it arrived is sent again, and the copy dies at the first touch."""

import asyncio

from bot.sandbox.faults import Fault
from tests.chaos.ledger import copies
from tests.conftest import Office


async def two_cards(office: Office) -> None:
    """The card of a run arrives, the receipt is lost, and it is sent once more."""
    await office.clerk.says("Uji fungsi")
    await office.clerk.taps("Uji Fungsi Komputer")
    await office.clerk.taps("Mulai")
    assert len(copies(office.world, 101, "1")) == 1
    office.faults.methods = frozenset({"sendmessage"})
    office.faults.next(Fault.CUT_AFTER)
    office.world.say(101, "120")
    async with asyncio.timeout(20):
        while len(copies(office.world, 101, "1")) < 2:
            office.clock.advance(seconds=1)
            await asyncio.sleep(0.05)
    await office.settle()


async def test_a_touched_copy_does_what_it_says_and_loses_its_buttons(office: Office) -> None:
    await two_cards(office)
    copy, card = copies(office.world, 101, "1")

    await office.clerk.taps_data(copy.message_id, copy.data.replace("pick.1.0", "more"))

    assert [one.message_id for one in copies(office.world, 101, "1")] == [card.message_id]
    assert "Daftar langkah" in office.clerk.screen


async def test_the_card_itself_keeps_its_buttons(office: Office) -> None:
    await two_cards(office)
    _, card = copies(office.world, 101, "1")

    await office.clerk.taps("Laptop")

    assert card.message_id in [one.message_id for one in copies(office.world, 101, "1")]


async def test_a_copy_that_arrives_late_and_stands_below_is_the_card_from_its_first_touch_on(office: Office) -> None:
    await office.clerk.says("/start sop_uji-fungsi-komputer")
    await office.clerk.taps("Mulai")
    card = office.clerk.messages[-1]
    office.world.post(101, {"text": card["text"], "reply_markup": card["reply_markup"]})
    _, late = copies(office.world, 101, "1")

    await office.clerk.taps_data(late.message_id, late.data)

    assert [one.message_id for one in copies(office.world, 101, "1")] == [late.message_id]


async def test_of_many_copies_touched_at_once_one_is_the_card(office: Office) -> None:
    await office.clerk.says("/start sop_uji-fungsi-komputer")
    await office.clerk.taps("Mulai")
    card = office.clerk.messages[-1]
    for _ in range(3):
        office.world.post(101, {"text": card["text"], "reply_markup": card["reply_markup"]})
    same = copies(office.world, 101, "1")
    # all of them are touched before the first has lost its buttons
    office.faults.methods, office.faults.slowness = frozenset({"editmessagereplymarkup"}), 2.0
    office.faults.next(Fault.SLOW)

    for one in same:
        office.world.tap(101, one.message_id, one.data)
    await office.settle()

    assert [one.message_id for one in copies(office.world, 101, "1")] == [same[-1].message_id]


async def test_a_card_whose_receipt_was_lost_does_not_take_another_cards_message_for_its_own(office: Office) -> None:
    await office.clerk.says("/start sop_uji-fungsi-komputer")
    office.faults.methods = frozenset({"sendmessage"})
    office.faults.next(Fault.CUT_AFTER)
    office.clerk.presses("Mulai")
    await shows(office, "· #1")
    office.world.say(101, "/lapor")
    question = await shows(office, "SOP mana yang dimaksud?")
    office.clerk.presses("📍")  # a button of the run, under the card of the report
    await shows(office, "Apa yang salah")
    office.clock.advance(seconds=5)
    await office.settle()

    said = {one["message_id"]: one for one in office.clerk.messages if one["from"]["is_bot"]}
    *_, run = copies(office.world, 101, "1")
    assert "· #1" not in said[question]["text"]
    assert said[run.message_id]["reply_markup"]["inline_keyboard"]
    assert "Apa yang salah" in said[max(said.keys() - {run.message_id})]["text"]


async def shows(office: Office, words: str) -> int:
    """Wait for the message with these words, though not all is settled."""
    async with asyncio.timeout(20):
        while True:
            for one in office.clerk.messages:
                if one["from"]["is_bot"] and words in one["text"]:
                    return int(one["message_id"])
            await asyncio.sleep(0.05)
