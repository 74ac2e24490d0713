"""Trimmed notes."""

from alembic import op

revision = "0004_a_trim_notes"
down_revision = "0003_payments_by_day"
branch_labels = ("notes",)
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE payments SET note = trim(note)")


def downgrade() -> None:
    pass
