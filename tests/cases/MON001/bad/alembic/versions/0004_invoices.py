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
        sa.Column("shipping_fee", sa.Float()),
    )


def downgrade() -> None:
    op.drop_table("invoices")
