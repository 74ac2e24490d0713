"""Reads the values that a conversion of money would round."""

from __future__ import annotations

from typing import Any

import psycopg

from pgassay.analysis.money_revisions.conversion import Conversion, currency_of
from pgassay.analysis.row_keys import is_shown, row_key
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import Catalog, Column
from pgassay.facts.money_plan import Rounding
from pgassay.sources.failing_rows import FailingRows
from pgassay.sources.read_only import read_only

MOST = 1000
"""Of a column, by key; the profile has the number of all."""


def read_roundings(
    connection: psycopg.Connection[Any],
    catalog: Catalog,
    column: Column,
    wanted: tuple[int, int],
    time_limit_s: float,
) -> tuple[Rounding, ...]:
    """In the order of their keys. Raises psycopg.Error."""
    table, one = column.table_name, Conversion(column, wanted)
    key = row_key(table, catalog)
    hidden = {n for n, name in enumerate(key) if not is_shown(table, name, catalog)}
    rows = FailingRows(0, (), hidden)
    places = [f"t.{quoted(name)}" for name in key]
    kept = one.kept(catalog.server_major)
    asked = (
        f"SELECT {', '.join(f'{place}::text' for place in places)},\n"
        f"{currency_of(catalog, table)}, t.{quoted(column.name)}::text, ({kept})::text\n"
        f"FROM {qualified(*table)} t WHERE {kept} <> {one.exact()}\n"
        f"ORDER BY {', '.join(places)} LIMIT {MOST}"
    )
    with read_only(connection):
        limit = f"{max(1, int(time_limit_s * 1000))}ms"
        connection.execute("SELECT pg_catalog.set_config('statement_timeout', %s, true)", [limit])
        with connection.cursor() as cursor:
            found = cursor.execute(asked.encode()).fetchall()
    return tuple(
        Rounding(
            tuple(rows.shown(n, value) for n, value in enumerate(row[:-3])),
            row[-3],
            row[-2],
            row[-1],
        )
        for row in found
    )
