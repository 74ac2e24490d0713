"""Theirs."""

from alembic import op

revision = "0004_theirs"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE payments ADD COLUMN theirs text')


def downgrade() -> None:
    pass
