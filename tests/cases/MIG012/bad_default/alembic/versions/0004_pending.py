"""A pending revision detaches a partition of a table that has a default one."""

from alembic import op

revision = "0004_pending"
down_revision = "0003a_more"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE visits DETACH PARTITION visits_2024')


def downgrade() -> None:
    pass
