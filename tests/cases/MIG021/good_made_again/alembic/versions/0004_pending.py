"""What a pending revision drops is there again, or never was."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DROP VIEW IF EXISTS never_was")
    op.execute("CREATE VIEW fresh AS SELECT 1 AS one")
    op.execute("DROP VIEW fresh")
    op.drop_constraint("ck_payments_amount_positive", "payments")
    op.execute(
        "ALTER TABLE payments ADD CONSTRAINT ck_payments_amount_positive CHECK (amount > 0)"
    )


def downgrade() -> None:
    pass
