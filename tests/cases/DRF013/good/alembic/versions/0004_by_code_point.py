"""Sorting by code point."""

from alembic import op

revision = "0004_by_code_point"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE COLLATION by_code_point (provider = builtin, locale = 'C.UTF-8')")


def downgrade() -> None:
    op.execute("DROP COLLATION by_code_point")
