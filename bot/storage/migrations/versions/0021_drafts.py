"""drafts, what is proposed for them, and the text of versions"""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")
WRITES = sa.text("writes")


def upgrade() -> None:
    op.add_column("version", sa.Column("source", sa.Text(), nullable=True))
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sop", sa.String(), nullable=False),
        sa.Column("base", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("review", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("file", sa.String(), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("rival", sa.Text(), nullable=True),
        sa.Column("writes", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_open", "draft", ["sop"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_draft_writes", "draft", ["id"], sqlite_where=WRITES, postgresql_where=WRITES)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("report", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("remedy", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("draft", "report", name=op.f("uq_proposal_draft_report")),
    )
    op.create_index(op.f("ix_proposal_draft"), "proposal", ["draft"])


def downgrade() -> None:
    op.drop_table("proposal")
    op.drop_table("draft")
    with op.batch_alter_table("version") as batch:
        batch.drop_column("source")
