"""Other names for all that a filled database holds, so that nothing is found by the example's.

Two ways: *synonyms* still tell what a table or column is (expenses -> outlays, amount -> cost,
user_id -> member_id), for what is inferred from names; *meaningless* names (t_x7, c_k9) tell
nothing, for checks that are told where to look. Constraints, indexes and sequences lose their
names in both ways: they hold those of the tables.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]
Column = tuple[str, str, str]
"""schema, table, column"""

TABLES = {
    # plural, singular
    "users": (("members", "member"), ("clients", "client"), ("customers", "customer")),
    "transactions": (("payments", "payment"), ("purchases", "purchase")),
    "expenses": (("outlays", "outlay"), ("spendings", "spending")),
    "goals": (("targets", "target"), ("saving_plans", "saving_plan")),
    "subscriptions": (("memberships", "membership"), ("plans", "plan")),
    "daily_plan": (("day_budgets", "day_budget"), ("daily_budgets", "daily_budget")),
    "habits": (("routines", "routine"), ("practices", "practice")),
    "moods": (("feelings", "feeling"), ("tempers", "temper")),
    "push_tokens": (("device_tokens", "device_token"), ("devices", "device")),
    "user_answers": (("replies", "reply"), ("survey_answers", "survey_answer")),
    "notification_logs": (("sent_messages", "sent_message"), ("message_log", "message")),
    "accounts": (("book_accounts", "book_account"), ("ledger_accounts", "ledger_account")),
    "journals": (("postings", "posting"), ("vouchers", "voucher")),
    "journal_entries": (("posting_lines", "posting_line"), ("bookings", "booking")),
    "invoices": (("bills", "bill"), ("statements", "statement")),
    "invoice_lines": (("bill_items", "bill_item"), ("positions", "position")),
    "card_fees": (("card_charges", "card_charge"), ("processing_fees", "processing_fee")),
    "exchange_rates": (("fx_rates", "fx_rate"), ("conversion_rates", "conversion_rate")),
}
COLUMNS = {
    "email": ("mail", "email_address", "e_mail"),
    "annual_income": ("yearly_income", "salary", "yearly_salary"),
    "amount": ("cost", "sum_paid", "amount_paid"),
    "currency": ("ccy", "currency_code", "iso_currency"),
    "exchange_rate": ("fx_rate", "conversion_rate"),
    "rate": ("fx_rate", "conversion_rate"),
    "spent_at": ("paid_at", "bought_at"),
    "created_at": ("inserted_at", "recorded_at"),
    "updated_at": ("changed_at", "modified_at"),
    "premium_until": ("paid_until", "premium_ends_at"),
    "date": ("on_day", "happened_on"),
    "day": ("on_day", "valid_on"),
    "target_amount": ("target_sum", "wanted_amount"),
    "saved_amount": ("saved_sum", "savings"),
    "deadline": ("wanted_by", "ends_on"),
    "price": ("fee", "charge"),
    "plan_starts_at": ("starts_at", "begins_at"),
    "plan_expires_at": ("expires_at", "ends_at"),
    "planned_amount": ("planned_sum", "budget"),
    "spent_amount": ("spent_sum", "spending"),
    "progress": ("completion", "share_done"),
    "score": ("rating", "intensity"),
    "sent_at": ("delivered_at", "dispatched_at"),
    "posted_at": ("booked_at", "entered_at"),
    "charged_at": ("taken_at", "debited_at"),
    "issued_on": ("billed_on", "written_on"),
    "due_on": ("payable_on", "payable_by"),
    "total": ("grand_total", "amount_due"),
    "unit_price": ("price_each", "unit_cost"),
    "quantity": ("pieces", "how_many"),
    "tip": ("gratuity", "tip_amount"),
    "category": ("kind", "category_name"),
}
SCHEMAS = {"ledger": ("books", "accounting")}
_KEEP = ("alembic_version",)


@dataclass(frozen=True)
class NewNames:
    """What each name has become. `public` stays."""

    schemas: dict[str, str]
    tables: dict[tuple[str, str], str]
    columns: dict[Column, str]

    def table(self, old: str) -> str:
        """The table that was `schema.table`, as `schema.table` now."""
        schema, _, table = old.partition(".")
        return f"{self.schemas[schema]}.{self.tables[schema, table]}"

    def column(self, table: str, column: str) -> str:
        """The column that was of the table `schema.table`."""
        schema, _, name = table.partition(".")
        return self.columns[schema, name, column]


def read_columns(connection: Connection) -> list[Column]:
    """Of all tables of users', but for the version table."""
    found = connection.execute(
        "SELECT n.nspname, c.relname, a.attname FROM pg_attribute a "
        "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped "
        "AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND c.relname <> ALL (%s) "
        "ORDER BY 1, 2, a.attnum",
        (list(_KEEP),),
    ).fetchall()
    return [(schema, table, column) for schema, table, column in found]


