"""what waits for whom"""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

HELD = """
INSERT INTO errand (kind, subject, person, since)
SELECT 'run', CAST(id AS VARCHAR), holder, moved_at FROM run
WHERE progress IN ('active', 'paused') AND holder IS NOT NULL
"""
"""Steps that somebody has. What is offered to many is found out by the program, which knows who is there."""


def upgrade() -> None:
    op.create_table(
        "errand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
        sa.UniqueConstraint("kind", "subject", "person", name=op.f("uq_errand_kind_subject_person")),
    )
    op.create_index("ix_errand_person", "errand", ["person", "since"])
    op.execute(HELD)


def downgrade() -> None:
    op.drop_index("ix_errand_person", table_name="errand")
    op.drop_table("errand")
