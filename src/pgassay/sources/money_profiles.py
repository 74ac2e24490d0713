"""Reads what the money of a database is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import psycopg

from pgassay.analysis.money_amounts import amounts_of
from pgassay.analysis.money_profile_query import PROFILED, column_profiles, profile_query
from pgassay.analysis.row_predicates import base_type
from pgassay.facts.catalog import Catalog, Column, TableName
from pgassay.facts.money_profile import ColumnProfile
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.read_only import read_only
from pgassay.sources.refused_rows import refusal

_MORE_TIME = "[data] time_limit_s in pgassay.toml allows more."


AS_THE_DATABASE = "SET LOCAL lc_monetary TO DEFAULT"
"""By it a `money` has its decimals: catalogs are read with C, values with the database's own, as
a revision does that converts them."""


def read_money_profiles(
    connection: psycopg.Connection[Any],
    catalog: Catalog,
    money: Mapping[TableName, tuple[str, ...]],
    size: Callable[[str], tuple[int, int]],
    time_limit_s: float,
) -> tuple[ColumnProfile | Unavailable, ...]:
    """Each column of `money`, all of one snapshot, each table in one pass; `size` is the policy's
    by `schema.table.column`. Views are not read; arrays and whole numbers are not profiled."""
    columns: dict[TableName, dict[str, Column]] = {}
    for column in catalog.columns:
        columns.setdefault(column.table_name, {})[column.name] = column
    found: list[ColumnProfile | Unavailable] = []
    with read_only(connection) as reading:
        limit = f"{max(1, int(time_limit_s * 1000))}ms"
        connection.execute("SELECT pg_catalog.set_config('statement_timeout', %s, true)", [limit])
        connection.execute(AS_THE_DATABASE)
        for table, names in sorted(money.items()):
            known = columns.get(table, {})
            wanted = [
                (name, size(".".join((*table, name))))
                for name in names
                if name in known and base_type(known[name]) in PROFILED
            ]
            if not wanted:
                continue
            asked = profile_query(
                table, wanted, amounts_of(known, names), known, catalog.server_major
            )
            try:
                with connection.transaction(), connection.cursor() as cursor:
                    rows = cursor.execute(asked.encode()).fetchall()
            except psycopg.Error as failed:
                if connection.broken:
                    raise
                reason, next_step = refusal(failed, table, reading.role, more_time=_MORE_TIME)
                found.append(Unavailable(f"money of {'.'.join(table)}", f"{reason}.", next_step))
                continue
            found += column_profiles(table, wanted, known, rows)
    return tuple(found)
