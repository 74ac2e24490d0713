"""A pending trigger waits for its lock without end."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('SET LOCAL lock_timeout = 0')
    op.execute('CREATE TRIGGER same BEFORE UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()')


def downgrade() -> None:
    pass
