"""Old buttons, double taps, forged data, repeated deliveries: one effect, and a polite answer."""

import csv
import io
import json
from typing import Any

import pytest
from sqlalchemy import Update, select

from bot.storage import export
from bot.storage.audit import verify
from bot.storage.database import Transaction
from bot.storage.tables import InboxRow, JournalRow, QuestionRow, RunRow, table
from bot.views.screen import Screen
from tests.conftest import Office
from tests.journals import unguarded

journal, inbox, question, run = table(JournalRow), table(InboxRow), table(QuestionRow), table(RunRow)

BROKEN = '{"is":"Nonsense"}'
"""What a bug of ours might leave in a row."""


async def begin(office: Office) -> None:
    await office.clerk.says("Uji fungsi")
    await office.clerk.taps("Uji Fungsi Komputer")
    await office.clerk.taps("Mulai")


def button(office: Office, word: str) -> tuple[int, str]:
    """The newest button with that word: its message and what it sends."""
    for message in reversed(office.clerk.messages):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for one in row:
                if word in one["text"]:
                    return message["message_id"], one["callback_data"]
    raise LookupError(word)


async def kinds(office: Office) -> list[str]:
    """What the journal holds, in order."""
    return await office.app.database.run(_kinds)


def _kinds(tx: Transaction) -> list[str]:
    return list(tx.connection.execute(journal.select().order_by(journal.c.seq)).columns("kind").scalars())


async def test_ten_taps_on_one_button_at_once_have_one_effect(office: Office) -> None:
    await begin(office)
    await office.clerk.taps("Kendala")
    await office.clerk.taps("Lewati")
    message, data = button(office, "Waktu tidak cukup")

    for _ in range(10):
        office.world.tap(101, message, data)
    await office.settle()

    assert (await kinds(office)).count("skipped") == 1


async def test_a_start_button_that_was_drawn_anew_meanwhile_starts_all_the_same(office: Office) -> None:
    await office.clerk.says("Uji fungsi")
    await office.clerk.taps("Uji Fungsi Komputer")
    message, start = button(office, "Mulai")

    await office.clerk.taps("Jadikan favorit")
    await office.clerk.taps_data(message, start)

    assert "Langkah 1 dari 10" in office.clerk.sees


async def test_options_that_are_tapped_faster_than_the_card_is_painted_all_count(office: Office) -> None:
    await begin(office)
    for _ in range(4):
        for word in ("Kendala", "Lewati", "Waktu tidak cukup", "Lanjut"):
            await office.clerk.taps(word)
    await office.clerk.taps("Wi-Fi")
    first, second = button(office, "Kabel"), button(office, "Tidak ada")

    office.world.tap(101, *first)
    office.world.tap(101, *second)
    await office.settle()
    await office.clerk.taps("Cukup")

    assert "Wi-Fi, Kabel, Tidak ada" in office.clerk.sees


async def test_a_button_of_an_earlier_step_is_answered_and_does_nothing(office: Office) -> None:
    await begin(office)
    message, data = button(office, "Kendala")
    await office.clerk.taps("Kendala")
    await office.clerk.taps("Lewati")
    await office.clerk.taps("Waktu tidak cukup")
    await office.clerk.taps("Lanjut")
    before = await kinds(office)

    await office.clerk.taps_data(message, data)

    assert "saat sebelumnya" in office.clerk.alert
    assert await kinds(office) == before


async def test_somebody_elses_button_is_refused_politely(office: Office) -> None:
    await begin(office)
    _, data = button(office, "Kendala")
    await office.supervisor.says("/start")

    await office.supervisor.taps_data(office.supervisor.messages[-1]["message_id"], data)

    assert "milik orang lain" in office.supervisor.alert


@pytest.mark.parametrize(
    "data",
    [
        "",
        "r1.1.1.0.done.5",
        "r9.1.1.0.done",
        "m1.sop.../../x",
        "r1.999999999999.1.0.undo",
        "m1.run.9999999999",
        "\x00",
        "💥" * 16,
        "y" * 64,
    ],
)
async def test_forged_data_is_answered_and_changes_nothing(office: Office, data: str) -> None:
    await begin(office)
    before = await kinds(office)

    await office.clerk.taps_data(office.clerk.messages[-1]["message_id"], data)

    assert office.clerk.alert
    assert await kinds(office) == before


async def test_a_message_that_a_forged_tap_names_is_not_taken_for_the_card(office: Office) -> None:
    await begin(office)
    card, data = button(office, "Kendala")
    await office.app.database.run(lambda tx: tx.letters.put("told", 101, Screen("Rapat jam 10")))
    await office.settle()

    await office.clerk.taps_data(office.clerk.messages[-1]["message_id"], data)

    assert office.clerk.messages[-1]["text"] == "Rapat jam 10"
    assert office.world.message(101, card)["text"].endswith("Apa yang berbeda pada langkah ini?")


