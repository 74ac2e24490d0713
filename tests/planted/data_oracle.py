"""What is wrong in the example's rows, asked in SQL written by hand.

It shares nothing with the generator: each kind is asked of every column where it could be, not only
of those where it is planted, so that rows that are hit by accident show too.
"""

from __future__ import annotations

from typing import Any

import psycopg

Hits = dict[tuple[str, str], list[Any]]
"""(kind, table) -> primary keys."""

USER_TABLES = (
    *("public.transactions", "public.expenses", "public.subscriptions", "public.daily_plan"),
    *("public.habits", "public.goals", "public.moods", "public.push_tokens"),
    *("public.user_answers", "public.notification_logs"),
    *("ledger.invoices", "ledger.card_fees"),
)
WITHOUT_FOREIGN_KEY = ("public.user_answers", "public.notification_logs", "ledger.invoices")

MONEY = (
    # table, amount, its currency
    ("public.users", "annual_income", "'none'"),
    ("public.transactions", "amount", "currency"),
    ("public.expenses", "amount", "'none'"),
    ("public.goals", "target_amount", "'none'"),
    ("public.goals", "saved_amount", "'none'"),
    ("public.subscriptions", "price", "currency"),
    ("public.daily_plan", "planned_amount", "'none'"),
    ("public.daily_plan", "spent_amount", "'none'"),
    ("ledger.invoices", "total", "currency"),
    ("ledger.card_fees", "amount", "currency"),
    ("ledger.card_fees", "tip", "currency"),
)
"""Amounts that are not signed."""

OTHER_NUMBERS = (
    ("public.transactions", "exchange_rate"),
    ("public.habits", "progress"),
    ("public.moods", "score"),
)
PAST = (
    ("public.users", "created_at"),
    ("public.users", "updated_at"),
    ("public.transactions", "spent_at"),
    ("public.transactions", "created_at"),
    ("public.expenses", "date"),
    ("public.expenses", "created_at"),
    ("public.goals", "created_at"),
    ("public.subscriptions", "plan_starts_at"),
    ("public.subscriptions", "created_at"),
    ("public.daily_plan", "date"),
    ("public.daily_plan", "created_at"),
    ("public.habits", "created_at"),
    ("public.moods", "date"),
    ("public.moods", "created_at"),
    ("public.push_tokens", "created_at"),
    ("public.user_answers", "created_at"),
    ("public.notification_logs", "sent_at"),
    ("ledger.invoices", "issued_on"),
    ("ledger.card_fees", "charged_at"),
)
"""What has happened. Deadlines and ends of a subscription may lie ahead."""

CURRENCIES = ("public.transactions", "public.subscriptions", "ledger.invoices", "ledger.card_fees")

DIGITS = "CASE {0} WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 ELSE 2 END"

CONSISTENT = (
    "SELECT count(*) FROM transactions WHERE created_at < spent_at",
    "SELECT count(*) FROM users WHERE updated_at < created_at",
    "SELECT count(*) FROM subscriptions WHERE plan_expires_at <= plan_starts_at",
    "SELECT count(*) FROM subscriptions s JOIN users u ON u.id = s.user_id WHERE NOT is_premium",
    "SELECT count(*) FROM users WHERE is_premium <> (premium_until IS NOT NULL)",
    "SELECT count(*) FROM ledger.invoice_lines WHERE amount <> quantity * unit_price",
    "SELECT count(*) FROM ledger.invoices WHERE due_on < issued_on",
    "SELECT count(*) FROM ledger.journals j WHERE NOT EXISTS "
    "(SELECT FROM ledger.journal_entries e WHERE e.journal_id = j.id)",
    "SELECT count(*) FROM ledger.journal_entries e JOIN ledger.accounts a ON a.id = e.account_id "
    "WHERE a.currency <> e.currency",
    f"SELECT count(*) FROM ledger.journal_entries WHERE amount <> "
    f"round(amount, {DIGITS.format('currency')})",
)
"""What nothing is planted against: each gives 0, whatever is planted."""


def ask(connection: psycopg.Connection[Any]) -> Hits:
    """All hits of all kinds; a kind without any in a table is left out."""
    hits: Hits = {}

    def add(kind: str, table: str, query: str) -> None:
        keys = [key for (key,) in connection.execute(query)]
        if keys:
            hits[kind, table] = sorted(
                {*hits.get((kind, table), ()), *(k if isinstance(k, int) else str(k) for k in keys)}
            )

    def rows(kind: str, table: str, condition: str) -> None:
        add(kind, table, f"SELECT id FROM {table} WHERE {condition}")

    for table in USER_TABLES:
        kind = "orphans" if table in WITHOUT_FOREIGN_KEY else "orphans_behind_fk"
        rows(kind, table, "user_id NOT IN (SELECT id FROM public.users)")
    for table, column, currency in MONEY:
        exact = f"{column}::text::numeric"
        finite = f"{column}::text NOT IN ('NaN', 'Infinity', '-Infinity')"
        rows("negatives", table, f"{finite} AND {column} < 0")
        digits = DIGITS.format(currency)
        rows("sub_cent", table, f"{finite} AND {exact} <> round({exact}, {digits})")
        rows("overflow", table, f"{finite} AND abs(round({exact}, 2)) >= 10000000000")
    for table, column in (*((table, column) for table, column, _ in MONEY), *OTHER_NUMBERS):
        rows("nan", table, f"{column}::text = 'NaN'")
        rows("infinite", table, f"{column}::text IN ('Infinity', '-Infinity')")
    add(
        "emails",
        "public.users",
        "SELECT unnest(array_agg(id)) FROM users GROUP BY lower(btrim(email)) HAVING count(*) > 1",
    )
    for table, column in PAST:
        rows("future", table, f"{column} > timestamptz '2025-09-01 12:00+00'")
        rows("pre_epoch", table, f"{column} < timestamptz '1970-01-01 00:00+00'")
    for table in CURRENCIES:
        rows("currency", table, "currency NOT IN ('USD', 'EUR', 'GBP', 'JPY', 'KWD')")
    add(
        "unbalanced",
        "ledger.journal_entries",
        "SELECT DISTINCT journal_id FROM (SELECT journal_id FROM ledger.journal_entries "
        "GROUP BY journal_id, currency HAVING sum(amount) <> 0) AS unbalanced",
    )
    add(
        "headers",
        "ledger.invoices",
        "SELECT id FROM ledger.invoices i WHERE total <> coalesce("
        "(SELECT sum(amount) FROM ledger.invoice_lines l WHERE l.invoice_id = i.id), 0)",
    )
    return hits


def inconsistent(connection: psycopg.Connection[Any]) -> list[str]:
    """The questions of CONSISTENT that a row fails."""
    return [q for q in CONSISTENT if connection.execute(q).fetchone() != (0,)]


def amounts(
    connection: psycopg.Connection[Any], table: str, column: str, keys: list[Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """Per currency: the sum of the amounts of some rows, and what rounding would add to it."""
    currency = {(t, c): currency for t, c, currency in MONEY}[table, column]
    exact = f"{column}::text::numeric"
    found = connection.execute(
        f"SELECT {currency}, sum({exact}), sum(round({exact}, {DIGITS.format(currency)}) - {exact})"
        f" FROM {table} WHERE id::text = ANY (%s) AND {column}::text NOT IN ('NaN', 'Infinity')"
        f" GROUP BY 1",
        ([str(key) for key in keys],),
    ).fetchall()
    return {c: str(total) for c, total, _ in found}, {c: str(change) for c, _, change in found}
