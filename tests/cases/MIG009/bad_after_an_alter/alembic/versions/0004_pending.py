"""A pending revision sends an ALTER and an UPDATE by a range together."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE accounts ADD plan text; UPDATE payments SET note = 'x' WHERE id > 0")


def downgrade() -> None:
    pass
