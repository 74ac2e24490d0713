"""A word beside a payment, and an index that nobody waits for."""

import sqlalchemy as sa
from alembic import op

revision = "0004_payment_tag"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payments", sa.Column("tag", sa.String(40)))
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_payments_paid_on", "payments", ["paid_on"], postgresql_concurrently=True
        )


def downgrade() -> None:
    op.drop_index("ix_payments_paid_on", table_name="payments")
    op.drop_column("payments", "tag")
