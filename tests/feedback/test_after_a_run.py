"""After a run one may say in one tap what one thinks of its SOP: never asked twice a week, with a name or not."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.engine.feedback import Mean, Opinion, Opinions, opinions, step_named
from bot.sandbox.person import Person
from bot.storage.database import Transaction
from bot.storage.export import audit, runs
from bot.storage.tables import FeedbackRow, InboxRow, JournalRow, JournalTextRow, QuestionRow, table
from tests.conftest import Office, folder_of
from tests.versions.rapat import content

KINDS = (JournalRow, FeedbackRow, InboxRow, JournalTextRow, QuestionRow)
journal, feedback, inbox, texts, question = (table(row) for row in KINDS)
ASKS = "Seberapa mudah SOP ini dijalankan?"


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """A folder with one SOP in it, on trial."""
    return folder_of(tmp_path, {"a.yaml": content("1", "Bekerja")})


async def runs_it(office: Office, person: Person) -> None:
    """Start the SOP and end it, and let the minute pass in which that can be undone."""
    await person.says("/start sop_rapat")
    await person.taps("Mulai")
    await person.taps("Selesai")
    assert ASKS not in person.chat
    await office.later(seconds=61)


async def told(office: Office) -> Opinions:
    return await office.app.database.run(lambda tx: tx.feedback.of("rapat"))


async def test_one_tap_answers_and_a_sentence_may_follow(office: Office) -> None:
    await runs_it(office, office.clerk)
    before = len(office.clerk.messages)
    assert ASKS in office.clerk.sees
    await office.clerk.taps("4")
    await office.clerk.says("Langkah 1 terlalu lama <b>")

    assert "Terima kasih, sudah dicatat." in office.clerk.sees
    assert ASKS not in office.clerk.sees
    assert len(office.clerk.messages) == before + 2  # what was typed, and the card once more below it
    assert await told(office) == Opinions(
        Mean(1), (("satu", Mean(1)),), (Opinion(4, "satu", "Langkah 1 terlalu lama <b>", "Andi"),)
    )

    await runs_it_quietly(office)


async def runs_it_quietly(office: Office) -> None:
    """Within a week nobody is asked again; after it they are, and whoever does not answer is left alone."""
    office.clock.advance(days=3)
    await runs_it(office, office.clerk)
    assert ASKS not in office.clerk.chat
    office.clock.advance(days=5)
    await runs_it(office, office.clerk)
    assert ASKS in office.clerk.sees

    await office.clerk.says("/sop")
    await office.later(days=4)

    assert ASKS not in office.clerk.chat
    assert (await told(office)).all.count == 1


async def test_without_a_name_nothing_tells_who_it_was(office: Office) -> None:
    await runs_it(office, office.clerk)
    await office.clerk.taps("Jawab tanpa nama")
    assert "Nama Anda tidak dicatat" in office.clerk.sees
    await office.clerk.taps("Dengan nama")
    await office.clerk.taps("Jawab tanpa nama")
    await office.clerk.taps("1 ")
    await office.clerk.says("Membingungkan sekali")

    def work(tx: Transaction) -> Any:
        kept = tx.connection.execute(select(feedback)).all()
        entries = tx.connection.execute(select(journal).where(journal.c.kind.in_(["rated", "rated_in_words"]))).all()
        came = [json.loads(raw) for raw in tx.connection.execute(select(inbox.c.raw)).scalars()]
        assert not tx.connection.execute(select(inbox).where(inbox.c.raw == "{}", inbox.c.sender != 0)).all()
        rows = list(audit(tx.connection, names=True)), list(runs(tx.connection, names=True))
        return kept, entries, came, rows

    kept, entries, came, (everything, of_runs) = await office.app.database.run(work)
    assert [(one.score, one.person, one.unit) for one in kept] == [(1, None, None)]
    assert [(one.person, one.run) for one in entries] == [(None, None)] * 2
    assert all(json.loads(one.body)["person"] is None for one in entries)
    assert not [one for one in came if ".rate." in one.get("callback_query", {}).get("data", "")]
    assert "Membingungkan" not in json.dumps(came)
    exported = [row for row in everything if row["kind"].startswith("rated")]
    assert {row["person"] for row in exported} == {"bot"}
    assert "Membingungkan" not in json.dumps(everything)
    assert not [row for row in of_runs if row["kind"].startswith("rated")]

    def erase(tx: Transaction) -> None:
        tx.connection.execute(texts.delete().where(texts.c.seq.in_([one.seq for one in kept])))

    await office.app.database.run(erase)
    assert await told(office) == Opinions(Mean(1))


async def test_a_sentence_that_does_not_follow_is_waited_for_no_longer_than_days(office: Office) -> None:
    await runs_it(office, office.clerk)
    await office.clerk.taps("Jawab tanpa nama")
    await office.clerk.taps("1 ")
    await office.later(days=2)
    assert "Cukup" in office.clerk.screen

    await office.later(days=1, hours=2)

    assert "Cukup" not in office.clerk.screen
    assert not await office.app.database.run(
        lambda tx: tx.connection.execute(select(question).where(question.c.body.is_not(None))).all()
    )


async def test_it_never_blocks_and_a_late_or_second_answer_is_told_so(office: Office) -> None:
    await runs_it(office, office.clerk)
    card = office.clerk.messages[-1]
    four, five = (card["reply_markup"]["inline_keyboard"][0][place]["callback_data"] for place in (3, 4))
    await office.clerk.says("/sop rapat")
    assert "ditemukan" in office.clerk.sees

    await office.clerk.taps_data(card["message_id"], four)
    await office.clerk.taps_data(card["message_id"], five)

    assert "saat sebelumnya" in office.clerk.alert
    assert (await told(office)).all == Mean(1)
    await office.clerk.taps("Cukup")
    assert ASKS not in office.clerk.sees


async def test_those_who_answered_hear_what_came_of_it(office: Office, sops_dir: Path) -> None:
    for number, person in enumerate((office.clerk, office.author, office.manager), 2):
        await runs_it(office, person)
        await person.taps(str(number))
        await person.says("Langkah 1 jelas")
    await office.manager.says("/rekap")
    await office.manager.taps("Per SOP")
    await office.manager.taps("rapat")
    assert "Penilaian: 3 jawaban; nilai ditampilkan mulai 5 jawaban" in office.manager.sees
    assert "• Langkah 1: 3 jawaban" in office.manager.sees
    assert "“Langkah 1 jelas” — ⁨Andi⁩" in office.manager.sees
    await office.later(days=35)
    await office.supervisor.says("/start")
    await office.manager.says("/tinjauan")
    await office.manager.taps("rapat")
    await office.manager.taps("Revisi")
    await office.manager.taps("Langkah belum sesuai")

    assert "Hasil peninjauan: Revisi." in office.clerk.chat
    assert "Penilaian: 3 jawaban; nilai ditampilkan mulai 5 jawaban" in office.clerk.chat
    assert "Hasil peninjauan" not in office.manager.chat

    (sops_dir / "a.yaml").write_text(content("2", "Mencatat"))
    await office.app.read_files()
    await office.author.says("/start sop_rapat")
    await office.author.taps("Ajukan")
    for person in (office.supervisor, office.manager):
        await person.taps("Setujui")

    assert office.clerk.chat.count("Sekarang dipakai versi 2.") == 1


def test_a_score_is_told_from_five_answers_on_and_a_step_by_what_sentences_name() -> None:
    five = [Opinion(score, "a" if score > 2 else None, "x" if score == 5 else "") for score in (5, 4, 3, 2, 1)]

    found = opinions(five)

    assert found.all == Mean(5, Decimal(3))
    assert found.steps == (("a", Mean(3)),)
    assert [one.score for one in found.sentences] == [5]
    assert opinions(five[1:]).all == Mean(4)
    said = ("Langkah 4 lama", "di langkah ke-12, macet", "STEP 3", "langkah no. 7", "4 orang", "langkahnya 4")
    assert [step_named(one) for one in said] == [4, 12, 3, 7, None, None]
