"""A table that only one region has."""

import os

from alembic import op

revision = "0004_plans"
down_revision = "0003_payments_by_day"


def upgrade() -> None:
    if os.environ.get("LEDGER_REGION") == "eu":
        op.execute("CREATE TABLE consents (id serial PRIMARY KEY)")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS consents")
