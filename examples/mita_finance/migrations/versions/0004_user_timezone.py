"""User timezone support

Revision ID: 0004_user_timezone
Revises: 0003_budget_advice_table
Create Date: 2025-07-08 17:20:31.116042

"""
import sqlalchemy as sa
from alembic import op

revision = "0004_user_timezone"
down_revision = "0003_budget_advice_table"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "users", sa.Column("timezone", sa.String(64), server_default="UTC", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("users", "timezone")
