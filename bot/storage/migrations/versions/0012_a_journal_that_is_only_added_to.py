"""a journal that is only added to"""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

REFUSED = "the journal is only added to"
# SQLite deletes what an INSERT OR REPLACE replaces without a word to triggers, so that is refused as it begins
ON_SQLITE = {
    "journal_no_update": "BEFORE UPDATE ON journal",
    "journal_no_delete": "BEFORE DELETE ON journal",
    "journal_no_replace": "BEFORE INSERT ON journal WHEN EXISTS "
    "(SELECT 1 FROM journal WHERE seq = NEW.seq OR (run = NEW.run AND turn = NEW.turn))",
    "journal_text_no_update": "BEFORE UPDATE ON journal_text",
    "journal_text_no_replace": "BEFORE INSERT ON journal_text WHEN EXISTS "
    "(SELECT 1 FROM journal_text WHERE seq = NEW.seq AND name = NEW.name)",
}
ON_POSTGRESQL = {
    "journal_no_change": "BEFORE UPDATE OR DELETE OR TRUNCATE ON journal",
    "journal_text_no_change": "BEFORE UPDATE OR TRUNCATE ON journal_text",
}


def upgrade() -> None:
    op.add_column("install", sa.Column("settings", sa.String(), nullable=True))
    op.create_table(
        "anchor",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_anchor")),
    )
    _guard()


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, when in ON_SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END")
        return
    op.execute(
        "CREATE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for name, when in ON_POSTGRESQL.items():
        op.execute(f"CREATE TRIGGER {name} {when} FOR EACH STATEMENT EXECUTE FUNCTION journal_refuses()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ON_SQLITE:
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP FUNCTION journal_refuses() CASCADE")
    op.drop_table("anchor")
    with op.batch_alter_table("install") as batch_op:
        batch_op.drop_column("settings")
