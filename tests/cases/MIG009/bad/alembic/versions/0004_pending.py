"""A pending revision fills a column in the transaction that added it."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE payments ADD COLUMN source text')
    op.execute("UPDATE payments SET source = 'web'")


def downgrade() -> None:
    pass
