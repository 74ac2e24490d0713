"""The audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0004_audit_log"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("audit_log", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("audit_log")
