"""Entries by year."""

from alembic import op

revision = "0004_entries"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE TABLE entries (id integer NOT NULL, day date NOT NULL) PARTITION BY RANGE (day)"
    )
    op.execute(
        "CREATE TABLE entries_2024 PARTITION OF entries "
        "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')"
    )
    op.execute("CREATE UNIQUE INDEX ux_entries ON ONLY entries (id, day)")


def downgrade() -> None:
    op.drop_table("entries")
