"""one list of all that waits"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kept = _taken_away()
    op.create_table(
        "notice",
        sa.Column("digest", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("instead", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "kind", "subject", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_about", "notice", ["kind", "subject"])
    _put_back([{**line, "kind": "review", "subject": line["review"]} for line in kept], "kind", "subject")


def downgrade() -> None:
    kept = _taken_away()
    op.create_table(
        "notice",
        sa.Column("digest", sa.Integer(), nullable=False),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("instead", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "review", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_review"), "notice", ["review"])
    _put_back([{**line, "review": line["subject"]} for line in kept if line["kind"] == "review"], "review")


def _taken_away() -> list[dict[str, object]]:
    """The lines of the last ninety days: few, so that the key is changed on both databases by one way."""
    kept = [dict(row) for row in op.get_bind().execute(sa.text("SELECT * FROM notice")).mappings()]
    op.drop_table("notice")
    return kept


def _put_back(lines: list[dict[str, object]], *key: str) -> None:
    names = ("digest", *key, "moment", "instead")
    if lines:
        rows = [{name: line[name] for name in names} for line in lines]
        op.bulk_insert(sa.table("notice", *map(sa.column, names)), rows)
