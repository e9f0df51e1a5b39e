"""what is looked up while somebody waits is found without reading everything"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_card_message", "card", ["chat", "message_id"])
    op.create_index("ix_run_version", "run", ["digest", "progress"])


def downgrade() -> None:
    op.drop_index("ix_run_version", "run")
    op.drop_index("ix_card_message", "card")
