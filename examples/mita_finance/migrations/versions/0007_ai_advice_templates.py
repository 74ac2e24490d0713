"""AI advice templates

Revision ID: 0007_ai_advice_templates
Revises: 0006_transactions_user_created_at_idx
Create Date: 2025-08-12 15:53:17.391604

"""
import sqlalchemy as sa
from alembic import op

revision = "0007_ai_advice_templates"
down_revision = "0006_transactions_user_created_at_idx"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ai_advice_templates",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
    )


def downgrade() -> None:
    op.drop_table("ai_advice_templates")
