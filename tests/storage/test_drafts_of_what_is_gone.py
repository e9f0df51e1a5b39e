"""A draft of before, whose version is gone, can be opened again: it names that version no more."""

from datetime import UTC, datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, select

from bot.storage import migrate
from bot.storage.tables import DraftRow, VersionRow, table

AT = datetime(2026, 11, 24, tzinfo=UTC)
draft, version = table(DraftRow), table(VersionRow)


def before() -> str:
    """The revision before, whatever its number."""
    script = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    [one] = [one for one in script.walk_revisions() if one.doc.startswith("drafts no longer name")]
    assert isinstance(one.down_revision, str)
    return one.down_revision


def test_a_draft_of_a_version_that_is_gone_names_none_and_another_keeps_its_own(empty_database_url: str) -> None:
    url = empty_database_url
    migrate.upgrade(url, AT, before())
    engine = create_engine(url)
    with engine.begin() as connection:
        kept = {
            "digest": "kept",
            "sop": "b",
            "version": "1",
            "title": "B",
            "body": "{}",
            "status": "trial",
            "loaded_at": AT,
        }
        connection.execute(insert(version).values(kept))
        for sop, base in (("a", "gone"), ("b", "kept"), ("c", None)):
            connection.execute(insert(draft).values(sop=sop, base=base, digest=f"draft of {sop}", opened_at=AT))

    migrate.upgrade(url, AT)

    with engine.begin() as connection:
        found = connection.execute(select(draft.c.sop, draft.c.base).order_by(draft.c.sop)).all()
    engine.dispose()
    assert [tuple(row) for row in found] == [("a", None), ("b", "kept"), ("c", None)]
