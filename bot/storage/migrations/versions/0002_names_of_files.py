"""files have names, and the form in which they came"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("file") as batch_op:
        batch_op.add_column(sa.Column("form", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("name", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("file") as batch_op:
        batch_op.alter_column("name", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("file") as batch_op:
        batch_op.drop_column("name")
        batch_op.drop_column("form")
