"""Currencies in capitals."""

from alembic import op

revision = "0004_b_capitals"
down_revision = "0003_payments_by_day"
branch_labels = ("currencies",)
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE payments SET currency = upper(currency)")


def downgrade() -> None:
    pass
