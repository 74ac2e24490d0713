"""A pending type holds more."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE accounts ALTER COLUMN email TYPE varchar(400)')


def downgrade() -> None:
    pass
