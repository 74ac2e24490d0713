"""Where a payment came from."""

import sqlalchemy as sa
from alembic import op

revision = "0004_payment_source"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None

BATCH = """UPDATE payments SET source = 'web' WHERE id IN (
    SELECT id FROM payments WHERE source IS NULL ORDER BY id LIMIT 5000 FOR UPDATE SKIP LOCKED)"""


def upgrade() -> None:
    op.add_column("payments", sa.Column("source", sa.Text()))
    with op.get_context().autocommit_block():
        while op.get_bind().exec_driver_sql(BATCH).rowcount:
            pass


def downgrade() -> None:
    op.drop_column("payments", "source")
