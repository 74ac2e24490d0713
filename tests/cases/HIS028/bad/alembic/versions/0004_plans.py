"""A note on each account."""

import sqlalchemy as sa
from alembic import op

revision = "0004_plans"
down_revision = "0003_payments_by_day"


def upgrade() -> None:
    columns = [c["name"] for c in sa.inspect(op.get_bind()).get_columns("accounts")]
    if "note" not in columns:
        op.add_column("accounts", sa.Column("note", sa.Text))


def downgrade() -> None:
    op.drop_column("accounts", "note")
