"""The index covers the currency."""

from alembic import op

revision = "0004_better_index"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_payments_account_paid_on")
    op.create_index("ix_payments_account_paid_on", "payments", ["account_id", "paid_on", "currency"])


def downgrade() -> None:
    pass
