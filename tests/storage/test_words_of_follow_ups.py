"""What people said about a follow-up stands with the journal's words alone: taken in from before, erased there."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, delete, text

from bot.engine.events import Told
from bot.engine.followup import FollowUpDone, FollowUpPlanned
from bot.engine.run import Attachment, FileKind
from bot.storage import migrate
from bot.storage.followups import FollowUps
from bot.storage.journal import Entry, Journal, Where, journal_text

AT = datetime(2026, 11, 24, tzinfo=UTC)
OLD = {
    "id": 3,
    "deviation": 1,
    "severity": "berat",
    "state": "done",
    "turn": 4,
    "next_at": None,
    "plan": "Memasang contoh foto",
    "proof": "foto",
} | dict.fromkeys(("sop", "step", "kind", "unit"), "skipped")


def before() -> str:
    """The revision before the words were pointed at, whatever its number."""
    script = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    [one] = [one for one in script.walk_revisions() if one.doc.startswith("words of follow-ups")]
    assert isinstance(one.down_revision, str)
    return one.down_revision


def rows(url: str, statement: str, **values: Any) -> list[Any]:
    engine = create_engine(url)
    with engine.begin() as connection:
        done = connection.execute(text(statement), values)
        found = list(done.mappings()) if done.returns_rows else []
    engine.dispose()
    return found


def test_words_of_before_are_found_where_they_are_erased_and_come_back_on_the_way_down(empty_database_url: str) -> None:
    url = empty_database_url
    migrate.upgrade(url, AT)
    engine = create_engine(url)
    with engine.begin() as connection:
        told: list[Told] = [FollowUpPlanned(3, "Dulu"), FollowUpPlanned(3, "Memasang contoh foto")]
        told.append(FollowUpDone(3, "", Attachment(FileKind.PHOTO, "x")))
        Journal(connection, AT).append(1, [Entry(one, Where()) for one in told])
    engine.dispose()
    migrate.downgrade(url, before())
    columns = ", ".join(OLD)
    rows(url, f"INSERT INTO follow_up ({columns}) VALUES ({', '.join(f':{name}' for name in OLD)})", **OLD)

    migrate.upgrade(url, AT)

    engine = create_engine(url)
    with engine.begin() as connection:
        it = FollowUps(connection, AT).get(3)
        assert (it.plan, it.proof, it.proof_file) == ("Memasang contoh foto", "", FileKind.PHOTO)
    engine.dispose()
    migrate.downgrade(url, before())
    assert rows(url, "SELECT plan FROM follow_up")[0]["plan"] == "Memasang contoh foto"
    migrate.upgrade(url, AT)

    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(delete(journal_text))
        it = FollowUps(connection, AT).get(3)
        assert (it.plan, it.proof_file) == ("", FileKind.PHOTO)
    engine.dispose()
    told_of = rows(url, "SELECT * FROM follow_up")
    assert "Memasang" not in json.dumps(told_of, default=str)
