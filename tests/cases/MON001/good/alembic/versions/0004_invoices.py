"""Invoices."""

import sqlalchemy as sa
from alembic import op

revision = "0004_invoices"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("total", sa.Numeric(12, 2)),
        sa.Column("exchange_rate", sa.Float()),
        sa.Column("tax_rate", sa.Float()),
        sa.Column("discount_percent", sa.Float()),
    )


def downgrade() -> None:
    op.drop_table("invoices")
