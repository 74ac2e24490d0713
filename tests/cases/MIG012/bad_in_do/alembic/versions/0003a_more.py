"""What the case needs beside."""

from alembic import op

revision = "0003a_more"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('CREATE TABLE visits (year int NOT NULL) PARTITION BY RANGE (year)')
    op.execute('CREATE TABLE visits_2024 PARTITION OF visits FOR VALUES FROM (2024) TO (2025)')
    op.execute('CREATE TABLE visits_2025 (year int NOT NULL)')


def downgrade() -> None:
    pass
