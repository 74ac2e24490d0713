"""A pending revision empties a table."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('TRUNCATE payments')


def downgrade() -> None:
    pass
