"""When an invoice is due."""

import sqlalchemy as sa
from alembic import op

revision = "0004_invoices_due_on"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invoices", sa.Column("due_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("invoices", "due_on")
