"""A pending EXCLUDE constraint builds its index under ACCESS EXCLUSIVE."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE accounts ADD CONSTRAINT ex_opened EXCLUDE USING btree (opened_at WITH =)')


def downgrade() -> None:
    pass
