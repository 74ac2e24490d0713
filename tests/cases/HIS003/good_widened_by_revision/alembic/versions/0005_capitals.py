"""Currencies in capitals."""

from alembic import op

revision = "0005_currencies_in_capitals_eu_us"
down_revision = "0004_wider_ids"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE payments SET currency = upper(currency)")


def downgrade() -> None:
    pass
