"""A pending revision drops an index while others wait."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('DROP INDEX ix_payments_account_paid_on')


def downgrade() -> None:
    pass
