"""What proposals are made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pgassay.analysis.money_names import words
from pgassay.analysis.row_predicates import base_type
from pgassay.facts.catalog import Catalog, Column, Table, TableName
from pgassay.facts.column_statistics import ColumnStatistics

NUMBERS = ("numeric", "real", "double precision", "money", "smallint", "integer", "bigint")
TEXTS = ("text", "character varying", "character")
TIMES = ("date", "timestamp without time zone", "timestamp with time zone")


@dataclass(frozen=True, slots=True)
class Seen:
    """`money` are the columns taken for money, by table. Partitions are their parent's, and foreign
    tables another server's."""

    catalog: Catalog
    money: Mapping[TableName, tuple[str, ...]]
    statistics: Mapping[tuple[TableName, str], ColumnStatistics]

    def tables(self) -> Iterator[tuple[Table, dict[str, Column]]]:
        columns: dict[TableName, dict[str, Column]] = {}
        for column in self.catalog.columns:
            columns.setdefault(column.table_name, {})[column.name] = column
        for table in self.catalog.tables:
            if not table.partition_of and not table.foreign_server:
                yield table, columns.get(table.table_name, {})

    def of(self, table: TableName, column: str) -> ColumnStatistics | None:
        return self.statistics.get((table, column))


def says(name: str, *wanted: str) -> bool:
    """Whether a name has one of the words."""
    return not {*wanted}.isdisjoint(words(name))


def type_of(column: Column) -> str:
    return base_type(column)
