"""A pending column has a default that is made for each row."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE payments ADD COLUMN seen_at timestamptz DEFAULT clock_timestamp()')


def downgrade() -> None:
    pass
