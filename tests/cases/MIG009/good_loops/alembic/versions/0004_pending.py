"""Pending loops over a list, over the catalog, and over rows with a commit after each batch."""

import sqlalchemy as sa
from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for kind in ("a", "b"):
        op.execute(f"COMMENT ON TABLE payments IS '{kind}'")
    asked = "SELECT relname FROM pg_class WHERE relname = 'none'"
    for (name,) in op.get_bind().execute(sa.text(asked)).fetchall():
        op.execute(f"DROP TABLE {name}")
    for (number,) in op.get_bind().execute(sa.text("SELECT id FROM accounts")).fetchall():
        with op.get_context().autocommit_block():
            op.execute(f"UPDATE payments SET note = '' WHERE account_id = {number}")


def downgrade() -> None:
    pass
