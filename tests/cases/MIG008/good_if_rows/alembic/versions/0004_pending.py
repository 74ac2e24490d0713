"""A pending revision drops a table if there are rows: scratch has none, so it is unknown."""

import sqlalchemy as sa
from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rows = op.get_bind().execute(sa.text("SELECT id FROM accounts")).fetchall()
    if rows:
        op.execute("DROP TABLE payments")


def downgrade() -> None:
    pass