@pytest.mark.parametrize("act", ["toggle.0.0.1", "toggle.0.999.1", "toggle.99.0.1", "pick.0.999", "chosen.0", "keep.9"])
async def test_an_option_that_was_never_offered_is_not_taken(office: Office, act: str) -> None:
    await begin(office)
    message, data = button(office, "Kendala")
    before = await kinds(office)

    await office.clerk.taps_data(message, data.replace("other", act))

    assert office.clerk.alert
    assert await put_aside(office) == []
    assert await kinds(office) == before
    assert "Pilih" not in office.clerk.sees


async def test_a_favourite_that_is_no_sop_is_not_kept(office: Office) -> None:
    await begin(office)

    await office.clerk.taps_data(office.clerk.messages[-1]["message_id"], "m1.fav.1.tidak-ada")

    assert await office.app.database.run(lambda tx: tx.people.favourites(1)) == frozenset()


async def test_an_update_that_is_delivered_three_times_counts_once(office: Office) -> None:
    await begin(office)
    update: dict[str, Any] = {
        "update_id": 2_000_000_001,
        "message": {
            "message_id": 9_000,
            "date": office.world.now,
            "chat": {"id": 101, "type": "private", "first_name": "Andi"},
            "from": {"id": 101, "is_bot": False, "first_name": "Andi"},
            "text": "/lapor",
            "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
        },
    }
    for _ in range(3):
        await office.app.database.run(_store, update)
    office.app.updates.wake()
    await office.settle()

    assert sum("SOP mana yang dimaksud" in one.get("text", "") for one in office.clerk.messages) == 1


def _store(tx: Transaction, update: dict[str, Any]) -> None:
    from bot.storage.inbox import Received

    tx.inbox.store([Received(update["update_id"], 101, json.dumps(update))])


async def change(office: Office, statement: Update) -> None:
    await office.app.database.run(lambda tx: tx.connection.execute(statement).rowcount)


async def put_aside(office: Office) -> list[tuple[str, int, str]]:
    """What of the inbox was not done: how it stands, how often it was tried, and why."""
    rows = select(inbox.c.state, inbox.c.tries, inbox.c.error).where(inbox.c.state != "done")
    return await office.app.database.run(lambda tx: [tuple(row) for row in tx.connection.execute(rows)])


async def test_an_update_we_stumble_over_is_set_aside_after_five_tries_and_the_admin_hears_of_it_once(
    office: Office,
) -> None:
    await office.manager.says("/start")
    await begin(office)
    await change(office, run.update().values(state=BROKEN))

    await office.clerk.says("halo")
    await office.supervisor.says("/bantuan")

    assert await put_aside(office) == [("dead", 5, "KeyError")]
    assert "Yang dapat Anda lakukan" in office.supervisor.sees
    assert sum("disisihkan" in one.get("text", "") for one in office.manager.messages) == 1


async def test_where_even_the_admin_cannot_be_told_the_next_update_has_its_turn(office: Office) -> None:
    await office.clerk.says("/lapor")
    await change(office, question.update().values(body=BROKEN))  # whoever looks for admins comes across it

    await office.clerk.says("halo")
    await change(office, question.update().values(body=None))
    await office.clerk.says("/bantuan")

    assert "Yang dapat Anda lakukan" in office.clerk.sees


async def test_what_is_no_update_is_refused_and_bothers_nobody(office: Office) -> None:
    await office.manager.says("/start")
    before = len(office.manager.messages)

    office.world.push_raw({"message": {"message_id": "x", "from": {"id": 101}, "chat": []}})
    await office.settle()
    await office.clerk.says("/bantuan")

    places = "message.message_id, message.chat, message.from.is_bot, message.from.first_name"
    assert await put_aside(office) == [("refused", 0, places)]
    assert "Yang dapat Anda lakukan" in office.clerk.sees
    assert len(office.manager.messages) == before


async def test_what_happened_can_be_exported_and_its_chain_holds(office: Office) -> None:
    await begin(office)
    await office.clerk.taps("Kendala")
    await office.clerk.taps("Lewati")
    await office.clerk.taps("Waktu tidak cukup")

    out = await office.app.database.run(_export)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["kind"], row["reason"]) for row in rows] == [("skipped", "no_time")]
    assert tuple(rows[0])[: len(export.FIRST)] == export.FIRST
    assert rows[0]["person"].startswith("p-")


def _export(tx: Transaction) -> str:
    assert verify(tx.connection)[1] is None
    out = io.StringIO()
    export.WRITERS["csv"](export.ROWS["deviations"](tx.connection, False, None), out)
    return out.getvalue()


async def test_an_edited_entry_of_the_journal_is_found(office: Office) -> None:
    await begin(office)

    count, broken, *_ = await office.app.database.run(_edit_the_journal)

    assert broken is not None
    assert broken.seq == 3
    assert count == 2


def _edit_the_journal(tx: Transaction) -> Any:
    unguarded(tx.connection)
    tx.connection.execute(journal.update().where(journal.c.seq == 3).values(kind="finished"))
    tx.connection.execute(journal.update().where(journal.c.seq == 5).values(body='{"seq":5}'))
    return verify(tx.connection)
