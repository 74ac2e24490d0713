"""A pending revision changes a column type, which writes the table anew."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE payments ALTER COLUMN account_id TYPE bigint')


def downgrade() -> None:
    pass
