"""A pending revision deletes rows of the whole table in one go."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('DELETE FROM payments WHERE note IS NULL')


def downgrade() -> None:
    pass
