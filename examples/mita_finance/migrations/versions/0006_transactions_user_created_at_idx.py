"""Index transactions by user and creation time

Revision ID: 0006_transactions_user_created_at_idx
Revises: 0005_push_token_platform
Create Date: 2025-08-05 09:37:26.048215

"""
from alembic import op

revision = "0006_transactions_user_created_at_idx"
down_revision = "0005_push_token_platform"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_transactions_user_id_created_at", "transactions", ["user_id", "created_at"]
    )


def downgrade() -> None:
    op.drop_index("ix_transactions_user_id_created_at", table_name="transactions")
