"""A view that row security holds for."""

from alembic import op

revision = "0004_rights"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE accounts ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE VIEW latest WITH (security_invoker = true) AS SELECT * FROM accounts")


def downgrade() -> None:
    op.execute("DROP VIEW latest")
    op.execute("ALTER TABLE accounts DISABLE ROW LEVEL SECURITY")
