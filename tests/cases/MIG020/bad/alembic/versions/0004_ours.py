"""Ours."""

from alembic import op

revision = "0004_ours"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE payments ADD COLUMN ours text')


def downgrade() -> None:
    pass
