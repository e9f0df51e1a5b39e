"""words of follow-ups stand where they can be erased"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

FOLLOW_UP = sa.table("follow_up", *map(sa.column, ("id", "plan", "proof", "planned", "proved", "proof_file")))
JOURNAL = sa.table("journal", *map(sa.column, ("seq", "kind", "body")))
WORDS = sa.table("journal_text", *map(sa.column, ("seq", "name", "text")))


def upgrade() -> None:
    with op.batch_alter_table("follow_up") as batch_op:
        batch_op.add_column(sa.Column("planned", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("proved", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("proof_file", sa.String(), nullable=True))
    for seq, told in _said("follow_up_planned"):
        _change(told["number"], planned=seq)
    for seq, told in _said("follow_up_done"):
        _change(told["number"], proved=seq, proof_file=told["file"]["kind"]["value"] if told["file"] else None)
    with op.batch_alter_table("follow_up") as batch_op:
        batch_op.drop_column("plan")
        batch_op.drop_column("proof")


def downgrade() -> None:
    with op.batch_alter_table("follow_up") as batch_op:
        batch_op.add_column(sa.Column("plan", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("proof", sa.Text(), nullable=False, server_default=""))
    for name, entry in (("plan", FOLLOW_UP.c.planned), ("proof", FOLLOW_UP.c.proved)):
        same = (WORDS.c.seq == entry) & (WORDS.c.name == name)
        found = sa.select(FOLLOW_UP.c.id, WORDS.c.text).join(WORDS, same)
        for number, text in op.get_bind().execute(found).all():
            _change(number, **{name: json.loads(text)})
    with op.batch_alter_table("follow_up") as batch_op:
        for name in ("plan", "proof"):
            batch_op.alter_column(name, server_default=None, existing_type=sa.Text())
        for name in ("planned", "proved", "proof_file"):
            batch_op.drop_column(name)


def _said(kind: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The entries of a kind, the oldest first, so that the newest is what counts."""
    rows = op.get_bind().execute(sa.select(JOURNAL.c.seq, JOURNAL.c.body).where(JOURNAL.c.kind == kind))
    yield from sorted((row.seq, json.loads(row.body)["data"]) for row in rows.all())


def _change(number: int, **values: Any) -> None:
    op.get_bind().execute(sa.update(FOLLOW_UP).where(FOLLOW_UP.c.id == number).values(**values))
