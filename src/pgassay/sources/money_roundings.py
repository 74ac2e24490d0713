"""Reads the values that a conversion of money would round."""

from __future__ import annotations

from typing import Any

import psycopg

from pgassay.analysis.row_keys import is_shown, row_key
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.money_plan import Rounding
from pgassay.sources.failing_rows import FailingRows
from pgassay.sources.money_profiles import AS_THE_DATABASE
from pgassay.sources.read_only import read_only

MOST = 1000
"""Of a column, by key; the plan has the number of all, and the query for them."""


def read_roundings(
    connection: psycopg.Connection[Any],
    catalog: Catalog,
    table: TableName,
    asked: str,
    time_limit_s: float,
) -> tuple[Rounding, ...]:
    """What `rounded_rows` asks for, the first by key. Raises psycopg.Error."""
    key = row_key(table, catalog)
    hidden = {n for n, name in enumerate(key) if not is_shown(table, name, catalog)}
    rows = FailingRows(0, (), hidden)
    with read_only(connection):
        limit = f"{max(1, int(time_limit_s * 1000))}ms"
        connection.execute("SELECT pg_catalog.set_config('statement_timeout', %s, true)", [limit])
        connection.execute(AS_THE_DATABASE)
        with connection.cursor() as cursor:
            found = cursor.execute(f"{asked} LIMIT {MOST}".encode()).fetchall()
    return tuple(
        Rounding(
            tuple(rows.shown(n, value) for n, value in enumerate(row[:-3])),
            row[-3],
            row[-2],
            row[-1],
        )
        for row in found
    )
