"""A pending VACUUM FULL, in no transaction."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("VACUUM FULL payments")


def downgrade() -> None:
    pass
