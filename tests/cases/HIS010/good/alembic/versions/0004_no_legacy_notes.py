"""The old table's notes go."""

from alembic import op

revision = "0004_no_legacy_notes"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE IF EXISTS legacy_payments DROP COLUMN IF EXISTS note")


def downgrade() -> None:
    pass
