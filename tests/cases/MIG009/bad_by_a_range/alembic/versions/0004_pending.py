"""A pending revision changes all rows between two keys, which an index finds."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE payments SET note = 'x' WHERE id BETWEEN 1 AND 100000000")


def downgrade() -> None:
    pass
