"""Digests of tables, of one moment, whatever server they lie on."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from pgassay.analysis.digest_plans import ReadTable
from pgassay.analysis.digest_query import (
    DigestPlan,
    column_query,
    currency_query,
    digest_query,
    number_of_lanes,
)
from pgassay.analysis.digest_self_test import KNOWN, self_test_query
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import TableName
from pgassay.facts.table_digest import CHAIN, MD5, SHA256, Algorithm, MoneySum, TableDigest
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.digest_failure import digest_failure
from pgassay.sources.queries import query
from pgassay.sources.read_only import Reading, read_only

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class InheritedTable:
    """A table that others inherit from, or whose partitions they are. `children` are those right
    below it, `foreign` all below that are foreign tables."""

    partitioned: bool
    children: int
    foreign: int


@dataclass(frozen=True, slots=True)
class DigestSession:
    """One snapshot in which tables are read. `algorithm` is the one to use where the other side can
    use it too; `snapshot` and `at` are the server's words for the moment."""

    reading: Reading
    algorithm: Algorithm
    key_id: str
    snapshot: str
    at: str
    standby: bool
    inherited: dict[TableName, InheritedTable]

    def reads_tree(self, table: ReadTable) -> bool:
        """Whether the rows of those that inherit from it are to be read with it: partitions, and
        tables that nobody lists, as TimescaleDB's are, whose parents hold no row."""
        below = self.inherited.get(table.table.table_name)
        return below is not None and (below.partitioned or below.children > table.children)

    def foreign_below(self, table: ReadTable) -> int:
        """How many foreign tables would be read with it."""
        below = self.inherited.get(table.table.table_name)
        return below.foreign if below and self.reads_tree(table) else 0

    def digest(
        self,
        plan: DigestPlan,
        algorithm: Algorithm | None = None,
        *,
        currencies: bool = False,
        column_sums: bool = False,
    ) -> TableDigest | Unavailable:
        """The table's digest. `currencies`: money by currency too; `column_sums`: each column's sum
        too; each is one more scan."""
        algorithm = algorithm or self.algorithm
        began = time.monotonic()
        answer = self.ask(plan, digest_query(plan, algorithm))
        if isinstance(answer, Unavailable):
            return answer
        if self._is_rewritten(plan):
            return Unavailable(
                plan.shown,
                f"{plan.shown} was rewritten or emptied after the snapshot, which does not see its "
                "rows any more.",
                "Run again once no migration is running.",
            )
        rows, *sums = answer[0]
        lanes = number_of_lanes(algorithm)
        hashed = _rows_hashed(rows, sums[0], sums[lanes])
        if hashed != rows:
            return Unavailable(
                plan.shown,
                f"{rows - hashed} of {rows} rows of {plan.shown} hold NULL in a column that is NOT "
                "NULL.",
                "The table may be corrupt: look for rows with IS NULL in each such column.",
            )
        money = [
            MoneySum(column.name, _decimal(total))
            for column, total in zip(plan.money, sums[lanes + 1 :], strict=True)
        ]
        if currencies:
            by_currency = self.money_by_currency(plan)
            if isinstance(by_currency, Unavailable):
                return by_currency
            money += by_currency
        of_columns: tuple[tuple[str, str], ...] = ()
        if column_sums and plan.others:
            found = self.ask(plan, column_query(plan, algorithm))
            if isinstance(found, Unavailable):
                return found
            names = [column.name for column in plan.others]
            of_columns = tuple(zip(names, map(_sum, found[0]), strict=True))
        return TableDigest(
            plan.schema,
            plan.table,
            algorithm,
            rows,
            tuple(map(_sum, sums[:lanes])),
            plan.digested,
            tuple(money),
            of_columns,
            plan.left_out,
            self.key_id if algorithm == SHA256 else "",
            self.snapshot,
            round(time.monotonic() - began, 3),
        )

    def money_by_currency(self, plan: DigestPlan) -> tuple[MoneySum, ...] | Unavailable:
        """The sum of each money column in each currency; () where there is no such thing."""
        if not plan.money or plan.currency is None:
            return ()
        rows = self.ask(plan, currency_query(plan))
        return rows if isinstance(rows, Unavailable) else tuple(_by_currency(plan, rows))

    def _is_rewritten(self, plan: DigestPlan) -> bool:
        asked = {"table": qualified(plan.schema, plan.table), "whole_tree": plan.whole_tree}
        row: Any = self.reading.cursor.execute(query("digest_rewritten"), asked).fetchone()
        return bool(row.rewritten)

    def ask(self, plan: DigestPlan, statement: str) -> Rows | Unavailable:
        """A statement's rows, or why they could not be had. Raises psycopg.Error where the
        connection is lost."""
        connection = self.reading.cursor.connection
        try:
            with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
                # As bytes: the form psycopg takes for a text that is not written in the code.
                return cursor.execute(statement.encode()).fetchall()
        except (psycopg.Error, UnicodeDecodeError) as failed:
            if connection.closed or connection.broken:
                raise
            return digest_failure(failed, plan, self.reading.role, _grant(self.reading, plan))


