"""Whom it was paid to."""

import sqlalchemy as sa
from alembic import op

revision = "0004_payee"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payments", sa.Column("payee", sa.Text()))


def downgrade() -> None:
    op.drop_column("payments", "payee")
