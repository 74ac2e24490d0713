"""What the case needs beside."""

from alembic import op

revision = "0003a_more"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('CREATE MATERIALIZED VIEW totals AS SELECT account_id, sum(amount) AS total FROM payments GROUP BY account_id')
    op.execute('CREATE UNIQUE INDEX totals_key ON totals (account_id)')


def downgrade() -> None:
    pass
