"""Row security, without a policy: the API sees nothing yet."""

from alembic import op

revision = "0004_rights"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE accounts ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("ALTER TABLE accounts DISABLE ROW LEVEL SECURITY")
