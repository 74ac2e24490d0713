"""Refunds."""

from alembic import op

revision = "0004_refunds"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE DOMAIN eur AS numeric(12,2)")
    op.execute("CREATE TABLE refunds (id serial PRIMARY KEY, refund_amount eur)")


def downgrade() -> None:
    op.drop_table("refunds")
    op.execute("DROP DOMAIN eur")
