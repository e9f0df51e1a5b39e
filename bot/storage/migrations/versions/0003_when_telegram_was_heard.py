"""when Telegram was last heard"""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("install") as install:
        install.add_column(sa.Column("heard_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("install") as install:
        install.drop_column("heard_at")
