"""A pending revision drops a column and a table that it made itself, and a constraint."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE payments ADD COLUMN payee text')
    op.execute('ALTER TABLE payments DROP COLUMN payee')
    op.execute('CREATE TABLE scratch_rows (id int)')
    op.execute('DROP TABLE scratch_rows')
    op.execute('ALTER TABLE payments DROP CONSTRAINT ck_payments_amount_positive')


def downgrade() -> None:
    pass
