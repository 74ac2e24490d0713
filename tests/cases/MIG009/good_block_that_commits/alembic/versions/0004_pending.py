"""A block commits after each batch."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None

BLOCK = """DO $$ BEGIN
  FOR part IN 0..9 LOOP
    UPDATE payments SET note = 'x' WHERE id % 10 = part;
    COMMIT;
  END LOOP;
END $$"""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(BLOCK)


def downgrade() -> None:
    pass
