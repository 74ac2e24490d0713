"""A pending block drops a table if there are rows: scratch has none, so it is unknown."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM accounts) THEN DROP TABLE payments; END IF; END $$"
    )


def downgrade() -> None:
    pass
