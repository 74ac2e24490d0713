"""Notes on accounts."""

from alembic import op

revision = "0004_notes"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE notes (id integer PRIMARY KEY, body text)")
    op.execute("ALTER TABLE notes ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.drop_table("notes")
