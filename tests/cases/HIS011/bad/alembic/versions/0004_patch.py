"""Reindexing."""

import subprocess

revision = "0004_patch"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    subprocess.run(
        ["psql", "-h", "db.example.com", "-d", "ledger", "-c", "REINDEX TABLE payments"], check=True
    )


def downgrade() -> None:
    pass
