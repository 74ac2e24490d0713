"""A second beginning."""

from alembic import op

revision = "0001_reports"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("COMMENT ON SCHEMA public IS 'the ledger'")


def downgrade() -> None:
    pass
