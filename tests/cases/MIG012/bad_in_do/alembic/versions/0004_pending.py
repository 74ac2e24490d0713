"""A DO block detaches a partition, whose name it puts together."""

from alembic import op

revision = "0004_pending"
down_revision = "0003a_more"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "DO $$ BEGIN EXECUTE format('ALTER TABLE visits DE' || 'TACH PARTITION visits_%s', 2024);"
        " /* CONCURRENTLY */ END $$"
    )


def downgrade() -> None:
    pass
