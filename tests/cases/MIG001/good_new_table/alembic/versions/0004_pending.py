"""A pending revision makes a table and changes its type: nobody waits for a new table."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('CREATE TABLE refunds (id int PRIMARY KEY, why text)')
    op.execute('ALTER TABLE refunds ALTER COLUMN id TYPE bigint')
    op.execute('CREATE INDEX ON refunds (why)')


def downgrade() -> None:
    pass
