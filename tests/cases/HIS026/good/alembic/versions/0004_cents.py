"""Amounts in cents, and rows that are worked on."""

import sqlalchemy as sa  # noqa: F401
from alembic import op

revision = "0004_cents"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE FUNCTION cents(amount numeric) RETURNS bigint LANGUAGE sql IMMUTABLE "
        "AS 'SELECT (amount * 100)::bigint'"
    )
    op.execute("UPDATE payments SET note = 'none' WHERE note IS NULL")
    op.execute("COMMENT ON FUNCTION cents(numeric) IS 'for exports'")


def downgrade() -> None:
    op.execute("DROP FUNCTION cents(numeric)")
