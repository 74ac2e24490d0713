"""A pending revision renames a column that it adds itself, and an index."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE payments ADD COLUMN payee text')
    op.execute('ALTER TABLE payments RENAME COLUMN payee TO payee_name')
    op.execute('ALTER INDEX ix_payments_account_paid_on RENAME TO ix_payments_day')


def downgrade() -> None:
    pass
