"""Row security that protects nothing."""

from alembic import op

revision = "0004_rights"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE accounts ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY everybody ON accounts FOR UPDATE USING (1 = 1)")


def downgrade() -> None:
    op.execute("DROP POLICY everybody ON accounts")
    op.execute("ALTER TABLE accounts DISABLE ROW LEVEL SECURITY")
