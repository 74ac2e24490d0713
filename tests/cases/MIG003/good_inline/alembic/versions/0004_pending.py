"""A pending column comes with its foreign key: it is empty, so nothing is looked up."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE payments ADD COLUMN payer int UNIQUE REFERENCES accounts (id)')


def downgrade() -> None:
    pass
