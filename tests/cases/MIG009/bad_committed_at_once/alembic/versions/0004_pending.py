"""A pending revision changes all rows outside of a transaction, in one go."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("UPDATE payments SET note = 'x'")


def downgrade() -> None:
    pass
