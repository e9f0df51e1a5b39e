"""which SOP continues another, and which run"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("version") as batch_op:
        batch_op.add_column(sa.Column("continues", sa.String(), nullable=True))
    op.create_index("ix_version_continues", "version", ["continues"])
    with op.batch_alter_table("run") as batch_op:
        batch_op.add_column(sa.Column("continues", sa.Integer(), nullable=True))
    op.create_index("ix_run_continues", "run", ["continues"])
    version = sa.table("version", *map(sa.column, ("digest", "continues", "body")))
    connection = op.get_bind()
    for row in connection.execute(sa.select(version.c.digest, version.c.body)).all():
        before = json.loads(row.body).get("continues")
        if before:
            connection.execute(sa.update(version).where(version.c.digest == row.digest).values(continues=before))


def downgrade() -> None:
    op.drop_index("ix_run_continues", "run")
    with op.batch_alter_table("run") as batch_op:
        batch_op.drop_column("continues")
    op.drop_index("ix_version_continues", "version")
    with op.batch_alter_table("version") as batch_op:
        batch_op.drop_column("continues")
