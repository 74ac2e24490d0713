"""A pending revision takes its lock with a lock_timeout, and a new table needs none."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('CREATE TRIGGER same BEFORE UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()')
    op.execute('SET LOCAL lock_timeout = 0')
    op.execute('CREATE TABLE kinds (kind text)')


def downgrade() -> None:
    pass
