"""A pending foreign key has an index that begins with its column."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute('ALTER TABLE payments ADD CONSTRAINT fk_payer FOREIGN KEY (account_id) REFERENCES accounts (id) NOT VALID')


def downgrade() -> None:
    pass
