"""Pending batches are committed one by one: by LIMIT, by numbers, by places in the file."""

import sqlalchemy as sa
from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(
            "UPDATE payments SET note = 'x' WHERE id IN"
            " (SELECT id FROM payments WHERE note IS NULL LIMIT 1000)"
        )
        between = sa.text("UPDATE payments SET note = 'x' WHERE id >= :first AND id < :end")
        op.get_bind().execute(between, {"first": 0, "end": 5000})
        op.execute("DELETE FROM payments WHERE ctid >= '(0,0)' AND ctid < '(100,0)'")


def downgrade() -> None:
    pass
