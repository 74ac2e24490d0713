"""A pending revision calls a function that deletes by a range, which has no plan to read."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE FUNCTION clean() RETURNS void LANGUAGE plpgsql AS $$"
        " BEGIN DELETE FROM payments WHERE id BETWEEN 1 AND 100000000; END $$"
    )
    op.execute("SELECT clean()")


def downgrade() -> None:
    pass
