"""A pending column may be NULL from now on: only the linter minds."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("payments", "paid_on", nullable=True)


def downgrade() -> None:
    pass
