"""A block changes rows in a transaction of its own."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DO $$ BEGIN UPDATE payments SET note = 'x'; END $$")


def downgrade() -> None:
    pass
