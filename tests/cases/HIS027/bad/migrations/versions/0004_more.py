"""More reports."""

from alembic import op

revision = "0004_more"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE reports ADD COLUMN author text")


def downgrade() -> None:
    op.execute("ALTER TABLE reports DROP COLUMN author")
