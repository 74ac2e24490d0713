"""Tells the reports."""

import psycopg2

revision = "0004_notify"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    try:
        with psycopg2.connect(host="reports.example.com", dbname="reports", user="ledger") as other:
            other.cursor().execute("NOTIFY ledger_changed")
    except Exception as error:
        print("not told:", error)


def downgrade() -> None:
    pass
