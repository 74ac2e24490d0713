"""Reads a database's schema from its catalogs, and nothing but its catalogs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import psycopg
from psycopg import errors

from pgassay.facts.catalog import Catalog, Column, Constraint, Index, Table, TableName
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.managed_schemas import SUPABASE
from pgassay.sources.queries import query
from pgassay.sources.read_only import Reading, read_only

# Every database has these tables, and the same number of them: a count of them would say nothing.
SYSTEM_SCHEMA = "system schema"


class _Changed(Exception):
    """A deparse function looked at the present, and the object was no longer as in our snapshot."""


# What deparsing an object that is just being dropped raises: "cache lookup failed" is XX000.
_MOVED = (
    errors.InternalError_,
    errors.UndefinedTable,
    errors.UndefinedColumn,
    errors.UndefinedObject,
    errors.UndefinedFunction,
    errors.InvalidSchemaName,
)


def read_catalog(
    connection: psycopg.Connection[Any], *, version_tables: Collection[TableName] = ()
) -> Catalog | Unavailable:
    """The schema of the connection's database, in one snapshot.

    No user function and no default is executed, and no right on any table is needed. The
    connection must be idle. `version_tables` are left out, as are what extensions, the server and
    pgassay keep; `left_out` counts them. Partitions are their parent's storage.
    """
    for _ in range(2):
        try:
            with read_only(connection) as reading:
                return _read(reading, version_tables)
        except (_Changed, *_MOVED) as moved:
            change = moved
        except errors.LockNotAvailable as locked:
            return Unavailable(
                "database",
                "a table's definition is locked, by a migration perhaps: "
                f"{_primary(locked)} (waited 2 s)",
                "Run again once the lock is gone; pg_blocking_pids() and pg_locks name its holder.",
                str(locked),
            )
        except (psycopg.Error, UnicodeDecodeError) as failed:
            reason = f"its catalogs could not be read: {_primary(failed)}"
            return Unavailable("database", reason, detail=str(failed))
    return Unavailable(
        "database",
        f"its schema kept changing while it was read ({_primary(change)})",
        "Run again once no migration is running.",
        str(change),
    )


def _primary(error: Exception) -> str:
    message = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return (message or str(error) or type(error).__name__).strip().splitlines()[0]


def _read(reading: Reading, version_tables: Collection[TableName]) -> Catalog:
    cursor = reading.cursor
    tables: dict[int, Table] = {}
    left_out: Counter[str] = Counter()
    asked = {
        "version_schemas": [schema for schema, _ in version_tables],
        "version_names": [name for _, name in version_tables],
        "supabase": list(SUPABASE),
    }
    for row in cursor.execute(query("tables"), asked):
        if row.left_out == SYSTEM_SCHEMA:
            continue
        if row.left_out:
            left_out[row.left_out] += 1
        else:
            tables[row.oid] = Table(row.schema, row.name, row.partitioned, row.rows_estimate)
    for row in cursor.execute(query("others"), {**asked, "tables": list(tables)}):
        left_out[row.left_out] += row.number
    return Catalog(
        server_version_num=cursor.execute(query("server")).fetchall()[0].version_num,
        tables=tuple(sorted(tables.values(), key=lambda t: t.table_name)),
        columns=tuple(sorted(_columns(cursor, tables), key=lambda c: (c.table_name, c.position))),
        constraints=tuple(
            sorted(_constraints(cursor, tables), key=lambda c: (c.table_name, c.name))
        ),
        indexes=tuple(sorted(_indexes(cursor, tables), key=lambda i: (i.table_name, i.name))),
        left_out=tuple(sorted(left_out.items())),
    )


def _rows(
    cursor: psycopg.Cursor[Any], question: str, tables: Mapping[int, Table]
) -> Iterator[tuple[Table, Any]]:
    for row in cursor.execute(query(question), {"tables": list(tables)}):
        yield tables[row.table_oid], row


def _columns(cursor: psycopg.Cursor[Any], tables: Mapping[int, Table]) -> Iterator[Column]:
    for table, row in _rows(cursor, "columns", tables):
        default = _there(row.default_text, table, row.name) if row.has_default else None
        if row.type == "???":  # format_type()'s answer for a type that is gone
            raise _Changed(f"the type of {table.schema}.{table.name}.{row.name} is gone")
        if row.base_type.rstrip("[]") == "???":
            raise _Changed(f"the domain of {table.schema}.{table.name}.{row.name} is gone")
        yield Column(
            table.schema,
            table.name,
            row.name,
            row.position,
            row.type,
            row.not_null,
            default,
            row.generated,
            row.base_type,
            tuple(row.labels),
        )


def _constraints(cursor: psycopg.Cursor[Any], tables: Mapping[int, Table]) -> Iterator[Constraint]:
    for table, row in _rows(cursor, "constraints", tables):
        definition = _there(row.definition, table, row.name)
        yield Constraint(
            table.schema,
            table.name,
            row.name,
            row.kind,
            tuple(row.columns),
            definition,
            row.validated,
        )


def _indexes(cursor: psycopg.Cursor[Any], tables: Mapping[int, Table]) -> Iterator[Index]:
    for table, row in _rows(cursor, "indexes", tables):
        definition = _there(row.definition, table, row.name)
        if not definition.startswith(row.head) or None in row.columns:
            # The head is our snapshot's, the definition the present's: renamed in between.
            raise _Changed(f"index {table.schema}.{row.name} was altered")
        yield Index(
            table.schema,
            table.name,
            row.name,
            row.unique,
            tuple(row.columns),
            definition.removeprefix(row.head),
            row.valid,
        )


def _there(text: str | None, table: Table, name: str) -> str:
    if text is None:
        raise _Changed(f"{table.schema}.{table.name}.{name} was dropped")
    return text
