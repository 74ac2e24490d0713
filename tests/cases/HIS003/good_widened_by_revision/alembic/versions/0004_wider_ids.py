"""Room for longer ids."""

import sqlalchemy as sa
from alembic import op

revision = "0004_wider_ids"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("alembic_version", "version_num", type_=sa.String(64))


def downgrade() -> None:
    pass
