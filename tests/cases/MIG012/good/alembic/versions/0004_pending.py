"""A pending revision detaches a partition CONCURRENTLY."""

from alembic import op

revision = "0004_pending"
down_revision = "0003a_more"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute('ALTER TABLE visits DETACH PARTITION visits_2024 CONCURRENTLY')


def downgrade() -> None:
    pass
