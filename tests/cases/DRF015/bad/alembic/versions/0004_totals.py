"""The number of payments by account."""

from alembic import op

revision = "0004_totals"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE MATERIALIZED VIEW payment_counts AS "
        "SELECT account_id, count(*) FROM payments GROUP BY account_id WITH NO DATA"
    )


def downgrade() -> None:
    op.execute("DROP MATERIALIZED VIEW payment_counts")
