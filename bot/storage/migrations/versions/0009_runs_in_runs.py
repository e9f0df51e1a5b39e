"""runs in runs"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN = sa.text("progress IN ('active', 'paused')")


def upgrade() -> None:
    with op.batch_alter_table("run") as batch_op:
        batch_op.add_column(sa.Column("parent", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("parent_step", sa.String(), nullable=True))
        batch_op.create_index("ix_run_parent", ["parent"])
        batch_op.create_index("ix_run_child", ["parent"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    with op.batch_alter_table("run") as batch_op:
        batch_op.drop_index("ix_run_child")
        batch_op.drop_index("ix_run_parent")
        batch_op.drop_column("parent_step")
        batch_op.drop_column("parent")
