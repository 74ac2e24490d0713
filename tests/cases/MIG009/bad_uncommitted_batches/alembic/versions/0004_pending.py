"""A pending revision changes rows in batches that are all committed together."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE payments SET note = 'x' WHERE id IN"
        " (SELECT id FROM payments WHERE note IS NULL LIMIT 1000)"
    )


def downgrade() -> None:
    pass
