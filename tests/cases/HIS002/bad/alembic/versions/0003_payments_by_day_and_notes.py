"""The same index, and empty notes."""

from alembic import op

revision = "0003_payments_by_day"
down_revision = "0002_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_payments_account_paid_on", "payments", ["account_id", "paid_on"])
    op.execute("UPDATE payments SET note = NULL WHERE note = ''")


def downgrade() -> None:
    op.drop_index("ix_payments_account_paid_on")
