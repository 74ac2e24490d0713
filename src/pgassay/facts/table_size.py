"""How big production's tables are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pgassay.facts.catalog import TableName


@dataclass(frozen=True, slots=True)
class TableSize:
    """`bytes` of the table with its TOAST, without indexes (pg_table_size()); `index_bytes` of its
    indexes; `rows` as the planner last estimated them (pg_class.reltuples), None for never."""

    bytes: int
    index_bytes: int
    rows: int | None


@dataclass(frozen=True, slots=True)
class TableSizes:
    """`source` says where they are from, such as "the live database" or "production.json"; `at`
    when they were read, ISO 8601. A partitioned table has the sum of its partitions."""

    source: str
    at: str
    sizes: Mapping[TableName, TableSize]
