"""The audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0004_audit"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA audit")
    op.create_table(
        "entries",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("said", sa.Text(), nullable=False),
        schema="audit",
    )


def downgrade() -> None:
    op.drop_table("entries", schema="audit")
    op.execute("DROP SCHEMA audit")
