"""what changed around an SOP"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ANNOUNCED = sa.text("kind = 'change_announced'")


def upgrade() -> None:
    op.create_index("ix_journal_change", "journal", ["sop", "at"], sqlite_where=ANNOUNCED, postgresql_where=ANNOUNCED)


def downgrade() -> None:
    op.drop_index("ix_journal_change", "journal")
