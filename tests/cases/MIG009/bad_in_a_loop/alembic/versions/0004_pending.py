"""A pending revision changes rows one by one, for each that it finds: scratch has none."""

import sqlalchemy as sa
from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rows = op.get_bind().execute(sa.text("SELECT id FROM payments")).fetchall()
    for (number,) in rows:
        op.execute(f"UPDATE payments SET note = '' WHERE id = {number}")


def downgrade() -> None:
    pass
