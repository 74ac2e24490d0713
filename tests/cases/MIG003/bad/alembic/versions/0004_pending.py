"""A pending foreign key looks up all rows at once."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE payments ADD COLUMN payer int')
    op.execute('ALTER TABLE payments ADD CONSTRAINT fk_payer FOREIGN KEY (account_id) REFERENCES accounts (id)')


def downgrade() -> None:
    pass
