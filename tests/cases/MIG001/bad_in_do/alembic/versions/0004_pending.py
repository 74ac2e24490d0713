"""A DO block changes a column type."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('DO $$ BEGIN ALTER TABLE payments ALTER COLUMN account_id TYPE bigint; END $$')


def downgrade() -> None:
    pass
