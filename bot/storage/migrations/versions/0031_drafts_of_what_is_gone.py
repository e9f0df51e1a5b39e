"""drafts no longer name a version that is gone"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # an earlier release did not follow a version whose file was changed: the card of such a draft could not be drawn
    op.execute("UPDATE draft SET base = NULL WHERE base NOT IN (SELECT digest FROM version)")


def downgrade() -> None:
    pass  # what they named is not known any more
