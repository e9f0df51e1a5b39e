"""reviews that are decided"""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NEW = ("since", "round", "put_off", "decided_by", "verdict", "ground", "answers")
WAITS = sa.text("waits")


def upgrade() -> None:
    with op.batch_alter_table("run") as batch_op:
        batch_op.add_column(sa.Column("stage", sa.String(), nullable=True))
    with op.batch_alter_table("review") as batch_op:
        batch_op.add_column(sa.Column("since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("put_off", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("decided_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("verdict", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("ground", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("answers", sa.String(), nullable=False, server_default=""))
    _take_in_what_there_is()
    with op.batch_alter_table("run") as batch_op:
        batch_op.alter_column("stage", nullable=False, existing_type=sa.String())
    with op.batch_alter_table("review") as batch_op:
        batch_op.alter_column("since", nullable=False, existing_type=sa.Date())
        for column in ("round", "put_off", "answers"):
            batch_op.alter_column(column, server_default=None)
    op.create_table(
        "review_word",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_review_word")),
    )
    op.create_index(op.f("ix_review_word_review"), "review_word", ["review"])
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("send_at", UtcDateTime(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("person", "day", name=op.f("uq_digest_person_day")),
    )
    op.create_index("ix_digest_due", "digest", ["send_at"], sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_table(
        "notice",
        sa.Column("digest", sa.Integer(), nullable=False),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("instead", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "review", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_review"), "notice", ["review"])
    op.create_table(
        "allowance",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", "day", name=op.f("pk_allowance")),
    )
    op.create_table(
        "hush",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_hush")),
    )


def _take_in_what_there_is() -> None:
    connection = op.get_bind()
    version = sa.table("version", *map(sa.column, ("digest", "status", "trial_from", "loaded_at")))
    run, review = (
        sa.table("run", *map(sa.column, ("digest", "stage"))),
        sa.table("review", *map(sa.column, ("digest", "since", "opens"))),
    )
    status = sa.select(version.c.status).where(version.c.digest == run.c.digest).scalar_subquery()
    connection.execute(sa.update(run).values(stage=sa.func.coalesce(status, "in force")))
    begun = sa.select(version.c.trial_from).where(version.c.digest == review.c.digest).scalar_subquery()
    connection.execute(sa.update(review).values(since=sa.func.coalesce(begun, review.c.opens)))


def downgrade() -> None:
    for table in ("hush", "allowance", "notice", "digest", "review_word"):
        op.drop_table(table)
    with op.batch_alter_table("review") as batch_op:
        for column in reversed(NEW):
            batch_op.drop_column(column)
    with op.batch_alter_table("run") as batch_op:
        batch_op.drop_column("stage")
