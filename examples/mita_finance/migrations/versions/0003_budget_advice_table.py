"""Budget advice table

Revision ID: 0003_budget_advice_table
Revises: 0002_subscription_plan_dates
Create Date: 2025-07-01 10:44:09.775290

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_budget_advice_table"
down_revision = "0002_subscription_plan_dates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget_advice",
        sa.Column("id", postgresql.UUID(as_uuid=True), primary_key=True),
        sa.Column(
            "user_id",
            postgresql.UUID(as_uuid=True),
            sa.ForeignKey("users.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(50), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
    )


def downgrade() -> None:
    op.drop_table("budget_advice")
