"""A pending CHECK is validated in the transaction that added it NOT VALID."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE payments ADD CONSTRAINT ck_day CHECK (paid_on > '2000-01-01') NOT VALID")
    op.execute('ALTER TABLE payments VALIDATE CONSTRAINT ck_day')


def downgrade() -> None:
    pass
