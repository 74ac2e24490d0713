"""Whoever asks sees their own account."""

from alembic import op

revision = "0005_open"
down_revision = "0004_rights"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("CREATE POLICY own ON accounts USING (email = current_setting('app.email', true))")


def downgrade() -> None:
    op.execute("DROP POLICY own ON accounts")
