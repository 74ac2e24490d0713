"""Tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0004_tickets"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.Enum("a", "b", name="kind")),
    )


def downgrade() -> None:
    op.drop_table("tickets")
    op.execute("DROP TYPE kind")
