"""Asks for nothing that another database could answer otherwise, or makes it so, or fails."""

import sqlalchemy as sa
from alembic import op

revision = "0004_plans"
down_revision = "0003_payments_by_day"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SCHEMA IF NOT EXISTS reports")
    op.execute("DROP TABLE IF EXISTS payments_old")
    op.execute("CREATE TABLE IF NOT EXISTS reports.days (day date PRIMARY KEY, total bigint)")
    columns = {c["name"]: c for c in sa.inspect(op.get_bind()).get_columns("days", "reports")}
    if not isinstance(columns["total"]["type"], sa.BigInteger):
        raise RuntimeError("reports.days is there already, and total is no bigint")
    op.execute("CREATE TABLE IF NOT EXISTS reports.weeks (week date PRIMARY KEY, total int)")
    op.execute("ALTER TABLE reports.weeks DROP COLUMN IF EXISTS total")
    op.execute("ALTER TABLE reports.weeks ADD COLUMN total bigint NOT NULL DEFAULT 0")


def downgrade() -> None:
    op.execute("DROP SCHEMA reports CASCADE")