def synonyms(columns: Sequence[Column], seed: int) -> NewNames:
    """A table of no known word keeps its name, and so does a column. Keys follow their table:
    `user_id` becomes `member_id` where `users` become `members`."""
    rng = random.Random(seed)
    chosen = {old: rng.choice(ways) for old, ways in TABLES.items()}
    words = {old: rng.choice(ways) for old, ways in COLUMNS.items()}
    # What a row of the table is called in the columns that point at it.
    keys = {f"{old.removesuffix('s')}_id": f"{one}_id" for old, (_, one) in chosen.items()}
    schemas = {old: rng.choice(ways) for old, ways in SCHEMAS.items()}
    return NewNames(
        {schema: schemas.get(schema, schema) for schema, _, _ in columns},
        {(s, table): chosen.get(table, (table, table))[0] for s, table, _ in columns},
        {(s, t, column): (words | keys).get(column, column) for s, t, column in columns},
    )


def meaningless(columns: Sequence[Column], seed: int) -> NewNames:
    """Every table and column is another letter and number, the columns of two tables too."""
    rng = random.Random(seed)
    numbers = iter(rng.sample(range(10_000), 3 * len(columns)))
    schemas = dict.fromkeys(schema for schema, _, _ in columns)
    tables = dict.fromkeys((schema, table) for schema, table, _ in columns)

    def new(kind: str) -> str:
        return f"{kind}_{rng.choice('bcdfghjkmnpqrtvwxyz')}{next(numbers)}"

    return NewNames(
        {schema: schema if schema == "public" else new("n") for schema in schemas},
        {table: new("t") for table in tables},
        {column: new("c") for column in columns},
    )


def rename(connection: Connection, names: NewNames) -> None:
    """Give all of it its new name. Commits nothing."""

    def alter(statement: str, *identifiers: sql.Identifier) -> None:
        connection.execute(sql.SQL(statement).format(*identifiers))

    for (schema, table, old), new in names.columns.items():
        if old != new:
            where = sql.Identifier(schema, table)
            alter("ALTER TABLE {} RENAME {} TO {}", where, sql.Identifier(old), sql.Identifier(new))
    _rename_what_hangs_on(connection, list(names.tables))
    for (schema, old), new in names.tables.items():
        if old != new:
            alter("ALTER TABLE {} RENAME TO {}", sql.Identifier(schema, old), sql.Identifier(new))
    for old, new in names.schemas.items():
        if old != new:
            alter("ALTER SCHEMA {} RENAME TO {}", sql.Identifier(old), sql.Identifier(new))


def _rename_what_hangs_on(connection: Connection, tables: list[tuple[str, str]]) -> None:
    regclasses = [sql.Identifier(*table).as_string(connection) for table in tables]
    statements = connection.execute(
        "SELECT format('ALTER TABLE %%s RENAME CONSTRAINT %%I TO k_%%s', conrelid::regclass, "
        "conname, row_number() OVER (ORDER BY oid)) FROM pg_constraint "
        "WHERE conrelid = ANY (%s::regclass[]) AND contype <> 't'",
        (regclasses,),
    ).fetchall()
    statements += connection.execute(
        "SELECT format('ALTER INDEX %%s RENAME TO i_%%s', indexrelid::regclass, "
        "row_number() OVER (ORDER BY indexrelid)) FROM pg_index i "
        "WHERE indrelid = ANY (%s::regclass[]) "
        "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid "
        "AND conrelid = i.indrelid)",
        (regclasses,),
    ).fetchall()
    statements += connection.execute(
        "SELECT format('ALTER SEQUENCE %%s RENAME TO s_%%s', d.objid::regclass, "
        "row_number() OVER (ORDER BY d.objid)) FROM pg_depend d JOIN pg_class c ON c.oid = d.objid "
        "WHERE c.relkind = 'S' AND d.refobjid = ANY (%s::regclass[]) AND d.deptype IN ('a', 'i')",
        (regclasses,),
    ).fetchall()
    for (statement,) in statements:
        connection.execute(statement)
