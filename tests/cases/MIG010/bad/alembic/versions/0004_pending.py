"""A pending revision holds one table while it builds an index on another."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE accounts ADD COLUMN name text')
    op.execute('CREATE INDEX ix_currency ON payments (currency)')


def downgrade() -> None:
    pass
