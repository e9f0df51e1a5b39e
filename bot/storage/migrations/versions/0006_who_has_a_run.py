"""a run is with somebody, and belongs to a unit"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OPEN = sa.text("progress IN ('active', 'paused')")


def upgrade() -> None:
    with op.batch_alter_table("run") as batch_op:
        batch_op.add_column(sa.Column("unit", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("holder", sa.Integer(), nullable=True))
        batch_op.create_index("ix_run_held", ["holder"], sqlite_where=OPEN, postgresql_where=OPEN)
    _give_to_starters()


def _give_to_starters() -> None:
    # until now whoever had started a run did every step of it
    connection = op.get_bind()
    run = sa.table("run", *(sa.column(name) for name in ("id", "starter", "state", "progress", "holder")))
    for row in connection.execute(sa.select(run).where(run.c.progress.in_(("active", "paused")))).all():
        state = json.dumps(json.loads(row.state) | {"holder": row.starter}, sort_keys=True, separators=(",", ":"))
        mine = sa.update(run).where(run.c.id == row.id)
        connection.execute(mine.values(holder=row.starter, state=state))


def downgrade() -> None:
    with op.batch_alter_table("run") as batch_op:
        batch_op.drop_index("ix_run_held")
        batch_op.drop_column("holder")
        batch_op.drop_column("unit")
