"""Visits."""

import sqlalchemy as sa
from alembic import op

revision = "0004_visits"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visits",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "seen_on"),
        postgresql_partition_by="RANGE (seen_on)",
    )


def downgrade() -> None:
    op.drop_table("visits")
