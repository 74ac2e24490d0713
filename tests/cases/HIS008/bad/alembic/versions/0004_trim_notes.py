"""Trimmed notes."""

from alembic import op

revision = "0004_trim_notes"
<<<<<<< HEAD
down_revision = "0003_payments_by_day"
=======
down_revision = "0002_payments"
>>>>>>> notes
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE payments SET note = trim(note)")


def downgrade() -> None:
    pass
