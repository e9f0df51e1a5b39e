"""what people think of an SOP"""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "feedback_ask",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("person", "run", name=op.f("pk_feedback_ask")),
    )
    op.create_index("ix_feedback_ask_open", "feedback_ask", ["at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_feedback_ask_answered", "feedback_ask", ["digest", "state"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sop", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_sop", "feedback", ["sop", "day"])


def downgrade() -> None:
    op.drop_table("feedback")
    op.drop_table("feedback_ask")
