"""what is erased, and pseudonyms that nobody can guess"""

import secrets

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("erased_at", UtcDateTime(), nullable=True))
    op.add_column("install", sa.Column("secret", sa.String(), nullable=True))
    op.execute(sa.text("UPDATE install SET secret = :made").bindparams(made=secrets.token_hex(32)))
    with op.batch_alter_table("install") as batch_op:
        batch_op.alter_column("secret", existing_type=sa.String(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("install") as batch_op:
        batch_op.drop_column("secret")
    with op.batch_alter_table("person") as batch_op:
        batch_op.drop_column("erased_at")
