"""Reads which revisions a database says it is at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import errors, sql

from pgassay.facts.catalog import TableName
from pgassay.facts.history import Stamp
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.named_tables import NamedTable, grant_needed, tables_named
from pgassay.sources.read_only import Reading, read_only


def read_stamps(
    connection: psycopg.Connection[Any], tables: Sequence[TableName]
) -> tuple[Stamp, ...] | Unavailable:
    """The rows of each version table. An empty schema means "wherever the search path finds it".

    A table that is there and cannot be read is `Unavailable`: to take it for absent would be to
    call a database that has a history one that has none.
    """
    stamps = []
    table: TableName = ("", "")
    try:
        with read_only(connection) as reading:
            for table in tables:
                stamp = _stamp(reading, table)
                if isinstance(stamp, Unavailable):
                    return stamp
                stamps.append(stamp)
    except (psycopg.Error, UnicodeDecodeError) as failed:
        reason = f"the version table {_shown(table)} could not be read: {failed}".strip()
        return Unavailable("stamp", reason.splitlines()[0], detail=str(failed))
    return tuple(stamps)


def _shown(table: TableName) -> str:
    return ".".join(part for part in table if part)


def _stamp(reading: Reading, table: TableName) -> Stamp | Unavailable:
    schema, name = table
    within = (schema,) if schema else reading.search_path
    named = tables_named(reading, name)
    found = [t for t in named if t.schema in within]
    if not found:
        elsewhere = tuple(t.shown for t in named if t.has_version_num and not t.other_kind)
        return Stamp(f"{schema or reading.current_schema}.{name}", None, elsewhere)
    there = found[0]
    wrong = there.other_kind or ("" if there.has_version_num else "table without version_num")
    if wrong:
        return Unavailable(
            "stamp",
            f"{there.shown} is a {wrong}, not a version table of Alembic",
            "Name the real one by version_table= and version_table_schema= in env.py.",
        )
    if not there.schema_usable:
        return _denied(reading, there, f"permission denied for schema {there.schema}")
    rows = sql.SQL("SELECT version_num::pg_catalog.text FROM {} ORDER BY 1")
    try:
        with reading.cursor.connection.transaction():
            found_rows = reading.cursor.execute(rows.format(there.identifier())).fetchall()
    except errors.InsufficientPrivilege as denied:
        return _denied(reading, there, denied.diag.message_primary or str(denied))
    return Stamp(there.shown, tuple(row.version_num for row in found_rows))


def _denied(reading: Reading, table: NamedTable, message: str) -> Unavailable:
    return Unavailable(
        "stamp",
        f"role {reading.role} may not read the version table {table.shown}: {message}",
        grant_needed(reading, table),
    )
