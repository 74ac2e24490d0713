"""Add premium_until field

Revision ID: 0004_user_premium_until
Revises: 0003_goals
Create Date: 2025-04-15 18:22:10.004371

"""
import sqlalchemy as sa
from alembic import op

revision = "0004_user_premium_until"
down_revision = "0003_goals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("premium_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "premium_until")
