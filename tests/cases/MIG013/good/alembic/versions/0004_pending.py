"""A pending revision refreshes a view CONCURRENTLY."""

from alembic import op

revision = "0004_pending"
down_revision = "0003a_more"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('REFRESH MATERIALIZED VIEW CONCURRENTLY totals')


def downgrade() -> None:
    pass
