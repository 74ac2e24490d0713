"""Reports get bigger numbers."""

import sqlalchemy as sa
from alembic import op

revision = "r002_numbers"
down_revision = "r001_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("reports", "id", type_=sa.BigInteger())


def downgrade() -> None:
    op.alter_column("reports", "id", type_=sa.Integer())
