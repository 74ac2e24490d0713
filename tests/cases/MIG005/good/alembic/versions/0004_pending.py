"""A pending revision builds one index again and drops another, both CONCURRENTLY."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute('REINDEX INDEX CONCURRENTLY ix_payments_account_paid_on')
    with op.get_context().autocommit_block():
        op.execute('DROP INDEX CONCURRENTLY ix_payments_account_paid_on')


def downgrade() -> None:
    pass
