"""A pending revision builds an index again while writers wait."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('REINDEX INDEX ix_payments_account_paid_on')


def downgrade() -> None:
    pass
