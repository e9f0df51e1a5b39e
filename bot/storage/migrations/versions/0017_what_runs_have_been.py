"""what runs have been"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "run_fact",
        sa.Column("run", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sop", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("starter", sa.Integer(), nullable=False),
        sa.Column("progress", sa.String(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("fitness", sa.Float(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("performed", "again", "late", "deviations")),
        sa.Column("worked_seconds", sa.Integer(), nullable=False),
        sa.Column("waited_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run", name="pk_run_fact"),
    )
    op.create_index("ix_run_fact_due", "run_fact", ["due_at"], sqlite_where=DUE, postgresql_where=DUE)
    op.create_index("ix_run_fact_sop", "run_fact", ["sop", "ended_at"])
    op.create_index("ix_run_fact_ended", "run_fact", ["ended_at"])
    op.create_table(
        "step_fact",
        sa.Column("run", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("visit", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("waited_seconds", sa.Integer(), nullable=False),
        sa.Column("worked_seconds", sa.Integer(), nullable=False),
        sa.Column("standard_seconds", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("run", "visit", name="pk_step_fact"),
    )
    # the runs of before are measured from their journal like any other, a few at each tick
    op.execute(
        "INSERT INTO run_fact (run, sop, digest, unit, starter, progress, started_at, ended_at, due_at,"
        " trial, performed, again, late, deviations, worked_seconds, waited_seconds)"
        " SELECT id, sop, digest, unit, starter, progress, started_at, moved_at, moved_at, false, 0, 0, 0, 0, 0, 0"
        " FROM run WHERE progress IN ('done', 'stopped')"
    )


def downgrade() -> None:
    op.drop_table("step_fact")
    op.drop_table("run_fact")
