"""What to read of each table, so that two databases compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pgassay.analysis.digest_expression import HashedColumn
from pgassay.analysis.digest_query import DigestPlan
from pgassay.analysis.money import matches, money_columns
from pgassay.analysis.money_names import says_currency
from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.catalog import Catalog, Column, Constraint, Table, TableName
from pgassay.facts.data_diff import RetypedColumn
from pgassay.facts.settings import MoneySettings

_SUMMED = frozenset({"numeric", "money", "real", "double precision"})


@dataclass(frozen=True, slots=True)
class TablePair:
    """A table that both sides have, and what of it is compared."""

    a: DigestPlan
    b: DigestPlan
    columns_only_a: tuple[str, ...]
    columns_only_b: tuple[str, ...]
    retyped: tuple[RetypedColumn, ...]
    not_compared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table with its columns, what is unique in it, and its columns of money. `children` are the
    tables right below it that are read for themselves, as partitions are not."""

    table: Table
    columns: Mapping[str, Column]
    keys: Sequence[tuple[str, ...]]
    money: frozenset[str]
    children: int = 0

    @property
    def holding(self) -> dict[str, Column]:
        """The columns that hold something."""
        return {name: c for name, c in self.columns.items() if c.generated != "virtual"}


def read_tables(catalog: Catalog, settings: MoneySettings) -> dict[TableName, ReadTable]:
    """The tables of a database that hold rows of their own. A partition is part of its parent,
    unless its parent's queries no longer see it."""
    columns: dict[TableName, dict[str, Column]] = {}
    for column in catalog.columns:
        columns.setdefault(column.table_name, {})[column.name] = column
    constraints: dict[TableName, list[Constraint]] = {}
    for constraint in catalog.constraints:
        constraints.setdefault(constraint.table_name, []).append(constraint)
    money: dict[TableName, set[str]] = {}
    for found in money_columns(settings, {"live": catalog}, lambda *_: None):
        money.setdefault((found.schema, found.table), set()).add(found.name)
    children = _children(catalog.tables)
    return {
        table.table_name: ReadTable(
            table,
            columns.get(table.table_name, {}),
            _keys(constraints.get(table.table_name, ()), columns.get(table.table_name, {})),
            frozenset(money.get(table.table_name, ())),
            children[qualified(*table.table_name)],
        )
        for table in catalog.tables
        if not table.foreign_server
        and (not table.partition_of or table.bound.endswith("DETACH PENDING"))
    }


def plan_of(table: ReadTable, *, whole_tree: bool = False) -> DigestPlan:
    """All of one table, for a digest that stands by itself. `whole_tree`: as the session that reads
    it says."""
    holding = list(table.holding)
    columns = {name: HashedColumn.of(table.columns[name]) for name in holding}
    return _plan(table, columns, table.keys[0] if table.keys else (), table.money, whole_tree)


def pair_of(
    a: ReadTable, b: ReadTable, *, key: Sequence[str] = (), whole_tree: tuple[bool, bool]
) -> TablePair:
    """What both sides have of one table. A column whose type is of another kind there is hashed by
    its text on both sides. `key`: the columns that tell rows apart, instead of the table's own."""
    ours, theirs = a.holding, b.holding
    common = sorted(ours.keys() & theirs.keys())
    columns_a = {name: HashedColumn.of(ours[name]) for name in common}
    columns_b = {name: HashedColumn.of(theirs[name]) for name in common}
    for name in common:
        if columns_a[name].kind != columns_b[name].kind:
            columns_a[name] = replace(columns_a[name], kind="shown")
            columns_b[name] = replace(columns_b[name], kind="shown")
    keys = [key] if key else [*a.keys, *b.keys]
    chosen = next((one for one in keys if one and set(one) <= set(common)), ())
    virtual = {n for side in (a, b) for n in side.columns if n not in side.holding}
    # A sum on one side alone would be a difference of the other's type.
    money = {
        name
        for name in (a.money | b.money) & set(common)
        if {columns_a[name].rests_on, columns_b[name].rests_on} <= _SUMMED
    }
    return TablePair(
        _plan(a, columns_a, chosen, money, whole_tree[0]),
        _plan(b, columns_b, chosen, money, whole_tree[1]),
        tuple(sorted(ours.keys() - theirs.keys())),
        tuple(sorted(theirs.keys() - ours.keys())),
        tuple(
            RetypedColumn(name, columns_a[name].type, columns_b[name].type)
            for name in common
            if columns_a[name].type != columns_b[name].type
        ),
        tuple(sorted(virtual)),
    )


def is_asked(table: TableName, patterns: Collection[str]) -> bool:
    """Whether a pattern fits `schema.table` or `table`, by shell rules; all do where there is
    none."""
    return not patterns or any(matches(".".join(table), pattern) for pattern in patterns)


def _children(tables: Iterable[Table]) -> Counter[str]:
    """By parent, as SQL writes its name: how many of the tables inherit from it."""
    return Counter(
        parent
        for table in tables
        for parent in (*table.inherits, *([table.partition_of] if table.partition_of else []))
    )


def _plan(
    table: ReadTable,
    columns: Mapping[str, HashedColumn],
    key: Sequence[str],
    money: Collection[str],
    whole_tree: bool,
) -> DigestPlan:
    currencies = [c for name, c in columns.items() if says_currency(name)]
    return DigestPlan(
        table.table.schema,
        table.table.name,
        tuple(columns[name] for name in sorted(columns)),
        tuple(columns[name] for name in key),
        tuple(c for n, c in sorted(columns.items()) if n in money and c.rests_on in _SUMMED),
        currencies[0] if len(currencies) == 1 else None,
        whole_tree or table.table.partitioned,
        tuple(sorted(table.columns.keys() - table.holding.keys())),
    )


def _keys(
    constraints: Sequence[Constraint], columns: Mapping[str, Column]
) -> tuple[tuple[str, ...], ...]:
    """The primary key, then what else is unique and never NULL."""
    found = [
        (constraint.kind != "primary key", constraint.name, constraint.columns)
        for constraint in constraints
        if constraint.kind in ("primary key", "unique")
        and constraint.columns
        and all(name in columns and columns[name].not_null for name in constraint.columns)
    ]
    return tuple(names for _, _, names in sorted(found))
