"""Subscription plan dates

Revision ID: 0002_subscription_plan_dates
Revises: 0001_initial
Create Date: 2025-06-24 13:15:40.209833

"""
import sqlalchemy as sa
from alembic import op

revision = "0002_subscription_plan_dates"
down_revision = "0001_initial"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("plan_starts_at", sa.DateTime(timezone=True)))
    op.add_column("subscriptions", sa.Column("plan_expires_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("subscriptions", "plan_expires_at")
    op.drop_column("subscriptions", "plan_starts_at")
