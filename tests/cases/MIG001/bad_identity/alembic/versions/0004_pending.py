"""A pending column is an identity."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE payments ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY')


def downgrade() -> None:
    pass
