"""A pending revision commits between the two tables."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute('ALTER TABLE accounts ADD COLUMN name text')
    with op.get_context().autocommit_block():
        op.execute('CREATE INDEX CONCURRENTLY ix_currency ON payments (currency)')


def downgrade() -> None:
    pass
