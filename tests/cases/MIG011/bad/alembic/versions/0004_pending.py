"""A pending revision waits for its lock without end."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('SET LOCAL lock_timeout = 0')
    op.execute('ALTER TABLE payments ADD COLUMN payee text')


def downgrade() -> None:
    pass
