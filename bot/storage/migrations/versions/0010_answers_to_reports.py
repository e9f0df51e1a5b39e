"""answers to reports"""

import json
from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NEW = ("merged_into", "answers", "answered_by", "answered_at", "answer", "published_in", "due_at", "reminded")
DUE = sa.text("due_at IS NOT NULL")
TWO_WEEKS = timedelta(days=14)


def upgrade() -> None:
    with op.batch_alter_table("report") as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answers", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("answered_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answered_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("answer", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("published_in", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("due_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("reminded", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index(op.f("ix_report_merged_into"), ["merged_into"])
        batch_op.create_index(op.f("ix_report_person"), ["person"])
        batch_op.create_index(op.f("ix_report_state"), ["state"])
        batch_op.create_index("ix_report_due", ["due_at"], sqlite_where=DUE, postgresql_where=DUE)
    with op.batch_alter_table("report") as batch_op:
        batch_op.alter_column("answers", server_default=None)
        batch_op.alter_column("reminded", server_default=None)
    op.create_table(
        "report_note",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_report_note")),
    )
    op.create_index(op.f("ix_report_note_report"), "report_note", ["report"])
    op.create_index(op.f("ix_file_report"), "file", ["report"])
    _take_in_what_there_is()


def _take_in_what_there_is() -> None:
    # words of reports stood in the journal alone, and nobody was reminded of one
    connection = op.get_bind()
    journal = sa.table("journal", sa.column("seq"), sa.column("kind"), sa.column("body"))
    note = sa.table("report_note", sa.column("seq"), sa.column("report"), sa.column("what"))
    explained = sa.select(journal.c.seq, journal.c.body).where(journal.c.kind == "report_explained")
    for row in connection.execute(explained).all():
        number = json.loads(row.body)["data"]["number"]
        connection.execute(sa.insert(note).values(seq=row.seq, report=number, what="said"))
    moments = (sa.column("at", UtcDateTime()), sa.column("due_at", UtcDateTime()))
    report = sa.table("report", sa.column("id"), sa.column("state"), *moments)
    for row in connection.execute(sa.select(report.c.id, report.c.at).where(report.c.state == "open")).all():
        mine = sa.update(report).where(report.c.id == row.id)
        connection.execute(mine.values(due_at=row.at + TWO_WEEKS))


def downgrade() -> None:
    op.drop_index("ix_file_report", table_name="file")
    op.drop_table("report_note")
    with op.batch_alter_table("report") as batch_op:
        for index in ("ix_report_due", "ix_report_state", "ix_report_person", "ix_report_merged_into"):
            batch_op.drop_index(index)
        for column in reversed(NEW):
            batch_op.drop_column(column)
