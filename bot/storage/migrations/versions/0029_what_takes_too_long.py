"""what waits or takes too long"""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

LOOKED_AT = sa.text("look_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("run", sa.Column("look_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE run SET look_at = moved_at WHERE progress = 'active'")
    op.create_index("ix_run_look", "run", ["look_at"], sqlite_where=LOOKED_AT, postgresql_where=LOOKED_AT)


def downgrade() -> None:
    op.drop_index("ix_run_look", table_name="run")
    op.drop_column("run", "look_at")
