"""A pending revision attaches a partition whose rows nothing proves to fit."""

from alembic import op

revision = "0004_pending"
down_revision = "0003a_more"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE visits ATTACH PARTITION visits_2025 FOR VALUES FROM (2025) TO (2026)')


def downgrade() -> None:
    pass
