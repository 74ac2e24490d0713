"""Another index."""

import sqlalchemy as sa  # noqa: F401
from alembic import op

revision = "0004_day_first"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_payments_account", "payments", ["account_id"])


def downgrade() -> None:
    op.drop_constraint(None, "payments", type_="unique")
    op.drop_index("ix_payments_account", table_name="payments")
