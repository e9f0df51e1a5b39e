"""what calls leave behind whose end nobody heard"""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("card") as card:
        card.add_column(sa.Column("second_id", sa.BigInteger(), nullable=True))
        card.add_column(sa.Column("unsure_until", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("card") as card:
        card.drop_column("second_id")
        card.drop_column("unsure_until")
