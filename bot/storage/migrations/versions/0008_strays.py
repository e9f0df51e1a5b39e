"""more than one message may show a card, each since its receipt was lost"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("card") as card:
        card.add_column(sa.Column("strays", sa.String(), nullable=False, server_default=""))
        card.drop_column("second_id")


def downgrade() -> None:
    with op.batch_alter_table("card") as card:
        card.add_column(sa.Column("second_id", sa.BigInteger(), nullable=True))
        card.drop_column("strays")
