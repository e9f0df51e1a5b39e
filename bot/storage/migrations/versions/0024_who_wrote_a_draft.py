"""who wrote a draft, and how it read before"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("draft", sa.Column("before", sa.Text(), nullable=True))
    for table, column in (("draft", "writers"), ("approval", "wrote")):
        op.add_column(table, sa.Column(column, sa.String(), nullable=False, server_default=""))
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, server_default=None)


def downgrade() -> None:
    for table, columns in (("approval", ("wrote",)), ("draft", ("writers", "before"))):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
