"""What the readers may see."""

from alembic import op

revision = "0004_readers"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT SELECT ON accounts TO app_reader")


def downgrade() -> None:
    op.execute("REVOKE SELECT ON accounts FROM app_reader")
