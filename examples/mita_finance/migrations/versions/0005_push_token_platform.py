"""Push token platform

Revision ID: 0005_push_token_platform
Revises: 0004_user_timezone
Create Date: 2025-07-15 12:08:54.630917

"""
import sqlalchemy as sa
from alembic import op

revision = "0005_push_token_platform"
down_revision = "0004_user_timezone"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "push_tokens", sa.Column("platform", sa.String(20), server_default="fcm", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("push_tokens", "platform")
