"""A pending revision locks what everybody may go on using."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('LOCK TABLE payments IN ACCESS SHARE MODE')


def downgrade() -> None:
    pass
