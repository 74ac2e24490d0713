"""A pending revision changes one row by its key, and fills a table that it made."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE payments SET note = 'first' WHERE id = 1")
    op.execute('CREATE TABLE kinds (kind text)')
    op.execute("INSERT INTO kinds VALUES ('a')")
    op.execute("UPDATE kinds SET kind = 'b'")


def downgrade() -> None:
    pass
