"""Trimmed notes."""

from alembic import op

revision = "0005_trim_notes"
down_revision = "0004_gone"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE payments SET note = trim(note)")


def downgrade() -> None:
    pass
