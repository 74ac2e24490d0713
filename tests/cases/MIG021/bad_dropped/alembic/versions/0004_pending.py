"""A pending revision drops a check, and a type that nobody here looks for."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DROP TYPE IF EXISTS mood")
    op.drop_constraint("ck_payments_amount_positive", "payments")


def downgrade() -> None:
    pass
