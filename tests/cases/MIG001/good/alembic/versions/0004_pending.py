"""A pending revision adds a column with a constant default, and makes a text type longer: no row is written."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE payments ADD COLUMN source text NOT NULL DEFAULT 'web'")
    op.execute('ALTER TABLE accounts ALTER COLUMN email TYPE varchar(400)')
    op.execute('ALTER TABLE accounts ALTER COLUMN email TYPE text')


def downgrade() -> None:
    pass
