"""Pending indexes are built CONCURRENTLY, and a constraint takes one over."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute('CREATE UNIQUE INDEX CONCURRENTLY uq_opened ON accounts (opened_at)')
    op.execute('ALTER TABLE accounts ADD CONSTRAINT uq_opened UNIQUE USING INDEX uq_opened')


def downgrade() -> None:
    pass
