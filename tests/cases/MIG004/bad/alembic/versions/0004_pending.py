"""A pending index is built while writers wait."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('CREATE INDEX ix_currency ON payments (currency)')


def downgrade() -> None:
    pass
