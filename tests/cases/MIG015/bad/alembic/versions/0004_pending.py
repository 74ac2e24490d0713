"""A pending revision locks a table by hand."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('LOCK TABLE payments IN SHARE ROW EXCLUSIVE MODE')


def downgrade() -> None:
    pass
