"""Account numbers outgrow 32 bits."""

import sqlalchemy as sa
from alembic import op

revision = "0004_big_accounts"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("payments", "account_id", type_=sa.BigInteger())


def downgrade() -> None:
    op.alter_column("payments", "account_id", type_=sa.Integer())
