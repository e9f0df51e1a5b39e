"""how severe a deviation is, and equal ones found at once"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deviation") as batch_op:
        batch_op.add_column(sa.Column("severity", sa.String(), nullable=False, server_default="ringan"))
        batch_op.drop_index("ix_deviation_sop")
        batch_op.create_index("ix_deviation_again", ["sop", "step", "kind", "at"])
    with op.batch_alter_table("deviation") as batch_op:
        batch_op.alter_column("severity", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("deviation") as batch_op:
        batch_op.drop_index("ix_deviation_again")
        batch_op.create_index("ix_deviation_sop", ["sop"])
        batch_op.drop_column("severity")
