"""How the rows of two databases differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgassay.facts.table_digest import TableDigest
from pgassay.facts.unavailable import Unavailable

TableStatus = Literal["equal", "different", "only in A", "only in B", "unknown"]
RowStatus = Literal["changed", "only in A", "only in B"]


@dataclass(frozen=True, slots=True)
class DiffedDatabase:
    """One side. `url` is masked; `at` is its clock when its snapshot was taken, "" where it was
    not."""

    url: str
    database: str = ""
    version: str = ""
    at: str = ""
    standby: bool = False
    left_out: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RetypedColumn:
    name: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class ColumnDifference:
    """`rows`: in how many rows that both have it differs; None where that was not counted."""

    name: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class MoneyDifference:
    """`difference` is b - a, as decimal text; None where a side has NaN or an infinity among the
    rows that differ. `currency` is None where rows name none."""

    column: str
    currency: str | None
    difference: str | None


@dataclass(frozen=True, slots=True)
class RowDifference:
    """`key` are the texts of the key's columns, in their order; () in a table without one, where
    `token` alone tells rows apart. `columns` are those that differ. `a` and `b` are their values,
    or all of the row's, where values were asked for; else ()."""

    status: RowStatus
    token: str
    key: tuple[str | None, ...] = ()
    columns: tuple[str, ...] = ()
    a: tuple[tuple[str, str | None], ...] = ()
    b: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class RowDifferences:
    """How many rows differ; at least as many where not `exact`, since only `buckets_read` of
    `buckets_differing` were gone through."""

    changed: int
    only_a: int
    only_b: int
    exact: bool
    buckets: int
    buckets_differing: int
    buckets_read: int
    columns: tuple[ColumnDifference, ...] = ()
    rows: tuple[RowDifference, ...] = ()

    @property
    def total(self) -> int:
        return self.changed + self.only_a + self.only_b


@dataclass(frozen=True, slots=True)
class TableDiff:
    """One table on both sides. `found` is None where nothing was looked for, or it could not be.

    `key` tells the rows apart; () where the rows are compared as a multiset. `not_compared` are
    columns that are generated virtually on a side, where they hold nothing.
    """

    schema: str
    table: str
    status: TableStatus
    key: tuple[str, ...] = ()
    a: TableDigest | None = None
    b: TableDigest | None = None
    columns_only_a: tuple[str, ...] = ()
    columns_only_b: tuple[str, ...] = ()
    retyped: tuple[RetypedColumn, ...] = ()
    not_compared: tuple[str, ...] = ()
    found: RowDifferences | None = None
    money: tuple[MoneyDifference, ...] = ()
    unavailable: tuple[Unavailable, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.schema}.{self.table}"


@dataclass(frozen=True, slots=True)
class DataDiff:
    """`a` and `b` were read at two moments, however near. `passed_over` are relations that hold no
    rows of their own database, with their kind."""

    a: DiffedDatabase
    b: DiffedDatabase
    tables: tuple[TableDiff, ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    unavailable: tuple[Unavailable, ...] = ()
    values_shown: bool = False
    started_at: str = ""
    seconds: float = 0.0

    @property
    def verdict(self) -> Literal["equal", "different", "unknown"]:
        statuses = {table.status for table in self.tables}
        if statuses - {"equal", "unknown"}:
            return "different"
        if self.unavailable or not self.tables or "unknown" in statuses:
            return "unknown"
        return "equal"

    @property
    def exit_status(self) -> int:
        return {"equal": 0, "different": 1, "unknown": 3}[self.verdict]
