"""the proposal that changed a draft last"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("draft", sa.Column("last", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("draft", "last")
