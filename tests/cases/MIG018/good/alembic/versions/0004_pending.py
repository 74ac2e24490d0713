"""A pending revision adds an enum label, and uses it after a commit."""

from alembic import op

revision = "0004_pending"
down_revision = "0003a_more"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE mood ADD VALUE 'calm'")
    op.execute("CREATE TABLE days (mood mood DEFAULT 'calm')")


def downgrade() -> None:
    pass
