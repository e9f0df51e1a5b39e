"""what is done about deviations"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ALIVE = sa.text("state IN ('new', 'open', 'done', 'watched')")
DUE = sa.text("next_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deviation", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("sop", "step", "kind", "unit")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("severity", "state")),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    alike = ["sop", "step", "kind", "unit"]
    op.create_index("ix_follow_up_alive", "follow_up", alike, unique=True, sqlite_where=ALIVE, postgresql_where=ALIVE)
    op.create_index("ix_follow_up_alike", "follow_up", [*alike, "id"])
    op.create_index("ix_follow_up_due", "follow_up", ["next_at"], sqlite_where=DUE, postgresql_where=DUE)


def downgrade() -> None:
    op.drop_table("follow_up")
