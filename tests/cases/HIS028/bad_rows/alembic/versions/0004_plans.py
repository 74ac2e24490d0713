"""A default where there are accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0004_plans"
down_revision = "0003_payments_by_day"


def upgrade() -> None:
    count = op.get_bind().execute(sa.text("SELECT count(*) FROM accounts")).scalar()
    if count and count > 1000:
        op.execute("ALTER TABLE payments SET (fillfactor = 80)")


def downgrade() -> None:
    op.execute("ALTER TABLE payments RESET (fillfactor)")
