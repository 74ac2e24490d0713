"""Whoever asks sees every account."""

from alembic import op

revision = "0005_open"
down_revision = "0004_rights"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("ALTER TABLE accounts DISABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("ALTER TABLE accounts ENABLE ROW LEVEL SECURITY")
