"""A pending foreign key is added NOT VALID and validated in a transaction of its own; another comes with its new column."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute('ALTER TABLE payments ADD CONSTRAINT fk_payer FOREIGN KEY (account_id) REFERENCES accounts (id) NOT VALID')
    with op.get_context().autocommit_block():
        op.execute('ALTER TABLE payments VALIDATE CONSTRAINT fk_payer')


def downgrade() -> None:
    pass
