"""A pending primary key builds its index under ACCESS EXCLUSIVE."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE payments DROP CONSTRAINT payments_pkey")
    op.execute("ALTER TABLE payments ADD PRIMARY KEY (id)")


def downgrade() -> None:
    pass
