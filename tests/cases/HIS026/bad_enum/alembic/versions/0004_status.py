"""An enum that is made again."""

import sqlalchemy as sa  # noqa: F401
from alembic import op

revision = "0004_status"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TYPE status AS ENUM ('open', 'paid')")


def downgrade() -> None:
    op.execute("COMMENT ON TABLE payments IS NULL")
