"""A pending revision drops a column for rows that it finds: scratch has none, so it is unknown."""

import sqlalchemy as sa
from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for (_,) in op.get_bind().execute(sa.text("SELECT id FROM accounts")).fetchall():
        op.execute("ALTER TABLE payments DROP COLUMN IF EXISTS note")


def downgrade() -> None:
    pass
