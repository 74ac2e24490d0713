"""Reads what ANALYZE saw of the columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg

from pgassay.facts.catalog import TableName
from pgassay.facts.column_statistics import ColumnStatistics
from pgassay.sources.queries import query
from pgassay.sources.read_only import read_only


def read_column_statistics(
    connection: psycopg.Connection[Any],
) -> Mapping[tuple[TableName, str], ColumnStatistics]:
    """By table and column, those that this role may read; of a table with children what is known of
    all of them, where that is."""
    with read_only(connection) as reading:
        rows = reading.cursor.execute(query("column_statistics")).fetchall()
    found: dict[tuple[TableName, str], ColumnStatistics] = {}
    for row in rows:
        found.setdefault(
            ((row.schema, row.table_name), row.column_name),
            ColumnStatistics(
                row.schema,
                row.table_name,
                row.column_name,
                row.null_share,
                row.distinct_values,
                tuple(value for value in row.values if value is not None),
                row.share,
            ),
        )
    return found
