"""A pending column is NOT NULL with a default; another one is nullable."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE payments ADD COLUMN source text NOT NULL DEFAULT 'web'")
    op.execute('ALTER TABLE payments ADD COLUMN payee text')


def downgrade() -> None:
    pass
