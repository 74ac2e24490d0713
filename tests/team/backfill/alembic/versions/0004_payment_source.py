"""Where a payment came from."""

import sqlalchemy as sa
from alembic import op

revision = "0004_payment_source"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payments", sa.Column("source", sa.Text()))
    op.execute("UPDATE payments SET source = 'web'")


def downgrade() -> None:
    op.drop_column("payments", "source")