@contextmanager
def digest_session(
    connection: psycopg.Connection[Any], *, key: str = "", statement_timeout_s: float = 600.0
) -> Iterator[DigestSession]:
    """A snapshot to read digests in. With `key`, the keyed algorithm; the key is kept nowhere.

    A policy that hides rows is an error, not fewer rows. Works on a standby. Raises psycopg.Error.
    """
    milliseconds = int(statement_timeout_s * 1000)
    with read_only(connection) as reading:
        cursor = reading.cursor
        limits = {
            "statement_ms": str(milliseconds),
            "idle_ms": str(max(milliseconds * 4, 60_000)) if milliseconds else "0",
            "key": hashlib.sha256(key.encode()).hexdigest() if key else "",
        }
        connection.cursor(row_factory=tuple_row).execute(query("digest_limits"), limits)
        moment = cursor.execute(query("digest_snapshot")).fetchall()[0]
        inherited = {
            (row.schema, row.name): InheritedTable(row.partitioned, row.children, row.foreign_ones)
            for row in cursor.execute(query("inherited_tables")).fetchall()
        }
        algorithm: Algorithm = SHA256 if key else CHAIN if _passes(connection) else MD5
        yield DigestSession(
            reading,
            algorithm,
            _key_id(key),
            f"{moment.snapshot} at {moment.lsn}",
            moment.at,
            moment.standby,
            inherited,
        )


def _passes(connection: psycopg.Connection[Any]) -> bool:
    """The self-test. A text of it that the database's encoding cannot hold fails it too."""
    try:
        with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
            rows = cursor.execute(self_test_query().encode()).fetchall()
    except psycopg.Error:
        if connection.broken:
            raise
        return False
    return tuple(row[0] for row in rows) == KNOWN


def _key_id(key: str) -> str:
    """Tells two keys apart, and nothing of the key."""
    return hmac.digest(key.encode(), b"pgassay digest key", "sha256").hex()[:8] if key else ""


def _rows_hashed(rows: int, total: Decimal | None, mean: Decimal | None) -> int:
    """How many rows had a hash, from its sum and mean, which has 16 digits at least."""
    if not total or not mean:
        return 0 if total is None else rows
    with localcontext() as context:
        context.prec = 60
        return int((total / mean).to_integral_value())


def _sum(total: Decimal | None) -> str:
    return str(int(total or 0))


def _decimal(total: Any) -> str | None:
    return None if total is None else f"{total:f}"


def _by_currency(plan: DigestPlan, rows: Rows) -> Iterator[MoneySum]:
    assert plan.currency is not None
    for currency, *totals in sorted(rows, key=lambda row: (row[0] is not None, row[0] or "")):
        for column, total in zip(plan.money, totals, strict=True):
            yield MoneySum(column.name, _decimal(total), plan.currency.name, currency)


def _grant(reading: Reading, plan: DigestPlan) -> str:
    role = quoted(reading.role)
    return (
        f"GRANT USAGE ON SCHEMA {quoted(plan.schema)} TO {role}; "
        f"GRANT SELECT ON TABLE {qualified(plan.schema, plan.table)} TO {role};"
    )
