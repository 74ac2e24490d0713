"""A pending CHECK is added NOT VALID and validated in a transaction of its own, and then proves NOT NULL."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute('ALTER TABLE payments ADD CONSTRAINT ck_note CHECK (note IS NOT NULL) NOT VALID')
    with op.get_context().autocommit_block():
        op.execute('ALTER TABLE payments VALIDATE CONSTRAINT ck_note')
    with op.get_context().autocommit_block():
        op.execute('ALTER TABLE payments ALTER COLUMN note SET NOT NULL')


def downgrade() -> None:
    pass
