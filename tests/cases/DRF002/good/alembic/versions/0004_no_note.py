"""Notes go."""

import sqlalchemy as sa
from alembic import op

revision = "0004_no_note"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("payments", "note")


def downgrade() -> None:
    op.add_column("payments", sa.Column("note", sa.Text()))
