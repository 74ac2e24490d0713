"""A pending revision makes a column NOT NULL, which reads the table under ACCESS EXCLUSIVE."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE payments ALTER COLUMN note SET NOT NULL')


def downgrade() -> None:
    pass
