"""Load old payments."""

from alembic import op

revision = "0004_load"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE payments DISABLE TRIGGER ALL")


def downgrade() -> None:
    pass
