"""A pending revision deletes the rows that have another table's, which an index finds."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "DELETE FROM payments p WHERE EXISTS"
        " (SELECT FROM accounts a WHERE a.id = p.account_id AND a.email LIKE 'x%%')"
    )


def downgrade() -> None:
    pass
