"""Empty notes."""

from alembic import op

revision = "0005_notes_again"
down_revision = "0004_a_trim_notes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE payments SET note = NULL WHERE note = ''")


def downgrade() -> None:
    pass
